//! How a use case fails. What status each becomes stands in one table, `http/error.rs`.

use crate::access::Denied;
use crate::fhir::outcome::Place;
use crate::fhir::tree::SyntaxFault;
use crate::fhir::{Issue, IssueCode, NodeRef, ResourceKey, Severity};
use crate::store::Refused;

/// Why a use case did not do what it was asked to. Nothing was changed.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// The body or the parameters can't be read (400).
    Unreadable(Vec<Issue>),
    /// The content was read and is not acceptable (422).
    Invalid(Vec<Issue>),
    /// The caller may not: 403 for scopes; for all else the answer of an unknown id.
    Denied(Denied, Option<ResourceKey>),
    /// There is no such resource (404).
    NotFound(ResourceKey),
    /// The resource was deleted (410).
    Gone(ResourceKey),
    /// The resource type or operation is not known here (404).
    UnknownRoute(Issue),
    /// The interaction is not offered for this type (405).
    NotAllowed(Issue),
    /// The body's media type is none that is read here (415).
    UnsupportedMedia(Issue),
    /// No media type that is accepted is written here (406).
    NotAcceptable(Issue),
    /// `If-Match` names another version, or a condition matches several (412).
    PreconditionFailed(Issue),
    /// Somebody else was faster, again and again; or an idempotency key came with other content (409).
    Conflict(Issue),
    /// The store can't (503).
    Store(Refused),
}

impl Failure {
    /// One issue that makes the request unreadable.
    pub fn unreadable(issue: Issue) -> Self {
        Self::Unreadable(vec![issue])
    }

    /// The faults of a JSON text.
    pub fn syntax(faults: Vec<SyntaxFault>) -> Self {
        Self::Unreadable(faults.into_iter().map(syntax_issue).collect())
    }

    /// Why, in a word for the audit.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::Invalid(_) => "invalid",
            Self::Denied(denied, _) => denied.reason.as_str(),
            Self::NotFound(_) => "not-found",
            Self::Gone(_) => "gone",
            Self::UnknownRoute(_) => "unknown-route",
            Self::NotAllowed(_) => "not-allowed",
            Self::UnsupportedMedia(_) => "unsupported-media",
            Self::NotAcceptable(_) => "not-acceptable",
            Self::PreconditionFailed(_) => "precondition-failed",
            Self::Conflict(_) => "conflict",
            Self::Store(_) => "store",
        }
    }
}

/// The place of a received value.
pub fn place(node: NodeRef<'_>) -> Place {
    Place { expression: String::new(), pointer: node.pointer(), position: Some(node.position()) }
}

/// The issue at the place of a received value.
pub fn at(issue: Issue, node: NodeRef<'_>) -> Issue {
    issue.at(place(node))
}

/// A fault of the JSON text as an issue.
pub fn syntax_issue(fault: SyntaxFault) -> Issue {
    let code = if matches!(fault.rule, "json-depth" | "json-size") { IssueCode::TooLong } else { IssueCode::Structure };
    let place = Place { expression: String::new(), pointer: fault.pointer, position: Some(fault.position) };
    Issue::error(code, fault.rule, fault.english, fault.swedish).with_severity(Severity::Fatal).at(place)
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Store(refused)
    }
}
