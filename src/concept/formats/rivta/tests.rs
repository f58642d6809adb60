//! Every message of `fixtures/rivta/get-medication-history` against what is expected of it, and hostile variants.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{Request, medication_history};
use crate::concept::medication_list::Nothing;
use crate::concept::{Concept, ConceptKind, MedicationList, read};
use crate::fhir::Issue;
use crate::identity::{PersonId, looks_personal};

type Answer = Result<(MedicationList, Vec<Issue>), Vec<Issue>>;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rivta/get-medication-history").join(name)
}

fn request() -> Request {
    let now = "2026-11-23T12:00:00Z".parse().unwrap();
    Request { patient: PersonId::parse("191212121212").ok(), complete: true, now }
}

/// The messages of a folder: name, bytes and what is expected.
fn messages(name: &str) -> Vec<(String, Vec<u8>, Json)> {
    let mut paths: Vec<_> = fs::read_dir(folder(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "xml"));
    let told = |path: &Path| fs::read(path).map_or(Json::Null, |bytes| serde_json::from_slice(&bytes).unwrap());
    paths
        .into_iter()
        .map(|path| {
            let expected = told(&path.with_extension("expected.json"));
            (path.file_stem().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap(), expected)
        })
        .collect()
}

/// An answer as the expectation files write it.
fn told(answer: &Answer) -> Json {
    let (list, issues) = match answer {
        Ok((list, issues)) => (serde_json::to_value(list).unwrap(), issues),
        Err(issues) => (Json::Null, issues),
    };
    let issue = |issue: &Issue| {
        let line = issue.place.position.map(|(line, _)| line);
        json!({"severity": issue.severity.code(), "rule": issue.rule, "at": issue.place.expression, "line": line})
    };
    json!({"list": list, "issues": issues.iter().map(issue).collect::<Vec<_>>()})
}

/// What must hold of any answer: what is given can be sent on, and nothing personal is in an issue.
fn assert_sound(answer: &Answer) {
    let issues = match answer {
        Ok((list, issues)) => {
            let concept = Concept::MedicationList(Box::new(list.clone()));
            assert_eq!(read(ConceptKind::MedicationList, &concept.to_json()).as_ref(), Ok(&concept));
            issues
        }
        Err(issues) => {
            assert!(issues.iter().any(Issue::is_error));
            issues
        }
    };
    for issue in issues {
        assert!(!looks_personal(&format!("{issue:?}")) && !issue.english.is_empty() && !issue.swedish.is_empty());
    }
}

fn check(name: &str, is_valid: bool) {
    let mut failed = Vec::new();
    for (message, bytes, expected) in messages(name) {
        let answer = medication_history(&bytes, &request());
        assert_sound(&answer);
        if told(&answer) != expected || answer.is_ok() != is_valid {
            failed.push(format!("== {message}\n{}", serde_json::to_string_pretty(&told(&answer)).unwrap()));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn valid_messages_become_their_lists() {
    check("valid", true);
}

#[test]
fn invalid_messages_are_refused_with_everything_that_is_wrong() {
    check("invalid", false);
}

fn message(name: &str) -> String {
    fs::read_to_string(folder("valid").join(name)).unwrap()
}

#[test]
fn an_empty_answer_is_nothing_known_unless_all_was_asked_and_answered() {
    let empty = message("no-records.xml");
    let none =
        |xml: &str, complete| medication_history(xml.as_bytes(), &Request { complete, ..request() }).unwrap().0.none;
    assert_eq!(none(&empty, true), Some(Nothing::NilKnown));
    assert_eq!(none(&empty, false), None);
    assert_eq!(none(&empty.replace("OK", "INFO"), true), None);
    let unknown = empty.replace("<m:result>", "<m:MedicationMedicalRecord>x</m:MedicationMedicalRecord><m:result>");
    assert_eq!(none(&unknown, true), None);
}

#[test]
fn an_empty_answer_names_nobody() {
    let asked = Request { patient: None, ..request() };
    let issues = medication_history(message("no-records.xml").as_bytes(), &asked).unwrap_err();
    assert_eq!(issues.iter().map(|issue| issue.rule).collect::<Vec<_>>(), ["patient-unknown"]);
}

#[test]
fn an_answer_about_somebody_else_is_refused() {
    let asked = Request { patient: PersonId::parse("189002029800").ok(), ..request() };
    let issues = medication_history(message("one-drug.xml").as_bytes(), &asked).unwrap_err();
    assert!(issues.iter().any(|issue| issue.rule == "other-patient"));
}

#[test]
fn no_record_is_lost_for_a_blank_value_without_an_error() {
    let xml = message("ended-and-ahead.xml");
    for name in ["authorTime", "id", "type", "approvedForPatient", "healthcareProfessionalCareGiverHSAId", "root"] {
        let (open, close) = (format!("<d:{name}>"), format!("</d:{name}>"));
        let (begin, end) = (xml.find(&open).unwrap() + open.len(), xml.find(&close).unwrap());
        let blank = format!("{} {}", &xml[..begin], &xml[end..]);
        let issues = medication_history(blank.as_bytes(), &request()).unwrap_err();
        assert!(issues.iter().any(Issue::is_error), "{name}");
    }
}

#[test]
fn a_message_about_two_people_is_refused() {
    let xml = fs::read(folder("invalid").join("several-patients.xml")).unwrap();
    let issues = medication_history(&xml, &Request { patient: None, ..request() }).unwrap_err();
    assert_eq!(issues.iter().map(|issue| issue.rule).collect::<Vec<_>>(), ["several-patients"]);
}

#[test]
fn deep_wide_and_large_messages_are_refused_in_good_time() {
    let deep = "<a>".repeat(100_000);
    let wide = format!("<a>{}</a>", "<b/>".repeat(400_000));
    let large = " ".repeat(17 << 20);
    let attributes = format!("<a {}/>", (0..50_000).map(|i| format!("a{i}=''")).collect::<Vec<_>>().join(" "));
    for xml in [deep, wide, large, attributes] {
        let issues = medication_history(xml.as_bytes(), &request()).unwrap_err();
        assert_eq!(issues.iter().map(|issue| issue.rule).collect::<Vec<_>>(), ["xml-too-large"]);
    }
}

#[test]
fn many_unknown_elements_make_few_issues_in_good_time() {
    let unknown = format!("{}<m:result>", "<m:unknown>x</m:unknown>".repeat(100_000));
    let xml = message("no-records.xml").replace("<m:result>", &unknown);
    let (_, issues) = medication_history(xml.as_bytes(), &request()).unwrap();
    assert_eq!(issues.len(), 501);
    assert_eq!(issues.last().map(|issue| issue.rule), Some("more-issues"));
}

#[test]
fn an_element_that_is_named_after_a_person_is_not_quoted() {
    let xml = message("one-drug.xml").replace("<d:drug>", "<d:p19121212-1212>x</d:p19121212-1212><d:drug>");
    assert_sound(&medication_history(xml.as_bytes(), &request()));
}

/// A message to damage.
fn any_message() -> impl Strategy<Value = Vec<u8>> {
    let all: Vec<Vec<u8>> = ["valid", "invalid"].into_iter().flat_map(messages).map(|(_, bytes, _)| bytes).collect();
    prop::sample::select(all)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_damaged_message_panics_or_gives_what_cannot_be_sent_on(
        mut xml in any_message(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..60, "[<>/&;a-zA-Z0-9 \"=:-]{0,6}"), 1..4),
    ) {
        for (at, length, with) in cuts {
            let at = at.index(xml.len() + 1);
            let until = (at + length).min(xml.len());
            xml.splice(at..until, with.into_bytes());
        }
        assert_sound(&medication_history(&xml, &request()));
    }

    #[test]
    fn no_other_leaf_value_panics_or_gives_what_cannot_be_sent_on(
        xml in any_message(), at in any::<prop::sample::Index>(), with in "(\\PC{0,12}|[0-9]{8,14}|[0-9.eE+-]{1,6}|[A-Z][0-9A-Z.]{0,6})",
    ) {
        let Ok(text) = String::from_utf8(xml) else { return Ok(()) };
        let leaves: Vec<_> = text.match_indices("</").filter_map(|(end, _)| {
            let begin = text[..end].rfind('>')? + 1;
            (begin < end).then_some((begin, end))
        }).collect();
        prop_assume!(!leaves.is_empty());
        let (begin, end) = leaves[at.index(leaves.len())];
        let with = with.replace('&', "&amp;").replace('<', "&lt;");
        assert_sound(&medication_history(format!("{}{with}{}", &text[..begin], &text[end..]).as_bytes(), &request()));
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        assert_sound(&medication_history(&bytes, &request()));
    }
}
