//! What a caller may not see leaves no trace in any answer.

use std::collections::BTreeSet;

use super::Engine;
use super::builders::{Draft, KOMMUN, REGION, all, at, change, draft, found, kind, names, put, seen_by, with};
use crate::access::{self, ActorRole, Caller, Item, Operation, Purpose, Read, Scopes};
use crate::fhir::search::{Include, Query, Test, Visibility};
use crate::store::{Change, Expect, Refused, Store};

fn seen(of: &str, organisation: &str, second: i64) -> Query {
    Query { visible: seen_by(organisation, second), ..all(of) }
}

/// Patient/1 has a relation to the kommun from second 100 to 200; Patient/2 has none. All is the region's.
async fn two_patients(store: &impl Store) {
    let enrolment = draft("EpisodeOfCare/1", 1).about("Patient/1").related("Patient/1", KOMMUN, at(100), at(200));
    put(store, [draft("Patient/1", 1), draft("Patient/2", 1), enrolment]).await;
    let list = |number| {
        let patient = format!("Patient/{number}");
        draft(&format!("List/{number}"), 1).about(&patient).reference("subject", &patient)
    };
    put(store, [list(1), list(2)]).await;
}

pub(in crate::store) async fn nothing_is_visible_without_a_permit(engine: &impl Engine) {
    let store = engine.open().await;
    two_patients(&store).await;

    assert!(found(&store, Query { visible: Visibility::Nothing, ..all("Patient") }).await.is_empty());
}

pub(in crate::store) async fn an_organisation_sees_what_it_submitted(engine: &impl Engine) {
    let store = engine.open().await;
    two_patients(&store).await;
    put(&store, [draft("List/k", 1).by(KOMMUN)]).await;

    assert_eq!(found(&store, seen("List", REGION, 0)).await, ["List/1", "List/2"]);
    assert_eq!(found(&store, seen("List", KOMMUN, 0)).await, ["List/k"]);
}

pub(in crate::store) async fn a_relation_opens_a_patients_resources_for_its_time(engine: &impl Engine) {
    let store = engine.open().await;
    two_patients(&store).await;

    for (second, visible) in [(99, false), (100, true), (199, true), (200, false)] {
        let expected = |name: &str| if visible { vec![name.to_owned()] } else { Vec::new() };
        assert_eq!(found(&store, seen("Patient", KOMMUN, second)).await, expected("Patient/1"), "{second}");
        assert_eq!(found(&store, seen("List", KOMMUN, second)).await, expected("List/1"), "{second}");
        assert_eq!(store.related("Patient/1", KOMMUN, at(second)).await, Ok(visible));
    }
    assert_eq!(store.related("Patient/2", KOMMUN, at(150)).await, Ok(false));
}

pub(in crate::store) async fn directory_data_is_open_unless_it_names_a_patient(engine: &impl Engine) {
    let store = engine.open().await;
    put(&store, [draft("Organization/1", 1), draft("Location/home", 1).about("Patient/2"), draft("Task/1", 1)]).await;

    assert_eq!(found(&store, seen("Organization", KOMMUN, 0)).await, ["Organization/1"]);
    assert!(found(&store, seen("Location", KOMMUN, 0)).await.is_empty());
    assert!(found(&store, seen("Task", KOMMUN, 0)).await.is_empty());
}

pub(in crate::store) async fn subscriptions_and_audit_events_stay_with_their_submitter(engine: &impl Engine) {
    let store = engine.open().await;
    two_patients(&store).await;
    put(&store, [draft("Subscription/1", 1).about("Patient/1"), draft("AuditEvent/1", 1).about("Patient/1")]).await;

    for of in ["Subscription", "AuditEvent"] {
        assert!(found(&store, seen(of, KOMMUN, 150)).await.is_empty());
        assert_eq!(found(&store, seen(of, REGION, 150)).await.len(), 1);
    }
}

pub(in crate::store) async fn totals_and_pages_tell_nothing_of_what_is_hidden(engine: &impl Engine) {
    let store = engine.open().await;
    two_patients(&store).await;
    put(&store, (0..3).map(|number| draft(&format!("List/a{number}"), 1).about("Patient/1"))).await;
    put(&store, (0..9).map(|number| draft(&format!("List/b{number}"), 1).about("Patient/2"))).await;
    let query = Query { count: 2, ..seen("List", KOMMUN, 150) };

    let first = store.search(&query).await.unwrap();
    let second = store.search(&Query { after: first.next, ..query }).await.unwrap();

    assert_eq!((first.total, second.total), (Some(4), Some(4)));
    assert_eq!(names(&first), ["List/a2", "List/a1"]);
    assert_eq!((names(&second), second.next), (vec!["List/a0".to_owned(), "List/1".to_owned()], None));
}

pub(in crate::store) async fn includes_tell_nothing_of_what_is_hidden(engine: &impl Engine) {
    let store = engine.open().await;
    two_patients(&store).await;
    let list = draft("List/k", 1).by(KOMMUN).reference("subject", "Patient/1").reference("subject", "Patient/2");
    put(&store, [list]).await;
    let includes = vec![Include { parameter: "subject".into(), target: None }];
    let included = async |second| {
        let query = Query { includes: includes.clone(), ..seen("List", KOMMUN, second) };
        let page = store.search(&query).await.unwrap();
        page.included.iter().map(|version| version.key.to_string()).collect::<Vec<_>>()
    };

    assert_eq!(included(150).await, ["Patient/1"]);
    assert!(included(250).await.is_empty());
}

pub(in crate::store) async fn a_conditional_create_looks_with_its_own_eyes(engine: &impl Engine) {
    let store = engine.open().await;
    put(&store, [draft("List/1", 1).token("identifier", "urn:a", "1")]).await;
    let test = Test::Token { system: Some("urn:a".into()), code: Some("1".into()) };
    let query = with("List", "identifier", test);
    let create = |visible| {
        let expect = vec![Expect::NoMatch(Query { visible, ..query.clone() })];
        store.commit(Change { expect, ..change([draft("List/2", 1).by(KOMMUN)]) })
    };

    assert_eq!(create(Visibility::Everything).await, Err(Refused::Conflict(0)));
    assert!(create(seen_by(KOMMUN, 0)).await.is_ok());
}

/// Patients and the time of their relation to the kommun: now, before, in two stretches, never. The last is one of the
/// Patient resources that are searched.
const RELATED: [(&str, &[(i64, i64)]); 5] = [
    ("Patient/now", &[(100, 200)]),
    ("Patient/before", &[(0, 100)]),
    ("Patient/twice", &[(0, 150), (150, 200)]),
    ("Patient/never", &[]),
    ("Patient/1-SE2321000222-0001", &[(100, 200)]),
];

pub(in crate::store) async fn a_search_shows_what_may_be_read_and_nothing_else(engine: &impl Engine) {
    let store = engine.open().await;
    let items = items();
    put(&store, RELATED.map(|(patient, spans)| enrolment(patient, spans))).await;
    put(&store, items.clone()).await;

    for role in [ActorRole::CareProvider, ActorRole::Suite] {
        for second in [-1, 99, 100, 149, 150, 199, 200, 300] {
            for of in TYPES {
                let expected = readable(&caller(role), of, second, &items);
                assert_eq!(searched(&store, &caller(role), of, second).await, expected, "{role:?} {of} {second}");
            }
        }
    }
}

/// An ordinary type, a directory type, one for its submitter alone, and the one that is its own patient.
const TYPES: [&str; 4] = ["List", "Location", "Subscription", "Patient"];

/// Each type from each organisation about each choice of patients.
fn items() -> Vec<Draft> {
    let choices = 0..1_usize << RELATED.len();
    let of_type = |of| choices.clone().flat_map(move |choice| [KOMMUN, REGION].map(|by| item(of, choice, by)));
    TYPES.into_iter().flat_map(of_type).collect()
}

fn item(of: &str, choice: usize, by: &str) -> Draft {
    let chosen = RELATED.iter().enumerate().filter(|(place, _)| choice & (1 << place) != 0);
    let item = draft(&format!("{of}/{choice}-{by}"), 1).by(by);
    chosen.fold(item, |item, (_, (patient, _))| item.about(patient))
}

/// The relations of a patient, to the kommun as they are listed and to the region always.
fn enrolment(patient: &str, spans: &[(i64, i64)]) -> Draft {
    let id = patient.replace('/', "-");
    let enrolment = draft(&format!("EpisodeOfCare/{id}"), 1).about(patient).related(patient, REGION, at(-9), at(900));
    spans.iter().fold(enrolment, |it, (from, until)| it.related(patient, KOMMUN, at(*from), at(*until)))
}

fn caller(role: ActorRole) -> Caller {
    Caller {
        client: "ehr".into(),
        organisation: KOMMUN.into(),
        organisation_name: "Kommunen".into(),
        unit: None,
        role,
        person: None,
        purpose: Purpose::Treatment,
        scopes: Scopes::parse("system/*.rs"),
    }
}

/// The items of a type that the policy lets the caller read, each asked for by itself.
fn readable(caller: &Caller, of: &str, second: i64, items: &[Draft]) -> BTreeSet<String> {
    let admission = access::admit(caller, Operation::Read, kind(of)).unwrap();
    let holds = |spans: &[(i64, i64)]| spans.iter().any(|(from, until)| (*from..*until).contains(&second));
    let related = RELATED.iter().filter(|(_, spans)| holds(spans)).map(|(patient, _)| (*patient).to_owned()).collect();
    let may_read = |draft: &&Draft| {
        let new = &draft.0;
        let mut patients = new.patients.clone();
        patients.extend((of == "Patient").then(|| new.key.to_string()));
        let caregiver = Some(new.source.caregiver.as_str());
        let item = Item { kind: new.key.kind, patients: &patients, caregiver, related: &related };
        access::permit::<Read>(&admission, &item).is_ok()
    };
    items.iter().filter(|it| it.0.key.kind == kind(of)).filter(may_read).map(|it| it.0.key.to_string()).collect()
}

/// The items of a type that a search shows the caller.
async fn searched(store: &impl Store, caller: &Caller, of: &str, second: i64) -> BTreeSet<String> {
    let admission = access::admit(caller, Operation::Search, kind(of)).unwrap();
    let query = Query { visible: access::visibility(&admission, at(second)), ..all(of) };
    found(store, query).await.into_iter().collect()
}
