//! OperationOutcome.

use fhir_sdk::r4b::codes::{IssueSeverity, IssueType};
use fhir_sdk::r4b::resources::{OperationOutcome, OperationOutcomeIssue};
use fhir_sdk::r4b::types::{CodeableConcept, Extension, ExtensionValue};

use crate::{Unrepresentable, coding, unrepresentable};

/// One issue, in plain words.
#[derive(Debug, Clone)]
pub struct OutcomeIssue<'a> {
    /// Code of issue-severity.
    pub severity: &'a str,
    /// Code of issue-type.
    pub code: &'a str,
    /// System and code of the rule.
    pub rule: (&'a str, &'a str),
    /// System and code of the constraint behind the rule, where there is one.
    pub constraint: Option<(&'a str, &'a str)>,
    /// The sentence for people, in Swedish.
    pub text: &'a str,
    /// The sentence for developers, in English.
    pub diagnostics: &'a str,
    /// FHIRPath of the element; empty where unknown.
    pub expression: &'a str,
    /// JSON pointer and line and column; empty where unknown.
    pub location: Vec<String>,
    /// Extensions with a string each: url and value.
    pub extensions: Vec<(&'a str, String)>,
}

/// An OperationOutcome as JSON.
///
/// # Errors
/// Where a code is not one of FHIR's.
pub fn operation_outcome(issues: &[OutcomeIssue<'_>]) -> Result<String, Unrepresentable> {
    let issues = issues.iter().map(|i| issue(i).map(Some)).collect::<Result<Vec<_>, _>>()?;
    let outcome = OperationOutcome::builder().issue(issues).build().map_err(unrepresentable)?;
    serde_json::to_string(&outcome).map_err(unrepresentable)
}

fn issue(issue: &OutcomeIssue<'_>) -> Result<OperationOutcomeIssue, Unrepresentable> {
    let codings = [Some(issue.rule), issue.constraint].into_iter().flatten();
    let codings = codings.map(|(system, code)| coding(system, code, None).map(Some)).collect::<Result<Vec<_>, _>>()?;
    let details =
        CodeableConcept::builder().coding(codings).text(issue.text.to_owned()).build().map_err(unrepresentable)?;
    let mut builder = OperationOutcomeIssue::builder()
        .severity(severity(issue.severity)?)
        .code(issue.code.parse::<IssueType>().map_err(|_| unrepresentable(issue.code))?)
        .details(details)
        .diagnostics(issue.diagnostics.to_owned());
    if !issue.expression.is_empty() {
        builder = builder.expression(vec![Some(issue.expression.to_owned())]);
    }
    if !issue.location.is_empty() {
        builder = builder.location(issue.location.iter().cloned().map(Some).collect::<Vec<_>>());
    }
    if !issue.extensions.is_empty() {
        builder = builder.extension(
            issue.extensions.iter().map(|(url, value)| extension(url, value)).collect::<Result<Vec<_>, _>>()?,
        );
    }
    builder.build().map_err(unrepresentable)
}

fn extension(url: &str, value: &str) -> Result<Extension, Unrepresentable> {
    let value = ExtensionValue::String(value.to_owned());
    Extension::builder().url(url.to_owned()).value(value).build().map_err(unrepresentable)
}

fn severity(code: &str) -> Result<IssueSeverity, Unrepresentable> {
    match code {
        "fatal" => Ok(IssueSeverity::Fatal),
        "error" => Ok(IssueSeverity::Error),
        "warning" => Ok(IssueSeverity::Warning),
        "information" => Ok(IssueSeverity::Information),
        other => Err(unrepresentable(other)),
    }
}
