//! Verdicts as they are stored, and what is counted of them.

use jiff::Timestamp;

use crate::agreement::{State, Verdict};

/// The verdicts of one subject, as they stand from an instant on. Replaces what was stored for it; where state changed,
/// the interval before is closed and a new one begins.
#[derive(Debug, Clone)]
pub struct VerdictUpdate {
    /// The subject's text form.
    pub subject: String,
    /// All its verdicts.
    pub verdicts: Vec<Verdict>,
    /// The kommun and unit that summaries group by, as references, where there are any.
    pub kommun: Option<String>,
    /// See `kommun`.
    pub unit: Option<String>,
    /// The instant they were computed for.
    pub at: Timestamp,
    /// The mark in the re-evaluation queue that this answers; a later mark stays.
    pub mark: Option<u64>,
}

/// A stretch of time in which an obligation's state for a subject was the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictInterval {
    /// The obligation.
    pub obligation: String,
    /// The subject.
    pub subject: String,
    /// The state.
    pub state: State,
    /// From.
    pub from: Timestamp,
    /// Until; `None` while it lasts.
    pub until: Option<Timestamp>,
}

/// A row of `/obligations/summary`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryRow {
    /// The obligation, kommun or unit.
    pub group: String,
    /// The obligation, where the group is not it already.
    pub obligation: String,
    /// The state.
    pub state: State,
    /// How many subjects.
    pub count: u64,
}

/// What a summary groups by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SummaryBy {
    /// Obligation.
    Obligation,
    /// Kommun and obligation.
    Kommun,
    /// Unit and obligation.
    Unit,
}
