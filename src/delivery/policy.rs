//! Every number of delivery in one place.

use std::time::Duration;

use super::backoff::Backoff;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// How patient, how parallel and how stubborn delivery is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Attempts under way at once, over all receivers. Default 64.
    pub parallel: usize,
    /// Attempts under way at once to one receiver (one for each patient at most). Default 4.
    pub per_receiver: u32,
    /// How long a lease lasts; after that another worker may take the delivery. Default 60 s.
    pub lease: Duration,
    /// How long one attempt may take, from the first byte to the status line; never past the end of the lease.
    /// Default 30 s.
    pub timeout: Duration,
    /// How long to wait for a connection. Default 10 s.
    pub connect_timeout: Duration,
    /// Waits between attempts that failed by themselves (no answer, 408, 425, 429, 5xx). Default 1 s, doubling to 5 min.
    pub backoff: Backoff,
    /// The longest `Retry-After` that is honoured. Default 1 h.
    pub retry_after_cap: Duration,
    /// How many refusals in a row (a 4xx or 3xx, an address that may not be called) make a delivery a dead letter.
    /// Default 3: a refusal is most often a wrong deployment that somebody is about to put right.
    pub refusals: u32,
    /// The wait after a refusal. Default 2 min, so that three refusals leave four minutes to put it right.
    pub refusal_pause: Duration,
    /// The wait when it could not be decided whether delivery is permitted. Default 30 s.
    pub undecided_pause: Duration,
    /// How long after the change a delivery that keeps failing becomes a dead letter. Default 72 h: a weekend.
    /// One that is replayed when it is older than that has one attempt a replay.
    pub give_up_after: Duration,
    /// After so many failures in a row a receiver is asked by one probe at a time. Default 5.
    pub open_after: u32,
    /// The wait of a delivery that finds its receiver's places taken, and of the worker that finds nothing but such.
    /// Default 1 s.
    pub busy_pause: Duration,
    /// The longest a worker rests when nobody wakes it. Default 5 s.
    pub idle: Duration,
    /// Outbox entries that the dispatcher takes in one change. Default 100.
    pub batch: u32,
    /// How much of an answer's body is read (and thrown away) to keep the connection, in bytes. Default 16 KiB.
    pub response_limit: usize,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            parallel: 64,
            per_receiver: 4,
            lease: MINUTE,
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            backoff: Backoff { first: Duration::from_secs(1), cap: 5 * MINUTE },
            retry_after_cap: HOUR,
            refusals: 3,
            refusal_pause: 2 * MINUTE,
            undecided_pause: Duration::from_secs(30),
            give_up_after: 72 * HOUR,
            open_after: 5,
            busy_pause: Duration::from_secs(1),
            idle: Duration::from_secs(5),
            batch: 100,
            response_limit: 16 * 1024,
        }
    }
}
