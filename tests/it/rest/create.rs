//! [create](https://hl7.org/fhir/R4/http.html#create)

use crate::harness::messages::*;
use crate::harness::*;
use serde_json::json;

#[tokio::test]
async fn a_create_answers_201_with_place_version_and_time() {
    let gateway = Gateway::start().await;
    let created = gateway.by(&SUITE).post("/fhir/Patient", &patient("mine", NUMBER)).await.expect(201);
    let place = format!("{}/fhir/Patient/{}/_history/1", gateway.root, created.id());
    assert_eq!(created.header("location"), place);
    assert_eq!(created.header("etag"), "W/\"1\"");
    assert_eq!(created.header("last-modified"), "Mon, 02 Mar 2026 08:00:00 GMT");
    gateway.finish().await;
}

#[tokio::test]
async fn id_version_and_time_of_the_body_are_not_the_clients_to_choose() {
    let gateway = Gateway::start().await;
    let mut body = patient("mine", NUMBER);
    body["meta"] = json!({"versionId": "7", "lastUpdated": "2001-01-01T00:00:00Z", "tag": [{"code": "kept"}]});
    let created = gateway.by(&SUITE).post("/fhir/Patient", &body).await.expect(201);
    let stored = created.json();
    assert_ne!(stored["id"], "mine");
    assert_eq!(stored["meta"]["versionId"], "1");
    assert!(stored["meta"]["lastUpdated"].as_str().unwrap().starts_with("2026-03-02T08:00:00"));
    assert_eq!(stored["meta"]["tag"][0]["code"], "kept");
    gateway.finish().await;
}

#[tokio::test]
async fn what_was_created_reads_back_byte_for_byte() {
    let gateway = Gateway::start().await;
    let suite = gateway.by(&SUITE);
    let created = suite.post("/fhir/Patient", &patient("mine", NUMBER)).await.expect(201);
    let read = suite.get(&format!("/fhir/Patient/{}", created.id())).await.expect(200);
    assert_eq!(read.text, created.text);
    assert_eq!(read.header("content-type"), "application/fhir+json; charset=utf-8");
    assert_eq!(read.header("etag"), "W/\"1\"");
    gateway.finish().await;
}

#[tokio::test]
async fn a_decimal_keeps_its_digits() {
    let gateway = Gateway::start().await;
    let body = r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.50}}"#;
    let suite = gateway.by(&SUITE).with("Content-Type", "application/fhir+json");
    let created = suite.send("POST", "/fhir/Observation", body).await.expect(201);
    assert!(created.text.contains("1.50"), "{}", created.text);
    gateway.finish().await;
}

#[tokio::test]
async fn an_audit_event_is_nobodys_to_write() {
    let gateway = Gateway::start().await;
    let event = json!({"resourceType": "AuditEvent", "id": "x"});
    gateway.by(&SUITE).post("/fhir/AuditEvent", &event).await.expect(405);
    gateway.by(&SUITE).put("/fhir/AuditEvent/x", &event).await.expect(405);
    gateway.by(&SUITE).delete("/fhir/AuditEvent/x").await.expect(405);
    for kind in ["transaction", "batch"] {
        let reply = gateway.by(&SUITE).post("/fhir", &bundle(kind, &[put(&event)])).await;
        assert!(reply.text.contains("audit-is-ours"), "{}", reply.text);
    }
    gateway.finish().await;
}
