//! Versions are kept as they came, for good.

use sha2::{Digest, Sha256};

use super::Engine;
use super::builders::{all, at, draft, found, key, put};
use crate::fhir::splice::Splices;
use crate::store::{Content, Store};

pub(in crate::store) async fn a_version_is_read_as_it_was_written(engine: &impl Engine) {
    let store = engine.open().await;
    let written = draft("List/1", 1).about("Patient/1").about("Patient/2");

    put(&store, [written.clone()]).await;

    let read = store.read(&key("List/1")).await.unwrap().unwrap();
    assert_eq!((read.key, read.version, read.updated), (written.0.key, 1, at(1)));
    assert_eq!((read.source, read.patients), (written.0.source, written.0.patients));
    assert_eq!(read.text.as_deref(), Some(r#"{"resourceType":"List","id":"1","meta":{"versionId":"1"}}"#));
}

pub(in crate::store) async fn older_versions_stay_readable(engine: &impl Engine) {
    let store = engine.open().await;
    put(&store, [draft("List/1", 1)]).await;
    put(&store, [draft("List/1", 2)]).await;

    let newest = store.read(&key("List/1")).await.unwrap().unwrap();
    let first = store.read_version(&key("List/1"), 1).await.unwrap().unwrap();

    assert_eq!((newest.version, first.version), (2, 1));
    assert!(first.sequence < newest.sequence);
    assert!(store.read_version(&key("List/1"), 3).await.unwrap().is_none());
    assert!(store.read_version(&key("List/1"), u64::MAX).await.unwrap().is_none());
}

pub(in crate::store) async fn history_is_newest_first_and_continues_where_it_ended(engine: &impl Engine) {
    let store = engine.open().await;
    for version in 1..=5 {
        put(&store, [draft("List/1", version), draft("List/2", version)]).await;
    }

    let first = store.history(&key("List/1"), None, 3).await.unwrap();
    let rest = store.history(&key("List/1"), Some(first[2].sequence), 3).await.unwrap();

    let versions: Vec<u64> = first.iter().chain(&rest).map(|version| version.version).collect();
    assert_eq!(versions, [5, 4, 3, 2, 1]);
}

pub(in crate::store) async fn a_deletion_is_a_version_without_text(engine: &impl Engine) {
    let store = engine.open().await;
    put(&store, [draft("List/1", 1)]).await;

    put(&store, [draft("List/1", 2).deletion()]).await;
    let deleted = store.read(&key("List/1")).await.unwrap().unwrap();
    put(&store, [draft("List/1", 3)]).await;

    assert_eq!((deleted.version, deleted.text), (2, None));
    assert!(store.received(&key("List/1"), 2).await.unwrap().is_none());
    assert_eq!(found(&store, all("List")).await, ["List/1"]);
}

pub(in crate::store) async fn the_received_bytes_come_back(engine: &impl Engine) {
    let store = engine.open().await;
    let received = r#"{ "resourceType" : "List", "note": "kä1.50" }"#;
    let mut splices = Splices::new();
    splices.insert(1, r#""id":"1","#);
    let (text, undo) = splices.apply(received);
    let mut written = draft("List/1", 1);
    written.0.content = Content::Text { text: text.clone(), undo, received_sha256: Sha256::digest(received).into() };

    put(&store, [written]).await;

    assert_eq!(store.read(&key("List/1")).await.unwrap().unwrap().text, Some(text));
    assert_eq!(store.received(&key("List/1"), 1).await.unwrap().as_deref(), Some(received));
}

pub(in crate::store) async fn what_never_was_is_not_found(engine: &impl Engine) {
    let store = engine.open().await;

    assert!(store.read(&key("List/1")).await.unwrap().is_none());
    assert!(store.read_version(&key("List/1"), 1).await.unwrap().is_none());
    assert!(store.history(&key("List/1"), None, 10).await.unwrap().is_empty());
    assert!(found(&store, all("List")).await.is_empty());
}

pub(in crate::store) async fn many_are_read_in_the_order_asked_for(engine: &impl Engine) {
    let store = engine.open().await;
    put(&store, [draft("List/1", 1), draft("Patient/1", 1)]).await;

    let read = store.read_many(&[key("Patient/1"), key("List/9"), key("List/1")]).await.unwrap();

    let names: Vec<String> = read.iter().map(|version| version.key.to_string()).collect();
    assert_eq!(names, ["Patient/1", "List/1"]);
}

pub(in crate::store) async fn instants_keep_their_microseconds(engine: &impl Engine) {
    let store = engine.open().await;
    let instant = jiff::Timestamp::from_microsecond(1_770_000_000_123_457).unwrap();

    put(&store, [draft("List/1", 1).updated(instant), draft("List/2", 1).updated(jiff::Timestamp::MAX)]).await;

    assert_eq!(store.read(&key("List/1")).await.unwrap().unwrap().updated, instant);
    assert_eq!(store.read(&key("List/2")).await.unwrap().unwrap().updated, jiff::Timestamp::MAX);
}
