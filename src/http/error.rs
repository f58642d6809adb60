//! The one table from failures to statuses, and the OperationOutcome that goes with each.

use axum::response::Response;
use http::StatusCode;

use crate::access::DeniedReason;
use crate::exchange::Failure;
use crate::fhir::{Issue, IssueCode, ResourceKey};
use crate::store::Refused;

use super::respond;

/// The response for a failure.
pub fn response(failure: Failure, request_id: &str) -> Response {
    if let Failure::Store(Refused::Unavailable(why)) = &failure {
        tracing::error!(request_id, why, "the store can't be used");
    }
    let (status, issues) = table(failure);
    let mut response = respond::outcome(status, &issues);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        respond::set(&mut response, "Retry-After", "1");
    }
    response
}

/// Status and issues of a failure.
pub fn table(failure: Failure) -> (StatusCode, Vec<Issue>) {
    match failure {
        Failure::Unreadable(issues) => (unreadable_status(&issues), issues),
        Failure::Invalid(issues) => (StatusCode::UNPROCESSABLE_ENTITY, issues),
        Failure::Denied(denied, _) if denied.reason == DeniedReason::Scope => (StatusCode::FORBIDDEN, vec![no_scope()]),
        Failure::Denied(denied, _) if denied.reason == DeniedReason::NotSubmitter => {
            (StatusCode::FORBIDDEN, vec![not_submitter()])
        }
        // Existence is protected: the answer is that of an id that nobody has.
        Failure::Denied(..) | Failure::NotFound(_) => (StatusCode::NOT_FOUND, vec![not_found()]),
        Failure::Gone(key) => (StatusCode::GONE, vec![gone(&key)]),
        Failure::UnknownRoute(issue) => (StatusCode::NOT_FOUND, vec![issue]),
        Failure::NotAllowed(issue) => (StatusCode::METHOD_NOT_ALLOWED, vec![issue]),
        Failure::UnsupportedMedia(issue) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, vec![issue]),
        Failure::NotAcceptable(issue) => (StatusCode::NOT_ACCEPTABLE, vec![issue]),
        Failure::PreconditionFailed(issue) => (StatusCode::PRECONDITION_FAILED, vec![issue]),
        Failure::Conflict(issue) => (StatusCode::CONFLICT, vec![issue]),
        Failure::Store(_) => (StatusCode::SERVICE_UNAVAILABLE, vec![unavailable()]),
    }
}

fn unreadable_status(issues: &[Issue]) -> StatusCode {
    if issues.iter().any(|i| i.rule == "json-size") { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::BAD_REQUEST }
}

/// 404, for an id that nobody has and for one that the caller may not know of.
pub fn not_found() -> Issue {
    Issue::error(IssueCode::NotFound, "not-found", "There is no such resource.", "Det finns ingen sådan resurs.")
}

fn no_scope() -> Issue {
    Issue::error(
        IssueCode::Forbidden,
        "scope",
        "The token's scopes do not cover this.",
        "Behörigheterna i åtkomstbeviset (scope) omfattar inte detta.",
    )
}

fn not_submitter() -> Issue {
    Issue::error(
        IssueCode::Forbidden,
        "not-submitter",
        "Only the organisation that submitted the resource may change it.",
        "Bara den organisation som lämnade uppgiften får ändra den.",
    )
}

fn gone(_key: &ResourceKey) -> Issue {
    Issue::error(IssueCode::Deleted, "deleted", "The resource was deleted.", "Resursen är borttagen.")
}

fn unavailable() -> Issue {
    Issue::error(
        IssueCode::Transient,
        "unavailable",
        "The gateway can't do this right now; nothing was changed. Try again.",
        "Tjänsten kan inte göra detta just nu; inget har ändrats. Försök igen.",
    )
}

/// 401, the same for every reason.
pub fn unauthenticated() -> Issue {
    Issue::error(
        IssueCode::Login,
        "login",
        "A valid access token is needed; get one at the token endpoint.",
        "Ett giltigt åtkomstbevis behövs; hämta ett vid tokentjänsten.",
    )
}

/// 500 for a fault of ours.
pub fn fault() -> Issue {
    Issue::error(
        IssueCode::Exception,
        "fault",
        "Something went wrong in the gateway; it has been logged.",
        "Något gick fel i tjänsten; det är loggat.",
    )
}
