//! POST, PUT and DELETE of one resource: a submission with one entry.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use http::HeaderMap;

use crate::audit::Interaction;
use crate::exchange::answer::{etag, parse_etag};
use crate::exchange::entries::{self, Entry, Wish};
use crate::exchange::receive::{Done, Submission, receive, request_hash};
use crate::exchange::{Answer, Call, Failure, failure, read};
use crate::fhir::outcome::Place;
use crate::fhir::tree::Limits as TreeLimits;
use crate::fhir::{Document, Issue, IssueCode, NodeRef, ResourceId, ResourceType, http_date, outcome};

use super::fhir_read::key;
use super::{Web, access, parameters};

/// POST `/fhir/{type}`
pub async fn create(State(web): State<Web>, Path(kind): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let mut call = match access::begin(&web, &headers, Interaction::Create, "fhir.create").await {
        Ok(call) => call,
        Err(refused) => return refused,
    };
    let result = create_one(&web, &mut call, &kind, &headers, &body).await;
    access::finish(&web, call, result).await
}

async fn create_one(
    web: &Web,
    call: &mut Call,
    kind: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Answer, Failure> {
    let kind = writable(kind)?;
    let wish = Wish::Create { if_none_exist: if_none_exist(headers)? };
    submit(web, call, Target { kind, id: None, wish, path: kind.as_str().to_owned(), method: "POST" }, headers, body)
        .await
}

/// PUT `/fhir/{type}/{id}`
pub async fn update(
    State(web): State<Web>,
    Path((kind, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut call = match access::begin(&web, &headers, Interaction::Update, "fhir.update").await {
        Ok(call) => call,
        Err(refused) => return refused,
    };
    let result = update_one(&web, &mut call, &kind, &id, &headers, &body).await;
    access::finish(&web, call, result).await
}

async fn update_one(
    web: &Web,
    call: &mut Call,
    kind: &str,
    id: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Answer, Failure> {
    let kind = writable(kind)?;
    let key = key(kind.as_str(), id)?;
    entries::impersonal(&key.id).map_err(Failure::unreadable)?;
    call.touch_key(&key);
    let wish = Wish::Update { id: key.id.clone(), if_match: if_match(headers)? };
    submit(
        web,
        call,
        Target { kind, id: Some(key.id.clone()), wish, path: key.to_string(), method: "PUT" },
        headers,
        body,
    )
    .await
}

/// PUT `/fhir/{type}?...`: conditional update.
pub async fn update_matching(
    State(web): State<Web>,
    Path(kind): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut call = match access::begin(&web, &headers, Interaction::Update, "fhir.update-conditional").await {
        Ok(call) => call,
        Err(refused) => return refused,
    };
    let result = async {
        let kind = writable(&kind)?;
        let query = query.unwrap_or_default();
        let path = format!("{kind}?{query}");
        let wish = Wish::UpdateMatching { query, if_match: if_match(&headers)? };
        submit(&web, &mut call, Target { kind, id: None, wish, path, method: "PUT" }, &headers, &body).await
    }
    .await;
    access::finish(&web, call, result).await
}

/// DELETE `/fhir/{type}/{id}`
pub async fn delete(State(web): State<Web>, Path((kind, id)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let mut call = match access::begin(&web, &headers, Interaction::Delete, "fhir.delete").await {
        Ok(call) => call,
        Err(refused) => return refused,
    };
    let result = delete_one(&web, &mut call, &kind, &id, &headers).await;
    access::finish(&web, call, result).await
}

async fn delete_one(web: &Web, call: &mut Call, kind: &str, id: &str, headers: &HeaderMap) -> Result<Answer, Failure> {
    let kind = writable(kind)?;
    let key = key(kind.as_str(), id)?;
    call.touch_key(&key);
    crate::access::admit(&call.caller, crate::access::Operation::Delete, kind)
        .map_err(|denied| Failure::Denied(denied, Some(key.clone())))?;
    let nothing = crate::fhir::Value::object().to_document();
    let wish = Wish::Delete { id: key.id.clone(), if_match: if_match(headers)? };
    let entries = [Entry { kind, wish, resource: None, full_url: None }];
    let idempotency = idempotency(headers, "DELETE", &key.to_string(), &[])?;
    let submission = Submission { document: &nothing, entries: &entries, idempotency, notify: true };
    match receive(&web.gateway, call, &submission, |_| Answer::empty(204)).await {
        // What the caller may not know of is answered as what is not there: deleting that changes nothing either.
        Err(Failure::Denied(denied, _)) if denied.reason.is_hidden() => {
            call.refused = Some(denied.reason.as_str());
            Ok(Answer::empty(204))
        }
        result => result,
    }
}

/// Where a body goes.
struct Target {
    kind: ResourceType,
    id: Option<ResourceId>,
    wish: Wish,
    path: String,
    method: &'static str,
}

async fn submit(
    web: &Web,
    call: &mut Call,
    target: Target,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Answer, Failure> {
    let operation =
        if target.method == "POST" { crate::access::Operation::Create } else { crate::access::Operation::Update };
    crate::access::admit(&call.caller, operation, target.kind).map_err(|denied| Failure::Denied(denied, None))?;
    let document = parse(body)?;
    same_type(&document, target.kind)?;
    if let Some(id) = &target.id {
        same_id(document.root(), id)?;
    }
    let idempotency = idempotency(headers, target.method, &target.path, body)?;
    let entries = [Entry { kind: target.kind, wish: target.wish, resource: Some(document.root()), full_url: None }];
    let submission = Submission { document: &document, entries: &entries, idempotency, notify: true };
    let prefer = Prefer::of(headers);
    let base = web.gateway.base.clone();
    receive(&web.gateway, call, &submission, |done| written(done, prefer, &base)).await
}

/// What `Prefer: return=` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefer {
    /// The resource; also when nothing is asked.
    Representation,
    /// Nothing.
    Minimal,
    /// An OperationOutcome with the warnings.
    OperationOutcome,
}

impl Prefer {
    /// Reads the header.
    pub fn of(headers: &HeaderMap) -> Self {
        if parameters::prefers(headers, "return=minimal") {
            Self::Minimal
        } else if parameters::prefers(headers, "return=OperationOutcome") {
            Self::OperationOutcome
        } else {
            Self::Representation
        }
    }
}

fn written(done: &[Done], prefer: Prefer, base: &str) -> Answer {
    let Some((done, key)) = done.first().and_then(|d| Some((d, d.key.as_ref()?))) else { return Answer::empty(200) };
    let mut answer = match prefer {
        Prefer::Representation => Answer { status: done.status, headers: Vec::new(), body: done.text.clone() },
        Prefer::Minimal => Answer::empty(done.status),
        Prefer::OperationOutcome => Answer::fhir(done.status, outcome::to_json(&done.warnings)),
    };
    answer.header("ETag", etag(done.version));
    answer.header("Last-Modified", http_date::format(done.updated));
    if done.status == 201 {
        answer.header("Location", format!("{base}/{key}/_history/{}", done.version));
    }
    answer
}

/// Parses a received body.
///
/// # Errors
/// 400 with every fault of the text.
pub fn parse(body: &[u8]) -> Result<Document, Failure> {
    Document::parse_bytes(body, TreeLimits::default()).map_err(Failure::syntax)
}

/// The idempotency key of a request with the hash of what came with it.
///
/// # Errors
/// 400 for a key that can't be kept: a write that was meant to be safe to repeat must not silently be unsafe.
pub fn idempotency(
    headers: &HeaderMap,
    method: &str,
    path: &str,
    body: &[u8],
) -> Result<Option<(String, [u8; 32])>, Failure> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| !key.is_empty() && key.len() <= 256).ok_or_else(|| {
        Failure::unreadable(Issue::error(
            IssueCode::Value,
            "idempotency-key",
            "Idempotency-Key must be 1 to 256 visible ASCII characters.",
            "Idempotency-Key ska vara 1 till 256 synliga ASCII-tecken.",
        ))
    })?;
    let header = |name: &str| headers.get(name).map(http::HeaderValue::as_bytes).unwrap_or_default();
    let hash = request_hash(&[
        method.as_bytes(),
        path.as_bytes(),
        header("if-match"),
        header("if-none-exist"),
        header("prefer"),
        body,
    ]);
    Ok(Some((key.to_owned(), hash)))
}

/// A type that clients may write.
///
/// # Errors
/// 404 for no type, 405 for AuditEvent.
pub fn writable(kind: &str) -> Result<ResourceType, Failure> {
    let kind = ResourceType::parse(kind).ok_or_else(read::unknown_type)?;
    if kind.as_str() == "AuditEvent" {
        return Err(Failure::NotAllowed(Issue::error(
            IssueCode::NotSupported,
            "audit-is-ours",
            "The gateway alone writes AuditEvents.",
            "Bara tjänsten själv skriver AuditEvent.",
        )));
    }
    Ok(kind)
}

fn same_type(document: &Document, kind: ResourceType) -> Result<(), Failure> {
    let stated = document.root().str_at("resourceType");
    match stated.as_deref() {
        Some(stated) if stated == kind.as_str() => Ok(()),
        stated => {
            let node = document.root().get("resourceType").unwrap_or(document.root());
            let issue = Issue::error(
                IssueCode::Structure,
                if stated.is_none() { "resource-type-missing" } else { "resource-type-differs" },
                format!("The body must be a resource with resourceType {kind}, as the URL says."),
                format!("Innehållet måste vara en resurs med resourceType {kind}, som adressen anger."),
            );
            Err(Failure::unreadable(failure::at(issue, node)))
        }
    }
}

/// Whether a resource carries the id that the URL names.
///
/// # Errors
/// 400 at the place of the id.
pub fn same_id(resource: NodeRef<'_>, id: &ResourceId) -> Result<(), Failure> {
    let stated = resource.get("id");
    if stated.and_then(|node| node.as_str()).as_deref() == Some(id.as_str()) {
        return Ok(());
    }
    let issue = Issue::error(
        IssueCode::Value,
        "id-differs",
        "The body must carry the id that the URL names.",
        "Innehållet måste bära samma id som adressen anger.",
    );
    let place = Place { expression: "id".into(), ..failure::place(stated.unwrap_or(resource)) };
    Err(Failure::unreadable(issue.at(place)))
}

fn if_match(headers: &HeaderMap) -> Result<Option<u64>, Failure> {
    let Some(value) = headers.get("if-match") else { return Ok(None) };
    value.to_str().ok().and_then(parse_etag).map(Some).ok_or_else(|| {
        Failure::PreconditionFailed(Issue::error(
            IssueCode::Value,
            "if-match",
            "If-Match must be a version's ETag, as W/\"3\".",
            "If-Match ska vara en versions ETag, som W/\"3\".",
        ))
    })
}

/// The search parameters of `If-None-Exist`.
fn if_none_exist(headers: &HeaderMap) -> Result<Option<String>, Failure> {
    let Some(value) = headers.get("if-none-exist") else { return Ok(None) };
    let condition = value.to_str().ok().map(|query| query.trim_start_matches('?').to_owned());
    condition.map(Some).ok_or_else(|| {
        Failure::unreadable(Issue::error(
            IssueCode::Value,
            "if-none-exist",
            "If-None-Exist must be search parameters, percent-encoded.",
            "If-None-Exist ska vara sökparametrar, procentkodade.",
        ))
    })
}
