//! The gateway of the stories: dispatcher and deliverer over a real store, with a clock that a test moves.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::Notify;
use url::Url;

use super::faulty_store::FaultyStore;
use super::hook::Hook;
use crate::clock::{Clock, ManualClock};
use crate::delivery::answer::Answer;
use crate::delivery::ports::Disclosure;
use crate::delivery::{
    Courier, Deliverer, DisclosureLog, Dispatcher, Guard, Parts, Payload, Permission, Policy, Receiver, Receivers,
    Wants, Withheld, later,
};
use crate::entropy::SeededEntropy;
use crate::fhir::ResourceKey;
use crate::fhir::splice::Undo;
use crate::store::{AuditRow, Change, Content, NewVersion, OutboxEntry, Refused, Source, Store, StoredVersion};

pub const HOUR: Duration = Duration::from_secs(3600);

/// Everybody on the list is told of everything.
#[derive(Default)]
struct Everybody(Mutex<Vec<Receiver>>);

#[async_trait]
impl Receivers for Everybody {
    async fn for_change(&self, _: &OutboxEntry, _: &[StoredVersion]) -> Result<Vec<Receiver>, Refused> {
        Ok(self.0.lock().unwrap().clone())
    }

    async fn receiver(&self, reference: &str) -> Result<Option<Receiver>, Refused> {
        Ok(self.0.lock().unwrap().iter().find(|receiver| receiver.reference == reference).cloned())
    }
}

/// A permission that a test can take away, for everything or for one version.
#[derive(Default)]
struct Switch {
    withheld: Mutex<Option<Withheld>>,
    blocked: Mutex<BTreeSet<String>>,
}

#[async_trait]
impl Permission for Switch {
    async fn may_deliver(&self, _: &Receiver, version: &StoredVersion) -> Result<(), Withheld> {
        if self.blocked.lock().unwrap().contains(&format!("{}/{}", version.key, version.version)) {
            return Err(Withheld::Denied("blocked"));
        }
        self.withheld.lock().unwrap().clone().map_or(Ok(()), Err)
    }
}

struct Log;

impl DisclosureLog for Log {
    fn open(&self, disclosure: Disclosure<'_>) -> AuditRow {
        AuditRow {
            id: disclosure.request_id.to_owned(),
            recorded: disclosure.at,
            closed: None,
            patients: [disclosure.delivery.what.patient.clone()].into(),
            client: disclosure.receiver.reference.clone(),
            organisation: disclosure.receiver.organisation.clone(),
            entry: "open".to_owned(),
        }
    }

    fn close(&self, _: &AuditRow, _: Disclosure<'_>, answer: &Answer, _: Timestamp) -> String {
        answer.to_string()
    }
}

pub struct Gateway {
    pub store: Arc<FaultyStore>,
    pub clock: Arc<ManualClock>,
    pub dispatcher: Arc<Dispatcher>,
    pub deliverer: Arc<Deliverer>,
    /// Rung when something was committed.
    pub bell: Arc<Notify>,
    receivers: Arc<Everybody>,
    permission: Arc<Switch>,
}

impl Gateway {
    pub fn start() -> Self {
        let (store, receivers) = (Arc::new(FaultyStore::open()), Arc::new(Everybody::default()));
        Self::over(store, receivers, "2026-03-02T08:00:00Z".parse().unwrap())
    }

    /// Another gateway process over the same store, whose clock is ahead.
    pub fn second(&self, ahead: Duration) -> Self {
        Self::over(Arc::clone(&self.store), Arc::clone(&self.receivers), later(self.clock.now(), ahead))
    }

    fn over(store: Arc<FaultyStore>, receivers: Arc<Everybody>, now: Timestamp) -> Self {
        let (clock, permission) = (Arc::new(ManualClock::new(now)), Arc::new(Switch::default()));
        let (policy, wake) = (Policy::default(), Arc::new(Notify::new()));
        let guard = Guard { allow_loopback: true, ..Guard::default() };
        let deliverer = Deliverer::new(Parts {
            store: store.clone(),
            receivers: receivers.clone(),
            permission: permission.clone(),
            log: Arc::new(Log),
            courier: Courier::new(guard, &policy).unwrap(),
            clock: clock.clone(),
            entropy: Arc::new(SeededEntropy::new(1)),
            policy: policy.clone(),
            base: "https://vardbro.example/fhir".to_owned(),
            wake: wake.clone(),
        });
        let bell = Arc::new(Notify::new());
        let dispatcher =
            Arc::new(Dispatcher::new(store.clone(), receivers.clone(), clock.clone(), policy, bell.clone(), wake));
        Self { store, clock, dispatcher, deliverer, bell, receivers, permission }
    }

    /// A receiver behind a hook.
    pub fn subscribe(&self, name: &str, hook: &Hook) {
        self.subscribe_at(name, hook.address.clone());
    }

    pub fn subscribe_at(&self, name: &str, address: Url) {
        self.receivers.0.lock().unwrap().push(Receiver {
            reference: name.to_owned(),
            organisation: "SE2321000016-0001".to_owned(),
            address,
            headers: vec![("Authorization".to_owned(), "Bearer secret".to_owned())],
            payload: Payload::FullResource,
            wants: Wants::default(),
        });
    }

    pub fn unsubscribe(&self, name: &str) {
        self.receivers.0.lock().unwrap().retain(|receiver| receiver.reference != name);
    }

    /// Takes permission away, or gives it back.
    pub fn withhold(&self, why: Option<Withheld>) {
        *self.permission.withheld.lock().unwrap() = why;
    }

    /// Takes permission away for one version, as `List/1/2`.
    pub fn block(&self, version: &str) {
        self.permission.blocked.lock().unwrap().insert(version.to_owned());
    }

    /// A committed change of one patient's list.
    pub async fn changed(&self, patient: &str, list: &str, version: u64) {
        self.changed_together(patient, &[list], version).await;
    }

    /// A committed change of several of one patient's lists.
    pub async fn changed_together(&self, patient: &str, lists: &[&str], version: u64) {
        let text = format!(r#"{{"resourceType":"List","meta":{{"versionId":"{version}"}}}}"#);
        let content = Content::Text { text, undo: Undo::default(), received_sha256: [0; 32] };
        self.commit(lists.iter().map(|list| self.version(patient, list, version, content.clone())).collect()).await;
    }

    /// A committed deletion.
    pub async fn deleted(&self, patient: &str, list: &str, version: u64) {
        self.commit(vec![self.version(patient, list, version, Content::Deletion)]).await;
    }

    fn version(&self, patient: &str, list: &str, version: u64, content: Content) -> NewVersion {
        NewVersion {
            key: ResourceKey::parse(list).unwrap(),
            version,
            updated: self.clock.now(),
            content,
            source: Source::default(),
            patients: BTreeSet::from([patient.to_owned()]),
            index: vec![],
            evidence: vec![],
            relations: vec![],
        }
    }

    async fn commit(&self, versions: Vec<NewVersion>) {
        let change = Change { name: "receive", versions, notify: true, ..Change::default() };
        self.store.commit(change).await.unwrap();
    }

    /// Dispatches what waits.
    pub async fn dispatch(&self) {
        while self.dispatcher.run_once().await.unwrap() > 0 {}
    }

    /// Dispatches, delivers, and moves the clock from one due time to the next, for at most so long.
    pub async fn pass(&self, time: Duration) {
        let end = later(self.clock.now(), time);
        self.dispatch().await;
        loop {
            while self.deliverer.run_once().await > 0 {}
            match self.store.next_due().await.unwrap() {
                Some(due) if due <= end => self.clock.set(due.max(self.clock.now())),
                _ => return self.clock.set(end),
            }
        }
    }
}
