//! Requests that come again.

use super::Engine;
use super::builders::{at, change, draft, key};
use crate::store::{Change, Expect, Refused, Remembered, Store};

fn answer(client: &str, key: &str) -> Remembered {
    Remembered {
        client: client.into(),
        key: key.into(),
        request_sha256: [7; 32],
        status: 201,
        headers: vec![("Location".into(), "List/1".into())],
        body: "{}".into(),
        at: at(1),
    }
}

pub(in crate::store) async fn an_answer_is_remembered_until_it_is_swept(engine: &impl Engine) {
    let store = engine.open().await;
    store.commit(Change { remember: Some(answer("ehr", "k")), ..change([]) }).await.unwrap();

    assert_eq!(store.remembered("ehr", "k").await.unwrap(), Some(answer("ehr", "k")));
    assert_eq!(store.remembered("other", "k").await.unwrap(), None);
    store.sweep(at(9), at(1)).await.unwrap();
    assert!(store.remembered("ehr", "k").await.unwrap().is_some());
    store.sweep(at(9), at(2)).await.unwrap();

    assert_eq!(store.remembered("ehr", "k").await.unwrap(), None);
}

pub(in crate::store) async fn the_same_key_again_gets_the_first_answer(engine: &impl Engine) {
    let store = engine.open().await;
    let create = |status| Change {
        remember: Some(Remembered { status, ..answer("ehr", "k") }),
        expect: vec![Expect::Version(key("List/1"), None)],
        ..change([draft("List/1", 1)])
    };
    store.commit(create(201)).await.unwrap();

    let again = store.commit(create(500)).await;

    assert_eq!(again, Err(Refused::Remembered(Box::new(answer("ehr", "k")))));
    assert_eq!(store.history(&key("List/1"), None, 10).await.unwrap().len(), 1);
}

pub(in crate::store) async fn a_token_id_is_used_once(engine: &impl Engine) {
    let store = engine.open().await;
    let using = |issuer: &str, jti: &str| {
        let token_ids = vec![(issuer.to_owned(), jti.to_owned(), at(10))];
        store.commit(Change { token_ids, ..change([]) })
    };
    using("a", "1").await.unwrap();

    assert_eq!(using("a", "1").await, Err(Refused::TokenReplayed));
    assert!(using("b", "1").await.is_ok());
    store.sweep(at(9), at(0)).await.unwrap();
    assert_eq!(using("a", "1").await, Err(Refused::TokenReplayed));
    store.sweep(at(10), at(0)).await.unwrap();
    assert!(using("a", "1").await.is_ok());
}
