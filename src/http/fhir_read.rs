//! GET of one resource, one of its versions, or its history.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use http::HeaderMap;

use crate::audit::Interaction;
use crate::exchange::answer::parse_etag;
use crate::exchange::read::{self, HistoryPage, Known};
use crate::exchange::{Answer, Call, Failure};
use crate::fhir::{Issue, IssueCode, ResourceId, ResourceKey, ResourceType, http_date};

use super::{Web, access, audit_events, parameters};

/// GET `/fhir/{type}/{id}`
pub async fn read(State(web): State<Web>, Path((kind, id)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let mut call = match access::begin(&web, &headers, Interaction::Read, "fhir.read").await {
        Ok(call) => call,
        Err(refused) => return refused,
    };
    let result = read_one(&web, &mut call, &kind, &id, known(&headers)).await;
    access::finish(&web, call, result).await
}

async fn read_one(web: &Web, call: &mut Call, kind: &str, id: &str, known: Known) -> Result<Answer, Failure> {
    let key = key(kind, id)?;
    if key.kind.as_str() == "AuditEvent" {
        return audit_events::read(web, call, key.id.as_str()).await;
    }
    read::read(&web.gateway, call, &key, known).await
}

/// GET `/fhir/{type}/{id}/_history/{version}`
pub async fn vread(
    State(web): State<Web>,
    Path((kind, id, version)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Response {
    let mut call = match access::begin(&web, &headers, Interaction::Vread, "fhir.vread").await {
        Ok(call) => call,
        Err(refused) => return refused,
    };
    let result = match (key(&kind, &id), version.parse()) {
        (Ok(key), Ok(version)) => read::vread(&web.gateway, &mut call, &key, version).await,
        // A version id that is no number is one that no version has.
        (Ok(key), Err(_)) => Err(Failure::NotFound(key)),
        (Err(failure), _) => Err(failure),
    };
    access::finish(&web, call, result).await
}

/// GET `/fhir/{type}/{id}/_history`
pub async fn history(
    State(web): State<Web>,
    Path((kind, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let mut call = match access::begin(&web, &headers, Interaction::HistoryInstance, "fhir.history").await {
        Ok(call) => call,
        Err(refused) => return refused,
    };
    let page = history_page(&parameters::pairs(query.as_deref().unwrap_or_default()));
    let result = match (key(&kind, &id), page) {
        (Ok(key), Ok(page)) => read::history(&web.gateway, &mut call, &key, page).await,
        (Err(failure), _) | (_, Err(failure)) => Err(failure),
    };
    access::finish(&web, call, result).await
}

fn history_page(parameters: &[(String, String)]) -> Result<HistoryPage, Failure> {
    let number = |name: &str| match parameters::first(parameters, name) {
        None => Ok(None),
        Some(text) => text.parse::<u64>().map(Some).map_err(|_| no_number(name)),
    };
    let count = number("_count")?.unwrap_or(50).clamp(1, 500);
    Ok(HistoryPage { before: number("_before")?, count: u32::try_from(count).unwrap_or(500) })
}

fn no_number(name: &str) -> Failure {
    Failure::unreadable(Issue::error(
        IssueCode::Value,
        "search-value-invalid",
        format!("The parameter {name} must be a whole number from 0."),
        format!("Parametern {name} ska vara ett heltal från 0."),
    ))
}

fn known(headers: &HeaderMap) -> Known {
    let header = |name| headers.get(name).and_then(|v: &http::HeaderValue| v.to_str().ok());
    Known {
        version: header("if-none-match").and_then(parse_etag),
        since: header("if-modified-since").and_then(http_date::parse),
    }
}

/// The key of a type and id from a path. An id that can't be one is an id that nobody has.
///
/// # Errors
/// 404 for a type that does not exist.
pub fn key(kind: &str, id: &str) -> Result<ResourceKey, Failure> {
    let kind = ResourceType::parse(kind).ok_or_else(read::unknown_type)?;
    match ResourceId::parse(id) {
        Some(id) => Ok(ResourceKey::new(kind, id)),
        None => Err(Failure::UnknownRoute(super::error::not_found())),
    }
}
