//! The audit log as AuditEvents.

use crate::harness::*;

#[tokio::test]
async fn an_access_to_a_patient_is_found_in_the_log() {
    let gateway = Gateway::with_resident().await;
    let read = gateway.by(&UMEA).get("/fhir/Patient/resident").await.expect(200);
    let log =
        gateway.by(&REGION_IT).get("/fhir/AuditEvent?patient=Patient/resident&agent=umea&_count=1").await.expect(200);
    let events = log.matches();
    assert_eq!((events.len(), &events[0]["subtype"][0]["code"]), (1, &"read".into()));
    assert!(events[0].to_string().contains(read.header("x-request-id")));
    let id = events[0]["id"].as_str().unwrap();
    gateway.by(&REGION_IT).get(&format!("/fhir/AuditEvent/{id}")).await.expect(200);
    gateway.finish().await;
}

#[tokio::test]
async fn others_see_the_accesses_of_their_own_organisation_alone() {
    let gateway = Gateway::with_resident().await;
    let log = gateway.by(&SKELLEFTEA).get("/fhir/AuditEvent?_count=100").await.expect(200);
    assert!(log.matches().iter().all(|event| event.to_string().contains(SKELLEFTEA.organisation)));
    let all = gateway.by(&REGION_IT).get("/fhir/AuditEvent?patient=Patient/resident").await.matches();
    let id = all[0]["id"].as_str().unwrap();
    gateway.by(&SKELLEFTEA).get(&format!("/fhir/AuditEvent/{id}")).await.expect(404);
    gateway.finish().await;
}

#[tokio::test]
async fn a_parameter_that_the_log_does_not_have_is_refused() {
    let gateway = Gateway::start().await;
    for query in ["unknown=1", "date=soon", "_count=x", "_page=x"] {
        gateway.by(&REGION_IT).get(&format!("/fhir/AuditEvent?{query}")).await.expect(400);
    }
    gateway.finish().await;
}
