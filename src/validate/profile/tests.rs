//! Small profiles, each with one thing to say, and what comes of it.

use std::sync::Arc;

use crate::fhir::{Document, Library};
use crate::validate::{Setting, resource};

/// A profile on Observation or another type, as a snapshot of the elements that matter.
fn profile(name: &str, kind: &str, elements: &str) -> Document {
    let json = format!(
        r#"{{"resourceType":"StructureDefinition","url":"http://a.example/{name}","name":"{name}","type":"{kind}",
            "derivation":"constraint","kind":"resource","abstract":false,
            "snapshot":{{"element":[{{"path":"{kind}"}}{}{elements}]}}}}"#,
        if elements.is_empty() { "" } else { "," }
    );
    Document::parse(json).unwrap()
}

/// The issues of a resource against profiles, as (rule, pointer).
fn found(profiles: Vec<Document>, asked: &[&str], json: &str) -> Vec<(&'static str, String)> {
    let library = Library::over(Library::embedded(), profiles);
    let asked: Vec<String> = asked.iter().map(|name| format!("http://a.example/{name}")).collect();
    let document = Document::parse(json).unwrap();
    let setting = Setting { profiles: &asked, ..Setting::new(&library, "2026-03-02T08:00:00Z".parse().unwrap()) };
    let issues = resource(&document, &setting).issues;
    issues
        .into_iter()
        .filter(|it| it.is_error() || it.rule.contains("support"))
        .map(|it| (it.rule, it.place.pointer))
        .collect()
}

fn observation(members: &str) -> String {
    format!(r#"{{"resourceType":"Observation","status":"final","code":{{"text":"x"}}{members}}}"#)
}

fn on_observation(elements: &str, members: &str) -> Vec<(&'static str, String)> {
    found(vec![profile("p", "Observation", elements)], &["p"], &observation(members))
}

#[test]
fn cardinalities_are_narrowed() {
    let elements = r#"{"path":"Observation.subject","min":1,"max":"1"},{"path":"Observation.note","min":0,"max":"1"},
        {"path":"Observation.device","min":0,"max":"0"}"#;
    let two_notes = r#","subject":{"reference":"Patient/1"},"note":[{"text":"a"},{"text":"b"}]"#;
    assert_eq!(on_observation(elements, ""), [("profile-min", "".into())]);
    assert_eq!(on_observation(elements, two_notes), [("profile-max", "/note/1".into())]);
    let device = r#","subject":{"reference":"Patient/1"},"device":{"display":"x"}"#;
    assert_eq!(on_observation(elements, device), [("profile-max", "/device".into())]);
}

#[test]
fn types_values_and_lengths_are_narrowed() {
    let elements = r#"{"path":"Observation.value[x]","min":0,"max":"1","type":[{"code":"Quantity"},{"code":"string"}],"maxLength":3},
        {"path":"Observation.status","min":1,"max":"1","fixedCode":"amended"},
        {"path":"Observation.code","min":1,"max":"1","patternCodeableConcept":{"coding":[{"code":"c"}]}}"#;
    let rules = |members: &str| on_observation(elements, members).into_iter().map(|it| it.0).collect::<Vec<_>>();
    assert_eq!(rules(""), ["profile-fixed", "profile-pattern"]);
    assert_eq!(rules(r#","valueBoolean":true"#), ["profile-fixed", "profile-pattern", "profile-type"]);
    assert_eq!(rules(r#","valueString":"four""#)[2], "profile-max-length");
}

#[test]
fn values_keep_to_limits_units_and_time_considered() {
    let weight = r#"{"path":"Observation.value[x]","min":0,"max":"1","type":[{"code":"Quantity"}],
        "minValueQuantity":{"value":0,"code":"kg"},"maxValueQuantity":{"value":500,"code":"kg"}}"#;
    let grams = |value: &str| {
        let unit = r#""system":"http://unitsofmeasure.org","unit":"g","code":"g""#;
        on_observation(weight, &format!(r#","valueQuantity":{{"value":{value},{unit}}}"#))
    };
    assert!(grams("70000").is_empty());
    assert_eq!(grams("-1"), [("profile-limit", "/valueQuantity".into())]);
    let birth = r#"{"path":"Patient.birthDate","min":0,"max":"1","minValueDuration":{"value":100,"code":"a"}}"#;
    let born = |date: &str| {
        let json = format!(r#"{{"resourceType":"Patient","birthDate":"{date}"}}"#);
        found(vec![profile("p", "Patient", birth)], &["p"], &json)
    };
    assert!(born("1930-01-01").is_empty());
    assert_eq!(born("1900-01-01"), [("profile-limit", "/birthDate".into())]);
}

const CATEGORIES: &str = r#"{"path":"Observation.category","slicing":{"discriminator":[{"type":"value","path":"coding.code"}],"rules":"RULES","ordered":true},"min":0,"max":"*"},
    {"path":"Observation.category","sliceName":"a","min":1,"max":"1"},
    {"path":"Observation.category.coding","min":1,"max":"*"},
    {"path":"Observation.category.coding.code","min":1,"max":"1","fixedCode":"a"},
    {"path":"Observation.category","sliceName":"b","min":0,"max":"1","patternCodeableConcept":{"coding":[{"code":"b"}]}},
    {"path":"Observation.category.coding","min":1,"max":"*"},
    {"path":"Observation.category.coding.code","min":1,"max":"1","patternCode":"b"},
    {"path":"Observation.category.text","min":1,"max":"1"}"#;

fn categories(rules: &str, codes: &[&str]) -> Vec<(&'static str, String)> {
    let items: Vec<String> =
        codes.iter().map(|code| format!(r#"{{"coding":[{{"code":"{code}"}}],"text":"x"}}"#)).collect();
    let members = if codes.is_empty() { String::new() } else { format!(r#","category":[{}]"#, items.join(",")) };
    on_observation(&CATEGORIES.replace("RULES", rules), &members)
}

#[test]
fn slices_are_counted_closed_and_ordered() {
    assert!(categories("open", &["a", "b"]).is_empty());
    assert_eq!(categories("open", &[]), [("slice-min", "".into())]);
    assert_eq!(categories("open", &["b"]), [("slice-min", "".into())]);
    assert_eq!(categories("open", &["a", "a"]), [("slice-max", "/category/1".into())]);
    assert_eq!(categories("closed", &["a", "c"]), [("slice-unmatched", "/category/1".into())]);
    assert_eq!(categories("open", &["b", "a"]), [("slice-order", "/category/1".into())]);
    assert_eq!(categories("openAtEnd", &["c", "a"]), [("slice-order", "/category/1".into())]);
}

#[test]
fn what_a_slice_asks_is_asked_of_its_items_alone() {
    let without_text = r#","category":[{"coding":[{"code":"a"}]},{"coding":[{"code":"b"}]}]"#;
    assert_eq!(
        on_observation(&CATEGORIES.replace("RULES", "open"), without_text),
        [("profile-min", "/category/1".into())]
    );
}

#[test]
fn slices_are_told_apart_by_type_existence_and_profile() {
    let by_type = r#"{"path":"Observation.value[x]","slicing":{"discriminator":[{"type":"type","path":"$this"}],"rules":"closed"},"min":0,"max":"1","type":[{"code":"Quantity"},{"code":"string"}]},
        {"path":"Observation.value[x]","sliceName":"valueQuantity","min":0,"max":"1","type":[{"code":"Quantity"}]},
        {"path":"Observation.value[x].code","min":1,"max":"1"}"#;
    assert_eq!(on_observation(by_type, r#","valueQuantity":{"value":1}"#), [("profile-min", "/valueQuantity".into())]);
    let by_existence = r#"{"path":"Observation.note","slicing":{"discriminator":[{"type":"exists","path":"time"}],"rules":"open"},"min":0,"max":"*"},
        {"path":"Observation.note","sliceName":"timed","min":0,"max":"1"},{"path":"Observation.note.time","min":1,"max":"1"},
        {"path":"Observation.note","sliceName":"timeless","min":0,"max":"*"},{"path":"Observation.note.time","min":0,"max":"0"}"#;
    let timed = r#"{"text":"x","time":"2026-03-02"}"#;
    let notes = format!(r#","note":[{timed},{{"text":"y"}},{timed}]"#);
    assert_eq!(on_observation(by_existence, &notes), [("slice-max", "/note/2".into())]);
    let bundle = r#"{"path":"Bundle.entry","slicing":{"discriminator":[{"type":"profile","path":"resource"}],"rules":"open"},"min":0,"max":"*"},
        {"path":"Bundle.entry","sliceName":"named","min":1,"max":"1"},
        {"path":"Bundle.entry.resource","min":1,"max":"1","type":[{"code":"Patient","profile":["http://a.example/named"]}]}"#;
    let named = || profile("named", "Patient", r#"{"path":"Patient.name","min":1,"max":"*"}"#);
    let with = |patient: &str| {
        let json = format!(
            r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"fullUrl":"http://a.example/Patient/1","resource":{{"resourceType":"Patient","id":"1"{patient}}}}}]}}"#
        );
        found(vec![profile("p", "Bundle", bundle), named()], &["p"], &json)
    };
    assert!(with(r#","name":[{"family":"A"}]"#).is_empty());
    assert_eq!(with(""), [("slice-min", "".into())]);
}

#[test]
fn extensions_are_held_against_their_definitions() {
    let definition = r#"{"resourceType":"StructureDefinition","url":"http://a.example/e","name":"E","type":"Extension","derivation":"constraint",
        "context":[{"type":"element","expression":"Patient.name"},{"type":"element","expression":"HumanName.given"}],
        "snapshot":{"element":[{"path":"Extension"},{"path":"Extension.url","fixedUri":"http://a.example/e"},
        {"path":"Extension.value[x]","min":1,"max":"1","type":[{"code":"code"}]}]}}"#;
    let with = |place: &str, value: &str| {
        let extension = format!(r#"{{"extension":[{{"url":"http://a.example/e",{value}}}]"#);
        let json = format!(r#"{{"resourceType":"Patient",{}}}"#, place.replace("EXT", &extension));
        found(vec![Document::parse(definition).unwrap()], &[], &json)
    };
    let on_name = r#""name":[EXT,"family":"A"}]"#;
    assert!(with(on_name, r#""valueCode":"x""#).is_empty());
    assert!(with(r#""name":[{"given":["A"],"_given":[EXT}]}]"#, r#""valueCode":"x""#).is_empty());
    assert_eq!(with(on_name, r#""valueString":"x""#), [("profile-type", "/name/0/extension/0/valueString".into())]);
    assert_eq!(
        with(r#""contact":[EXT,"name":{"family":"A"}}]"#, r#""valueCode":"x""#),
        [("extension-context", "/contact/0/extension/0".into())]
    );
    let unknown = r#"{"resourceType":"Patient","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/nothing","valueCode":"x"}]}"#;
    assert_eq!(found(vec![], &[], unknown), [("extension-undefined", "/extension/0".into())]);
}

#[test]
fn what_a_reference_leads_to_meets_a_profile() {
    let elements = r#"{"path":"Observation.subject","min":1,"max":"1","type":[{"code":"Reference","targetProfile":["http://a.example/named"]}]}"#;
    let named = || profile("named", "Patient", r#"{"path":"Patient.name","min":1,"max":"*"}"#);
    let with = |reference: &str, patient: &str| {
        let json = observation(&format!(
            r#","contained":[{{"resourceType":"Patient","id":"a"{patient}}}],"subject":{{"reference":"{reference}"}}"#
        ));
        found(vec![profile("p", "Observation", elements), named()], &["p"], &json)
    };
    assert!(with("#a", r#","name":[{"family":"A"}]"#).is_empty());
    assert_eq!(with("#a", ""), [("reference-profile", "/subject".into())]);
    let location = observation(r#","subject":{"reference":"Location/1"}"#);
    assert_eq!(
        found(vec![profile("p", "Observation", elements), named()], &["p"], &location),
        [("reference-target", "/subject/reference".into())]
    );
}

#[test]
fn profiles_are_claimed_asked_for_and_may_contradict() {
    let one = || profile("one", "Patient", r#"{"path":"Patient.photo","min":1,"max":"*"}"#);
    let other = || profile("other", "Patient", r#"{"path":"Patient.photo","min":0,"max":"0"}"#);
    let claimed = r#"{"resourceType":"Patient","meta":{"profile":["http://a.example/one"]}}"#;
    assert_eq!(found(vec![one()], &[], claimed), [("profile-min", "".into())]);
    let rules: Vec<_> = found(vec![one(), other()], &["other"], claimed).into_iter().map(|it| it.0).collect();
    assert_eq!(rules, ["profiles-contradict", "profile-min"]);
    assert_eq!(found(vec![], &["nowhere"], r#"{"resourceType":"Patient"}"#), [("profile-not-at-hand", "".into())]);
    assert_eq!(
        found(vec![one()], &["one"], r#"{"resourceType":"Basic","code":{"text":"x"}}"#),
        [("profile-type-differs", "".into())]
    );
}

#[test]
fn what_must_be_supported_and_is_absent_is_told_when_asked() {
    let library = Library::over(
        Library::embedded(),
        [profile("p", "Patient", r#"{"path":"Patient.name","min":0,"max":"*","mustSupport":true}"#)],
    );
    let library = Arc::new(library);
    let document = Document::parse(r#"{"resourceType":"Patient","active":true}"#).unwrap();
    let asked = ["http://a.example/p".to_owned()];
    let told = |must_support| {
        let setting = Setting {
            profiles: &asked,
            must_support,
            ..Setting::new(&library, "2026-03-02T08:00:00Z".parse().unwrap())
        };
        resource(&document, &setting).issues.iter().filter(|it| it.rule == "must-support-absent").count()
    };
    assert_eq!((told(false), told(true)), (0, 1));
}
