//! [update](https://hl7.org/fhir/R4/http.html#update)

use crate::harness::messages::*;
use crate::harness::*;

#[tokio::test]
async fn an_update_makes_the_next_version() {
    let gateway = Gateway::start().await;
    let suite = gateway.by(&SUITE);
    suite.store(&patient("p", NUMBER)).await;
    let updated = suite.put("/fhir/Patient/p", &patient("p", OTHER_NUMBER)).await.expect(200);
    assert_eq!((updated.header("etag"), updated.header("location")), ("W/\"2\"", ""));
    assert_eq!(suite.get("/fhir/Patient/p").await.json()["identifier"][0]["value"], OTHER_NUMBER);
    gateway.finish().await;
}

#[tokio::test]
async fn an_update_of_an_unknown_id_creates_it() {
    let gateway = Gateway::start().await;
    let created = gateway.by(&SUITE).put("/fhir/Patient/p", &patient("p", NUMBER)).await.expect(201);
    assert_eq!(created.header("location"), format!("{}/fhir/Patient/p/_history/1", gateway.root));
    gateway.finish().await;
}

#[tokio::test]
async fn the_body_must_carry_the_id_of_the_url() {
    let gateway = Gateway::start().await;
    let suite = gateway.by(&SUITE);
    let reply = suite.put("/fhir/Patient/p", &patient("q", NUMBER)).await.expect(400);
    assert_eq!(reply.rules(), ["id-differs"]);
    let mut without = patient("p", NUMBER);
    without.as_object_mut().unwrap().remove("id");
    suite.put("/fhir/Patient/p", &without).await.expect(400);
    suite.get("/fhir/Patient/p").await.expect(404);
    gateway.finish().await;
}

#[tokio::test]
async fn a_stale_if_match_changes_nothing() {
    let gateway = Gateway::start().await;
    let suite = gateway.by(&SUITE);
    suite.store(&patient("p", NUMBER)).await;
    suite.clone().with("If-Match", "W/\"1\"").put("/fhir/Patient/p", &patient("p", NUMBER)).await.expect(200);
    suite.clone().with("If-Match", "W/\"1\"").put("/fhir/Patient/p", &patient("p", OTHER_NUMBER)).await.expect(412);
    let read = suite.get("/fhir/Patient/p").await;
    assert_eq!((read.header("etag"), &read.json()["identifier"][0]["value"]), ("W/\"2\"", &NUMBER.into()));
    gateway.finish().await;
}

#[tokio::test]
async fn an_if_match_for_what_does_not_exist_is_stale() {
    let gateway = Gateway::start().await;
    let suite = gateway.by(&SUITE).with("If-Match", "W/\"1\"");
    suite.put("/fhir/Patient/p", &patient("p", NUMBER)).await.expect(412);
    suite.delete("/fhir/Patient/p").await.expect(412);
    gateway.finish().await;
}

#[tokio::test]
async fn an_id_in_the_form_of_a_persons_number_is_refused() {
    let gateway = Gateway::start().await;
    let path = format!("/fhir/Patient/{NUMBER}");
    let reply = gateway.by(&SUITE).put(&path, &patient(NUMBER, NUMBER)).await.expect(400);
    assert_eq!(reply.rules(), ["id-personal"]);
    assert!(!reply.text.contains(NUMBER));
    let within = bundle("transaction", &[put(&patient(NUMBER, NUMBER))]);
    assert_eq!(gateway.by(&SUITE).post("/fhir", &within).await.expect(400).rules(), ["id-personal"]);
    gateway.finish().await;
}
