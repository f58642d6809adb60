//! What stands around every use case: the caller is authenticated, the audit entry is opened, and it is on disk before
//! the answer leaves; a use case whose entry can't be written has no answer (503).

use axum::response::Response;
use http::{HeaderMap, StatusCode};

use crate::audit::{Entry, Interaction, Outcome};
use crate::exchange::{Answer, Call, Failure};
use crate::store::{AuditRow, Change};

use super::{Web, error, respond};

/// Opens a call for whoever the headers authenticate.
///
/// # Errors
/// The 401 response, once its entry is on disk.
pub async fn begin(web: &Web, headers: &HeaderMap, interaction: Interaction, what: &str) -> Result<Call, Response> {
    let at = web.gateway.clock.now();
    let request_id = request_id(headers);
    let authorization = headers.get(http::header::AUTHORIZATION).and_then(|v| v.to_str().ok());
    match web.tokens.verify(authorization, at) {
        Ok(caller) => {
            let entry = Entry::begin(interaction, what, Some(&caller), &request_id, at, &*web.gateway.entropy);
            Ok(Call { caller: (*caller).clone(), at, entry, refused: None, recorded: false })
        }
        Err(fault) => {
            let entry = Entry::begin(interaction, what, None, &request_id, at, &*web.gateway.entropy);
            let row = entry.complete(Outcome::Refused(401, fault.to_string()), at);
            let mut refused = respond::outcome(StatusCode::UNAUTHORIZED, &[error::unauthenticated()]);
            respond::set(&mut refused, "WWW-Authenticate", "Bearer realm=\"vardbro\", error=\"invalid_token\"");
            Err(record(web, row).await.map_or_else(|unrecorded| unrecorded, |()| refused))
        }
    }
}

/// Closes a call: records its entry, unless the use case did, and dresses the result.
pub async fn finish(web: &Web, call: Call, result: Result<Answer, Failure>) -> Response {
    let request_id = call.entry.request_id.clone();
    let (outcome, response) = match result {
        Ok(answer) => (success(&call, answer.status), respond::answer(answer)),
        Err(failure) => {
            let reason = failure.reason();
            let response = error::response(failure, &request_id);
            (failed(response.status(), reason), response)
        }
    };
    if call.recorded {
        return response;
    }
    let row = call.entry.complete(outcome, web.gateway.clock.now());
    record(web, row).await.map_or_else(|unrecorded| unrecorded, |()| response)
}

/// The closed row of a call that ended with `result`.
pub fn closed(web: &Web, call: &Call, result: &Result<Answer, Failure>) -> AuditRow {
    let outcome = match result {
        Ok(answer) => success(call, answer.status),
        Err(failure) => failed(error::table(failure.clone()).0, failure.reason()),
    };
    call.entry.clone().complete(outcome, web.gateway.clock.now())
}

fn failed(status: StatusCode, reason: &str) -> Outcome {
    let outcome = if status.is_server_error() { Outcome::Failed } else { Outcome::Refused };
    outcome(status.as_u16(), reason.to_owned())
}

fn success(call: &Call, status: u16) -> Outcome {
    call.refused.map_or(Outcome::Success(status), |why| Outcome::Refused(status, why.to_owned()))
}

/// Puts an entry on disk.
///
/// # Errors
/// The response that leaves in place of the answer.
pub async fn record(web: &Web, row: AuditRow) -> Result<(), Response> {
    let request_id = row.id.clone();
    let change = Change { name: "audit", audit: vec![row], ..Change::default() };
    match web.gateway.store.commit(change).await {
        Ok(_) => Ok(()),
        Err(refused) => Err(error::response(Failure::Store(refused), &request_id)),
    }
}

/// The id that the middleware gave the request.
pub fn request_id(headers: &HeaderMap) -> String {
    headers.get("x-request-id").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
}
