//! Faults against a profile: refused, let through with a tag, or let through and told.

use vardbro::exchange::Validation;
use vardbro::exchange::validation::{Mode, Policy};
use vardbro::fhir::{Library, ResourceType};

use super::*;
use crate::harness::messages::*;

const TAG: &str = "https://vardbro.example/fhir/CodeSystem/validation|invalid";

async fn gateway(policy: Policy) -> Gateway {
    let gateway = Gateway::validating_by(Validation::new(policy, Library::embedded().clone())).await;
    gateway.by(&SUITE).store(&born()).await;
    gateway
}

fn of_profile(mode: Mode) -> Policy {
    Policy { profiles: [(BORN.to_owned(), mode)].into(), ..Policy::default() }
}

async fn put(gateway: &Gateway, resource: &Value) -> Reply {
    gateway.by(&SUITE).with("Prefer", "return=OperationOutcome").put("/fhir/Patient/p", resource).await
}

async fn tagged(gateway: &Gateway) -> usize {
    gateway.by(&SUITE).get(&format!("/fhir/Patient?_tag={TAG}")).await.expect(200).matches().len()
}

#[tokio::test]
async fn by_default_they_are_refused() {
    let gateway = gateway(Policy::default()).await;
    let reply = put(&gateway, &unborn("p")).await.expect(422);
    assert_eq!(severities(&reply.json(), "profile-min"), ["error"]);
    let (entry, _) = gateway.audit_of(reply.header("x-request-id")).await.remove(0);
    let noted = entry.validation.unwrap();
    assert_eq!((noted.mode.as_str(), noted.issues), ("reject", 1));
    gateway.finish().await;
}

#[tokio::test]
async fn what_is_accepted_and_tagged_is_found_by_its_tag_until_it_is_corrected() {
    let gateway = gateway(of_profile(Mode::AcceptAndTag)).await;
    let reply = put(&gateway, &unborn("p")).await.expect(201);
    assert_eq!(severities(&reply.json(), "profile-min"), ["warning"]);
    assert_eq!(tagged(&gateway).await, 1);
    let mut corrected = gateway.by(&SUITE).get("/fhir/Patient/p").await.json();
    assert_eq!(corrected["meta"]["tag"][0]["code"], "invalid");
    corrected["birthDate"] = "1912-12-12".into();
    let reply = put(&gateway, &corrected).await.expect(200);
    assert!(severities(&reply.json(), "profile-min").is_empty());
    assert_eq!(tagged(&gateway).await, 0);
    gateway.finish().await;
}

#[tokio::test]
async fn what_is_only_reported_is_stored_as_it_is() {
    let gateway = gateway(of_profile(Mode::ReportOnly)).await;
    let reply = put(&gateway, &unborn("p")).await.expect(201);
    assert_eq!(severities(&reply.json(), "profile-min"), ["warning"]);
    let (entry, _) = gateway.audit_of(reply.header("x-request-id")).await.remove(0);
    assert_eq!(entry.validation.unwrap().mode, "report-only");
    assert_eq!(tagged(&gateway).await, 0);
    gateway.finish().await;
}

#[tokio::test]
async fn what_is_no_r4_is_refused_whatever_the_mode() {
    let policy = Policy { default: Mode::ReportOnly, ..of_profile(Mode::ReportOnly) };
    let gateway = gateway(policy).await;
    let mut wrong = unborn("p");
    wrong["nmae"] = 1.into();
    let reply = put(&gateway, &wrong).await.expect(422);
    assert_eq!(severities(&reply.json(), "element-unknown"), ["error"]);
    assert_eq!(severities(&reply.json(), "profile-min"), ["error"]);
    gateway.finish().await;
}

#[tokio::test]
async fn a_client_has_a_mode_of_its_own() {
    let policy = Policy { clients: [(SUITE.id.to_owned(), Mode::ReportOnly)].into(), ..Policy::default() };
    let gateway = gateway(policy).await;
    put(&gateway, &unborn("p")).await.expect(201);
    gateway.by(&REGION).post("/fhir/Patient", &unborn("q")).await.expect(422);
    gateway.finish().await;
}

#[tokio::test]
async fn a_type_can_be_held_against_profiles_that_nobody_claims() {
    let kind = ResourceType::parse("Patient").unwrap();
    let gateway = gateway(Policy { required: [(kind, vec![BORN.to_owned()])].into(), ..Policy::default() }).await;
    let mut plain = unborn("p");
    plain.as_object_mut().unwrap().remove("meta");
    assert_eq!(severities(&put(&gateway, &plain).await.expect(422).json(), "profile-min"), ["error"]);
    plain["birthDate"] = "1912-12-12".into();
    put(&gateway, &plain).await.expect(201);
    let mut in_transaction = plain.clone();
    in_transaction.as_object_mut().unwrap().remove("birthDate");
    let bundle = bundle("transaction", &[messages::put(&in_transaction)]);
    let reply = gateway.by(&SUITE).post("/fhir", &bundle).await.expect(422);
    assert_eq!(severities(&reply.json(), "profile-min"), ["error"]);
    gateway.finish().await;
}
