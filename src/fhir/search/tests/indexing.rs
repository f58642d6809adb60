use super::super::super::ResourceKey;
use super::super::*;
use crate::fhir::{Document, instant::Interval};

const BASE: &str = "https://vardbro.example/fhir";

fn rows(text: &str) -> Vec<IndexRow> {
    let document = Document::parse(text).expect("the example is JSON");
    let kind = document.root().str_at("resourceType").and_then(|name| ResourceType::parse(&name)).expect("a type");
    index(&document, kind, BASE)
}

fn values(rows: &[IndexRow], parameter: &str) -> Vec<IndexValue> {
    rows.iter().filter(|row| row.parameter == parameter).map(|row| row.value.clone()).collect()
}

fn token(system: &str, code: &str) -> IndexValue {
    IndexValue::Token { system: system.into(), code: code.into() }
}

fn reference(key: &str) -> IndexValue {
    IndexValue::Reference(ResourceKey::parse(key).expect("a key"))
}

fn date(text: &str) -> IndexValue {
    IndexValue::Date(Interval::of(text).expect("a date"))
}

fn text(exact: &str) -> IndexValue {
    IndexValue::Text { folded: fold(exact), exact: exact.into() }
}

const PATIENT: &str = r#"{
    "resourceType": "Patient", "id": "p1", "active": true, "gender": "female", "birthDate": "1912-12-12",
    "meta": {"lastUpdated": "2026-03-02T08:00:00.123Z", "tag": [{"system": "urn:t", "code": "x"}],
             "profile": ["http://example.org/p|1.0"], "security": [{"code": "R"}], "source": "urn:s"},
    "identifier": [{"system": "http://electronichealth.se/identifier/personnummer", "value": "191212121212"}],
    "name": [{"family": "Åkerström", "given": ["André", "Tolvan"]}],
    "telecom": [{"system": "phone", "value": "0701740605"}, {"system": "email", "value": "tolvan@example.org"}],
    "address": [{"line": ["Storgatan 1"], "city": "Umeå"}],
    "generalPractitioner": [{"reference": "https://vardbro.example/fhir/Organization/o1"}]
}"#;

#[test]
fn a_patient_is_found_by_tokens() {
    let rows = rows(PATIENT);
    assert_eq!(values(&rows, "gender"), [token("", "female")]);
    assert_eq!(values(&rows, "active"), [token("", "true")]);
    assert_eq!(
        values(&rows, "identifier"),
        [token("http://electronichealth.se/identifier/personnummer", "191212121212")]
    );
    assert_eq!(values(&rows, "email"), [token("", "tolvan@example.org")]);
    assert_eq!(values(&rows, "telecom").len(), 2);
    assert_eq!(values(&rows, "deceased"), [token("", "false")]);
}

#[test]
fn a_patient_is_found_by_name_address_and_birth() {
    let rows = rows(PATIENT);
    assert_eq!(values(&rows, "name"), [text("Åkerström"), text("André"), text("Tolvan")]);
    assert_eq!(values(&rows, "given"), [text("André"), text("Tolvan")]);
    assert_eq!(values(&rows, "address"), [text("Storgatan 1"), text("Umeå")]);
    assert_eq!(values(&rows, "address-city"), [text("Umeå")]);
    assert_eq!(values(&rows, "birthdate"), [date("1912-12-12")]);
    assert_eq!(values(&rows, "general-practitioner"), [reference("Organization/o1")]);
}

#[test]
fn every_resource_is_found_by_its_meta() {
    let rows = rows(PATIENT);
    assert_eq!(values(&rows, "_id"), [token("", "p1")]);
    assert_eq!(values(&rows, "_lastUpdated"), [date("2026-03-02T08:00:00.123Z")]);
    assert_eq!(values(&rows, "_tag"), [token("urn:t", "x")]);
    assert_eq!(values(&rows, "_security"), [token("", "R")]);
    let profile = ["http://example.org/p", "http://example.org/p|1.0"].map(|it| IndexValue::Uri(it.into()));
    assert_eq!(values(&rows, "_profile"), profile);
    assert_eq!(values(&rows, "_source"), [IndexValue::Uri("urn:s".into())]);
}

#[test]
fn a_patient_that_died_is_deceased_by_date_or_by_word() {
    let deceased = |member: &str| values(&rows(&format!(r#"{{"resourceType": "Patient", {member}}}"#)), "deceased");
    assert_eq!(deceased(r#""deceasedDateTime": "2026-01""#), [token("", "true")]);
    assert_eq!(deceased(r#""deceasedBoolean": true"#), [token("", "true")]);
    assert_eq!(deceased(r#""deceasedBoolean": false"#), [token("", "false")]);
}

#[test]
fn references_of_a_list_are_local_foreign_or_logical() {
    let rows = rows(
        r##"{"resourceType": "List", "status": "current", "mode": "working", "date": "2026-03-02T08:00:00+01:00",
            "code": {"coding": [{"system": "http://loinc.org", "code": "10160-0"}], "text": "Läkemedelslista"},
            "subject": {"reference": "Patient/p1", "identifier": {"system": "urn:pnr", "value": "1"}},
            "entry": [{"item": {"reference": "MedicationStatement/m1"}}, {"item": {"reference": "#x"}},
                      {"item": {"reference": "https://other.example/fhir/MedicationStatement/9"}}]}"##,
    );
    assert_eq!(values(&rows, "code"), [token("http://loinc.org", "10160-0")]);
    assert_eq!(values(&rows, "patient"), [reference("Patient/p1"), token("urn:pnr", "1")]);
    assert_eq!(values(&rows, "subject"), values(&rows, "patient"));
    let foreign = IndexValue::Uri("https://other.example/fhir/MedicationStatement/9".into());
    assert_eq!(values(&rows, "item"), [reference("MedicationStatement/m1"), foreign]);
}

#[test]
fn patient_means_references_to_patients_only() {
    let patient = |reference: &str| {
        values(&rows(&format!(r#"{{"resourceType": "List", "subject": {{{reference}}}}}"#)), "patient").len()
    };
    assert_eq!(patient(r#""reference": "Group/g1""#), 0);
    assert_eq!(patient(r#""reference": "https://other.example/Group/g1""#), 0);
    assert_eq!(patient(r#""reference": "https://other.example/Patient/1""#), 1);
    assert_eq!(patient(r#""type": "Group", "identifier": {"value": "1"}"#), 0);
    assert_eq!(patient(r#""type": "Patient", "identifier": {"value": "1"}"#), 1);
}

#[test]
fn a_choice_goes_where_its_type_belongs() {
    let coded = r#"{"resourceType": "MedicationStatement", "status": "active", "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {"coding": [{"system": "http://www.whocc.no/atc", "code": "N02BE01"}]},
        "effectivePeriod": {"start": "2026-01-01"}}"#;
    let rows = rows(coded);
    assert_eq!(values(&rows, "code"), [token("http://www.whocc.no/atc", "N02BE01")]);
    assert_eq!(values(&rows, "medication"), []);
    let from = Interval::of("2026-01-01").expect("a date").from;
    assert_eq!(values(&rows, "effective"), [IndexValue::Date(Interval { from, until: Timestamp::MAX })]);
}

#[test]
fn an_encounter_is_found_by_class_date_and_participants() {
    let rows = rows(
        r#"{"resourceType": "Encounter", "status": "finished", "class": {"system": "urn:act", "code": "IMP"},
            "subject": {"reference": "Patient/p1/_history/3"}, "length": {"value": 5.40, "system": "urn:u", "code": "h"},
            "period": {"start": "2026-03-01T10:00:00+01:00", "end": "2026-03-02"},
            "participant": [{"individual": {"reference": "PractitionerRole/r1"}}, {"individual": {"reference": "Practitioner/d1"}}]}"#,
    );
    assert_eq!(values(&rows, "class"), [token("urn:act", "IMP")]);
    assert_eq!(values(&rows, "patient"), [reference("Patient/p1")]);
    assert_eq!(values(&rows, "practitioner"), [reference("Practitioner/d1")]);
    assert_eq!(values(&rows, "participant").len(), 2);
    let (start, end) = (Interval::of("2026-03-01T10:00:00+01:00"), Interval::of("2026-03-02"));
    assert_eq!(values(&rows, "date"), [IndexValue::Date(Interval::spanning(start, end).expect("a span"))]);
    let length = values(&rows, "length");
    assert!(matches!(&length[..], [IndexValue::Number { low, high, unit }]
        if (low - 5.395).abs() < 1e-9 && (high - 5.405).abs() < 1e-9 && unit == "urn:u|h"));
}

#[test]
fn what_can_not_be_read_is_left_out() {
    let rows = rows(
        r#"{"resourceType": "Encounter", "status": 7, "period": {"start": "yesterday"}, "class": null,
            "subject": "Patient/p1", "identifier": [{"system": "urn:x"}], "_status": {"id": "x"}}"#,
    );
    assert_eq!(rows, []);
}

#[test]
fn the_same_value_stands_once() {
    let rows = rows(
        r#"{"resourceType": "Condition", "code": {"coding": [{"code": "a"}, {"code": "a"}]},
            "subject": {"identifier": {"value": "1"}}}"#,
    );
    assert_eq!(values(&rows, "code"), [token("", "a")]);
}
