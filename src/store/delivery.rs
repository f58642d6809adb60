//! What is told to whom: the outbox, deliveries and their attempts.

use jiff::Timestamp;

use crate::fhir::ResourceKey;

/// A delivery to be made: one notification to one receiver about one patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// The receiver: the reference of its Subscription or Endpoint.
    pub receiver: String,
    /// The patient, as `Patient/1`; deliveries about no patient share one lane with the empty text.
    pub patient: String,
    /// The outbox entry that caused it.
    pub outbox: u64,
    /// The same for every attempt and never for another delivery: the receiver's means to see a repetition.
    pub idempotency_key: String,
    /// What is told of: type, id and version.
    pub changes: Vec<(ResourceKey, u64)>,
    /// When it may first be tried.
    pub due: Timestamp,
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DeliveryState {
    /// To be tried at its time.
    Waiting,
    /// Somebody holds a lease on it.
    Leased,
    /// The receiver has it.
    Delivered,
    /// Permission was gone when it was to be sent; can be replayed, and permission is then asked for again.
    Withheld,
    /// Given up; can be replayed.
    Dead,
}

/// A delivery as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its number; order per receiver and patient.
    pub id: u64,
    /// Its number among all deliveries of its receiver, from 1 and without gaps, given when it is written: the event
    /// number by which a subscriber sees that it missed one.
    pub number: u64,
    /// What was asked for.
    pub what: NewDelivery,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it may be tried next, or (leased) when the lease ends.
    pub next: Timestamp,
    /// What the last attempt came to, without personal data.
    pub last_error: Option<String>,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryOutcome {
    /// Which delivery.
    pub id: u64,
    /// The attempt that reports (as leased), so that a late worker can't overwrite a newer one's report.
    pub attempt: u32,
    /// The state that follows: `Waiting`, `Delivered`, `Withheld` or `Dead`.
    pub state: DeliveryState,
    /// When to try again, for `Waiting`.
    pub next: Timestamp,
    /// What it came to, without personal data.
    pub error: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// One committed transaction's changes about one patient, waiting for the dispatcher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Its number, rising.
    pub id: u64,
    /// The patient, as `Patient/1`, or empty.
    pub patient: String,
    /// Type, id and version of what changed.
    pub changes: Vec<(ResourceKey, u64)>,
    /// When it was committed.
    pub at: Timestamp,
}

/// Counts for `/metrics` and the queue's page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueueState {
    /// Outbox entries that wait for the dispatcher.
    pub outbox: u64,
    /// Marked subjects that wait for re-evaluation.
    pub marked: u64,
    /// Deliveries by receiver and state.
    pub deliveries: Vec<(String, DeliveryState, u64)>,
}
