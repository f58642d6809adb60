//! The profiles of ours against their examples: the valid ones have no errors, the invalid ones those that they say.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fhir::{Document, Issue, Library};
use crate::validate::{Setting, resource};

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/profiles");
    let mut folders: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

fn examples(folder: &Path, kind: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder.join(kind)) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| !file.to_string_lossy().ends_with(".expected.json"));
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// The issues of an example against the profile whose folder it is in.
fn faults(folder: &Path, file: &Path) -> Vec<Issue> {
    let url = format!("https://vardbro.example/fhir/StructureDefinition/{}", name(folder));
    let profiles = [url];
    let now = "2026-03-02T08:00:00Z".parse().unwrap();
    let setting = Setting { profiles: &profiles, ..Setting::new(Library::embedded(), now) };
    let document = Document::parse(fs::read_to_string(file).unwrap()).unwrap();
    resource(&document, &setting).issues
}

#[test]
fn valid_examples_have_no_errors() {
    let mut told = Vec::new();
    let mut count = 0;
    for folder in folders() {
        for file in examples(&folder, "valid") {
            count += 1;
            let errors = faults(&folder, &file).into_iter().filter(Issue::is_error);
            told.extend(errors.map(|issue| format!("{}/{}: {issue}", name(&folder), name(&file))));
        }
    }
    assert!(count > 60);
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn invalid_examples_have_the_faults_that_they_say() {
    let mut told = Vec::new();
    for folder in folders() {
        let files = examples(&folder, "invalid");
        for file in &files {
            let expected = fs::read_to_string(file.with_extension("expected.json")).unwrap();
            let expected = Document::parse(expected).unwrap();
            let found = faults(&folder, file);
            for issue in expected.root().list("issues") {
                let (rule, place) = (issue.str_at("rule").unwrap(), issue.str_at("expression").unwrap());
                if !found.iter().any(|it| it.rule == rule && it.place.expression == place) {
                    let found: Vec<_> =
                        found.iter().map(|it| format!("{} at {}", it.rule, it.place.expression)).collect();
                    told.push(format!("{}/{}: {rule} at {place} is not in {found:?}", name(&folder), name(file)));
                }
            }
        }
    }
    assert!(told.is_empty(), "{} faults\n{}", told.len(), told.join("\n"));
}
