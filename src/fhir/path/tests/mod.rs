//! One file to a family of functions, and the official cases where they are at hand.

mod comparison;
mod conversion;
mod definitions;
mod elements;
mod limits;
mod lists;
mod logic;
mod math;
mod official;
mod quantities;
mod strings;
mod syntax;
mod times;
mod types;

use super::*;

/// A patient with a name, extensions on primitives, a contained resource and a choice.
const PATIENT: &str = r##"{"resourceType":"Patient","id":"p1",
  "contained":[{"resourceType":"Organization","id":"o1","name":"Testboendet"}],
  "extension":[{"url":"urn:age","valueAge":{"value":41,"system":"http://unitsofmeasure.org","code":"a"}}],
  "active":true,"deceasedDateTime":"2026-03-02T08:00:00+01:00",
  "name":[{"use":"official","family":"Ett","given":["Anna","Bo"]},{"use":"usual","given":[null,"Cia"],
    "_given":[{"extension":[{"url":"urn:sort","valueString":"x"}]}]}],
  "telecom":[{"system":"phone","value":"1","rank":2},{"system":"phone","value":"2","rank":1}],
  "birthDate":"1938-02","_birthDate":{"extension":[{"url":"urn:born","valueDateTime":"1938-02-03"}]},
  "_gender":{"extension":[{"url":"urn:why","valueCode":"unknown"}]},
  "multipleBirthInteger":2,
  "managingOrganization":{"reference":"#o1"}}"##;

fn now() -> Timestamp {
    "2026-03-02T23:30:00Z".parse().unwrap()
}

/// The items as text; an error as `error`, a fault of syntax as `syntax`.
fn evaluated(json: &str, expression: &str) -> Vec<String> {
    let document = Document::parse(json).unwrap();
    let context = Context { resource: document.root(), now: now(), resolver: &NoResolver };
    let Ok(compiled) = Expression::parse(expression) else { return vec!["syntax".into()] };
    match compiled.evaluate(&context, document.root()) {
        Ok(items) => items.iter().map(shown).collect(),
        Err(_) => vec!["error".into()],
    }
}

fn shown(item: &Item<'_>) -> String {
    match item.to_system().as_ref() {
        Item::Quantity(value, unit) => quantity::text(*value, unit),
        other => match other.to_value() {
            crate::fhir::Value::String(text) => text,
            value => value.to_string(),
        },
    }
}

/// What an expression over the patient gives.
fn patient(expression: &str) -> Vec<String> {
    evaluated(PATIENT, expression)
}

/// Every expression must give the text beside it, items separated by `;`.
fn check(cases: &[(&str, &str)]) {
    for (expression, expected) in cases {
        assert_eq!(patient(expression).join(";"), *expected, "{expression}");
    }
}
