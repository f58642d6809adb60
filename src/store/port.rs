//! The port that both engines stand behind.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    AuditChain, AuditQuery, AuditRow, Change, Committed, Delivery, DeliveryState, OutboxEntry, Page, QueueState,
    Refused, Relation, Remembered, StoredVersion, SummaryBy, SummaryRow, VerdictInterval,
};
use crate::agreement::{Evidence, State, Subject, Verdict};
use crate::fhir::ResourceKey;
use crate::fhir::search::Query;

/// The port. Every method may be called from any task; errors are [`Refused`].
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Applies a change and returns once it is on disk. Waits while the queue is full for at most a moment, then [`Refused::Busy`].
    async fn commit(&self, change: Change) -> Result<Committed, Refused>;

    /// The newest version, which may be a deletion.
    async fn read(&self, key: &ResourceKey) -> Result<Option<StoredVersion>, Refused>;
    /// The newest versions of many; those that don't exist are left out.
    async fn read_many(&self, keys: &[ResourceKey]) -> Result<Vec<StoredVersion>, Refused>;
    /// One version.
    async fn read_version(&self, key: &ResourceKey, version: u64) -> Result<Option<StoredVersion>, Refused>;
    /// Versions of a resource, newest first, older than `before` (a sequence number).
    async fn history(&self, key: &ResourceKey, before: Option<u64>, count: u32) -> Result<Vec<StoredVersion>, Refused>;
    /// The bytes that were received for a version.
    async fn received(&self, key: &ResourceKey, version: u64) -> Result<Option<String>, Refused>;
    /// A page of a search.
    async fn search(&self, query: &Query) -> Result<Page, Refused>;
    /// Resources that refer to `key`, at most `count`.
    async fn referrers(&self, key: &ResourceKey, count: u32) -> Result<Vec<ResourceKey>, Refused>;
    /// Whether an organisation (HSA-id) has a relation to a patient at an instant.
    async fn related(&self, patient: &str, organisation: &str, at: Timestamp) -> Result<bool, Refused>;
    /// The organisations (HSA-ids) with a relation to a patient at an instant.
    async fn relations(&self, patient: &str, at: Timestamp) -> Result<Vec<Relation>, Refused>;

    /// All evidence of a patient or of a unit, in no order.
    async fn evidence(&self, subject: &Subject) -> Result<Vec<Evidence>, Refused>;
    /// Evidence of these kinds about anything, for subjects that are not one patient or unit.
    async fn evidence_of_kinds(&self, kinds: &[&str]) -> Result<Vec<Evidence>, Refused>;
    /// Evidence of these kinds that involves one of these organisations (references), as its unit or as a party; each
    /// once, in no order. It costs what it finds, whatever else is stored.
    async fn evidence_involving(&self, kinds: &[&str], organisations: &[&str]) -> Result<Vec<Evidence>, Refused>;
    /// Subjects that are marked for re-evaluation, with their marks, oldest first.
    async fn marked(&self, count: u32) -> Result<Vec<(u64, Subject)>, Refused>;
    /// Subjects whose stored verdicts change by themselves at or before `at`.
    async fn expired(&self, at: Timestamp, count: u32) -> Result<Vec<Subject>, Refused>;
    /// When the next stored verdict changes by itself.
    async fn next_expiry(&self) -> Result<Option<Timestamp>, Refused>;
    /// The stored verdicts of a subject.
    async fn verdicts(&self, subject: &Subject) -> Result<Vec<Verdict>, Refused>;
    /// The intervals of a subject's verdicts.
    async fn verdict_history(&self, subject: &Subject) -> Result<Vec<VerdictInterval>, Refused>;
    /// Counts by state, as they stood at `at` (from the intervals).
    async fn summary(&self, by: SummaryBy, at: Timestamp) -> Result<Vec<SummaryRow>, Refused>;
    /// Subjects that an obligation is in a state for, now.
    async fn subjects_in(&self, obligation: &str, state: State, count: u32) -> Result<Vec<String>, Refused>;

    /// Outbox entries, oldest first.
    async fn outbox(&self, count: u32) -> Result<Vec<OutboxEntry>, Refused>;
    /// Leases the first unfinished delivery of each lane (receiver and patient) that is due, at most `count`, at most
    /// one a lane and, with those that it holds already, `per_receiver` a receiver. A lease that ran out is due again.
    async fn lease(
        &self,
        at: Timestamp,
        until: Timestamp,
        count: u32,
        per_receiver: u32,
    ) -> Result<Vec<Delivery>, Refused>;
    /// When the next delivery is due.
    async fn next_due(&self) -> Result<Option<Timestamp>, Refused>;
    /// Deliveries of a receiver (or all), newest first, in a state (or any).
    async fn deliveries(
        &self,
        receiver: Option<&str>,
        state: Option<DeliveryState>,
        count: u32,
    ) -> Result<Vec<Delivery>, Refused>;
    /// Puts a dead or withheld delivery back in its lane; `false` if there is no such one.
    async fn replay(&self, id: u64, at: Timestamp) -> Result<bool, Refused>;

    /// The answer to an earlier request of this client with this key.
    async fn remembered(&self, client: &str, key: &str) -> Result<Option<Remembered>, Refused>;
    /// Audit entries, newest first, with their row numbers.
    async fn audit(&self, query: &AuditQuery) -> Result<Vec<(u64, AuditRow)>, Refused>;
    /// Audit entries that were opened before `at` and never closed.
    async fn unclosed_audit(&self, at: Timestamp, count: u32) -> Result<Vec<AuditRow>, Refused>;
    /// Walks the audit chain from its beginning.
    async fn verify_audit(&self) -> Result<AuditChain, Refused>;
    /// Counts.
    async fn queue_state(&self) -> Result<QueueState, Refused>;
    /// Is the store there and writable.
    async fn ping(&self) -> Result<(), Refused>;
    /// Forgets what is past its time: token ids, remembered answers older than `keep_answers_from`.
    async fn sweep(&self, at: Timestamp, keep_answers_from: Timestamp) -> Result<(), Refused>;
}
