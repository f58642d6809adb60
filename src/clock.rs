//! Time as an argument. The ambient clock is banned everywhere else (`clippy.toml`): a deadline that
//! cannot be tested to the second cannot be trusted.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// What time it is, and a way to wait for a later one.
#[async_trait]
pub trait Clock: Send + Sync + 'static {
    /// The present instant, to the microsecond (the precision that is stored).
    fn now(&self) -> Timestamp;
    /// Returns once [`Clock::now`] is at `until` or past it.
    async fn sleep_until(&self, until: Timestamp);
}

/// A clock shared by all parts of one gateway.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's clock, moved by a fixed offset (zero but in the demo, which may start at any instant).
pub struct SystemClock {
    offset: SignedDuration,
}

impl SystemClock {
    /// The machine's own time.
    pub fn new() -> Self {
        Self { offset: SignedDuration::ZERO }
    }

    /// A clock that shows `start` now and runs on from there.
    pub fn starting_at(start: Timestamp) -> Self {
        Self { offset: start.duration_since(machine_now()) }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
fn machine_now() -> Timestamp {
    Timestamp::now()
}

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        to_micros(machine_now() + self.offset)
    }

    async fn sleep_until(&self, until: Timestamp) {
        let left = until.duration_since(self.now());
        if left.is_positive() {
            tokio::time::sleep(left.unsigned_abs()).await;
        }
    }
}

/// A clock that stands still until a test moves it.
pub struct ManualClock {
    instant: watch::Sender<Timestamp>,
}

impl ManualClock {
    /// A clock that shows `start`.
    pub fn new(start: Timestamp) -> Self {
        Self { instant: watch::Sender::new(to_micros(start)) }
    }

    /// Moves time forward and wakes those who waited for it.
    pub fn advance(&self, by: Duration) {
        self.instant.send_modify(|instant| *instant += by);
    }

    /// Sets the instant, forward or back.
    pub fn set(&self, to: Timestamp) {
        self.instant.send_replace(to_micros(to));
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.instant.borrow()
    }

    async fn sleep_until(&self, until: Timestamp) {
        let mut instants = self.instant.subscribe();
        // An error means that the clock is gone, and with it every reason to wait.
        let _ = instants.wait_for(|now| *now >= until).await;
    }
}

fn to_micros(instant: Timestamp) -> Timestamp {
    // Every instant that jiff can hold is in range in microseconds.
    Timestamp::from_microsecond(instant.as_microsecond()).unwrap_or(instant)
}
