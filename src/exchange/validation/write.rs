//! Validation of a submission: each resource by the mode of its profiles and its client.

use std::sync::Arc;

use crate::audit;
use crate::exchange::entries::Entry;
use crate::exchange::receive::Submission;
use crate::exchange::{Call, Failure, Gateway};
use crate::fhir::{Issue, IssueCode, Severity};
use crate::store::Refused;

use super::definitions::is_definition;
use super::{Mode, issues_by};

/// What was found in one entry of a submission.
#[derive(Debug, Clone)]
pub struct Found {
    /// All issues; those that were let through are warnings.
    pub issues: Arc<[Issue]>,
    /// Whether the version is to carry the tag of content that was let through with faults.
    pub is_tagged: bool,
}

/// Validates a submission. What was found in each entry, in their order.
///
/// # Errors
/// Everything that was found, if something of it may not be let through.
pub async fn validated(gateway: &Gateway, call: &mut Call, submission: &Submission<'_>) -> Result<Vec<Found>, Failure> {
    if submission.entries.iter().all(|entry| entry.resource.is_none()) {
        let nothing = Found { issues: Arc::default(), is_tagged: false };
        return Ok(vec![nothing; submission.entries.len()]);
    }
    let issues = all_issues(gateway, submission).await?;
    let modes = Modes::of(gateway, call, submission.entries);
    let judged: Vec<(Mode, Option<usize>)> = issues.iter().map(|issue| modes.of_issue(issue)).collect();
    note(call, &issues, &judged, &modes);
    if issues.iter().zip(&judged).any(|(issue, (mode, _))| issue.is_error() && !mode.lets_through(issue)) {
        return Err(Failure::Invalid(issues));
    }
    let mut found: Vec<(Vec<Issue>, bool)> = vec![Default::default(); submission.entries.len()];
    for (issue, (mode, entry)) in issues.into_iter().zip(judged) {
        // What is wrong with a Bundle as such is told with its first entry.
        let Some((told, is_tagged)) = found.get_mut(entry.unwrap_or(0)) else { continue };
        *is_tagged |= mode == Mode::AcceptAndTag && mode.lets_through(&issue);
        told.push(issue);
        mode.soften(told);
    }
    Ok(found.into_iter().map(|(issues, is_tagged)| Found { issues: issues.into(), is_tagged }).collect())
}

/// The document as a whole, and each resource by the profiles that its type must meet.
async fn all_issues(gateway: &Gateway, submission: &Submission<'_>) -> Result<Vec<Issue>, Refused> {
    let library = gateway.validation.definitions.library(&*gateway.store).await?;
    let root = submission.document.root();
    let policy = &gateway.validation.policy;
    let is_root = |entry: &Entry<'_>| entry.resource == Some(root);
    let of_root = submission.entries.iter().find(|entry| is_root(entry)).map(|entry| policy.required(entry.kind));
    let mut issues = issues_by(gateway, &library, root, of_root.unwrap_or_default()).await;
    for entry in submission.entries.iter().filter(|entry| !is_root(entry)) {
        let required = policy.required(entry.kind);
        if let (Some(resource), false) = (entry.resource, required.is_empty()) {
            let more = issues_by(gateway, &library, resource, required).await;
            let new: Vec<Issue> = more.into_iter().filter(|issue| !issues.contains(issue)).collect();
            issues.extend(new);
        }
    }
    issues.extend(submission.entries.iter().filter_map(|entry| covered(gateway, entry)));
    Ok(issues)
}

/// A definition that will not count, because the gateway was started with one of the same URL.
fn covered(gateway: &Gateway, entry: &Entry<'_>) -> Option<Issue> {
    let node = entry.resource.filter(|_| is_definition(entry.kind))?.get("url")?;
    let is_covered = gateway.validation.definitions.is_covered(&node.as_str()?);
    let issue = Issue::error(
        IssueCode::Duplicate,
        "definition-covered",
        "The gateway was started with a definition of this url, and goes by that one; give yours a url of its own.",
        "Tjänsten har startats med en definition med denna url och går efter den; ge din en egen url.",
    );
    is_covered.then(|| crate::exchange::failure::at(issue.with_severity(Severity::Warning), node))
}

/// The mode of each entry, by the place of its resource.
struct Modes {
    entries: Vec<Option<(String, Mode)>>,
    /// Of a Bundle as such.
    around: Mode,
}

impl Modes {
    fn of(gateway: &Gateway, call: &Call, entries: &[Entry<'_>]) -> Self {
        let policy = &gateway.validation.policy;
        let client = call.caller.client();
        let of_entry = |entry: &Entry<'_>| {
            let resource = entry.resource?;
            Some((resource.pointer(), policy.mode_of(client, entry.kind, resource)))
        };
        Self { entries: entries.iter().map(of_entry).collect(), around: policy.mode(client, []) }
    }

    /// The mode for an issue, and the entry that it is about.
    fn of_issue(&self, issue: &Issue) -> (Mode, Option<usize>) {
        let is_inside = |pointer: &str| {
            issue.place.pointer.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let found = self.entries.iter().enumerate().find_map(|(index, entry)| {
            let (pointer, mode) = entry.as_ref()?;
            is_inside(pointer).then_some((*mode, Some(index)))
        });
        found.unwrap_or((self.around, None))
    }

    /// The strictest of them.
    fn strictest(&self) -> Mode {
        self.entries.iter().flatten().map(|(_, mode)| *mode).max().unwrap_or(self.around)
    }
}

/// Counts what was found, and leaves its number in the audit entry.
fn note(call: &mut Call, issues: &[Issue], judged: &[(Mode, Option<usize>)], modes: &Modes) {
    let faults = || issues.iter().zip(judged).filter(|(issue, _)| issue.severity >= Severity::Warning);
    for (issue, (mode, _)) in faults() {
        metrics::counter!("vardbro_validation_issues_total", "rule" => issue.rule, "mode" => mode.as_str())
            .increment(1);
    }
    let count = faults().count();
    call.entry.validation = (count > 0).then(|| audit::Validation {
        mode: modes.strictest().as_str().to_owned(),
        issues: u32::try_from(count).unwrap_or(u32::MAX),
    });
}
