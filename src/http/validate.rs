//! `$validate` ([resource-validate](https://hl7.org/fhir/R4/resource-operation-validate.html)) on a type, on any type and
//! on a stored instance: the outcome with 200 whatever it is, 4xx for a request that is wrong.

mod ask;

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use http::HeaderMap;

use crate::audit::Interaction;
use crate::exchange::validation::operation::{self, Asked, Judgement, Purpose};
use crate::exchange::{Answer, Call, Failure, read};
use crate::fhir::{Document, Issue, IssueCode, ResourceKey, ResourceType, Severity, outcome};

use super::fhir_read::key;
use super::fhir_write::{self, parse};
use super::{Web, access, error, parameters};

/// POST `/fhir/$validate`
pub async fn any(State(web): State<Web>, RawQuery(query): RawQuery, headers: HeaderMap, body: Bytes) -> Response {
    run(&web, &headers, Target::Any, query, &body).await
}

/// POST `/fhir/{type}/$validate`
pub async fn of_type(
    State(web): State<Web>,
    Path(kind): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    run(&web, &headers, Target::Type(&kind), query, &body).await
}

/// GET or POST `/fhir/{type}/{id}/$validate`
pub async fn instance(
    State(web): State<Web>,
    Path((kind, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    run(&web, &headers, Target::Instance(&kind, &id), query, &body).await
}

/// What the address names.
#[derive(Clone, Copy)]
enum Target<'a> {
    Any,
    Type(&'a str),
    Instance(&'a str, &'a str),
}

async fn run(web: &Web, headers: &HeaderMap, target: Target<'_>, query: Option<String>, body: &[u8]) -> Response {
    let mut call = match access::begin(web, headers, Interaction::Operation, "fhir.validate").await {
        Ok(call) => call,
        Err(refused) => return refused,
    };
    let query = parameters::pairs(query.as_deref().unwrap_or_default());
    let result = answer(web, &mut call, target, &query, body).await;
    access::finish(web, call, result).await
}

async fn answer(
    web: &Web,
    call: &mut Call,
    target: Target<'_>,
    query: &[(String, String)],
    body: &[u8],
) -> Result<Answer, Failure> {
    let (kind, key) = match target {
        Target::Any => (None, None),
        Target::Type(kind) => (Some(ResourceType::parse(kind).ok_or_else(read::unknown_type)?), None),
        Target::Instance(kind, id) => {
            let key = key(kind, id)?;
            (Some(key.kind), Some(key))
        }
    };
    // Read first: to whoever may not know of it, there is none.
    let stored = match &key {
        Some(key) => read::newest(&web.gateway, call, key).await?.text,
        None => None,
    };
    let received = if body.trim_ascii().is_empty() { None } else { Some(body) };
    let document = match received.map(parse).transpose() {
        Ok(document) => document,
        // What can't be parsed could be judged all the same: it is not valid.
        Err(Failure::Unreadable(issues)) => return Ok(Answer::fhir(200, outcome::to_json(&issues))),
        Err(other) => return Err(other),
    };
    let stored = stored.map(|text| parse(text.as_bytes())).transpose()?;
    let request = ask::read(query, document.as_ref(), kind)?;
    let asked = Asked {
        kind,
        key,
        purpose: request.purpose,
        profiles: request.profiles,
        resource: request.resource.or_else(|| stored.as_ref().map(Document::root)),
    };
    ask::check(&asked)?;
    judge(web, call, &asked).await
}

async fn judge(web: &Web, call: &mut Call, asked: &Asked<'_>) -> Result<Answer, Failure> {
    let refusal = unwritable(asked);
    let Judgement { mut issues, refusal: rehearsed } = operation::judge(&web.gateway, call, asked).await?;
    for failure in refusal.into_iter().chain(rehearsed) {
        issues.extend(error::table(failure).1);
    }
    if !issues.iter().any(|issue| issue.severity >= Severity::Warning) {
        issues.push(well(asked.purpose));
    }
    Ok(Answer::fhir(200, outcome::to_json(&issues)))
}

/// What a write refuses before it looks at the content.
fn unwritable(asked: &Asked<'_>) -> Option<Failure> {
    let is_write = matches!(asked.purpose?, Purpose::Create | Purpose::Update | Purpose::Delete);
    let kind = asked.kind.filter(|_| is_write)?;
    let id_differs = |key: &ResourceKey| {
        let resource = asked.resource.filter(|_| asked.purpose == Some(Purpose::Update))?;
        fhir_write::same_id(resource, &key.id).err()
    };
    fhir_write::writable(kind.as_str()).err().or_else(|| asked.key.as_ref().and_then(id_differs))
}

fn well(purpose: Option<Purpose>) -> Issue {
    let (rule, english, swedish) = match purpose {
        Some(Purpose::Delete) => ("deletable", "It could be deleted.", "Den kan tas bort."),
        _ => ("valid", "No fault was found.", "Inget fel hittades."),
    };
    Issue::error(IssueCode::Informational, rule, english, swedish).with_severity(Severity::Information)
}
