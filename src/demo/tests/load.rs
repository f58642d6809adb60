//! The county goes into a real store by the use case that every sender's transactions go through.

use std::sync::Arc;

use super::*;
use crate::access::{ActorRole, Caller, Purpose, Scopes};
use crate::agreement::{Agreement, EvidenceKinds};
use crate::audit::{self, Interaction};
use crate::clock::ManualClock;
use crate::entropy::SeededEntropy;
use crate::exchange::receive::{Submission, receive};
use crate::exchange::{Answer, Call, Gateway, Seal, Wake, entries as parsed};
use crate::store::sqlite::{SqliteOptions, SqliteStore};

fn gateway(path: &std::path::Path) -> Gateway {
    Gateway {
        store: Arc::new(SqliteStore::open(path, SqliteOptions::default()).unwrap()),
        clock: Arc::new(ManualClock::new(now())),
        entropy: Arc::new(SeededEntropy::new(1)),
        base: "http://127.0.0.1:8080/fhir".into(),
        seal: Arc::new(Seal::new(&[1; 32])),
        evidence: EvidenceKinds::embedded(),
        agreements: Agreement::embedded().to_vec().into(),
        guard: Arc::new(crate::delivery::Guard::default()),
        validation: Arc::default(),
        wake: Arc::new(Wake::default()),
    }
}

/// The organisation itself writes, under the rules that hold for all.
fn caller(seed: &Seed) -> Caller {
    let role = if seed.caregiver == UMEA_SOCIAL { ActorRole::SocialCareProvider } else { ActorRole::CareProvider };
    Caller {
        client: "loader".to_owned(),
        organisation: seed.caregiver.to_owned(),
        organisation_name: seed.caregiver.to_owned(),
        unit: seed.unit.clone(),
        role,
        person: None,
        purpose: Purpose::Treatment,
        scopes: Scopes::parse("system/*.cruds"),
    }
}

async fn load(gateway: &Gateway, seed: &Seed) -> Result<(), String> {
    let caller = caller(seed);
    let entry =
        audit::Entry::begin(Interaction::Transaction, "demo.load", Some(&caller), "load", now(), &*gateway.entropy);
    let mut call = Call { caller, at: gateway.clock.now(), entry, refused: None, recorded: false };
    let document = seed.bundle.to_document();
    let entries = parsed::of_bundle(document.root()).map_err(|faults| format!("{faults:?}"))?;
    let submission = Submission { document: &document, entries: &entries, idempotency: None, notify: false };
    let loaded = receive(gateway, &mut call, &submission, |_| Answer::fhir(200, String::new())).await;
    loaded.map(|_| ()).map_err(|failure| format!("{failure:?}"))
}

#[tokio::test]
async fn every_transaction_is_taken_from_the_organisation_that_it_comes_from() {
    let folder = tempfile::tempdir().unwrap();
    let gateway = gateway(&folder.path().join("store"));
    for (index, seed) in seeds().iter().enumerate() {
        load(&gateway, seed).await.unwrap_or_else(|fault| panic!("{index}: {fault}"));
    }
    let patient = ResourceKey::parse("Patient/p001").unwrap();
    let read = gateway.store.read(&patient).await.unwrap().unwrap();
    assert_eq!(read.source.caregiver, REGION);
}
