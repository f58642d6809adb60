//! What the program itself makes meets our profiles: what concepts are mapped to, and the demo's county.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use vardbro::concept::{ConceptKind, read};
use vardbro::fhir::{Document, Issue, Library};
use vardbro::validate::{Setting, resource};

use crate::tree::{files, root};

const PROFILES: &str = "https://vardbro.example/fhir/StructureDefinition/";

/// Claims a profile, so that one validation of the Bundle holds each of its resources against its own.
fn claim(resource: &mut Value, profile: &str) {
    let meta = resource.as_object_mut().unwrap().entry("meta").or_insert_with(|| json!({}));
    meta["profile"] = json!([profile]);
}

/// What is wrong, a profile that is not at hand among it.
fn errors(text: String) -> Vec<String> {
    let now = "2026-03-02T08:00:00Z".parse().unwrap();
    let document = Document::parse(text).unwrap();
    let issues = resource(&document, &Setting::new(Library::embedded(), now)).issues;
    let is_fault = |issue: &&Issue| issue.is_error() || issue.rule == "profile-unknown";
    issues.iter().filter(is_fault).map(Issue::to_string).collect()
}

/// Concept -> resource type -> profile.
fn table() -> BTreeMap<String, BTreeMap<String, Value>> {
    serde_json::from_str(&std::fs::read_to_string(root().join("profiles/concepts.json")).unwrap()).unwrap()
}

fn json_of(bundle: &vardbro::fhir::Value) -> Value {
    serde_json::from_str(&bundle.to_string()).unwrap()
}

#[test]
fn what_concepts_are_mapped_to_meets_the_profiles_of_the_table() {
    let table = table();
    let (mut told, mut count) = (Vec::new(), 0);
    for kind in ConceptKind::ALL {
        let profiles = &table[kind.as_str()];
        for (path, file) in files(&format!("fixtures/{}/valid", kind.as_str())) {
            let concept = read(*kind, &std::fs::read_to_string(file).unwrap()).unwrap();
            let mut ids = (1..).map(|n| format!("00000000-0000-4000-8000-{n:012}"));
            let mut bundle = json_of(&concept.to_fhir(&mut || ids.next().unwrap()).bundle);
            for entry in bundle["entry"].as_array_mut().unwrap() {
                let resource = &mut entry["resource"];
                let profile = profiles[resource["resourceType"].as_str().unwrap()].as_str().unwrap();
                claim(resource, profile);
                count += 1;
            }
            told.extend(errors(bundle.to_string()).into_iter().map(|error| format!("{path}: {error}")));
        }
    }
    assert!(count > 100, "only {count} resources were held against a profile");
    assert!(told.is_empty(), "{}", told.join("\n"));
}

/// The profile that a resource of the demo is to meet, by its type and codes.
fn profile_of(resource: &Value) -> Option<&'static str> {
    let text = resource.to_string();
    let says = |code: &str| text.contains(&format!("\"code\":\"{code}\""));
    Some(match resource["resourceType"].as_str()? {
        "Appointment" => "lm-round-appointment",
        "CarePlan" => "lm-sip-care-plan",
        "CareTeam" if says("fast-kontakt") => "lm-named-contact-care-team",
        "CareTeam" => "lm-sip-care-team",
        "Communication" if says("lakarkontakt-akut") => "lm-physician-contact",
        "Communication" if says("platsantal") => "lm-unit-notice",
        "Communication" if says("notification") => "lm-patient-notice",
        "Communication" => "lm-medication-list-handover",
        "Consent" => "lm-sip-consent",
        "DocumentReference" if says("lokal-rutin") => "lm-local-routine",
        "DocumentReference" if says("64297-5") => "lm-death-certificate",
        "DocumentReference" => "lm-medication-list-printed",
        "Encounter" if says("EMER") => "lm-hospital-encounter",
        "Encounter" => "lm-round-encounter",
        "EpisodeOfCare" => "lm-enrolment",
        "Flag" => "lm-treatment-limitation",
        "Goal" => "lm-sip-goal",
        "HealthcareService" => "lm-unit-service",
        "List" => "lm-medication-list",
        "Location" => "lm-unit-location",
        "MedicationStatement" => "lm-medication-statement",
        "Organization" => "lm-organization",
        "OrganizationAffiliation" => "lm-unit-affiliation",
        "Patient" => "lm-patient",
        "Practitioner" => "lm-practitioner",
        "PractitionerRole" => "lm-practitioner-role",
        "Procedure" if says("brytpunktssamtal") => "lm-decision-conversation",
        "Procedure" => "lm-medication-review",
        _ => return None,
    })
}

/// Every resource of a kind would take long; a few dozen of each show the same.
const OF_EACH: usize = 25;

#[test]
fn the_county_of_the_demo_meets_the_profiles() {
    let now = "2026-03-02T08:00:00Z".parse().unwrap();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut told = Vec::new();
    for seed in vardbro::demo::county(now, 1, None) {
        let mut bundle = json_of(&seed.bundle);
        for entry in bundle["entry"].as_array_mut().unwrap() {
            let resource = &mut entry["resource"];
            let Some(profile) = profile_of(resource) else { continue };
            let count = counts.entry(profile).or_default();
            *count += 1;
            if *count <= OF_EACH {
                claim(resource, &format!("{PROFILES}{profile}"));
                told.extend(errors(resource.to_string()).into_iter().map(|error| format!("{profile}: {error}")));
            }
        }
    }
    assert!(counts.len() > 25, "{counts:?}");
    assert!(told.is_empty(), "{}", told.join("\n"));
}
