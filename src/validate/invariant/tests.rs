use crate::fhir::library::profile::Invariant;
use crate::fhir::path::{Expression, Item, Resolver};
use crate::fhir::{Document, Issue, Library, Severity};
use crate::validate::testing::{found, issue, patient};
use crate::validate::{Setting, resource};

use super::*;

fn setting() -> Setting<'static> {
    Setting::new(Library::embedded(), jiff::Timestamp::UNIX_EPOCH)
}

#[test]
fn a_broken_invariant_is_told_at_its_element_with_its_key_and_what_to_change() {
    let json = patient(r#""contact":[{"gender":"female"}]"#);
    let issue = issue(&json);
    assert_eq!((issue.rule, issue.place.pointer.as_str()), ("invariant", "/contact/0"));
    assert_eq!(issue.english, "Give the contact a name, telecom, address or organization (pat-1).");
    assert_eq!(issue.swedish, "Ange name, telecom, address eller organization för kontakten (pat-1).");
    assert_eq!(issue.constraint.as_deref(), Some("http://hl7.org/fhir/StructureDefinition/Patient#pat-1"));
}

#[test]
fn invariants_of_data_types_hold_wherever_the_type_stands() {
    let json = patient(r#""identifier":[{"value":"1","period":{"start":"2026-03-02","end":"2026-03-01"}}]"#);
    assert_eq!(found(&json), [("invariant", "/identifier/0/period".into())]);
    let json = patient(r#""extension":[{"url":"http://a.example","valueQuantity":{"value":1,"code":"mg"}}]"#);
    assert_eq!(found(&json), [("invariant", "/extension/0/valueQuantity".into())]);
}

#[test]
fn invariants_of_an_element_are_held_against_each_of_its_values() {
    let json = r#"{"resourceType":"Organization","name":"x","telecom":[{"system":"phone","value":"1"},
        {"system":"phone","value":"2","use":"home"}]}"#;
    assert_eq!(found(json), [("invariant", "/telecom/1".into())]);
}

#[test]
fn a_warning_stays_one() {
    let json = r#"{"resourceType":"ValueSet","status":"draft","name":"with space"}"#;
    let issue = issue(json);
    assert_eq!((issue.severity, issue.place.pointer.as_str()), (Severity::Warning, ""));
    assert!(issue.english.ends_with("(vsd-0)."));
    assert!(found(r#"{"resourceType":"ValueSet","status":"draft"}"#).is_empty());
}

#[test]
fn the_resource_of_an_invariant_is_the_one_around_it() {
    let entry = r#"{"resourceType":"Observation","status":"final","code":{"coding":[{"code":"a"}]},"valueString":"x",
        "component":[{"code":{"coding":[{"code":"a"}]}}]}"#;
    assert_eq!(found(entry), [("invariant", "".into())]);
    let bundle = format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"fullUrl":"urn:uuid:c757873d-ec9a-4326-a141-556f43239520","resource":{entry}}}]}}"#
    );
    assert_eq!(found(&bundle), [("invariant", "/entry/0/resource".into())]);
    let contained = format!(
        r##"{{"resourceType":"Basic","code":{{"text":"x"}},"subject":{{"reference":"#o"}},"contained":[{}]}}"##,
        entry.replacen('{', r#"{"id":"o","#, 1)
    );
    assert_eq!(found(&contained), [("invariant", "/contained/0".into())]);
}

#[test]
fn what_is_wrong_already_is_not_told_twice_as_not_evaluated() {
    let json = patient(r#""identifier":[{"value":"1","period":{"start":"x","end":"2026-03-01"}}]"#);
    let issues = found(&json);
    assert_eq!(issues[0], ("date-time-format", "/identifier/0/period/start".into()));
    assert!(issues.iter().all(|(rule, _)| *rule != "invariant-not-evaluated"), "{issues:?}");
}

#[test]
fn a_narrative_is_recommended_once_and_where_best_practice_is_asked_for() {
    let json = r##"{"resourceType":"Patient","generalPractitioner":[{"reference":"#p"}],
        "contained":[{"resourceType":"Practitioner","id":"p"}]}"##;
    let document = Document::parse(json).unwrap();
    let asked = Setting { must_support: true, ..setting() };
    let issues = resource(&document, &asked).issues;
    assert_eq!(issues.len(), 1);
    assert_eq!((issues[0].rule, issues[0].severity), ("narrative-recommended", Severity::Warning));
    assert!(resource(&document, &setting()).issues.is_empty());
}

/// What the invariant of a profile says of a Patient.
fn of_profile(expression: &str, json: &str, setting: &Setting<'_>) -> Vec<Issue> {
    let document = Document::parse(json).unwrap();
    let expression = Expression::parse(expression).map_err(|fault| fault.to_string());
    let invariant =
        Invariant { key: "own-1".into(), is_error: true, human: "A name is there.".into(), swedish: None, expression };
    let mut issues = Issues::default();
    let mut invariants = Invariants::new(document.root(), setting);
    invariants.profile(document.root(), None, &[invariant], "http://a.example/p", &mut issues);
    issues.finish(document.root())
}

#[test]
fn an_invariant_of_a_profile_is_told_with_the_profile() {
    let issues = of_profile("name.exists()", r#"{"resourceType":"Patient"}"#, &setting());
    assert_eq!(issues[0].english, "A name is there (own-1 of http://a.example/p).");
    assert_eq!(issues[0].constraint.as_deref(), Some("http://a.example/p#own-1"));
    assert!(of_profile("name.exists()", r#"{"resourceType":"Patient","name":[{"text":"x"}]}"#, &setting()).is_empty());
}

#[test]
fn an_invariant_that_cannot_be_evaluated_is_a_warning_that_says_why() {
    for (expression, why) in [
        ("gender.memberOf('http://a.example/v')", "whether a code is in the value set is not known"),
        ("name.single().exists()", "one item was expected, but there are several"),
        ("name.unheard()", "unheard"),
    ] {
        let json = r#"{"resourceType":"Patient","gender":"male","name":[{"text":"x"},{"text":"y"}]}"#;
        let issues = of_profile(expression, json, &setting());
        assert_eq!((issues[0].rule, issues[0].severity), ("invariant-not-evaluated", Severity::Warning));
        assert!(issues[0].english.contains(why), "{}", issues[0].english);
    }
}

/// Knows one value set.
struct Terminology;

impl Resolver for Terminology {
    fn resolve(&self, _reference: &str) -> Option<&Document> {
        None
    }

    fn member_of(&self, coded: &Item<'_>, value_set: &str) -> Option<bool> {
        (value_set == "http://a.example/v").then(|| coded.as_text().as_deref() == Some("male"))
    }
}

#[test]
fn a_terminology_service_behind_the_setting_is_asked() {
    let asked = Setting { resolver: &Terminology, ..setting() };
    let says = |gender: &str| {
        let json = patient(&format!(r#""gender":"{gender}""#));
        of_profile("gender.memberOf('http://a.example/v')", &json, &asked).len()
    };
    assert_eq!((says("male"), says("female")), (0, 1));
}

#[test]
fn an_expression_that_never_ends_is_cut_off() {
    let names = vec![r#"{"text":"x"}"#; 300].join(",");
    let json = patient(&format!(r#""name":[{names}]"#));
    let issues =
        of_profile("name.select(%resource.name.select(%resource.name.count() > 0)).exists()", &json, &setting());
    assert!(issues[0].english.contains("too many steps"), "{}", issues[0].english);
}

/// Of HL7's own examples these break an invariant that is an error: abstract patterns that say they are not abstract.
const FAULTY_EXAMPLES: &[(&str, &str)] = &[
    ("StructureDefinition-Definition.json", "sdf-4"),
    ("StructureDefinition-Event.json", "sdf-4"),
    ("StructureDefinition-FiveWs.json", "sdf-4"),
    ("StructureDefinition-Request.json", "sdf-4"),
];

/// The invariants that a file's resource breaks, and those that could not be evaluated.
fn alarms(path: &std::path::Path) -> Vec<(String, String)> {
    let Some(document) = std::fs::read_to_string(path).ok().and_then(|text| Document::parse(text).ok()) else {
        return Vec::new();
    };
    let file = path.file_name().unwrap().to_string_lossy();
    let is_alarm = |issue: &Issue| issue.rule == "invariant-not-evaluated" || issue.is_error();
    let issues = resource(&document, &setting()).issues.into_iter().filter(is_alarm);
    issues.filter_map(|it| Some((file.to_string(), it.constraint?.rsplit('#').next()?.to_owned()))).collect()
}

/// HL7's own examples of R4 where they lie unpacked: `VARDBRO_R4_EXAMPLES` names the folder at compilation.
#[test]
#[expect(clippy::print_stderr, reason = "says that there is nothing to read")]
fn the_examples_of_the_specification_meet_its_invariants() {
    let Some(folder) = option_env!("VARDBRO_R4_EXAMPLES") else {
        eprintln!("skipped: VARDBRO_R4_EXAMPLES names no folder");
        return;
    };
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = files.flat_map(|path| alarms(&path)).collect();
    found.sort();
    let faulty: Vec<_> = FAULTY_EXAMPLES.iter().map(|(file, key)| ((*file).to_owned(), (*key).to_owned())).collect();
    assert_eq!(found, faulty);
}
