//! [delete](https://hl7.org/fhir/R4/http.html#delete)

use crate::harness::messages::*;
use crate::harness::*;

#[tokio::test]
async fn what_was_deleted_is_gone_and_keeps_its_history() {
    let gateway = Gateway::start().await;
    let suite = gateway.by(&SUITE);
    suite.store(&patient("p", NUMBER)).await;
    assert_eq!(suite.delete("/fhir/Patient/p").await.expect(204).text, "");
    suite.get("/fhir/Patient/p").await.expect(410);
    suite.get("/fhir/Patient/p/_history/2").await.expect(410);
    suite.get("/fhir/Patient/p/_history/1").await.expect(200);
    assert_eq!(suite.get("/fhir/Patient?_id=p").await.json()["total"], 0);
    gateway.finish().await;
}

#[tokio::test]
async fn deleting_again_or_what_never_was_is_no_fault() {
    let gateway = Gateway::start().await;
    let suite = gateway.by(&SUITE);
    suite.store(&patient("p", NUMBER)).await;
    suite.delete("/fhir/Patient/p").await.expect(204);
    suite.delete("/fhir/Patient/p").await.expect(204);
    suite.delete("/fhir/Patient/nobody").await.expect(204);
    let history = suite.get("/fhir/Patient/p/_history").await.json();
    assert_eq!(history["entry"].as_array().unwrap().len(), 2);
    gateway.finish().await;
}

#[tokio::test]
async fn a_deleted_id_can_be_taken_up_again() {
    let gateway = Gateway::start().await;
    let suite = gateway.by(&SUITE);
    suite.store(&patient("p", NUMBER)).await;
    suite.delete("/fhir/Patient/p").await.expect(204);
    let back = suite.put("/fhir/Patient/p", &patient("p", NUMBER)).await.expect(201);
    assert_eq!(back.header("etag"), "W/\"3\"");
    gateway.finish().await;
}

#[tokio::test]
async fn a_stale_if_match_deletes_nothing() {
    let gateway = Gateway::start().await;
    let suite = gateway.by(&SUITE);
    suite.store(&patient("p", NUMBER)).await;
    suite.clone().with("If-Match", "W/\"9\"").delete("/fhir/Patient/p").await.expect(412);
    suite.get("/fhir/Patient/p").await.expect(200);
    gateway.finish().await;
}
