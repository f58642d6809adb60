//! The cases of HL7's own validator, and the verdict of HL7's Java validator on each: whether ours agrees.
//!
//! The cases are not part of this repository; where `../shared/reference/validator-cases` is absent, nothing is
//! tested, and the test says so; nor are they without R4's definitions. Each deviation stands in `tests/official-deviations.json` with its reason.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a report for whoever runs the tests"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::fhir::{Document, Library};

use super::{Setting, resource};

const CASES: &str = "../shared/reference/validator-cases";
const DEVIATIONS: &str = include_str!("../../tests/official-deviations.json");

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    level: String,
    file: String,
    profile: Option<String>,
    load: Vec<String>,
    valid: bool,
    messages: Vec<String>,
}

/// What we say of a case: the rules of the errors; a text that is no JSON has a fault of syntax.
fn errors(folder: &Path, case: &Case, definitions: &std::sync::Arc<Library>) -> Vec<String> {
    let text = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    let parsed = |file: &str| Document::parse(text(file)).unwrap();
    let Ok(document) = Document::parse(text(&case.file)) else { return vec!["syntax".into()] };
    let mut files: Vec<&String> = case.load.iter().collect();
    files.dedup();
    let library = Library::over(definitions, files.iter().map(|file| parsed(file)));
    let profile = case.profile.as_ref().and_then(|file| Some(parsed(file).root().str_at("url")?.into_owned()));
    let profiles: Vec<String> = profile.into_iter().collect();
    let now = "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap();
    let report = resource(&document, &Setting { profiles: &profiles, ..Setting::new(&library, now) });
    let told = report.issues.iter().filter(|issue| issue.is_error());
    told.map(|issue| format!("{} at {}: {}", issue.rule, issue.place.expression, issue.english)).collect()
}

#[test]
fn verdicts_agree_with_hl7s_validator_but_for_the_deviations_on_record() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(CASES);
    let Ok(text) = std::fs::read_to_string(folder.join("cases.json")) else {
        return eprintln!("skipped: {CASES} is absent");
    };
    let cases: Vec<Case> = serde_json::from_str(&text).unwrap();
    let mut recorded: BTreeMap<String, String> = serde_json::from_str(DEVIATIONS).unwrap();
    let definitions = super::testing::definitions();
    if !definitions.knows("http://hl7.org/fhir/StructureDefinition/Patient") {
        return eprintln!("skipped: the definitions of R4 are not at hand");
    }
    let mut agreed: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut surprises = Vec::new();
    for case in &cases {
        let errors = errors(&folder, case, &definitions);
        let agrees = errors.is_empty() == case.valid;
        let count = agreed.entry(&case.level).or_default();
        *count = (count.0 + usize::from(agrees), count.1 + 1);
        let reason = recorded.remove(&case.name);
        if !agrees {
            println!(
                "{} {}\n  reason: {reason:?}\n  ours: {errors:?}\n  HL7: {:?}",
                case.level, case.name, case.messages
            );
        }
        if agrees == reason.is_some() {
            surprises.push(case.name.clone());
        }
    }
    for (level, (right, all)) in &agreed {
        println!("level {level}: {right} of {all} agree");
    }
    surprises.extend(recorded.into_keys());
    assert!(surprises.is_empty(), "these deviate and are not on record, or are on record and do not: {surprises:?}");
}

/// Errors on each file of the folders in `CORPUS` (with `:` between), grouped by rule:
/// `CORPUS=folder cargo test --lib corpus -- --ignored --nocapture`.
#[test]
#[ignore = "a tool for people: it prints, and tests nothing"]
fn corpus() {
    let definitions = super::testing::definitions();
    let folders = std::env::var("CORPUS").unwrap_or_default();
    let only = std::env::var("RULE").unwrap_or_default();
    let mut rules: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for folder in folders.split(':').filter(|folder| !folder.is_empty()) {
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for file in files.iter().filter(|file| file.extension().is_some_and(|it| it == "json")) {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            let Ok(document) = Document::parse(std::fs::read_to_string(file).unwrap()) else {
                rules.entry("syntax").or_default().push(name);
                continue;
            };
            let setting = Setting::new(&definitions, Timestamp::UNIX_EPOCH);
            for issue in resource(&document, &setting).issues.iter().filter(|issue| issue.is_error()) {
                rules
                    .entry(issue.rule)
                    .or_default()
                    .push(format!("{name} {}: {}", issue.place.expression, issue.english));
            }
        }
    }
    for (rule, told) in rules.iter().filter(|(rule, _)| only.is_empty() || only.split(',').any(|it| it == **rule)) {
        println!("== {rule}: {}", told.len());
        told.iter().take(if only.is_empty() { 12 } else { 200 }).for_each(|line| println!("   {line}"));
    }
}
