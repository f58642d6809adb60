use std::time::Duration;

use tempfile::TempDir;

use super::*;
use crate::agreement::EvidenceKinds;
use crate::clock::ManualClock;
use crate::delivery::Guard;
use crate::entropy::SeededEntropy;
use crate::exchange::{Seal, Wake};
use crate::fhir::search;
use crate::fhir::splice::Undo;
use crate::store::sqlite::SqliteOptions;
use crate::store::{Change, Content, NewVersion, Source, SqliteStore};

const BASE: &str = "https://vardbro.example/fhir";
const REGION: &str = "SE2321000222-0001";

struct Office {
    routing: Routing,
    gateway: Gateway,
    clock: Arc<ManualClock>,
    _folder: TempDir,
}

impl Office {
    fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let store = SqliteStore::open(&folder.path().join("store.db"), SqliteOptions::default()).unwrap();
        let clock = Arc::new(ManualClock::new("2026-03-02T08:00:00Z".parse().unwrap()));
        let gateway = Gateway {
            store: Arc::new(store),
            clock: clock.clone(),
            entropy: Arc::new(SeededEntropy::new(1)),
            base: BASE.into(),
            seal: Arc::new(Seal::new(&[1; 32])),
            evidence: EvidenceKinds::embedded(),
            agreements: Vec::new().into(),
            guard: Arc::new(Guard::default()),
            validation: Arc::default(),
            wake: Arc::new(Wake::default()),
        };
        Self { routing: Routing::new(gateway.clone()), gateway, clock, _folder: folder }
    }

    async fn keep(&self, resources: impl IntoIterator<Item = (String, String)>) {
        let versions = resources.into_iter().map(|(name, text)| self.version(&name, text)).collect();
        self.gateway.store.commit(Change { name: "receive", versions, ..Change::default() }).await.unwrap();
    }

    fn version(&self, name: &str, text: String) -> NewVersion {
        let key = ResourceKey::parse(name).unwrap();
        let index = search::index(&Document::parse(text.clone()).unwrap(), key.kind, BASE);
        NewVersion {
            key,
            version: 1,
            updated: self.gateway.clock.now(),
            content: Content::Text { text, undo: Undo::default(), received_sha256: [0; 32] },
            source: Source { caregiver: REGION.into(), ..Source::default() },
            patients: BTreeSet::new(),
            index,
            evidence: vec![],
            relations: vec![],
        }
    }

    /// The names of those who are told that the list changed.
    async fn told(&self) -> Vec<String> {
        let changes = vec![(ResourceKey::parse("List/1").unwrap(), 1)];
        let list = self.gateway.store.read(&changes[0].0).await.unwrap().unwrap();
        let entry = OutboxEntry { id: 1, patient: String::new(), changes, at: self.gateway.clock.now() };
        let receivers = self.routing.for_change(&entry, &[list]).await.unwrap();
        receivers.into_iter().map(|receiver| receiver.reference).collect()
    }
}

fn list() -> (String, String) {
    ("List/1".into(), r#"{"resourceType":"List","status":"current","mode":"working"}"#.into())
}

fn subscription(number: usize, more: &str) -> (String, String) {
    let text = format!(
        r#"{{"resourceType":"Subscription","status":"active","criteria":"List?status=current",{more}
        "channel":{{"type":"rest-hook","endpoint":"https://ehr.example/{number}"}}}}"#
    );
    (format!("Subscription/s{number}"), text)
}

#[tokio::test]
async fn every_subscriber_is_found_however_many_there_are() {
    let office = Office::open();
    let many = PAGE as usize + 1;
    office.keep((0..many).map(|number| subscription(number, "")).chain([list()])).await;
    let told: BTreeSet<_> = office.told().await.into_iter().collect();
    assert_eq!(told.len(), many);
}

#[tokio::test]
async fn a_subscription_past_its_end_is_off() {
    let office = Office::open();
    office.keep([list(), subscription(1, r#""end":"2026-03-02T08:00:10Z","#)]).await;
    assert_eq!(office.told().await, ["Subscription/s1"]);
    assert!(office.routing.receiver("Subscription/s1").await.unwrap().is_some());
    office.clock.advance(Duration::from_secs(10));
    assert!(office.told().await.is_empty());
    assert!(office.routing.receiver("Subscription/s1").await.unwrap().is_none());
}
