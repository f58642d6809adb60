//! Evidence and relations follow the resources that they were found in.

use std::collections::BTreeSet;

use super::Engine;
use super::builders::{Draft, KOMMUN, REGION, at, change, draft, key, put, span};
use crate::agreement::{Evidence, Subject};
use crate::store::{Change, Expect, NewVersion, Refused, Relation, Store};

fn round(source: &str, patient: Option<&str>, unit: Option<&str>) -> Evidence {
    Evidence {
        kind: "round-held".into(),
        source: key(source),
        patient: patient.map(str::to_owned),
        unit: unit.map(str::to_owned),
        parties: ["Organization/hc".to_owned()].into(),
        time: span(5, 5),
        codes: ["LM#lakarrond".to_owned()].into(),
        amount: Some(i64::MAX),
        parts: [("physician".to_owned(), "PractitionerRole/1".to_owned())].into(),
    }
}

fn patient(reference: &str) -> Subject {
    Subject::Patient { reference: reference.into() }
}

pub(in crate::store) async fn evidence_is_read_by_patient_unit_and_kind(engine: &impl Engine) {
    let store = engine.open().await;
    let both = round("Encounter/1", Some("Patient/1"), Some("Organization/u1"));
    let neither =
        Evidence { kind: "report".into(), parties: [].into(), amount: None, ..round("Encounter/1", None, None) };
    let mut encounter = draft("Encounter/1", 1);
    encounter.0.evidence = vec![both.clone(), neither.clone()];
    put(&store, [encounter]).await;

    assert_eq!(store.evidence(&patient("Patient/1")).await.unwrap(), std::slice::from_ref(&both));
    assert!(store.evidence(&patient("Patient/2")).await.unwrap().is_empty());
    assert_eq!(store.evidence(&unit("Organization/u1")).await.unwrap(), std::slice::from_ref(&both));
    assert_eq!(store.evidence_of_kinds(&["report"]).await.unwrap(), [neither]);
    assert_eq!(store.evidence_of_kinds(&["report", "round-held", "report"]).await.unwrap().len(), 2);
}

pub(in crate::store) async fn evidence_is_found_by_the_organisations_that_it_involves(engine: &impl Engine) {
    let store = engine.open().await;
    let held = round("Encounter/1", Some("Patient/1"), Some("Organization/u1"));
    let elsewhere = Evidence { parties: [].into(), ..round("Encounter/2", None, Some("Organization/u2")) };
    let other_kind = Evidence { kind: "report".into(), ..round("Encounter/2", None, None) };
    let mut drafts = [draft("Encounter/1", 1), draft("Encounter/2", 1)];
    drafts[0].0.evidence = vec![held.clone()];
    drafts[1].0.evidence = vec![elsewhere.clone(), other_kind];
    put(&store, drafts).await;
    let found = async |organisations: &[&str]| store.evidence_involving(&["round-held"], organisations).await.unwrap();

    assert_eq!(found(&["Organization/u1", "Organization/hc", "Organization/hc"]).await, std::slice::from_ref(&held));
    assert_eq!(found(&["Organization/u2"]).await, [elsewhere]);
    assert!(found(&["Organization/u3"]).await.is_empty());
    put(&store, [draft("Encounter/1", 2)]).await;
    assert!(found(&["Organization/hc"]).await.is_empty());
}

pub(in crate::store) async fn a_new_version_replaces_its_evidence_and_relations(engine: &impl Engine) {
    let store = engine.open().await;
    let mut first = draft("Encounter/1", 1).related("Patient/1", KOMMUN, at(0), at(100));
    first.0.evidence = vec![round("Encounter/1", Some("Patient/1"), None)];
    put(&store, [first]).await;
    let mut second = draft("Encounter/1", 2).related("Patient/2", KOMMUN, at(0), at(100));
    second.0.evidence = vec![round("Encounter/1", Some("Patient/2"), None)];

    put(&store, [second]).await;

    assert!(store.evidence(&patient("Patient/1")).await.unwrap().is_empty());
    assert_eq!(store.evidence(&patient("Patient/2")).await.unwrap().len(), 1);
    assert_eq!(store.related("Patient/1", KOMMUN, at(50)).await, Ok(false));
    assert_eq!(store.related("Patient/2", KOMMUN, at(50)).await, Ok(true));
    put(&store, [draft("Encounter/1", 3).deletion()]).await;
    assert!(store.evidence(&patient("Patient/2")).await.unwrap().is_empty());
    assert_eq!(store.related("Patient/2", KOMMUN, at(50)).await, Ok(false));
}

pub(in crate::store) async fn evidence_can_be_derived_again(engine: &impl Engine) {
    let store = engine.open().await;
    put(&store, [draft("Encounter/1", 1)]).await;
    let relation = Relation { patient: "Patient/1".into(), organisation: KOMMUN.into(), from: at(0), until: at(9) };
    let rederived = vec![
        (key("Encounter/1"), vec![round("Encounter/1", Some("Patient/1"), None)], vec![relation]),
        (key("Encounter/unheard-of"), vec![round("Encounter/1", Some("Patient/1"), None)], vec![]),
    ];

    store.commit(Change { rederived, ..change([]) }).await.unwrap();

    assert_eq!(store.evidence(&patient("Patient/1")).await.unwrap().len(), 1);
    assert_eq!(store.related("Patient/1", KOMMUN, at(5)).await, Ok(true));
}

fn unit(reference: &str) -> Subject {
    Subject::Unit { reference: reference.into() }
}

async fn marked(store: &impl Store) -> BTreeSet<Subject> {
    store.marked(10).await.unwrap().into_iter().map(|(_, subject)| subject).collect()
}

/// A round about a patient at a unit, on disk, and nobody marked for it.
async fn held(store: &impl Store) {
    let mut first = draft("Encounter/1", 1);
    first.0.evidence = vec![round("Encounter/1", Some("Patient/1"), Some("Organization/u1"))];
    put(store, [first]).await;
    assert!(marked(store).await.is_empty(), "new evidence is marked by who submits it");
}

pub(in crate::store) async fn deleting_what_proved_a_round_marks_the_unit(engine: &impl Engine) {
    let store = engine.open().await;
    held(&store).await;

    put(&store, [draft("Encounter/1", 2).deletion()]).await;

    assert_eq!(marked(&store).await, [patient("Patient/1"), unit("Organization/u1")].into());
}

pub(in crate::store) async fn a_new_version_marks_those_that_the_old_one_spoke_of(engine: &impl Engine) {
    let store = engine.open().await;
    held(&store).await;
    let mut second = draft("Encounter/1", 2);
    second.0.evidence = vec![round("Encounter/1", None, Some("Organization/u2"))];

    store.commit(Change { reevaluate: [unit("Organization/u2")].into(), ..change([second]) }).await.unwrap();

    let expected = [patient("Patient/1"), unit("Organization/u1"), unit("Organization/u2")];
    assert_eq!(marked(&store).await, expected.into());
}

pub(in crate::store) async fn evidence_derived_again_marks_those_that_the_old_spoke_of(engine: &impl Engine) {
    let store = engine.open().await;
    held(&store).await;
    let rederived = vec![(key("Encounter/1"), vec![], vec![])];

    store.commit(Change { rederived, ..change([]) }).await.unwrap();

    assert_eq!(marked(&store).await, [patient("Patient/1"), unit("Organization/u1")].into());
}

pub(in crate::store) async fn evidence_derived_from_an_older_version_is_refused_as_a_whole(engine: &impl Engine) {
    let store = engine.open().await;
    let mut first = draft("Encounter/1", 1);
    first.0.evidence = vec![round("Encounter/1", Some("Patient/1"), None)];
    put(&store, [first.clone(), draft("Encounter/2", 1)]).await;
    put(&store, [Draft(NewVersion { version: 2, ..first.0 })]).await;
    let relation = Relation { patient: "Patient/2".into(), organisation: KOMMUN.into(), from: at(0), until: at(9) };
    let derived = |source| (key(source), vec![round(source, Some("Patient/2"), None)], vec![relation.clone()]);
    let late = Change {
        expect: vec![Expect::Version(key("Encounter/2"), Some(1)), Expect::Version(key("Encounter/1"), Some(1))],
        rederived: vec![derived("Encounter/2"), derived("Encounter/1")],
        reevaluate: [patient("Patient/2")].into(),
        ..change([])
    };

    assert_eq!(store.commit(late).await, Err(Refused::Conflict(1)));

    assert_eq!(store.evidence(&patient("Patient/1")).await.unwrap().len(), 1);
    assert!(store.evidence(&patient("Patient/2")).await.unwrap().is_empty());
    assert_eq!(store.related("Patient/2", KOMMUN, at(5)).await, Ok(false));
    assert!(store.marked(10).await.unwrap().iter().all(|(_, subject)| *subject != patient("Patient/2")));
}

pub(in crate::store) async fn relations_are_listed_for_their_time(engine: &impl Engine) {
    let store = engine.open().await;
    let open_ended = jiff::Timestamp::MAX;
    let enrolment = draft("EpisodeOfCare/1", 1).related("Patient/1", KOMMUN, at(0), open_ended).related(
        "Patient/1",
        REGION,
        at(50),
        at(60),
    );
    put(&store, [enrolment]).await;

    let early = store.relations("Patient/1", at(10)).await.unwrap();
    let both = store.relations("Patient/1", at(50)).await.unwrap();

    let kommun = Relation { patient: "Patient/1".into(), organisation: KOMMUN.into(), from: at(0), until: open_ended };
    assert_eq!(early, [kommun]);
    assert_eq!(both.len(), 2);
    assert!(store.relations("Patient/1", at(-1)).await.unwrap().is_empty());
}
