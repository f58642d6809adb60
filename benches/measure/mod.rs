//! What the benches measure with: clock, disk, callers, CPU time and the table.
#![allow(dead_code, reason = "each bench takes what it needs")]

pub mod cpu;
pub mod disk;
pub mod load;
pub mod table;

use std::time::{Duration, Instant};

/// Why a bench stopped: a figure that something failed under is none.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The present instant.
#[expect(clippy::disallowed_methods, reason = "a bench measures with its own clock")]
pub fn now() -> Instant {
    Instant::now()
}

/// How thoroughly to measure.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// How long each figure is measured.
    pub stretch: Duration,
    /// Whether this only shows that the bench runs.
    pub quick: bool,
}

impl Effort {
    /// `--quick` is a moment for each figure, over little data; otherwise three seconds.
    pub fn of_arguments() -> Self {
        let quick = std::env::args().any(|argument| argument == "--quick");
        Self { stretch: Duration::from_millis(if quick { 20 } else { 3000 }), quick }
    }

    /// `full` things, or `quick` ones.
    pub fn of<T>(self, full: T, quick: T) -> T {
        if self.quick { quick } else { full }
    }
}
