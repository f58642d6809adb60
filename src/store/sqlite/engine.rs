//! The port's methods: which connection does what.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    SqliteStore, apply, audit, deliveries, evidence, intervals, lanes, marks, memory, outbox, referrers, relations,
    search, summary, verdicts, versions,
};
use crate::agreement::{Evidence, State, Subject, Verdict};
use crate::fhir::ResourceKey;
use crate::fhir::search::Query;
use crate::store::{
    AuditChain, AuditQuery, AuditRow, Change, Committed, Delivery, DeliveryState, OutboxEntry, Page, QueueState,
    Refused, Relation, Remembered, Store, StoredVersion, SummaryBy, SummaryRow, VerdictInterval,
};

#[async_trait]
impl Store for SqliteStore {
    async fn commit(&self, change: Change) -> Result<Committed, Refused> {
        self.writer.run(move |tx| apply::apply(tx, &change)).await
    }

    async fn read(&self, key: &ResourceKey) -> Result<Option<StoredVersion>, Refused> {
        let key = key.clone();
        self.readers.quick(move |conn| versions::read(conn, &key)).await
    }

    async fn read_many(&self, keys: &[ResourceKey]) -> Result<Vec<StoredVersion>, Refused> {
        let keys = keys.to_vec();
        let read = move |conn: &_| keys.iter().filter_map(|key| versions::read(conn, key).transpose()).collect();
        self.readers.run(read).await
    }

    async fn read_version(&self, key: &ResourceKey, version: u64) -> Result<Option<StoredVersion>, Refused> {
        let key = key.clone();
        self.readers.quick(move |conn| versions::read_version(conn, &key, version)).await
    }

    async fn history(&self, key: &ResourceKey, before: Option<u64>, count: u32) -> Result<Vec<StoredVersion>, Refused> {
        let key = key.clone();
        self.readers.run(move |conn| versions::history(conn, &key, before, count)).await
    }

    async fn received(&self, key: &ResourceKey, version: u64) -> Result<Option<String>, Refused> {
        let key = key.clone();
        self.readers.quick(move |conn| versions::received(conn, &key, version)).await
    }

    async fn search(&self, query: &Query) -> Result<Page, Refused> {
        let query = query.clone();
        self.readers.run(move |conn| search::search(conn, &query)).await
    }

    async fn referrers(&self, key: &ResourceKey, count: u32) -> Result<Vec<ResourceKey>, Refused> {
        let key = key.clone();
        self.readers.run(move |conn| referrers::of(conn, &key, count)).await
    }

    async fn related(&self, patient: &str, organisation: &str, at: Timestamp) -> Result<bool, Refused> {
        let (patient, organisation) = (patient.to_owned(), organisation.to_owned());
        self.readers.quick(move |conn| relations::related(conn, &patient, &organisation, at)).await
    }

    async fn relations(&self, patient: &str, at: Timestamp) -> Result<Vec<Relation>, Refused> {
        let patient = patient.to_owned();
        self.readers.quick(move |conn| relations::at(conn, &patient, at)).await
    }

    async fn evidence(&self, subject: &Subject) -> Result<Vec<Evidence>, Refused> {
        let subject = subject.clone();
        self.readers.run(move |conn| evidence::of_subject(conn, &subject)).await
    }

    async fn evidence_of_kinds(&self, kinds: &[&str]) -> Result<Vec<Evidence>, Refused> {
        let kinds: Vec<String> = kinds.iter().map(ToString::to_string).collect();
        self.readers.run(move |conn| evidence::of_kinds(conn, &kinds)).await
    }

    async fn evidence_involving(&self, kinds: &[&str], organisations: &[&str]) -> Result<Vec<Evidence>, Refused> {
        let kinds: Vec<String> = kinds.iter().map(ToString::to_string).collect();
        let organisations: Vec<String> = organisations.iter().map(ToString::to_string).collect();
        self.readers.run(move |conn| evidence::involving(conn, &kinds, &organisations)).await
    }

    async fn marked(&self, count: u32) -> Result<Vec<(u64, Subject)>, Refused> {
        self.readers.run(move |conn| marks::oldest(conn, count)).await
    }

    async fn expired(&self, at: Timestamp, count: u32) -> Result<Vec<Subject>, Refused> {
        self.readers.run(move |conn| verdicts::expired(conn, at, count)).await
    }

    async fn next_expiry(&self) -> Result<Option<Timestamp>, Refused> {
        self.readers.quick(verdicts::next_expiry).await
    }

    async fn verdicts(&self, subject: &Subject) -> Result<Vec<Verdict>, Refused> {
        let subject = subject.to_string();
        self.readers.quick(move |conn| verdicts::of_subject(conn, &subject)).await
    }

    async fn verdict_history(&self, subject: &Subject) -> Result<Vec<VerdictInterval>, Refused> {
        let subject = subject.to_string();
        self.readers.run(move |conn| intervals::of_subject(conn, &subject)).await
    }

    async fn summary(&self, by: SummaryBy, at: Timestamp) -> Result<Vec<SummaryRow>, Refused> {
        self.readers.run(move |conn| summary::at(conn, by, at)).await
    }

    async fn subjects_in(&self, obligation: &str, state: State, count: u32) -> Result<Vec<String>, Refused> {
        let obligation = obligation.to_owned();
        self.readers.run(move |conn| verdicts::subjects_in(conn, &obligation, state, count)).await
    }

    async fn outbox(&self, count: u32) -> Result<Vec<OutboxEntry>, Refused> {
        self.readers.run(move |conn| outbox::oldest(conn, count)).await
    }

    async fn lease(
        &self,
        at: Timestamp,
        until: Timestamp,
        count: u32,
        per_receiver: u32,
    ) -> Result<Vec<Delivery>, Refused> {
        self.writer.run(move |tx| deliveries::lease(tx.conn, at, until, count, per_receiver)).await
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, Refused> {
        self.readers.quick(lanes::next_due).await
    }

    async fn deliveries(
        &self,
        receiver: Option<&str>,
        state: Option<DeliveryState>,
        count: u32,
    ) -> Result<Vec<Delivery>, Refused> {
        let receiver = receiver.map(str::to_owned);
        self.readers.run(move |conn| deliveries::list(conn, receiver.as_deref(), state, count)).await
    }

    async fn replay(&self, id: u64, at: Timestamp) -> Result<bool, Refused> {
        self.writer.run(move |tx| deliveries::replay(tx.conn, id, at)).await
    }

    async fn remembered(&self, client: &str, key: &str) -> Result<Option<Remembered>, Refused> {
        let (client, key) = (client.to_owned(), key.to_owned());
        self.readers.quick(move |conn| memory::find(conn, &client, &key)).await
    }

    async fn audit(&self, query: &AuditQuery) -> Result<Vec<(u64, AuditRow)>, Refused> {
        let query = query.clone();
        self.readers.run(move |conn| audit::find(conn, &query)).await
    }

    async fn unclosed_audit(&self, at: Timestamp, count: u32) -> Result<Vec<AuditRow>, Refused> {
        self.readers.run(move |conn| audit::unclosed(conn, at, count)).await
    }

    async fn verify_audit(&self) -> Result<AuditChain, Refused> {
        self.readers.run(audit::verify).await
    }

    async fn queue_state(&self) -> Result<QueueState, Refused> {
        self.readers.run(deliveries::queue_state).await
    }

    async fn ping(&self) -> Result<(), Refused> {
        self.writer.run(|tx| memory::count_ping(tx.conn)).await?;
        self.readers.quick(memory::read_ping).await
    }

    async fn sweep(&self, at: Timestamp, keep_answers_from: Timestamp) -> Result<(), Refused> {
        self.writer.run(move |tx| memory::sweep(tx.conn, at, keep_answers_from)).await
    }
}
