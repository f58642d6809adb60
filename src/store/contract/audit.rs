//! What was done is written down, and stays as it was written.

use super::Engine;
use super::builders::{KOMMUN, at, change};
use crate::store::{AuditQuery, AuditRow, Change, Refused, Store};

fn entry(id: &str, second: i64) -> AuditRow {
    AuditRow {
        id: id.into(),
        recorded: at(second),
        closed: None,
        patients: ["Patient/1".to_owned()].into(),
        client: "ehr".into(),
        organisation: KOMMUN.into(),
        entry: r#"{"outcome":"open"}"#.into(),
    }
}

async fn open(store: &impl Store, audit: Vec<AuditRow>) {
    store.commit(Change { audit, ..change([]) }).await.unwrap();
}

async fn close(store: &impl Store, id: &str, second: i64, text: &str) -> Result<(), Refused> {
    let audit_closed = vec![(id.to_owned(), at(second), text.to_owned())];
    store.commit(Change { audit_closed, ..change([]) }).await.map(|_| ())
}

fn any() -> AuditQuery {
    AuditQuery { count: 100, ..AuditQuery::default() }
}

async fn ids(store: &impl Store, query: AuditQuery) -> Vec<String> {
    store.audit(&query).await.unwrap().into_iter().map(|(_, entry)| entry.id).collect()
}

pub(in crate::store) async fn an_entry_reads_as_it_was_closed(engine: &impl Engine) {
    let store = engine.open().await;
    let at_once = AuditRow { closed: Some(at(1)), entry: r#"{"outcome":"done"}"#.into(), ..entry("a", 1) };
    open(&store, vec![at_once.clone(), entry("b", 2)]).await;

    close(&store, "b", 3, r#"{"outcome":"unknown"}"#).await.unwrap();
    close(&store, "b", 4, r#"{"outcome":"done"}"#).await.unwrap();

    let closed = AuditRow { closed: Some(at(4)), entry: r#"{"outcome":"done"}"#.into(), ..entry("b", 2) };
    let read: Vec<AuditRow> = store.audit(&any()).await.unwrap().into_iter().map(|(_, entry)| entry).collect();
    assert_eq!(read, [closed, at_once]);
}

pub(in crate::store) async fn an_entry_that_was_never_opened_cannot_be_closed(engine: &impl Engine) {
    let store = engine.open().await;

    assert!(matches!(close(&store, "a", 1, "{}").await, Err(Refused::Unavailable(_))));
    open(&store, vec![entry("a", 1)]).await;
    let twice = store.commit(Change { audit: vec![entry("a", 2)], ..change([]) }).await;

    assert!(matches!(twice, Err(Refused::Unavailable(_))), "an id opens once");
    assert_eq!(ids(&store, any()).await, ["a"]);
}

pub(in crate::store) async fn entries_left_open_are_found(engine: &impl Engine) {
    let store = engine.open().await;
    open(&store, vec![entry("a", 1), entry("b", 2), entry("c", 3)]).await;
    close(&store, "a", 4, "{}").await.unwrap();

    assert_eq!(store.unclosed_audit(at(3), 10).await.unwrap(), [entry("b", 2)]);
    assert_eq!(store.unclosed_audit(at(9), 1).await.unwrap(), [entry("b", 2)]);
    assert_eq!(store.unclosed_audit(at(9), 10).await.unwrap().len(), 2);
}

pub(in crate::store) async fn entries_are_found_by_their_columns(engine: &impl Engine) {
    let store = engine.open().await;
    let other =
        AuditRow { patients: [].into(), client: "overview".into(), organisation: String::new(), ..entry("b", 2) };
    open(&store, vec![entry("a", 1), other, entry("c", 3)]).await;

    assert_eq!(ids(&store, any()).await, ["c", "b", "a"]);
    assert_eq!(ids(&store, AuditQuery { id: Some("b".into()), ..any() }).await, ["b"]);
    assert_eq!(ids(&store, AuditQuery { patient: Some("Patient/1".into()), ..any() }).await, ["c", "a"]);
    assert_eq!(ids(&store, AuditQuery { client: Some("overview".into()), ..any() }).await, ["b"]);
    assert_eq!(ids(&store, AuditQuery { organisation: Some(KOMMUN.into()), ..any() }).await, ["c", "a"]);
    assert_eq!(ids(&store, AuditQuery { from: Some(at(2)), until: Some(at(3)), ..any() }).await, ["b"]);
    let newest = store.audit(&AuditQuery { count: 1, ..any() }).await.unwrap();
    assert_eq!(ids(&store, AuditQuery { before: Some(newest[0].0), ..any() }).await, ["b", "a"]);
}

pub(in crate::store) async fn an_entry_is_found_by_each_of_its_patients(engine: &impl Engine) {
    let store = engine.open().await;
    let patients = |all: &[&str]| all.iter().map(|patient| (*patient).to_owned()).collect();
    let both = AuditRow { patients: patients(&["Patient/1", "Patient/2"]), ..entry("a", 1) };
    open(&store, vec![both, AuditRow { patients: [].into(), ..entry("b", 2) }, entry("c", 3)]).await;
    let of = |patient: &str| AuditQuery { patient: Some(patient.into()), ..any() };
    assert_eq!(ids(&store, of("Patient/2")).await, ["a"]);

    close(&store, "b", 4, r#"{"patients":["Patient/2","Patient/3"]}"#).await.unwrap();
    close(&store, "a", 5, "{}").await.unwrap();

    assert_eq!(ids(&store, of("Patient/1")).await, ["c", "a"]);
    assert_eq!(ids(&store, of("Patient/2")).await, ["b", "a"]);
    assert_eq!(ids(&store, of("Patient/3")).await, ["b"]);
    let read = store.audit(&any()).await.unwrap();
    assert_eq!(read[1].1.patients, patients(&["Patient/2", "Patient/3"]));
    assert_eq!(read[2].1.patients, patients(&["Patient/1", "Patient/2"]), "what was opened is not forgotten");
    assert_eq!(store.verify_audit().await.unwrap().broken_at, None);
}

pub(in crate::store) async fn the_chain_holds(engine: &impl Engine) {
    let store = engine.open().await;
    let empty = store.verify_audit().await.unwrap();
    assert_eq!((empty.records, empty.broken_at, empty.head), (0, None, [0; 32]));

    open(&store, vec![entry("a", 1), entry("b", 2)]).await;
    let before = store.verify_audit().await.unwrap();
    close(&store, "a", 3, "{}").await.unwrap();
    drop(store);

    let after = engine.open().await.verify_audit().await.unwrap();
    assert_eq!((before.records, after.records), (2, 3));
    assert_eq!((before.broken_at, after.broken_at), (None, None));
    assert_ne!(before.head, after.head);
}
