//! Valid resources, each spoilt in one way: the fault is found, by its rule and at its place.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::rules;
use super::testing::found;

/// The valid resources by name.
const FIXTURES: &[(&str, &str)] = &[
    ("appointment", include_str!("../../fixtures/valid/appointment.json")),
    ("bundle-transaction", include_str!("../../fixtures/valid/bundle-transaction.json")),
    ("care-plan", include_str!("../../fixtures/valid/care-plan.json")),
    ("care-team", include_str!("../../fixtures/valid/care-team.json")),
    ("consent", include_str!("../../fixtures/valid/consent.json")),
    ("encounter", include_str!("../../fixtures/valid/encounter.json")),
    ("episode-of-care", include_str!("../../fixtures/valid/episode-of-care.json")),
    ("list", include_str!("../../fixtures/valid/list.json")),
    ("medication-statement", include_str!("../../fixtures/valid/medication-statement.json")),
    ("observation", include_str!("../../fixtures/valid/observation.json")),
    ("organization", include_str!("../../fixtures/valid/organization.json")),
    ("patient", include_str!("../../fixtures/valid/patient.json")),
];

/// A rule, a fixture, what is replaced or put in there (`None`: taken out), and where the fault is.
type Case = (&'static str, &'static str, &'static str, Option<&'static str>, &'static str);

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("resource-type-missing", "list", "/resourceType", None, ""),
    ("resource-type-missing", "patient", "/contained/0/resourceType", None, "/contained/0"),
    ("resource-type-unknown", "list", "/resourceType", Some(r#""Lista""#), "/resourceType"),
    ("resource-type-misplaced", "list", "/code/resourceType", Some(r#""List""#), "/code/resourceType"),
    ("element-unknown", "list", "/subjekt", Some("1"), "/subjekt"),
    ("element-unknown", "encounter", "/participant/0/who", Some("{}"), "/participant/0/who"),
    ("element-comments", "list", "/code/fhir_comments", Some(r#"["x"]"#), "/code/fhir_comments"),
    ("sibling-not-primitive", "list", "/_code", Some(r#"{"id":"a"}"#), "/_code"),
    ("sibling-not-primitive", "care-plan", "/extension/0/_url", Some(r#"{"id":"a"}"#), "/extension/0/_url"),
    ("sibling-misaligned", "patient", "/name/0/given", Some(r#"["Erik"]"#), "/name/0/_given"),
    ("choice-type-unknown", "observation", "/valueDecimal", Some("1.0"), "/valueDecimal"),
    ("choice-type-unknown", "medication-statement", "/medication", Some("{}"), "/medication"),
    ("choice-several", "observation", "/effectiveInstant", Some(r#""2026-03-02T08:15:00Z""#), "/effectiveInstant"),
    ("cardinality-min", "observation", "/status", None, ""),
    ("cardinality-min", "medication-statement", "/medicationCodeableConcept", None, ""),
    ("cardinality-min", "consent", "/provision/actor/0/role", None, "/provision/actor/0"),
    ("cardinality-min", "appointment", "/participant", None, ""),
    ("cardinality-min", "bundle-transaction", "/entry/1/resource/mode", None, "/entry/1/resource"),
    ("cardinality-min", "care-plan", "/extension/0/url", None, "/extension/0"),
    ("array-expected", "organization", "/alias", Some(r#""x""#), "/alias"),
    ("array-unexpected", "organization", "/name", Some(r#"["x"]"#), "/name"),
    ("array-empty", "organization", "/alias", Some("[]"), "/alias"),
    ("object-empty", "organization", "/contact", Some("[{}]"), "/contact/0"),
    ("object-empty", "list", "/code", Some(r#"{"id":"a"}"#), "/code"),
    ("null-value", "patient", "/name/0/given/0", Some("null"), "/name/0/given/0"),
    ("json-kind", "encounter", "/length/value", Some(r#""90""#), "/length/value"),
    ("json-kind", "patient", "/active", Some("1"), "/active"),
    ("integer-format", "appointment", "/minutesDuration", Some("0"), "/minutesDuration"),
    ("integer-format", "patient", "/telecom/0/rank", Some("1.5"), "/telecom/0/rank"),
    ("string-empty", "organization", "/name", Some(r#"" ""#), "/name"),
    ("string-characters", "organization", "/name", Some(r#""\ufeffx""#), "/name"),
    ("code-format", "encounter", "/class/code", Some(r#""HH ""#), "/class/code"),
    ("id-format", "patient", "/id", Some(r#""exempel_1""#), "/id"),
    ("uri-format", "list", "/identifier/0/system", Some(r#""urn:oid:1 2""#), "/identifier/0/system"),
    ("oid-format", "care-plan", "/extension/0/valueOid", Some(r#""1.2""#), "/extension/0/valueOid"),
    ("uuid-format", "care-plan", "/extension/0/valueUuid", Some(r#""1""#), "/extension/0/valueUuid"),
    ("base64-format", "patient", "/photo", Some(r#"[{"data":"abc"}]"#), "/photo/0/data"),
    ("date-format", "patient", "/birthDate", Some(r#""1941-02-29""#), "/birthDate"),
    ("date-time-format", "list", "/date", Some(r#""2026-03-02T08:00:00""#), "/date"),
    ("date-time-format", "encounter", "/period/end", Some(r#""2026-03-02 10:00""#), "/period/end"),
    ("instant-format", "appointment", "/start", Some(r#""2026-03-09""#), "/start"),
    ("time-format", "medication-statement", "/dosage/0/timing/repeat/timeOfDay/0",
        Some(r#""8:00""#), "/dosage/0/timing/repeat/timeOfDay/0"),
    ("narrative-form", "patient", "/text/div", Some(r#""<p>x</p>""#), "/text/div"),
    ("narrative-empty", "patient", "/text/div",
        Some(r#""<div xmlns=\"http://www.w3.org/1999/xhtml\"/>""#), "/text/div"),
    ("narrative-element", "patient", "/text/div",
        Some(r#""<div xmlns=\"http://www.w3.org/1999/xhtml\"><video>x</video></div>""#), "/text/div"),
    ("narrative-attribute", "patient", "/text/div",
        Some(r#""<div xmlns=\"http://www.w3.org/1999/xhtml\" role=\"x\">x</div>""#), "/text/div"),
    ("narrative-active", "patient", "/text/div",
        Some(r#""<div xmlns=\"http://www.w3.org/1999/xhtml\" onclick=\"x\">x</div>""#), "/text/div"),
    ("code-unknown", "encounter", "/status", Some(r#""done""#), "/status"),
    ("code-unknown", "appointment", "/participant/0/status", Some(r#""Accepted""#), "/participant/0/status"),
    ("code-unknown", "observation", "/component/0/valueQuantity/comparator",
        Some(r#""=""#), "/component/0/valueQuantity/comparator"),
    ("reference-form", "list", "/subject/reference", Some(r#""exempel-1""#), "/subject/reference"),
    ("reference-conditional", "list", "/subject/reference", Some(r#""Patient?identifier=a""#), "/subject/reference"),
    ("reference-target", "encounter", "/serviceProvider/reference",
        Some(r#""Location/1""#), "/serviceProvider/reference"),
    ("reference-target", "bundle-transaction", "/entry/0/resource/medicationReference/reference",
        Some(r#""urn:uuid:00000000-0000-4000-8000-000000000002""#), "/entry/0/resource/medicationReference/reference"),
    ("reference-type", "encounter", "/serviceProvider/type", Some(r#""Location""#), "/serviceProvider/type"),
    ("reference-contained", "observation", "/device/reference", Some(r##""#x""##), "/device/reference"),
    ("reference-unresolved", "bundle-transaction", "/entry/1/resource/entry/0/item/reference",
        Some(r#""urn:uuid:00000000-0000-4000-8000-000000000009""#), "/entry/1/resource/entry/0/item/reference"),
    ("contained-nested", "patient", "/contained/0/contained",
        Some(r#"[{"resourceType":"Device","id":"d"}]"#), "/contained/0/contained"),
    ("contained-referenced", "observation", "/device", None, "/contained/0"),
    ("contained-version", "observation", "/contained/0/meta",
        Some(r#"{"versionId":"1"}"#), "/contained/0/meta/versionId"),
    ("contained-security", "observation", "/contained/0/meta",
        Some(r#"{"security":[{"code":"R"}]}"#), "/contained/0/meta/security"),
    ("contained-id", "observation", "/contained/0/id", None, "/contained/0"),
    ("contained-duplicate", "observation", "/contained",
        Some(r#"[{"resourceType":"Device","id":"matare"},{"resourceType":"Device","id":"matare"}]"#), "/contained/1/id"),
    ("extension-value", "care-plan", "/extension/0/valueDate", None, "/extension/0"),
    ("extension-url", "care-plan", "/extension/0/url", Some(r#""follow-up""#), "/extension/0/url"),
    ("bundle-total", "bundle-transaction", "/total", Some("4"), "/total"),
    ("bundle-search", "bundle-transaction", "/entry/0/search", Some(r#"{"mode":"match"}"#), "/entry/0/search"),
    ("bundle-request", "bundle-transaction", "/entry/0/request", None, "/entry/0"),
    ("bundle-response", "bundle-transaction", "/entry/0/response", Some(r#"{"status":"200"}"#), "/entry/0/response"),
    ("bundle-entry-resource", "bundle-transaction", "/entry/2/resource", None, "/entry/2"),
    ("bundle-full-url-duplicate", "bundle-transaction", "/entry/0/fullUrl",
        Some(r#""urn:uuid:00000000-0000-4000-8000-000000000002""#), "/entry/1/fullUrl"),
    ("bundle-full-url-version", "bundle-transaction", "/entry/0/fullUrl",
        Some(r#""http://a.example/MedicationStatement/1/_history/1""#), "/entry/0/fullUrl"),
    ("bundle-full-url-form", "bundle-transaction", "/entry/0/fullUrl", Some(r#""Medication/1""#), "/entry/0/fullUrl"),
    ("bundle-document", "bundle-transaction", "/type", Some(r#""document""#), ""),
    ("bundle-message", "bundle-transaction", "/type", Some(r#""message""#), ""),
    ("profile-unknown", "list", "/meta", Some(r#"{"profile":["http://a.example/p"]}"#), "/meta/profile/0"),
    ("invariant", "medication-statement", "/dosage/0/timing/repeat/periodUnit", None, "/dosage/0/timing/repeat"),
    ("invariant", "list", "/emptyReason", Some(r#"{"text":"x"}"#), ""),
];

/// Rules that no single spoilt member breaks; they have tests of their own.
const ELSEWHERE: &[&str] = &[
    "resource-type-unexpected",
    "decimal-digits",
    "bundle-full-url-missing",
    "string-too-long",
    "too-many-issues",
    "invariant-not-evaluated",
    "narrative-recommended",
    "bundle-link",
    "bundle-search-entry",
    "bundle-document-reference",
    "parameters-reference",
    "structure-definition-snapshot",
    "questionnaire-enable-when",
    "questionnaire-unknown",
    "answer-link",
    "answer-order",
    "answer-structure",
    "answer-type",
    "answer-missing",
    "answer-repeats",
    "answer-option",
    "answer-disabled",
    "value-set-system",
    "value-set-import",
    "value-set-code",
    "value-set-filter",
    "value-set-parameter",
    "code-system-count",
    "code-system-property",
    "code-system-property-value",
    "code-system-supplement",
    "concept-map-code",
    "search-parameter-components",
    "search-parameter-derived",
    "search-parameter-expression",
    "capability-search-parameter",
    "attachment-size",
    "string-html",
];

fn fixture(name: &str) -> Value {
    let (_, text) = FIXTURES.iter().find(|(known, _)| *known == name).expect("a fixture of that name");
    serde_json::from_str(text).unwrap()
}

/// Replaces, puts in or takes out what stands at a pointer.
fn spoil(resource: &mut Value, pointer: &str, value: Option<Value>) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match (resource.pointer_mut(parent).unwrap(), value) {
        (Value::Object(members), Some(value)) => drop(members.insert(name.to_owned(), value)),
        (Value::Object(members), None) => drop(members.shift_remove(name)),
        (Value::Array(items), Some(value)) => items[name.parse::<usize>().unwrap()] = value,
        (parent, value) => panic!("{pointer} in {parent} can't become {value:?}"),
    }
}

/// The pointers of everything in a resource but its root.
fn pointers(value: &Value, at: &str, out: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, it)| (format!("{at}/{name}"), it)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(index, it)| (format!("{at}/{index}"), it)).collect(),
        _ => Vec::new(),
    };
    for (pointer, child) in children {
        pointers(child, &pointer, out);
        out.push(pointer);
    }
}

/// Spoils each place of each fixture: `mutant` gives the place to spoil (the place itself, or a member of it), the
/// value to put there and the rule that it breaks. Answers how many mutants there were.
fn each_place(mutant: impl Fn(&str, &Value) -> Option<(String, Value, &'static str)>) -> usize {
    let mut count = 0;
    for (name, _) in FIXTURES {
        let original = fixture(name);
        let mut places = Vec::new();
        pointers(&original, "", &mut places);
        for place in places.iter().filter(|place| !place.ends_with("/resourceType")) {
            let Some((spoilt, value, rule)) = mutant(place, original.pointer(place).unwrap()) else { continue };
            let mut resource = original.clone();
            spoil(&mut resource, &spoilt, Some(value));
            let issues = found(&resource.to_string());
            assert!(issues.contains(&(rule, spoilt.clone())), "{name}{spoilt}: {rule} is not in {issues:?}");
            count += 1;
        }
    }
    count
}

fn is_item(pointer: &str) -> bool {
    pointer.ends_with(|last: char| last.is_ascii_digit())
}

fn is_resource(value: &Value) -> bool {
    value.get("resourceType").is_some()
}

#[test]
/// Where R4 has no code that fits, an extensible binding warns of ours.
fn the_originals_have_no_issues() {
    for (name, text) in FIXTURES {
        let issues: Vec<_> = found(text).into_iter().filter(|(rule, _)| *rule != "code-outside").collect();
        assert_eq!(issues, [], "{name}");
    }
}

#[test]
fn each_case_is_found_at_its_place() {
    for (rule, name, pointer, value, place) in CASES {
        let mut resource = fixture(name);
        spoil(&mut resource, pointer, value.map(|text| serde_json::from_str(text).unwrap()));
        let issues = found(&resource.to_string());
        assert!(issues.contains(&(*rule, (*place).to_owned())), "{name}{pointer}: {rule} is not in {issues:?}");
    }
}

#[test]
fn every_rule_of_the_table_has_a_case() {
    let tested: BTreeSet<&str> = CASES.iter().map(|case| case.0).chain(ELSEWHERE.iter().copied()).collect();
    // What profiles and extensions' definitions ask has its tests beside it, with profiles of its own.
    let has_own_tests = |name: &&str| {
        let families = [
            "profile",
            "slice-",
            "extension-",
            "must-support",
            "reference-profile",
            "reference-aggregation",
            "reference-urn",
            "code-",
            "display-",
            "user-selected",
        ];
        families.iter().any(|family| name.starts_with(family))
    };
    let table: BTreeSet<&str> = rules::ALL.iter().map(|rule| rule.name).collect();
    let untested: Vec<&str> = table.difference(&tested).copied().filter(|name| !has_own_tests(name)).collect();
    assert!(untested.is_empty() && tested.is_subset(&table), "{untested:?}");
}

#[test]
fn an_unknown_element_is_found_in_every_object() {
    let unknown = |place: &str, value: &Value| {
        value.is_object().then(|| (format!("{place}/okänt"), json!("x"), "element-unknown"))
    };
    assert!(each_place(unknown) > 100);
}

#[test]
fn a_null_is_found_in_place_of_every_member() {
    let null = |place: &str, _: &Value| (!is_item(place)).then(|| (place.to_owned(), Value::Null, "null-value"));
    assert!(each_place(null) > 300);
}

#[test]
fn an_array_is_found_in_place_of_every_single_value() {
    let array = |place: &str, value: &Value| {
        let is_single = !is_item(place) && !value.is_array();
        is_single.then(|| (place.to_owned(), json!([value]), "array-unexpected"))
    };
    assert!(each_place(array) > 200);
}

#[test]
fn a_single_value_and_an_empty_array_are_found_in_place_of_every_array() {
    let single = |place: &str, value: &Value| {
        let item = value.as_array()?.iter().find(|item| !item.is_null())?;
        Some((place.to_owned(), item.clone(), "array-expected"))
    };
    let empty = |place: &str, value: &Value| value.is_array().then(|| (place.to_owned(), json!([]), "array-empty"));
    assert_eq!(each_place(single), each_place(empty));
}

#[test]
fn an_empty_object_and_a_scalar_are_found_in_place_of_every_object() {
    let spoilt = |value: Value, rule: &'static str| {
        each_place(move |place, original| {
            let rule = if is_resource(original) { "resource-type-missing" } else { rule };
            original.is_object().then(|| (place.to_owned(), value.clone(), rule))
        })
    };
    assert_eq!(spoilt(json!({}), "object-empty"), spoilt(json!("x"), "json-kind"));
}

#[test]
fn an_object_and_another_scalar_are_found_in_place_of_every_primitive() {
    let spoilt = |other: fn(&Value) -> Value| {
        each_place(move |place, original| {
            let is_scalar = !original.is_object() && !original.is_array() && !original.is_null();
            is_scalar.then(|| (place.to_owned(), other(original), "json-kind"))
        })
    };
    assert!(spoilt(|_| json!({"id": "a"})) > 200);
    assert!(spoilt(|original| if original.is_string() { json!(7) } else { json!("7") }) > 200);
}
