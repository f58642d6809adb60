//! A change is whole or not at all, fails alone, and is on disk once it is acknowledged.

use futures_util::future::join_all;

use super::Engine;
use super::builders::{all, at, change, draft, found, key, put, with};
use crate::fhir::search::Test;
use crate::store::{AuditQuery, AuditRow, Change, Expect, Refused, Store};

pub(in crate::store) async fn an_expectation_that_fails_changes_nothing(engine: &impl Engine) {
    let store = engine.open().await;
    put(&store, [draft("List/1", 1)]).await;
    let expect = vec![Expect::Version(key("List/9"), None), Expect::Version(key("List/1"), None)];

    let refused = store.commit(Change { expect, ..change([draft("List/2", 1)]) }).await;

    assert_eq!(refused, Err(Refused::Conflict(1)));
    assert_eq!(found(&store, all("List")).await, ["List/1"]);
    assert_eq!(store.outbox(10).await.unwrap().len(), 1);
}

pub(in crate::store) async fn a_version_that_does_not_follow_is_refused(engine: &impl Engine) {
    let store = engine.open().await;
    put(&store, [draft("List/1", 1)]).await;

    for version in [0, 1, 3, u64::MAX] {
        let mut late = draft("List/1", 1);
        late.0.version = version;
        assert_eq!(store.commit(change([late])).await, Err(Refused::Conflict(0)));
    }
    assert_eq!(store.history(&key("List/1"), None, 10).await.unwrap().len(), 1);
}

pub(in crate::store) async fn of_concurrent_conditional_creates_one_wins(engine: &impl Engine) {
    let store = engine.open().await;
    let token = Test::Token { system: Some("urn:a".into()), code: Some("1".into()) };
    let create = |number: u32| {
        let expect = vec![Expect::NoMatch(with("List", "identifier", token.clone()))];
        let list = draft(&format!("List/{number}"), 1).token("identifier", "urn:a", "1");
        store.commit(Change { expect, ..change([list]) })
    };

    let answers = join_all((0..8).map(create)).await;

    let won = answers.iter().filter(|answer| answer.is_ok()).count();
    let lost = answers.iter().filter(|answer| **answer == Err(Refused::Conflict(0))).count();
    assert_eq!((won, lost), (1, 7));
}

pub(in crate::store) async fn a_change_fails_alone_among_many(engine: &impl Engine) {
    let store = engine.open().await;
    put(&store, [draft("List/13", 1)]).await;

    let answers = join_all((0..64).map(|number| store.commit(change([draft(&format!("List/{number}"), 1)])))).await;

    for (number, answer) in answers.iter().enumerate() {
        assert_eq!(answer.is_ok(), number != 13, "{answer:?}");
    }
    assert_eq!(found(&store, all("List")).await.len(), 64);
    let sequences: std::collections::BTreeSet<u64> =
        answers.into_iter().flatten().flat_map(|committed| committed.sequences).collect();
    assert_eq!(sequences.len(), 63);
}

pub(in crate::store) async fn a_change_is_whole_or_not_at_all(engine: &impl Engine) {
    let store = engine.open().await;
    let opened = AuditRow {
        id: "a".into(),
        recorded: at(1),
        closed: None,
        patients: [].into(),
        client: "ehr".into(),
        organisation: String::new(),
        entry: "{}".into(),
    };
    let broken = Change {
        audit: vec![opened],
        audit_closed: vec![("never opened".into(), at(2), "{}".into())],
        ..change([draft("List/1", 1).token("status", "", "current")])
    };

    assert!(store.commit(broken).await.is_err());

    assert!(store.read(&key("List/1")).await.unwrap().is_none());
    assert!(store.outbox(1).await.unwrap().is_empty());
    assert!(store.audit(&AuditQuery { count: 1, ..AuditQuery::default() }).await.unwrap().is_empty());
    // What the failed change had named must not be half known afterwards.
    put(&store, [draft("List/1", 1).token("status", "", "current")]).await;
    let current = Test::Token { system: Some(String::new()), code: Some("current".into()) };
    assert_eq!(found(&store, with("List", "status", current)).await, ["List/1"]);
}

pub(in crate::store) async fn what_was_acknowledged_is_there_after_reopening(engine: &impl Engine) {
    let store = engine.open().await;
    let committed = store.commit(change([draft("List/1", 1).token("status", "", "current")])).await.unwrap();
    drop(store);

    let store = engine.open().await;

    let read = store.read(&key("List/1")).await.unwrap().unwrap();
    assert_eq!(committed.sequences, [read.sequence]);
    let current = Test::Token { system: None, code: Some("current".into()) };
    assert_eq!(found(&store, with("List", "status", current)).await, ["List/1"]);
    let later = store.commit(change([draft("List/2", 1)])).await.unwrap();
    assert!(later.sequences > committed.sequences);
}

pub(in crate::store) async fn the_store_answers_a_ping(engine: &impl Engine) {
    let store = engine.open().await;

    assert_eq!(store.ping().await, Ok(()));
}
