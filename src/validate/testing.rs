//! What the tests of the rule families share.

use crate::fhir::{Document, Issue, Library, Severity};

/// The errors and warnings of a resource as (rule, JSON pointer), in the order of the walk.
pub fn found(json: &str) -> Vec<(&'static str, String)> {
    let told = issues(json).into_iter().filter(|issue| issue.severity > Severity::Information);
    told.map(|issue| (issue.rule, issue.place.pointer)).collect()
}

/// As [`found`], with more definitions at hand.
pub fn found_with(json: &str, definitions: &[&str]) -> Vec<(&'static str, String)> {
    let documents = definitions.iter().map(|text| Document::parse(*text).unwrap());
    let library = Library::over(Library::embedded(), documents);
    let setting = super::Setting::new(&library, jiff::Timestamp::UNIX_EPOCH);
    let issues = super::resource(&Document::parse(json).unwrap(), &setting).issues;
    let told = issues.into_iter().filter(|issue| issue.severity > Severity::Information);
    told.map(|issue| (issue.rule, issue.place.pointer)).collect()
}

/// The one issue of a resource.
pub fn issue(json: &str) -> Issue {
    let mut issues = issues(json);
    assert_eq!(issues.len(), 1, "{issues:?}");
    issues.remove(0)
}

/// A Patient with these members.
pub fn patient(members: &str) -> String {
    format!(r#"{{"resourceType":"Patient",{members}}}"#)
}

fn issues(json: &str) -> Vec<Issue> {
    let setting = super::Setting::new(Library::embedded(), jiff::Timestamp::UNIX_EPOCH);
    super::resource(&Document::parse(json).unwrap(), &setting).issues
}

/// The definitions in the binary and, over them, those of the packages' folders that `DEFINITIONS` names (with `:`
/// between).
#[expect(clippy::disallowed_methods, reason = "whoever runs the tests names folders")]
pub fn definitions() -> std::sync::Arc<Library> {
    let named = std::env::var("DEFINITIONS").unwrap_or_default();
    let entries = named.split(':').filter_map(|folder| std::fs::read_dir(folder).ok()).flatten();
    let files = entries.filter_map(|entry| std::fs::read_to_string(entry.ok()?.path()).ok());
    let documents: Vec<Document> = files.filter_map(|text| Document::parse(text).ok()).collect();
    if documents.is_empty() {
        return Library::embedded().clone();
    }
    std::sync::Arc::new(Library::over(Library::embedded(), documents))
}
