//! Randomness as an argument, so that ids and jitter can be repeated in a test.

use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};

/// A source of random bytes.
pub trait Entropy: Send + Sync + 'static {
    /// Fills `buffer` with random bytes.
    fn fill(&self, buffer: &mut [u8]);

    /// A random (version 4) UUID in its usual text form (RFC 9562).
    fn uuid(&self) -> String {
        let mut b = [0_u8; 16];
        self.fill(&mut b);
        b[6] = (b[6] & 0x0f) | 0x40;
        b[8] = (b[8] & 0x3f) | 0x80;
        let mut text = String::with_capacity(36);
        for (i, byte) in b.iter().enumerate() {
            if matches!(i, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            text.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
            text.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
        }
        text
    }

    /// A number in `0..bound` (0 for a bound of 0).
    fn below(&self, bound: u64) -> u64 {
        let mut b = [0_u8; 8];
        self.fill(&mut b);
        // The bias of a remainder over 64 bits does not matter for jitter and sampling.
        u64::from_le_bytes(b).checked_rem(bound).unwrap_or(0)
    }
}

/// A source of randomness shared by all parts of one gateway.
pub type SharedEntropy = Arc<dyn Entropy>;

/// The operating system's generator.
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the system")]
        #[expect(
            clippy::expect_used,
            reason = "a machine without randomness cannot make ids or keys; stopping is right"
        )]
        getrandom::fill(buffer).expect("the operating system gives random bytes");
    }
}

/// A repeatable stream for tests and the generated county: SHA-256 over a seed and a counter.
pub struct SeededEntropy {
    seed: u64,
    counter: Mutex<u64>,
}

impl SeededEntropy {
    /// The stream that belongs to `seed`.
    pub fn new(seed: u64) -> Self {
        Self { seed, counter: Mutex::new(0) }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        let mut counter = self.counter.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for chunk in buffer.chunks_mut(32) {
            *counter += 1;
            let block =
                Sha256::new().chain_update(self.seed.to_le_bytes()).chain_update(counter.to_le_bytes()).finalize();
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}
