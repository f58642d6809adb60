//! What a submission may say of organisations and of whom a resource is about.

use std::collections::BTreeSet;

use crate::access::ActorRole;
use crate::fhir::{Issue, IssueCode, ResourceType};

use super::compose::Draft;
use super::neighbourhood::Neighbourhood;
use super::resolve::Step;
use super::{Call, Failure, failure, hierarchy};

/// Whether it matters for resources of a type whose organisation they name.
pub fn is_asked_of(kind: ResourceType) -> bool {
    kind.as_str() == "Endpoint"
}

/// Refuses an Endpoint for somebody else: whoever could write one would receive what is owed to them.
///
/// # Errors
/// 422.
pub fn of_endpoint(call: &Call, draft: &Draft, around: &Neighbourhood) -> Result<(), Failure> {
    let Some(document) = draft.document.as_ref().filter(|_| is_asked_of(draft.key.kind)) else { return Ok(()) };
    let Some(node) = document.root().at(&["managingOrganization", "reference"]) else { return Ok(()) };
    let owner = node
        .as_str()
        .and_then(|text| around.local(&text))
        .and_then(|reference| hierarchy::caregiver(&reference, around))
        .and_then(|caregiver| hierarchy::hsa_id(&caregiver, around));
    if call.caller.role() == ActorRole::Suite || owner.as_deref() == Some(call.caller.organisation()) {
        return Ok(());
    }
    let issue = Issue::error(
        IssueCode::Forbidden,
        "endpoint-of-another",
        "An Endpoint's managingOrganization must be the sender's own organisation.",
        "En Endpoints managingOrganization måste vara avsändarens egen organisation.",
    );
    Err(Failure::Invalid(vec![failure::at(issue, node)]))
}

/// Refuses to move a resource from one patient to another: those who were told of it for the first would never hear that
/// it was not theirs. It is deleted, and made anew for the right one.
///
/// # Errors
/// 422.
pub fn keeps_its_patient(draft: &Draft, step: &Step<'_>) -> Result<(), Failure> {
    let before: Option<&BTreeSet<String>> = step.current.as_ref().filter(|c| c.text.is_some()).map(|c| &c.patients);
    let moved =
        draft.document.is_some() && before.is_some_and(|before| !before.is_empty() && *before != draft.patients);
    if !moved {
        return Ok(());
    }
    let issue = Issue::error(
        IssueCode::BusinessRule,
        "patient-changed",
        "A resource keeps its patient; delete it and create it for the right one.",
        "En resurs behåller sin patient; ta bort den och skapa den för rätt patient.",
    );
    Err(Failure::Invalid(vec![step.entry.resource.map_or(issue.clone(), |node| failure::at(issue, node))]))
}
