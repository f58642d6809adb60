//! GET and POST search of one type. Personal numbers belong in the POST form, not in a URL.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use http::HeaderMap;

use crate::audit::Interaction;
use crate::exchange::{Answer, Call, Failure, read, search};
use crate::fhir::{Issue, IssueCode, ResourceType};

use super::{Web, access, audit_events, parameters};

/// GET `/fhir/{type}?...`
pub async fn get(
    State(web): State<Web>,
    Path(kind): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let pairs = parameters::pairs(query.as_deref().unwrap_or_default());
    respond(&web, &kind, Ok(pairs), &headers).await
}

/// POST `/fhir/{type}/_search`: parameters in the form, or in the URL, or in both.
pub async fn post(
    State(web): State<Web>,
    Path(kind): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut pairs = parameters::pairs(query.as_deref().unwrap_or_default());
    let pairs = form(&headers, &body).map(|form| {
        pairs.extend(form);
        pairs
    });
    respond(&web, &kind, pairs, &headers).await
}

async fn respond(
    web: &Web,
    kind: &str,
    pairs: Result<Vec<(String, String)>, Failure>,
    headers: &HeaderMap,
) -> Response {
    let mut call = match access::begin(web, headers, Interaction::SearchType, "fhir.search").await {
        Ok(call) => call,
        Err(refused) => return refused,
    };
    let strict = parameters::prefers(headers, "handling=strict");
    let result = match pairs {
        Ok(pairs) => run(web, &mut call, kind, pairs, strict).await,
        Err(failure) => Err(failure),
    };
    access::finish(web, call, result).await
}

async fn run(
    web: &Web,
    call: &mut Call,
    kind: &str,
    parameters: Vec<(String, String)>,
    strict: bool,
) -> Result<Answer, Failure> {
    let kind = ResourceType::parse(kind).ok_or_else(read::unknown_type)?;
    if kind.as_str() == "AuditEvent" {
        return audit_events::search(web, call, &parameters).await;
    }
    search::search(&web.gateway, call, search::Request { kind, parameters, strict }).await
}

fn form(headers: &HeaderMap, body: &[u8]) -> Result<Vec<(String, String)>, Failure> {
    let is_form = headers
        .get(http::header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|t| t.starts_with("application/x-www-form-urlencoded"));
    match std::str::from_utf8(body) {
        Ok(text) if is_form || text.is_empty() => Ok(parameters::pairs(text)),
        _ => Err(Failure::unreadable(Issue::error(
            IssueCode::Structure,
            "search-form",
            "A search by POST needs a body of type application/x-www-form-urlencoded.",
            "En sökning med POST behöver ett innehåll av typen application/x-www-form-urlencoded.",
        ))),
    }
}
