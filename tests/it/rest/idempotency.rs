//! A request that is sent again with its `Idempotency-Key` is answered again and not done again.

use crate::harness::messages::*;
use crate::harness::*;

#[tokio::test]
async fn the_same_request_gets_the_same_answer() {
    let gateway = Gateway::with_resident().await;
    let region = gateway.by(&REGION).with("Idempotency-Key", "k1");
    let first = region.post("/fhir/List", &list(RESIDENT)).await.expect(201);
    let again = region.post("/fhir/List", &list(RESIDENT)).await.expect(201);
    assert_eq!(first.face(), again.face());
    let transaction = list_with_statements(RESIDENT, &["N02BE01"]);
    let region = gateway.by(&REGION).with("Idempotency-Key", "k2");
    let first = region.post("/fhir", &transaction).await.expect(200);
    assert_eq!(first.face(), region.post("/fhir", &transaction).await.face());
    assert_eq!(gateway.by(&REGION).get("/fhir/List").await.json()["total"], 2);
    gateway.finish().await;
}

#[tokio::test]
async fn another_request_under_the_same_key_is_a_conflict() {
    let gateway = Gateway::with_resident().await;
    let region = gateway.by(&REGION).with("Idempotency-Key", "k1");
    region.post("/fhir/List", &list(RESIDENT)).await.expect(201);
    let other = region.post("/fhir/List", &named_list(RESIDENT, "a")).await.expect(409);
    assert_eq!(other.rules(), ["idempotency-key-reused"]);
    let mut chosen = list(RESIDENT);
    chosen["id"] = "l".into();
    region.put("/fhir/List/l", &chosen).await.expect(409);
    gateway.finish().await;
}

#[tokio::test]
async fn a_key_is_its_clients_own() {
    let gateway = Gateway::with_resident().await;
    gateway.by(&REGION).with("Idempotency-Key", "k1").post("/fhir/List", &list(RESIDENT)).await.expect(201);
    gateway.by(&UMEA).with("Idempotency-Key", "k1").post("/fhir/List", &named_list(RESIDENT, "b")).await.expect(201);
    gateway.finish().await;
}

#[tokio::test]
async fn a_refused_request_does_not_use_its_key_up() {
    let gateway = Gateway::with_resident().await;
    let region = gateway.by(&REGION).with("Idempotency-Key", "k1");
    region.post("/fhir/List", &list("Patient/nobody")).await.expect(422);
    region.post("/fhir/List", &list(RESIDENT)).await.expect(201);
    gateway.finish().await;
}

#[tokio::test]
async fn of_many_at_once_one_is_done_and_all_are_answered_alike() {
    let gateway = Gateway::with_resident().await;
    let region = gateway.by(&REGION).with("Idempotency-Key", "race");
    let list = list(RESIDENT);
    let replies = futures_util::future::join_all((0..12).map(|_| region.post("/fhir/List", &list))).await;
    assert!(replies.iter().all(|reply| reply.face() == replies[0].face()), "{replies:?}");
    assert_eq!(gateway.by(&REGION).get("/fhir/List").await.json()["total"], 1);
    gateway.finish().await;
}
