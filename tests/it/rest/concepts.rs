//! Concepts in and out.

use crate::harness::messages::*;
use crate::harness::*;

#[tokio::test]
async fn a_concept_comes_back_as_it_was_sent() {
    let gateway = Gateway::with_resident().await;
    let sent = gateway.by(&REGION).post("/concepts/medication-list", &list_concept(NUMBER)).await.expect(201).json();
    assert_eq!(sent["bundle"]["entry"].as_array().unwrap().len(), 3);
    let back = gateway.by(&UMEA).get("/concepts/medication-list?patient=Patient/resident").await.expect(200).text;
    assert!(back.contains("C07AB02") && back.contains("N02BE01"), "{back}");
    gateway.finish().await;
}

#[tokio::test]
async fn mapping_stores_nothing() {
    let gateway = Gateway::with_resident().await;
    let mapped =
        gateway.by(&REGION).post("/concepts/medication-list/$map", &list_concept(NUMBER)).await.expect(200).json();
    assert_eq!(mapped["bundle"]["type"], "transaction");
    assert_eq!(gateway.by(&REGION).get("/fhir/List").await.json()["total"], 0);
    gateway.finish().await;
}

#[tokio::test]
async fn an_enrolment_with_demographics_registers_an_unknown_patient() {
    let gateway = Gateway::county().await;
    let enrolment = serde_json::json!({
        "patient": NUMBER, "status": "active", "careForm": "sarskilt-boende",
        "unit": {"hsaId": "SE2120002627-B001"}, "healthCentre": {"hsaId": "SE2321000222-HC01"},
        "period": {"start": "2026-01-01"}, "demographics": {"given": "Tolvan", "family": FAMILY, "birthDate": "1912-12-12"}
    });
    gateway.by(&UMEA).post("/concepts/enrolment", &enrolment).await.expect(201);
    gateway.by(&REGION).post("/concepts/medication-list", &list_concept(NUMBER)).await.expect(201);
    let found = gateway.by(&REGION).search("Patient", &format!("identifier={NUMBER}")).await;
    assert_eq!(found.matches().len(), 1);
    gateway.by(&SKELLEFTEA).post("/concepts/medication-list", &list_concept(NUMBER)).await.expect(422);
    gateway.finish().await;
}
