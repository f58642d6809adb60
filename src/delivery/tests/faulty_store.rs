//! The real store in a file of its own, made to fail where a test says so, and what the tests ask of it.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use async_trait::async_trait;
use jiff::Timestamp;
use tempfile::TempDir;

use crate::agreement::{Evidence, State, Subject, Verdict};
use crate::fhir::ResourceKey;
use crate::fhir::search::Query;
use crate::store::sqlite::SqliteOptions;
use crate::store::*;

pub struct FaultyStore {
    inner: SqliteStore,
    refused: Mutex<BTreeSet<&'static str>>,
    keeps_outbox: AtomicBool,
    looks: AtomicUsize,
    _folder: TempDir,
}

impl FaultyStore {
    pub fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let inner = SqliteStore::open(&folder.path().join("store.db"), SqliteOptions::default()).unwrap();
        let (refused, keeps_outbox, looks) = Default::default();
        Self { inner, refused, keeps_outbox, looks, _folder: folder }
    }

    /// Refuses changes of this name until [`FaultyStore::accept`].
    pub fn refuse(&self, name: &'static str) {
        self.refused.lock().unwrap().insert(name);
    }

    pub fn accept(&self, name: &'static str) {
        self.refused.lock().unwrap().remove(name);
    }

    /// Whether dispatched entries stay in the outbox, as for a second dispatcher that read them before.
    pub fn keep_outbox(&self, keep: bool) {
        self.keeps_outbox.store(keep, Ordering::Relaxed);
    }

    /// How often somebody looked for due deliveries.
    pub fn looks(&self) -> usize {
        self.looks.load(Ordering::Relaxed)
    }

    /// All deliveries, oldest first.
    pub async fn all(&self) -> Vec<Delivery> {
        let mut all = self.inner.deliveries(None, None, 10_000).await.unwrap();
        all.reverse();
        all
    }

    pub async fn states(&self) -> Vec<DeliveryState> {
        self.all().await.iter().map(|delivery| delivery.state).collect()
    }

    /// All audit entries as they read, oldest first.
    pub async fn audit_rows(&self) -> Vec<AuditRow> {
        let query = AuditQuery { count: 10_000, ..AuditQuery::default() };
        let rows = self.inner.audit(&query).await.unwrap();
        rows.into_iter().rev().map(|(_, row)| row).collect()
    }
}

#[async_trait]
impl Store for FaultyStore {
    async fn commit(&self, mut change: Change) -> Result<Committed, Refused> {
        if self.refused.lock().unwrap().contains(change.name) {
            return Err(Refused::Busy);
        }
        if self.keeps_outbox.load(Ordering::Relaxed) {
            change.dispatched.clear();
        }
        self.inner.commit(change).await
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
        self.looks.fetch_add(1, Ordering::Relaxed);
        self.inner.lease(at, until, count, per_receiver).await
    }
    async fn next_due(&self) -> Result<Option<Timestamp>, Refused> {
        self.looks.fetch_add(1, Ordering::Relaxed);
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
