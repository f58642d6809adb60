//! What one use case wants on disk together, and what becomes of it.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{AuditRow, DeliveryOutcome, NewDelivery, NewVersion, Relation, Remembered, VerdictUpdate};
use crate::agreement::{Evidence, Subject};
use crate::fhir::ResourceKey;
use crate::fhir::search::Query;

/// Everything that one use case wants on disk together. All of it or nothing.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// A name for logs and metrics.
    pub name: &'static str,
    /// What it was computed from.
    pub expect: Vec<Expect>,
    /// Resource versions; the store writes an outbox entry per patient for those with `notify`.
    pub versions: Vec<NewVersion>,
    /// Whether the versions make outbox entries (true but for bulk loads of the past).
    pub notify: bool,
    /// Subjects whose obligations are to be judged anew. The store adds those of the evidence that the change takes
    /// away: what versions and rederived resources spoke of before.
    pub reevaluate: BTreeSet<Subject>,
    /// Evidence that replaces what was derived from these resources before (after a resource they refer to changed).
    pub rederived: Vec<(ResourceKey, Vec<Evidence>, Vec<Relation>)>,
    /// Verdicts.
    pub verdicts: Vec<VerdictUpdate>,
    /// Audit entries to open, or to open and close at once.
    pub audit: Vec<AuditRow>,
    /// Audit entries to close: id, instant, and the entry as it now reads.
    pub audit_closed: Vec<(String, Timestamp, String)>,
    /// The answer to remember.
    pub remember: Option<Remembered>,
    /// Deliveries, with the outbox entries that they finish.
    pub deliveries: Vec<NewDelivery>,
    /// Outbox entries that are done with.
    pub dispatched: Vec<u64>,
    /// Ends of delivery attempts.
    pub delivery_outcomes: Vec<DeliveryOutcome>,
    /// Token ids that must not be used again: issuer, jti, and until when to remember it.
    pub token_ids: Vec<(String, String, Timestamp)>,
}

/// What must hold in the state that a change is applied to.
#[derive(Debug, Clone)]
pub enum Expect {
    /// The resource's newest version is this one; `None`: it has never existed.
    Version(ResourceKey, Option<u64>),
    /// No resource matches (conditional create).
    NoMatch(Query),
}

/// What a commit gives back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Committed {
    /// The sequence number of each version, in the order of the change.
    pub sequences: Vec<u64>,
}

/// Why a change was not applied. Nothing of it was.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Refused {
    /// An expectation (by its place in the change) does not hold; compute again.
    #[error("expectation {0} does not hold")]
    Conflict(usize),
    /// The idempotency key was used before; here is what was answered.
    #[error("the request was answered before")]
    Remembered(Box<Remembered>),
    /// A token id was used before.
    #[error("a token id was used before")]
    TokenReplayed,
    /// The writer's queue is full.
    #[error("the write queue is full")]
    Busy,
    /// The store can't be written or read; the text is for the log.
    #[error("store: {0}")]
    Unavailable(String),
}
