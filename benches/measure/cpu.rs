//! CPU time of the process without its load generator, from `/proc` (proc(5), `schedstat`: nanoseconds on the CPU).

use std::fs;
use std::time::Duration;

/// Threads whose names begin with this are the load generator's.
pub const LOAD: &str = "load";

/// What all threads but the load generator's have spent so far; `None` where the kernel does not tell.
pub fn spent() -> Option<Duration> {
    let threads = fs::read_dir("/proc/self/task").ok()?;
    let nanos = threads.flatten().filter_map(|thread| {
        let name = fs::read_to_string(thread.path().join("comm")).ok()?;
        let times = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        let on_cpu: u64 = times.split_ascii_whitespace().next()?.parse().ok()?;
        (!name.starts_with(LOAD)).then_some(on_cpu)
    });
    Some(Duration::from_nanos(nanos.sum()))
}
