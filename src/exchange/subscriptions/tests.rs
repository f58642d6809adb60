use super::*;
use crate::access::{Purpose, Scopes};
use crate::fhir::Document;

const GOOD: &str = r#"{"resourceType":"Subscription","status":"requested","criteria":"MedicationStatement?status=active",
    "channel":{"type":"rest-hook","endpoint":"https://ehr.example/hook","payload":"application/fhir+json",
    "header":["Authorization: Bearer x"]}}"#;

fn caller(role: ActorRole, scopes: &str) -> Caller {
    Caller {
        client: "c".into(),
        organisation: "SE2321000016-0001".into(),
        organisation_name: "n".into(),
        unit: None,
        role,
        person: None,
        purpose: Purpose::Treatment,
        scopes: Scopes::parse(scopes),
    }
}

fn checked_as(caller: &Caller, text: &str) -> Result<(), Failure> {
    let document = Document::parse(text).unwrap();
    let kind = ResourceType::parse("Subscription").unwrap();
    check(caller, kind, document.root(), "https://vardbro.example/fhir", &Guard::default())
}

fn checked(text: &str) -> Result<(), Failure> {
    checked_as(&caller(ActorRole::CareProvider, "system/*.cruds"), text)
}

/// Rule and place of every fault.
fn faults(text: &str) -> Vec<(&'static str, String)> {
    match checked(text) {
        Err(Failure::Invalid(issues)) => issues.into_iter().map(|i| (i.rule, i.place.pointer)).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_subscription_that_can_be_served_passes() {
    assert_eq!(checked(GOOD), Ok(()));
}

#[test]
fn what_can_not_be_served_is_refused_at_its_place() {
    let cases = [
        ("rest-hook", "email", "subscription-channel", "/channel"),
        ("status=active", "foo=1", "search-parameter-unknown", "/criteria"),
        ("MedicationStatement?status=active", "a drug", "subscription-criteria", "/criteria"),
        ("https://ehr.example/hook", "ehr.example", "subscription-endpoint", "/channel/endpoint"),
        ("https://ehr.example/hook", "https://10.0.0.1/hook", "subscription-endpoint", "/channel/endpoint"),
        ("https://ehr.example/hook", "http://ehr.example/hook", "subscription-endpoint", "/channel/endpoint"),
        ("application/fhir+json", "application/fhir+xml", "subscription-payload", "/channel/payload"),
        ("Authorization: Bearer x", "Authorization", "subscription-header", "/channel/header/0"),
    ];
    for (good, bad, rule, place) in cases {
        assert_eq!(faults(&GOOD.replace(good, bad)), [(rule, place.to_owned())], "{bad}");
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let text = GOOD.replace("rest-hook", "email").replace("status=active", "foo=1").replace("https://", "");
    let rules: Vec<_> = faults(&text).into_iter().map(|(rule, _)| rule).collect();
    assert_eq!(rules, ["search-parameter-unknown", "subscription-endpoint", "subscription-channel"]);
}

#[test]
fn whoever_may_not_read_a_type_can_not_subscribe_to_it() {
    let writer = caller(ActorRole::CareProvider, "system/Subscription.c system/List.rs");
    assert_eq!(checked_as(&writer, GOOD).map_err(|failure| failure.reason()), Err("scope"));
    assert_eq!(checked_as(&writer, &GOOD.replace("MedicationStatement", "List")), Ok(()));
}

#[test]
fn those_who_run_the_gateway_can_not_subscribe() {
    let administration = caller(ActorRole::Administration, "system/*.cruds");
    let Err(Failure::Invalid(issues)) = checked_as(&administration, GOOD) else { panic!("it is let through") };
    assert_eq!(issues[0].rule, "subscription-role");
}

#[test]
fn one_that_is_off_is_not_looked_at() {
    assert_eq!(checked(&GOOD.replace("requested", "off").replace("rest-hook", "email")), Ok(()));
}

#[test]
fn a_subscription_runs_until_its_end() {
    let with_end = GOOD.replace("\"status\"", "\"end\":\"2026-03-02T09:00:00+01:00\",\"status\"");
    let runs = |text: &str, at: &str| {
        let document = Document::parse(text).unwrap();
        Asked::read(document.root(), "b").unwrap().runs_at(at.parse().unwrap())
    };
    assert!(runs(&with_end, "2026-03-02T07:59:59Z"));
    assert!(!runs(&with_end, "2026-03-02T08:00:00Z"));
    assert!(runs(GOOD, "2126-03-02T08:00:00Z"));
}
