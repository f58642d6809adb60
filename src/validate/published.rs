//! What others publish, held against the definitions: HL7's R4 examples, IPS and the Swedish base have no errors but those
//! in `tests/published-faults.json`, each with its reason. The folders are no part of the repository:
//! `PUBLISHED=folder:folder cargo test --lib published -- --nocapture`; without them the test says that it is skipped.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::Timestamp;

use crate::fhir::{Document, Issue, Library};

use super::{Setting, resource};

/// Rule -> files in which it is known to be broken.
fn known() -> BTreeMap<String, BTreeSet<String>> {
    let list = Document::parse(include_str!("../../tests/published-faults.json")).unwrap();
    let text = |node: crate::fhir::NodeRef<'_>, name: &str| node.str_at(name).unwrap().into_owned();
    let files =
        |node: crate::fhir::NodeRef<'_>| node.list("files").map(|it| it.as_str().unwrap().into_owned()).collect();
    let entries = list.root().children();
    let known = entries.map(|it| (text(it, "rule"), files(it)));
    known.collect()
}

fn files(folders: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in folders.split(':').filter(|folder| !folder.is_empty()) {
        files.extend(std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    }
    files.retain(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".json") && name != "package.json" && !name.starts_with('.')
    });
    files.sort();
    files
}

#[test]
fn every_known_fault_has_a_rule_and_a_reason() {
    let list = Document::parse(include_str!("../../tests/published-faults.json")).unwrap();
    for entry in list.root().children() {
        let rule = entry.str_at("rule").unwrap();
        assert!(super::rules::ALL.iter().any(|it| it.name == rule), "{rule}");
        assert!(entry.str_at("reason").is_some_and(|reason| reason.len() > 10), "{rule}");
    }
}

#[test]
#[expect(clippy::disallowed_methods, clippy::print_stderr, reason = "a test of what is not in the repository")]
fn what_others_publish_has_no_errors_but_the_known() {
    let Ok(folders) = std::env::var("PUBLISHED") else {
        eprintln!("skipped: PUBLISHED names no folders of published resources");
        return;
    };
    let known = known();
    let mut surprises = Vec::new();
    for file in files(&folders) {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Ok(document) = Document::parse(std::fs::read_to_string(&file).unwrap()) else {
            surprises.push(format!("{name}: no JSON"));
            continue;
        };
        let issues = resource(&document, &Setting::new(Library::embedded(), Timestamp::UNIX_EPOCH)).issues;
        let is_new =
            |issue: &&Issue| issue.is_error() && !known.get(issue.rule).is_some_and(|files| files.contains(&name));
        surprises.extend(issues.iter().filter(is_new).map(|issue| format!("{name}: {issue}")));
    }
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}
