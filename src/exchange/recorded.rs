//! The memory of requests: the same key with the same content gets the same answer; with other content it is refused.

use jiff::Timestamp;

use crate::fhir::{Issue, IssueCode};
use crate::store::Remembered;

use super::receive::Submission;
use super::{Answer, Call, Failure, Gateway};

/// The answer that was given to the same request before.
///
/// # Errors
/// 409 where the key came with other content.
pub async fn recall(gateway: &Gateway, call: &Call, submission: &Submission<'_>) -> Result<Option<Answer>, Failure> {
    let Some((key, _)) = &submission.idempotency else { return Ok(None) };
    match gateway.store.remembered(call.caller.client(), key).await? {
        Some(earlier) => same_request(&earlier, submission).map(Some),
        None => Ok(None),
    }
}

/// The remembered answer, if it was given to this very request.
///
/// # Errors
/// 409 where it was another one.
pub fn same_request(earlier: &Remembered, submission: &Submission<'_>) -> Result<Answer, Failure> {
    if submission.idempotency.as_ref().is_none_or(|(_, hash)| *hash != earlier.request_sha256) {
        return Err(Failure::Conflict(Issue::error(
            IssueCode::Duplicate,
            "idempotency-key-reused",
            "This Idempotency-Key was used for another request; take a new key.",
            "Denna Idempotency-Key har använts för en annan begäran; ta en ny.",
        )));
    }
    Ok(Answer {
        status: earlier.status,
        headers: earlier.headers.clone(),
        body: (!earlier.body.is_empty()).then(|| earlier.body.clone()),
    })
}

/// What is kept of an answer.
pub fn to_remember(call: &Call, submission: &Submission<'_>, answer: &Answer, at: Timestamp) -> Option<Remembered> {
    let (key, request_sha256) = submission.idempotency.clone()?;
    Some(Remembered {
        client: call.caller.client().to_owned(),
        key,
        request_sha256,
        status: answer.status,
        headers: answer.headers.clone(),
        body: answer.body.clone().unwrap_or_default(),
        at,
    })
}
