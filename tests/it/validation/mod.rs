//! Validation as callers meet it: `$validate`, definitions of their own, and what is let through.

mod definitions;
mod instance;
mod modes;
mod operation;
mod transactions;

use serde_json::{Value, json};

use crate::harness::*;

/// The profile that the stories here are about: a Patient with a birth date.
const BORN: &str = "https://vardbro.example/fhir/StructureDefinition/born";

/// A profile of Patient that requires birthDate.
fn born() -> Value {
    let element = |path: &str, min: u32, max: &str| {
        json!({
            "id": path, "path": path, "min": min, "max": max, "definition": "It is what it is.",
            "base": {"path": path, "min": 0, "max": max}
        })
    };
    let mut birth_date = element("Patient.birthDate", 1, "1");
    birth_date["type"] = json!([{"code": "date"}]);
    json!({
        "resourceType": "StructureDefinition", "id": "born", "url": BORN, "version": "1.0.0", "name": "Born",
        "status": "active", "kind": "resource", "abstract": false, "type": "Patient", "derivation": "constraint",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "fhirVersion": "4.0.1",
        "snapshot": {"element": [element("Patient", 0, "*"), birth_date]},
        "differential": {"element": [{"id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1}]}
    })
}

/// A patient without a birth date that claims the profile.
fn unborn(id: &str) -> Value {
    json!({
        "resourceType": "Patient", "id": id, "meta": {"profile": [BORN]},
        "identifier": [{"system": messages::PERSONNUMMER, "value": messages::NUMBER}]
    })
}

/// The severities of an outcome's issues of a rule.
fn severities(outcome: &Value, rule: &str) -> Vec<String> {
    let issues = outcome["issue"].as_array().unwrap().iter();
    let of_rule = issues.filter(|issue| issue["details"]["coding"][0]["code"] == rule);
    of_rule.map(|issue| issue["severity"].as_str().unwrap().to_owned()).collect()
}

/// Whether an outcome holds an error.
fn has_error(outcome: &Value) -> bool {
    let issues = outcome["issue"].as_array().unwrap();
    issues.iter().any(|issue| matches!(issue["severity"].as_str(), Some("error" | "fatal")))
}
