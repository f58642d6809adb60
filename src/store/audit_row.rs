//! Audit entries as rows.

use std::collections::BTreeSet;

use jiff::Timestamp;

/// An audit entry as a row: the columns that are searched, and the whole entry as JSON (see [`crate::audit`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// A UUID: the logical id of the AuditEvent.
    pub id: String,
    /// When it was opened.
    pub recorded: Timestamp,
    /// When it was closed; an open entry has none.
    pub closed: Option<Timestamp>,
    /// The patients whose data it concerns, as `Patient/1`. A closed entry also has those that its closing text names.
    pub patients: BTreeSet<String>,
    /// The client.
    pub client: String,
    /// HSA-id of the accessing organisation; empty for unauthenticated attempts.
    pub organisation: String,
    /// The entry.
    pub entry: String,
}

/// Which audit entries.
#[derive(Debug, Clone, Default)]
pub struct AuditQuery {
    /// By id.
    pub id: Option<String>,
    /// By one of the patients that it concerns.
    pub patient: Option<String>,
    /// By client.
    pub client: Option<String>,
    /// By accessing organisation.
    pub organisation: Option<String>,
    /// Recorded at or after.
    pub from: Option<Timestamp>,
    /// Recorded before.
    pub until: Option<Timestamp>,
    /// At most so many, newest first.
    pub count: u32,
    /// Older than this row.
    pub before: Option<u64>,
}

/// What a walk over the audit chain found. Every record's link is the SHA-256 of the link before it and of its own
/// columns, so a record that was changed, left out or put in between breaks the chain from its place on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditChain {
    /// How many records were walked (an opening and each closing are records of their own).
    pub records: u64,
    /// The first record whose link does not fit, by its row number.
    pub broken_at: Option<u64>,
    /// The last link that fits; zeros for an empty log. Kept elsewhere, it proves that the end was not cut off.
    pub head: [u8; 32],
}
