use std::collections::BTreeSet;

use url::Url;

use super::*;
use crate::delivery::receiver::Wants;
use crate::fhir::ResourceKey;
use crate::store::Source;

const DOSE: &str = r#"{"resourceType":"List","id":"1", "_x":1.50, "title":"\u00e5"}"#;

fn receiver(reference: &str, payload: Payload) -> Receiver {
    Receiver {
        reference: reference.into(),
        organisation: "SE2321000016-0001".into(),
        address: Url::parse("https://ehr.example/hook").unwrap(),
        headers: vec![],
        payload,
        wants: Wants { topic: Some("https://vardbro.example/fhir/SubscriptionTopic/lists".into()), ..Wants::default() },
    }
}

fn version(name: &str, number: u64, text: Option<&str>) -> StoredVersion {
    StoredVersion {
        key: ResourceKey::parse(name).unwrap(),
        version: number,
        updated: "2026-03-02T08:00:00Z".parse().unwrap(),
        text: text.map(str::to_owned),
        source: Source::default(),
        patients: BTreeSet::new(),
        sequence: 1,
    }
}

fn told(receiver: &Receiver, versions: &[StoredVersion]) -> String {
    bundle(&Event {
        base: "https://vardbro.example/fhir",
        receiver,
        key: "6f1c2d3e-0000-8000-8000-000000000001",
        number: 12,
        at: "2026-03-02T08:00:00.25Z".parse().unwrap(),
        versions,
    })
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_first_entry_is_the_subscriptions_status() {
    let bundle = json(&told(&receiver("Subscription/9", Payload::Empty), &[version("List/1", 1, Some(DOSE))]));
    let entry = &bundle["entry"][0];
    let parameter = &entry["resource"]["parameter"];
    assert_eq!((&bundle["type"], bundle["entry"].as_array().unwrap().len()), (&json!("history"), 1));
    assert_eq!(entry["request"]["url"], "https://vardbro.example/fhir/Subscription/9/$status");
    assert_eq!(parameter[3]["valueCode"], "event-notification");
    assert_eq!(parameter[4], json!({"name": "events-since-subscription-start", "valueString": "12"}));
    assert_eq!(parameter[5]["part"][1]["valueInstant"], "2026-03-02T08:00:00.25Z");
}

#[test]
fn an_empty_notification_names_no_resource() {
    let text = told(&receiver("Subscription/9", Payload::Empty), &[version("List/1", 1, Some(DOSE))]);
    assert!(!text.contains("List/1"), "{text}");
}

#[test]
fn an_id_only_notification_names_resources_and_holds_none() {
    let versions = [version("List/1", 2, Some(DOSE)), version("Patient/3", 1, Some("{}"))];
    let bundle = json(&told(&receiver("Subscription/9", Payload::IdOnly), &versions));
    let parts = &bundle["entry"][0]["resource"]["parameter"][5]["part"];
    assert_eq!(parts[2]["name"], "focus");
    assert_eq!(parts[3]["valueReference"]["reference"], "https://vardbro.example/fhir/Patient/3");
    assert_eq!(parts[3]["name"], "additional-context");
    assert_eq!(bundle["entry"][1]["resource"], Value::Null);
    assert_eq!(bundle["entry"][1]["request"], json!({"method": "PUT", "url": "List/1"}));
}

/// `name Type/id` of the focus and its context.
fn about(names: &[&str]) -> Vec<String> {
    let versions: Vec<_> = names.iter().map(|name| version(name, 1, Some("{}"))).collect();
    let bundle = json(&told(&receiver("Subscription/9", Payload::IdOnly), &versions));
    let parts = bundle["entry"][0]["resource"]["parameter"][5]["part"].as_array().unwrap();
    let short = |part: &Value| {
        let reference = part["valueReference"]["reference"].as_str().unwrap();
        let name = reference.strip_prefix("https://vardbro.example/fhir/").unwrap();
        format!("{} {name}", part["name"].as_str().unwrap())
    };
    parts.iter().skip(2).map(short).collect()
}

#[test]
fn the_focus_is_the_whole_and_its_parts_are_the_context() {
    assert_eq!(
        about(&["MedicationStatement/1", "Practitioner/1", "List/1"]),
        ["focus List/1", "additional-context MedicationStatement/1", "additional-context Practitioner/1"]
    );
    assert_eq!(about(&["Encounter/1", "CareTeam/1"])[0], "focus CareTeam/1");
    assert_eq!(about(&["Practitioner/2", "Practitioner/1"])[0], "focus Practitioner/2");
}

#[test]
fn every_type_of_the_order_is_one_of_r4() {
    assert!(FOCUS.iter().all(|kind| crate::fhir::ResourceType::parse(kind).is_some()));
}

#[test]
fn a_full_notification_holds_the_stored_text_to_the_byte() {
    let text = told(&receiver("Subscription/9", Payload::FullResource), &[version("List/1", 1, Some(DOSE))]);
    assert!(text.contains(&format!(r#""resource":{DOSE},"request":{{"method":"POST","url":"List"}}"#)), "{text}");
    let response = json!({"status": "201", "etag": "W/\"1\"", "lastModified": "2026-03-02T08:00:00Z"});
    assert_eq!(json(&text)["entry"][1]["response"], response);
}

#[test]
fn a_deletion_has_no_resource() {
    let deleted = json(&told(&receiver("Subscription/9", Payload::FullResource), &[version("List/1", 2, None)]));
    assert_eq!(deleted["entry"][1]["request"], json!({"method": "DELETE", "url": "List/1"}));
    assert_eq!(deleted["entry"][1]["resource"], Value::Null);
}

#[test]
fn a_party_told_by_agreement_is_named_by_its_endpoint() {
    let bundle = json(&told(&receiver("Endpoint/2", Payload::Empty), &[version("List/1", 1, Some(DOSE))]));
    assert_eq!(bundle["entry"][0]["request"]["url"], "https://vardbro.example/fhir/Endpoint/2");
}

#[test]
fn a_handshake_is_a_status_without_an_event() {
    let at = "2026-03-02T08:00:00Z".parse().unwrap();
    let bundle = json(&handshake("b", &receiver("Subscription/9", Payload::FullResource), "k", at));
    let parameter = bundle["entry"][0]["resource"]["parameter"].as_array().unwrap();
    let codes: Vec<_> = parameter.iter().filter_map(|one| one["valueCode"].as_str()).collect();
    assert_eq!((codes, parameter.len()), (vec!["requested", "handshake"], 5));
    assert_eq!(bundle["entry"].as_array().unwrap().len(), 1);
}
