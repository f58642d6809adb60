//! Exponential backoff with full jitter.
//!
//! The wait after the nth failure is drawn evenly from zero up to `first * 2^(n-1)`, at most `cap`: callers that failed
//! together do not come back together (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).

use std::time::Duration;

use crate::entropy::Entropy;

/// The bounds of the waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The longest wait after the first failure.
    pub first: Duration,
    /// The longest wait after any.
    pub cap: Duration,
}

impl Backoff {
    /// The longest wait after the `failures`th failure (counted from 1).
    pub fn ceiling(&self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1);
        let factor = 1_u32.checked_shl(doublings).unwrap_or(u32::MAX);
        self.first.saturating_mul(factor).min(self.cap)
    }

    /// A wait after the `failures`th failure, to the microsecond.
    pub fn wait(&self, failures: u32, entropy: &dyn Entropy) -> Duration {
        let ceiling = u64::try_from(self.ceiling(failures).as_micros()).unwrap_or(u64::MAX - 1);
        Duration::from_micros(entropy.below(ceiling.saturating_add(1)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::entropy::SeededEntropy;

    const BACKOFF: Backoff = Backoff { first: Duration::from_secs(1), cap: Duration::from_secs(300) };

    #[test]
    fn the_ceiling_doubles_up_to_the_cap() {
        let seconds = |n| BACKOFF.ceiling(n).as_secs();
        assert_eq!([1, 2, 3, 4].map(seconds), [1, 2, 4, 8]);
        assert_eq!([9, 10, 40, u32::MAX].map(seconds), [256, 300, 300, 300]);
    }

    #[test]
    fn two_that_failed_together_come_back_apart() {
        let entropy = SeededEntropy::new(7);
        assert_ne!(BACKOFF.wait(5, &entropy), BACKOFF.wait(5, &entropy));
    }

    proptest! {
        #[test]
        fn no_wait_is_longer_than_its_ceiling(seed: u64, failures: u32) {
            prop_assert!(BACKOFF.wait(failures, &SeededEntropy::new(seed)) <= BACKOFF.ceiling(failures));
        }

        #[test]
        fn the_ceiling_never_falls(failures in 0_u32..u32::MAX) {
            prop_assert!(BACKOFF.ceiling(failures) <= BACKOFF.ceiling(failures + 1));
        }
    }
}
