//! The real store, made to fail where a test says so: before a named change is on disk, or after it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use async_trait::async_trait;
use jiff::Timestamp;
use vardbro::agreement::{Evidence, State, Subject, Verdict};
use vardbro::fhir::ResourceKey;
use vardbro::fhir::search::Query;
use vardbro::store::sqlite::SqliteOptions;
use vardbro::store::*;

/// Where a commit fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing of it is on disk.
    Before,
    /// All of it is on disk, and whoever asked for it does not hear so.
    After,
}

/// A store that fails on demand.
pub struct FaultyStore {
    inner: SqliteStore,
    faults: Mutex<BTreeMap<&'static str, (Fault, u32)>>,
}

impl FaultyStore {
    pub fn open(path: &Path) -> Self {
        let inner = SqliteStore::open(path, SqliteOptions::default()).unwrap();
        Self { inner, faults: Mutex::default() }
    }

    /// Lets the next `times` changes of that name fail.
    pub fn fail(&self, name: &'static str, fault: Fault, times: u32) {
        self.faults.lock().unwrap().insert(name, (fault, times));
    }

    /// Fails no more.
    pub fn heal(&self) {
        self.faults.lock().unwrap().clear();
    }

    /// Whether all the failures that were asked of a step have happened.
    pub fn has_failed(&self, name: &str) -> bool {
        self.faults.lock().unwrap().get(name).is_some_and(|(_, left)| *left == 0)
    }

    fn fault(&self, name: &'static str) -> Option<Fault> {
        let mut faults = self.faults.lock().unwrap();
        let (fault, left) = faults.get_mut(name).filter(|(_, left)| *left > 0)?;
        *left -= 1;
        Some(*fault)
    }

    /// All audit entries as they read, oldest first.
    pub async fn audit_rows(&self) -> Vec<AuditRow> {
        let query = AuditQuery { count: 100_000, ..AuditQuery::default() };
        self.inner.audit(&query).await.unwrap().into_iter().rev().map(|(_, row)| row).collect()
    }

    /// All deliveries, oldest first.
    pub async fn all_deliveries(&self) -> Vec<Delivery> {
        let mut all = self.inner.deliveries(None, None, 100_000).await.unwrap();
        all.reverse();
        all
    }
}

#[async_trait]
impl Store for FaultyStore {
    async fn commit(&self, change: Change) -> Result<Committed, Refused> {
        match self.fault(change.name) {
            None => self.inner.commit(change).await,
            Some(Fault::Before) => Err(Refused::Unavailable("made to fail before".into())),
            Some(Fault::After) => {
                self.inner.commit(change).await?;
                Err(Refused::Unavailable("made to fail after".into()))
            }
        }
    }
    async fn read(&self, key: &ResourceKey) -> Result<Option<StoredVersion>, Refused> {
        self.inner.read(key).await
    }
    async fn read_many(&self, keys: &[ResourceKey]) -> Result<Vec<StoredVersion>, Refused> {
        self.inner.read_many(keys).await
    }
    async fn read_version(&self, key: &ResourceKey, version: u64) -> Result<Option<StoredVersion>, Refused> {
        self.inner.read_version(key, version).await
    }
    async fn history(&self, key: &ResourceKey, before: Option<u64>, count: u32) -> Result<Vec<StoredVersion>, Refused> {
        self.inner.history(key, before, count).await
    }
    async fn received(&self, key: &ResourceKey, version: u64) -> Result<Option<String>, Refused> {
        self.inner.received(key, version).await
    }
    async fn search(&self, query: &Query) -> Result<Page, Refused> {
        self.inner.search(query).await
    }
    async fn referrers(&self, key: &ResourceKey, count: u32) -> Result<Vec<ResourceKey>, Refused> {
        self.inner.referrers(key, count).await
    }
    async fn related(&self, patient: &str, organisation: &str, at: Timestamp) -> Result<bool, Refused> {
        self.inner.related(patient, organisation, at).await
    }
    async fn relations(&self, patient: &str, at: Timestamp) -> Result<Vec<Relation>, Refused> {
        self.inner.relations(patient, at).await
    }
    async fn evidence(&self, subject: &Subject) -> Result<Vec<Evidence>, Refused> {
        self.inner.evidence(subject).await
    }
    async fn evidence_of_kinds(&self, kinds: &[&str]) -> Result<Vec<Evidence>, Refused> {
        self.inner.evidence_of_kinds(kinds).await
    }
    async fn evidence_involving(&self, kinds: &[&str], organisations: &[&str]) -> Result<Vec<Evidence>, Refused> {
        self.inner.evidence_involving(kinds, organisations).await
    }
    async fn marked(&self, count: u32) -> Result<Vec<(u64, Subject)>, Refused> {
        self.inner.marked(count).await
    }
    async fn expired(&self, at: Timestamp, count: u32) -> Result<Vec<Subject>, Refused> {
        self.inner.expired(at, count).await
    }
    async fn next_expiry(&self) -> Result<Option<Timestamp>, Refused> {
        self.inner.next_expiry().await
    }
    async fn verdicts(&self, subject: &Subject) -> Result<Vec<Verdict>, Refused> {
        self.inner.verdicts(subject).await
    }
    async fn verdict_history(&self, subject: &Subject) -> Result<Vec<VerdictInterval>, Refused> {
        self.inner.verdict_history(subject).await
    }
    async fn summary(&self, by: SummaryBy, at: Timestamp) -> Result<Vec<SummaryRow>, Refused> {
        self.inner.summary(by, at).await
    }
    async fn subjects_in(&self, obligation: &str, state: State, count: u32) -> Result<Vec<String>, Refused> {
        self.inner.subjects_in(obligation, state, count).await
    }
    async fn outbox(&self, count: u32) -> Result<Vec<OutboxEntry>, Refused> {
        self.inner.outbox(count).await
    }
    async fn lease(
        &self,
        at: Timestamp,
        until: Timestamp,
        count: u32,
        per_receiver: u32,
    ) -> Result<Vec<Delivery>, Refused> {
        self.inner.lease(at, until, count, per_receiver).await
    }
    async fn next_due(&self) -> Result<Option<Timestamp>, Refused> {
        self.inner.next_due().await
    }
    async fn deliveries(
        &self,
        receiver: Option<&str>,
        state: Option<DeliveryState>,
        count: u32,
    ) -> Result<Vec<Delivery>, Refused> {
        self.inner.deliveries(receiver, state, count).await
    }
    async fn replay(&self, id: u64, at: Timestamp) -> Result<bool, Refused> {
        self.inner.replay(id, at).await
    }
    async fn remembered(&self, client: &str, key: &str) -> Result<Option<Remembered>, Refused> {
        self.inner.remembered(client, key).await
    }
    async fn audit(&self, query: &AuditQuery) -> Result<Vec<(u64, AuditRow)>, Refused> {
        self.inner.audit(query).await
    }
    async fn unclosed_audit(&self, at: Timestamp, count: u32) -> Result<Vec<AuditRow>, Refused> {
        self.inner.unclosed_audit(at, count).await
    }
    async fn verify_audit(&self) -> Result<AuditChain, Refused> {
        self.inner.verify_audit().await
    }
    async fn queue_state(&self) -> Result<QueueState, Refused> {
        self.inner.queue_state().await
    }
    async fn ping(&self) -> Result<(), Refused> {
        self.inner.ping().await
    }
    async fn sweep(&self, at: Timestamp, keep_answers_from: Timestamp) -> Result<(), Refused> {
        self.inner.sweep(at, keep_answers_from).await
    }
}
