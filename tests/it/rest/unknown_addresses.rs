//! Addresses and methods that do not exist.

use crate::harness::messages::*;
use crate::harness::*;

#[tokio::test]
async fn an_unknown_type_is_not_found_and_case_matters() {
    let gateway = Gateway::start().await;
    for path in ["/fhir/Unicorn", "/fhir/patient", "/fhir/Unicorn/1", "/fhir/Unicorn/1/_history", "/fhir/PATIENT/1"] {
        assert_eq!(gateway.by(&SUITE).get(path).await.expect(404).rules(), ["type-unknown"], "{path}");
    }
    gateway.by(&SUITE).post("/fhir/Unicorn", &patient("p", NUMBER)).await.expect(404);
    gateway.finish().await;
}

#[tokio::test]
async fn an_unknown_address_is_not_found() {
    let gateway = Gateway::start().await;
    for path in ["/nothing", "/fhir/Patient/1/unknown/more", "/fhir/Patient/%20", "/concepts/unicorn"] {
        let reply = gateway.by(&SUITE).get(path).await.expect(404);
        assert_eq!(reply.json()["resourceType"], "OperationOutcome");
    }
    gateway.finish().await;
}

#[tokio::test]
async fn an_address_that_is_no_text_is_refused() {
    let gateway = Gateway::start().await;
    let reply = gateway.by(&SUITE).get("/fhir/Patient/%FF").await.expect(400);
    assert_eq!(reply.rules(), ["address"]);
    gateway.finish().await;
}

#[tokio::test]
async fn a_method_that_an_address_does_not_take_is_405() {
    let gateway = Gateway::start().await;
    for (method, path) in
        [("PATCH", "/fhir/Patient/1"), ("DELETE", "/fhir/Patient"), ("PUT", "/fhir"), ("POST", "/livez")]
    {
        let reply = gateway.by(&SUITE).send(method, path, "").await.expect(405);
        assert_eq!(reply.rules(), ["method"], "{method} {path}");
    }
    gateway.finish().await;
}

#[tokio::test]
async fn the_capability_statement_needs_no_token() {
    let gateway = Gateway::start().await;
    let statement = gateway.anonymous().get("/fhir/metadata").await.expect(200).json();
    assert_eq!(
        (&statement["resourceType"], &statement["fhirVersion"]),
        (&"CapabilityStatement".into(), &"4.0.1".into())
    );
    gateway.finish().await;
}
