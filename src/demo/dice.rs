//! Choices that come out the same for the same seed.

use sha2::{Digest, Sha256};

use crate::entropy::{Entropy, SeededEntropy};

/// The choices of one part of one thing: adding a part changes no other.
pub(super) struct Dice(SeededEntropy);

impl Dice {
    /// Those of `what` about `whom`.
    pub(super) fn new(seed: u64, what: &str, whom: &str) -> Self {
        let hash =
            Sha256::new().chain_update(seed.to_le_bytes()).chain_update(what).chain_update([0]).chain_update(whom);
        let first = hash.finalize().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte));
        Self(SeededEntropy::new(first))
    }

    /// A number in `from..until`; `from` where there is none.
    pub(super) fn between(&self, from: i64, until: i64) -> i64 {
        let span = u64::try_from(until - from).unwrap_or(0);
        from + i64::try_from(self.0.below(span)).unwrap_or(0)
    }

    /// True in so many of a hundred cases.
    pub(super) fn chance(&self, percent: u64) -> bool {
        self.0.below(100) < percent
    }

    /// One of them; `None` of none.
    pub(super) fn pick<'a, T>(&self, from: &'a [T]) -> Option<&'a T> {
        let index = self.0.below(u64::try_from(from.len()).unwrap_or(0));
        from.get(usize::try_from(index).unwrap_or(0))
    }

    /// Some of them in another order, none twice.
    pub(super) fn some<'a, T>(&self, from: &'a [T], count: usize) -> Vec<&'a T> {
        let mut left: Vec<&T> = from.iter().collect();
        let mut chosen = Vec::new();
        while chosen.len() < count && !left.is_empty() {
            let index = self.0.below(u64::try_from(left.len()).unwrap_or(0));
            chosen.push(left.swap_remove(usize::try_from(index).unwrap_or(0)));
        }
        chosen
    }
}
