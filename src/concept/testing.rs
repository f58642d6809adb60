//! Generators and the law that every kind is held to.

use proptest::prelude::*;

use super::decimal::Decimal;
use super::ids::{Hsa, Identifier, Patient};
use super::parts::{Caregiver, Coded, Organisation, Period, Profession, Professional, Quantity};
use super::time::DateTime;
use super::{Concept, from_fhir, read};
use crate::fhir::{Severity, Value};

/// Concept -> JSON -> concept -> FHIR -> concept -> FHIR changes nothing.
pub(super) fn law(concept: &Concept) {
    let kind = concept.kind();
    assert_eq!(read(kind, &concept.to_json()).as_ref(), Ok(concept), "through JSON");
    let bundle = bundle(concept);
    is_a_sound_transaction(&bundle);
    let (back, issues) = from_fhir(kind, &bundle.to_document()).expect("what we wrote can be read");
    assert_eq!(back, std::slice::from_ref(concept), "through FHIR");
    assert_eq!(issues, [], "nothing of ours is without a place");
}

/// The concept's Bundle, with ids that count.
pub(super) fn bundle(concept: &Concept) -> Value {
    let mut next = 0_u32;
    let mut ids = || {
        next += 1;
        format!("00000000-0000-4000-8000-{next:012}")
    };
    let mapped = concept.to_fhir(&mut ids);
    assert!(mapped.issues.iter().all(|issue| issue.severity == Severity::Information), "{:?}", mapped.issues);
    mapped.bundle
}

/// Entries are named once, made or replaced by condition, and refer only to each other and to a known patient.
fn is_a_sound_transaction(bundle: &Value) {
    assert_eq!(at(bundle, "type"), &Value::from("transaction"));
    let entries = at(bundle, "entry").items();
    let urls: Vec<&str> = entries.iter().filter_map(|entry| at(entry, "fullUrl").as_str()).collect();
    let distinct: std::collections::HashSet<_> = urls.iter().collect();
    assert_eq!((urls.len(), distinct.len()), (entries.len(), entries.len()));
    for entry in entries {
        is_a_sound_request(entry);
        all_references(at(entry, "resource")).into_iter().for_each(|reference| {
            let known = urls.contains(&reference) || reference.starts_with('#');
            assert!(known || reference.starts_with("Patient?identifier="), "{reference}");
        });
    }
}

fn is_a_sound_request(entry: &Value) {
    let text = |way| at(entry, way).as_str().unwrap_or_default();
    let kind = text("resource.resourceType");
    let directory = ["Practitioner", "PractitionerRole", "Patient"].contains(&kind);
    match text("request.method") {
        "PUT" => assert!(!directory && text("request.url").starts_with(&format!("{kind}?identifier="))),
        "POST" => {
            assert_eq!(text("request.url"), kind);
            let shared = directory || ["Organization", "Location"].contains(&kind);
            assert_eq!(shared, text("request.ifNoneExist").starts_with("identifier="), "{kind}");
        }
        other => panic!("no {other} here"),
    }
}

fn all_references(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(items) => items.iter().flat_map(all_references).collect(),
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, member)| match member.as_str() {
                Some(text) if name == "reference" => vec![text],
                _ => all_references(member),
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The resources of a type in a Bundle.
pub(super) fn resources(bundle: &Value, kind: &str) -> Vec<Value> {
    let all = bundle.get("entry").map(Value::items).unwrap_or_default().iter().filter_map(|e| e.get("resource"));
    all.filter(|r| r.get("resourceType").and_then(Value::as_str) == Some(kind)).cloned().collect()
}

/// The value at the end of a way of names and indices.
pub(super) fn at<'v>(value: &'v Value, way: &str) -> &'v Value {
    way.split('.').fold(value, |value, step| match step.parse::<usize>() {
        Ok(index) => value.items().get(index).unwrap_or(&Value::Null),
        Err(_) => value.get(step).unwrap_or(&Value::Null),
    })
}

pub(super) fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zåäö]{1,8}", "[ -~åäöéÅ\n\"\\\\]{0,12}[A-Z]"]
}

pub(super) fn decimal() -> impl Strategy<Value = Decimal> {
    prop_oneof!["(0|[1-9][0-9]{0,4})(\\.[0-9]{1,4})?", "[1-9]\\.[0-9]{1,2}[eE][+-]?[0-3]", Just("0.50".to_owned())]
        .prop_map(|text| Decimal::parse(&text).unwrap())
}

pub(super) fn positive() -> impl Strategy<Value = Decimal> {
    "[1-9][0-9]{0,2}(\\.[0-9]{1,3})?".prop_map(|text| Decimal::parse(&text).unwrap())
}

pub(super) fn date_time() -> impl Strategy<Value = DateTime> {
    prop_oneof!["20[0-2][0-9]", "20[0-2][0-9]-0[1-9]", "20[0-2][0-9]-1[0-2]-[01][1-9]", instant()]
        .prop_map(|text| DateTime::parse(&text).unwrap())
}

fn instant() -> impl Strategy<Value = String> {
    "20[0-2][0-9]-0[1-9]-[12][0-8]T[01][0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,3})?(Z|[+-]0[0-9]:00)"
}

/// An instant, where FHIR takes nothing less.
pub(super) fn moment() -> impl Strategy<Value = DateTime> {
    instant().prop_map(|text| DateTime::parse(&text).unwrap())
}

pub(super) fn period() -> impl Strategy<Value = Period> {
    (date_time(), date_time(), 0..3_u8).prop_map(|(a, b, which)| {
        let (start, end) = if a.earliest() <= b.earliest() { (a, b) } else { (b, a) };
        match which {
            0 => Period { start: Some(start), end: None },
            1 => Period { start: None, end: Some(end) },
            _ => Period { start: Some(start), end: Some(end) },
        }
    })
}

pub(super) fn patient() -> impl Strategy<Value = Patient> {
    prop::sample::select(vec![
        "191212121212",
        "189002029800",
        "189602029812",
        "196101182803",
        "199002222397",
        "20210325K069",
    ])
    .prop_map(|number| Patient::parse(number).unwrap())
}

pub(super) fn identifier() -> impl Strategy<Value = Identifier> {
    ("(urn:oid:1\\.2\\.[1-9]{1,4}|https://example\\.org/[a-z]{1,5})", text())
        .prop_map(|(system, value)| Identifier { system, value })
}

pub(super) fn hsa() -> impl Strategy<Value = Hsa> {
    "SE2120002627-E[A-Z]{0,2}[0-9]{1,2}".prop_map(|id| Hsa::parse(&id).unwrap())
}

pub(super) fn coded() -> impl Strategy<Value = Coded> {
    let code = ("urn:oid:1\\.2\\.[1-9]{1,4}", "[A-Z0-9]{1,6}", prop::option::of(text()));
    (prop::option::of(text()), prop::option::of(code)).prop_map(|(text, code)| match (text, code) {
        (None, None) => Coded::of_text("x"),
        (text, None) => Coded { text, ..Coded::default() },
        (text, Some((system, code, display))) => Coded { text, system: Some(system), code: Some(code), display },
    })
}

pub(super) fn quantity() -> impl Strategy<Value = Quantity> {
    (decimal(), prop::option::of(text()), prop::option::of("[a-z]{1,3}")).prop_map(|(value, unit, ucum)| Quantity {
        value,
        unit,
        ucum,
    })
}

/// An organisation is what its HSA-id names: the rest follows from it, as in a directory.
pub(super) fn organisation() -> impl Strategy<Value = Organisation> {
    hsa().prop_map(|hsa_id| {
        let id = hsa_id.as_str().to_owned();
        let name = id.ends_with(['1', '3', '5', '7', '9']).then(|| format!("Enhet {id}"));
        let caregiver = id.ends_with(['1', '2', '3']).then(|| Caregiver {
            hsa_id: Hsa::parse("SE2321000222-0000").unwrap(),
            name: Some("Region Väst".to_owned()),
        });
        Organisation { hsa_id, name, caregiver }
    })
}

/// A hälsocentral: never the same as a unit of the municipality.
pub(super) fn centre() -> impl Strategy<Value = Organisation> {
    "SE2321000222-HC[0-9]{1,2}".prop_map(|id| Organisation {
        name: Some(format!("Hälsocentral {id}")),
        hsa_id: Hsa::parse(&id).unwrap(),
        caregiver: None,
    })
}

pub(super) fn professional() -> impl Strategy<Value = Professional> {
    let known = "SE2321000222-P[0-9]{1,2}".prop_map(|id| Professional {
        given: id.ends_with(['1', '2']).then(|| "Anna Maria".to_owned()),
        family: id.ends_with(['1', '2']).then(|| format!("Berg {id}")),
        name: id.ends_with(['3', '4']).then(|| format!("Läkare {id}")),
        hsa_id: Some(Hsa::parse(&id).unwrap()),
        ..Professional::default()
    });
    let unknown = text().prop_map(|name| Professional { name: Some(name), ..Professional::default() });
    let phone = prop::option::of("\\+46[0-9]{6,9}");
    let profession = prop::option::of(prop::sample::select(Profession::ALL));
    let rest = (profession, prop::option::of(coded()), prop::option::of(organisation()), phone);
    (prop_oneof![known, unknown], rest).prop_map(|(person, (profession, role, unit, phone))| Professional {
        profession,
        role,
        unit,
        phone,
        ..person
    })
}
