//! What the token's scopes do not cover is refused aloud, and recorded.

use crate::harness::messages::*;
use crate::harness::*;

#[tokio::test]
async fn a_reader_writes_nothing() {
    let gateway = Gateway::with_resident().await;
    let reader = gateway.by(&READER);
    let p = patient("p", OTHER_NUMBER);
    reader.get("/fhir/Patient/resident").await.expect(200);
    let replies = [
        reader.post("/fhir/Patient", &p).await,
        reader.put("/fhir/Patient/p", &p).await,
        reader.put("/fhir/Patient?_id=p", &p).await,
        reader.delete("/fhir/Patient/resident").await,
        reader.post("/fhir", &bundle("transaction", &[put(&p)])).await,
        reader.post("/concepts/medication-list", &list_concept(NUMBER)).await,
    ];
    for reply in replies {
        let reply = reply.expect(403);
        assert_eq!(reply.rules(), ["scope"]);
        assert_eq!(gateway.audit_of(reply.header("x-request-id")).await.len(), 1);
    }
    gateway.finish().await;
}

#[tokio::test]
async fn a_scope_covers_its_type_alone() {
    let gateway = Gateway::with_resident().await;
    gateway.list_of(&["N02BE01"]).await;
    let lists = gateway.by(&LISTS_ONLY);
    assert_eq!(lists.get("/fhir/List").await.expect(200).matches().len(), 1);
    for path in [
        "/fhir/Patient/resident",
        "/fhir/Patient/resident/_history",
        "/fhir/Patient/resident/_history/1",
        "/fhir/Patient",
    ] {
        assert_eq!(lists.get(path).await.expect(403).rules(), ["scope"], "{path}");
    }
    let batch = bundle("batch", &[request("GET", "Patient/resident"), request("GET", "Patient?_id=resident")]);
    let reply = lists.post("/fhir", &batch).await.expect(200);
    assert!(!reply.text.contains(FAMILY), "{}", reply.text);
    gateway.finish().await;
}

#[tokio::test]
async fn a_condition_that_matches_needs_the_scope_as_well() {
    let gateway = Gateway::with_resident().await;
    let mut known = post(&urn(1), &patient("x", NUMBER));
    known["request"]["ifNoneExist"] = format!("identifier={PERSONNUMMER}|{NUMBER}").into();
    gateway.by(&LISTS_ONLY).post("/fhir", &bundle("transaction", &[known])).await.expect(403);
    gateway.finish().await;
}

#[tokio::test]
async fn a_token_holds_no_more_than_was_asked_for() {
    let gateway = Gateway::with_resident().await;
    let narrow = gateway.token(&UMEA, "system/List.r", 300);
    let caller = gateway.anonymous().with("Authorization", format!("Bearer {narrow}"));
    caller.get("/fhir/Patient/resident").await.expect(403);
    gateway.finish().await;
}

#[tokio::test]
async fn the_queue_is_for_those_who_run_the_gateway() {
    let gateway = Gateway::start().await;
    gateway.by(&REGION_IT).get("/deliveries").await.expect(200);
    gateway.by(&UMEA).get("/deliveries").await.expect(403);
    gateway.by(&UMEA).send("POST", "/deliveries/1/$replay", "").await.expect(403);
    gateway.by(&REGION_IT).send("POST", "/deliveries/1/$replay", "").await.expect(404);
    gateway.by(&REGION_IT).get("/deliveries?state=unicorn").await.expect(400);
    gateway.finish().await;
}
