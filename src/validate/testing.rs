//! What the tests of the rule families share.

use crate::fhir::{Document, Issue, Library, Severity};

/// The errors and warnings of a resource as (rule, JSON pointer), in the order of the walk.
pub fn found(json: &str) -> Vec<(&'static str, String)> {
    let told = issues(json).into_iter().filter(|issue| issue.severity > Severity::Information);
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
