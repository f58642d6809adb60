//! [`$validate`](https://hl7.org/fhir/R4/resource-operation-validate.html) on a type and on any type.

use serde_json::json;
use vardbro::exchange::Validation;
use vardbro::exchange::validation::Policy;

use super::*;
use crate::harness::messages::*;

#[tokio::test]
async fn the_outcome_comes_with_200_whatever_it_is() {
    let gateway = Gateway::start().await;
    let caller = gateway.by(&UMEA);
    let good = caller.post("/fhir/Patient/$validate", &patient("p", NUMBER)).await.expect(200);
    assert!(!has_error(&good.json()));
    let bad = json!({"resourceType": "Patient", "nmae": 1});
    for path in ["/fhir/Patient/$validate", "/fhir/$validate"] {
        assert_eq!(caller.post(path, &bad).await.expect(200).rules(), ["element-unknown"]);
    }
    let torn = caller.clone().with("Content-Type", "application/json");
    let torn = torn.send("POST", "/fhir/Patient/$validate", "{\"resourceType\":").await.expect(200);
    assert!(has_error(&torn.json()));
    gateway.finish().await;
}

#[tokio::test]
async fn an_issue_says_how_bad_what_where_and_by_which_rule() {
    let gateway = Gateway::start().await;
    let caller = gateway.by(&UMEA).with("Content-Type", "application/json");
    let body = "{\"resourceType\":\"Patient\",\n \"gender\":\"manlig\"}";
    let outcome = caller.send("POST", "/fhir/Patient/$validate", body).await.expect(200).json();
    let issue = &outcome["issue"][0];
    assert_eq!((&issue["severity"], &issue["code"]), (&json!("error"), &json!("code-invalid")));
    assert_eq!(issue["details"]["coding"][0]["system"], "https://vardbro.example/fhir/CodeSystem/issue");
    assert_eq!(issue["details"]["coding"][0]["code"], "code-unknown");
    assert!(issue["details"]["text"].is_string() && issue["diagnostics"].is_string());
    assert_eq!(issue["expression"], json!(["Patient.gender"]));
    assert_eq!(issue["location"], json!(["/gender", "line 2, column 11"]));
    gateway.finish().await;
}

#[tokio::test]
async fn parameters_carry_resource_profile_and_mode() {
    let gateway = Gateway::start().await;
    gateway.by(&SUITE).store(&born()).await;
    let mut plain = unborn("p");
    plain.as_object_mut().unwrap().remove("meta");
    let parameters = |more: Value| json!({"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": plain}, more]});
    let caller = gateway.by(&UMEA);
    for profile in [json!({"name": "profile", "valueUri": BORN}), json!({"name": "profile", "valueCanonical": BORN})] {
        let reply = caller.post("/fhir/Patient/$validate", &parameters(profile)).await.expect(200);
        assert_eq!(severities(&reply.json(), "profile-min"), ["error"], "{}", reply.text);
        assert!(reply.text.contains("Parameters.parameter[0].resource") && reply.text.contains("line 1, column"));
    }
    let by_query = caller.post(&format!("/fhir/Patient/$validate?profile={BORN}"), &plain).await.expect(200);
    assert_eq!(severities(&by_query.json(), "profile-min"), ["error"]);
    let mode = json!({"name": "mode", "valueCode": "renew"});
    assert_eq!(caller.post("/fhir/Patient/$validate", &parameters(mode)).await.expect(400).rules(), ["validate-mode"]);
    gateway.finish().await;
}

#[tokio::test]
async fn a_request_that_is_wrong_is_refused() {
    let gateway = Gateway::start().await;
    let caller = gateway.by(&UMEA);
    let body = patient("p", NUMBER);
    for (path, status, rule) in [
        ("/fhir/Patient/$validate?mode=renew", 400, "validate-mode"),
        ("/fhir/Patient/$validate?mode=delete", 400, "validate-instance"),
        ("/fhir/Patient/$validate?mode=update", 400, "validate-instance"),
        ("/fhir/Patient/$validate?mode=profile", 400, "validate-profile"),
        ("/fhir/Patient/$validate?profile=http://nowhere.example/p", 422, "profile-not-at-hand"),
        ("/fhir/Nothing/$validate", 404, "type-unknown"),
    ] {
        assert_eq!(caller.post(path, &body).await.expect(status).rules(), [rule], "{path}");
    }
    let empty = caller.send("POST", "/fhir/Patient/$validate", "").await.expect(400);
    assert_eq!(empty.rules(), ["resource-missing"]);
    let no_resource = json!({"resourceType": "Parameters", "parameter": [{"name": "mode", "valueCode": "create"}]});
    assert_eq!(caller.post("/fhir/$validate", &no_resource).await.expect(400).rules(), ["resource-missing"]);
    gateway.finish().await;
}

#[tokio::test]
async fn an_issue_that_rests_on_an_agreement_carries_its_clause_and_its_words() {
    let profiles = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles/StructureDefinition");
    let (library, _) = vardbro::packages::load(&[profiles], None).unwrap();
    let gateway = Gateway::validating_by(Validation::new(Policy::default(), library)).await;
    let profile = "https://vardbro.example/fhir/StructureDefinition/lm-sip-consent";
    let consent = json!({
        "resourceType": "Consent", "status": "active", "patient": {"reference": "Patient/p"},
        "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "treatment"}]},
        "category": [{"coding": [{"system": "https://vardbro.example/fhir/CodeSystem/lm", "code": "sip"}]}],
        "policyRule": {"text": "HSL 16 kap. 4 §"}
    });
    let path = format!("/fhir/Consent/$validate?profile={profile}");
    let outcome = gateway.by(&UMEA).post(&path, &consent).await.expect(200).json();
    let issues = outcome["issue"].as_array().unwrap();
    let cites = |issue: &&Value| issue["extension"][0]["valueString"] == "VB-8.2 (8)";
    let issue = issues.iter().find(cites).unwrap_or_else(|| panic!("{outcome:#}"));
    assert_eq!(issue["extension"][1]["valueString"], "om den enskilde samtycker till det (HSL, 16 kap., 4 §)");
    assert!(issue["details"]["coding"][1]["code"].as_str().unwrap().starts_with(profile));
    gateway.finish().await;
}

#[tokio::test]
async fn the_capability_statement_names_the_operation() {
    let gateway = Gateway::start().await;
    let statement = gateway.anonymous().get("/fhir/metadata").await.expect(200).json();
    let definition = "http://hl7.org/fhir/OperationDefinition/Resource-validate";
    let rest = &statement["rest"][0];
    assert_eq!(rest["operation"], json!([{"name": "validate", "definition": definition}]));
    let of = |kind: &str| rest["resource"].as_array().unwrap().iter().find(|r| r["type"] == kind).cloned().unwrap();
    assert_eq!(of("Patient")["operation"][0]["definition"], definition);
    assert!(of("AuditEvent").get("operation").is_none());
    gateway.finish().await;
}

#[tokio::test]
async fn the_type_in_the_address_counts() {
    let gateway = Gateway::start().await;
    let reply = gateway.by(&UMEA).post("/fhir/List/$validate", &patient("p", NUMBER)).await.expect(200);
    assert_eq!(severities(&reply.json(), "resource-type-differs"), ["error"]);
    let parameters = json!({"resourceType": "Parameters", "parameter": [{"name": "x", "valueString": "y"}]});
    let reply = gateway.by(&UMEA).post("/fhir/Parameters/$validate", &parameters).await.expect(200);
    assert!(!has_error(&reply.json()), "{}", reply.text);
    gateway.finish().await;
}

#[tokio::test]
async fn mode_create_asks_whether_it_would_be_taken() {
    let gateway = Gateway::with_resident().await;
    let known = statement(RESIDENT, "N02BE01");
    let unknown = statement("Patient/nobody", "N02BE01");
    let path = "/fhir/MedicationStatement/$validate?mode=create";
    assert!(!has_error(&gateway.by(&REGION).post(path, &known).await.expect(200).json()));
    assert_eq!(
        severities(&gateway.by(&REGION).post(path, &unknown).await.expect(200).json(), "patient-unknown"),
        ["error"]
    );
    assert_eq!(severities(&gateway.by(&READER).post(path, &known).await.expect(200).json(), "scope"), ["error"]);
    let stranger = gateway.by(&SKELLEFTEA).post(path, &known).await.expect(200);
    assert_eq!(severities(&stranger.json(), "patient-unknown"), ["error"]);
    let audit = vardbro::fhir::ResourceType::parse("AuditEvent").unwrap();
    let event = json!({"resourceType": audit.as_str()});
    let reply = gateway.by(&REGION).post("/fhir/AuditEvent/$validate?mode=create", &event).await.expect(200);
    assert_eq!(severities(&reply.json(), "audit-is-ours"), ["error"]);
    assert!(gateway.by(&REGION).get("/fhir/MedicationStatement?_summary=count").await.text.contains("\"total\":0"));
    gateway.finish().await;
}
