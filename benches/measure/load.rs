//! Callers, each with its next call as soon as the last one is answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use tokio::runtime::Handle;

use super::{Failure, cpu, now};

/// What was measured of one thing.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    /// How often it was done.
    pub count: usize,
    /// How often a second.
    pub rate: f64,
    /// The time that half of them took at most.
    pub median: Duration,
    /// The time that 99 of 100 took at most.
    pub p99: Duration,
    /// CPU time of each, the load generator's not counted.
    pub cpu: Option<Duration>,
}

impl Figure {
    /// The figure of calls that took so long each and `elapsed` together.
    pub fn new(mut took: Vec<Duration>, elapsed: Duration, cpu: Option<Duration>) -> Self {
        took.sort_unstable();
        let at = |hundredths: usize| took.get(took.len() * hundredths / 100).copied().unwrap_or_default();
        let rate = float(took.len()) / elapsed.as_secs_f64();
        let figure = Self { count: took.len(), rate, median: at(50), p99: at(99), cpu: None };
        figure.with_cpu(cpu)
    }

    /// The figure with the CPU time that all of it took together.
    pub fn with_cpu(self, all: Option<Duration>) -> Self {
        Self { cpu: all.map(|all| all.div_f64(float(self.count).max(1.0))), ..self }
    }

    /// The time of each where one follows the other.
    pub fn each(&self) -> Duration {
        Duration::from_secs_f64(1.0 / self.rate)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a few seconds")]
fn float(number: usize) -> f64 {
    number as f64
}

/// Measures `callers` at once on a runtime. Each call gets a number of its own; one that fails ends the bench.
pub async fn callers<F, Fut>(on: &Handle, callers: usize, stretch: Duration, once: F) -> Result<Figure, Failure>
where
    F: Fn(u64) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<(), Failure>> + Send + 'static,
{
    let numbers = Arc::new(AtomicU64::new(0));
    let (before, start) = (cpu::spent(), now());
    let tasks = (0..callers).map(|_| on.spawn(caller(Arc::clone(&numbers), start, stretch, once.clone())));
    let took: Result<Vec<Vec<Duration>>, Failure> = try_join_all(tasks).await?.into_iter().collect();
    let (elapsed, after) = (start.elapsed(), cpu::spent());
    let cpu = after.zip(before).map(|(after, before)| after.saturating_sub(before));
    Ok(Figure::new(took?.concat(), elapsed, cpu))
}

async fn caller<F, Fut>(
    numbers: Arc<AtomicU64>,
    start: Instant,
    stretch: Duration,
    once: F,
) -> Result<Vec<Duration>, Failure>
where
    F: Fn(u64) -> Fut,
    Fut: Future<Output = Result<(), Failure>>,
{
    let mut took = Vec::new();
    while took.is_empty() || start.elapsed() < stretch {
        let begun = now();
        once(numbers.fetch_add(1, Ordering::Relaxed)).await?;
        took.push(begun.elapsed());
    }
    Ok(took)
}

/// Measures something that neither waits nor writes, one after the other on this thread.
pub fn alone(stretch: Duration, mut once: impl FnMut()) -> Figure {
    let (start, mut took) = (now(), Vec::new());
    while took.is_empty() || start.elapsed() < stretch {
        let begun = now();
        once();
        took.push(begun.elapsed());
    }
    let elapsed = start.elapsed();
    Figure::new(took, elapsed, Some(elapsed))
}

/// A number that looks random and is the same each time, for `number` as it rises.
pub fn scattered(number: u64) -> u64 {
    let mixed = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 16
}
