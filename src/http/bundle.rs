//! POST of a Bundle to the base: transaction and batch
//! ([http#transaction](https://hl7.org/fhir/R4/http.html#transaction)).

use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use http::HeaderMap;

use crate::audit::{Entry as AuditEntry, Interaction};
use crate::exchange::answer::etag;
use crate::exchange::entries::{self, Entry, Wish};
use crate::exchange::read::{self, Known};
use crate::exchange::receive::{Done, Submission, receive, request_hash};
use crate::exchange::{Answer, Call, Failure, search};
use crate::fhir::{Document, Issue, IssueCode, NodeRef, ResourceKey, ResourceType, Severity, instant, outcome};
use crate::store::{AuditRow, Change};

use super::fhir_write::{idempotency, parse};
use super::{Web, access, error, parameters};

/// POST `/fhir`
pub async fn post(State(web): State<Web>, headers: HeaderMap, body: Bytes) -> Response {
    let mut call = match access::begin(&web, &headers, Interaction::Transaction, "fhir.bundle").await {
        Ok(call) => call,
        Err(refused) => return refused,
    };
    let result = process(&web, &mut call, &headers, &body).await;
    access::finish(&web, call, result).await
}

async fn process(web: &Web, call: &mut Call, headers: &HeaderMap, body: &[u8]) -> Result<Answer, Failure> {
    let document = parse(body)?;
    let bundle = document.root();
    if bundle.str_at("resourceType").as_deref() != Some("Bundle") {
        return Err(wrong(bundle, "The base takes a Bundle.", "Basadressen tar emot en Bundle."));
    }
    match bundle.str_at("type").as_deref() {
        Some("transaction") => transaction(web, call, &document, idempotency(headers, "POST", "", body)?).await,
        Some("batch") => {
            call.entry.interaction = Interaction::Batch;
            let key = idempotency(headers, "POST", "", body)?.map(|(key, _)| key);
            batch(web, call, &document, key.as_deref()).await
        }
        _ => Err(wrong(
            bundle.get("type").unwrap_or(bundle),
            "The base takes Bundles of type transaction or batch.",
            "Basadressen tar emot Bundle av typ transaction eller batch.",
        )),
    }
}

fn wrong(node: NodeRef<'_>, english: &str, swedish: &str) -> Failure {
    Failure::unreadable(crate::exchange::failure::at(
        Issue::error(IssueCode::Structure, "bundle-type", english, swedish),
        node,
    ))
}

/// All or nothing.
///
/// # Errors
/// The first stage that fails, with all that it found.
pub async fn transaction(
    web: &Web,
    call: &mut Call,
    document: &Document,
    idempotency: Option<(String, [u8; 32])>,
) -> Result<Answer, Failure> {
    let entries = entries::of_bundle(document.root()).map_err(Failure::Unreadable)?;
    refuse_audit(&entries)?;
    let base = web.gateway.base.clone();
    let has_gets = entries.iter().any(|e| matches!(e.wish, Wish::Get { .. }));
    let submission = Submission { document, entries: &entries, idempotency, notify: true };
    let answer = receive(&web.gateway, call, &submission, |done| transaction_response(done, &base)).await?;
    if has_gets { with_gets(web, call, &entries, &answer).await } else { Ok(answer) }
}

fn refuse_audit(entries: &[Entry<'_>]) -> Result<(), Failure> {
    match entries.iter().find(|e| e.kind.as_str() == "AuditEvent" && e.resource.is_some()) {
        None => Ok(()),
        Some(_) => Err(Failure::Invalid(vec![Issue::error(
            IssueCode::NotSupported,
            "audit-is-ours",
            "The gateway alone writes AuditEvents.",
            "Bara tjänsten själv skriver AuditEvent.",
        )])),
    }
}

fn transaction_response(done: &[Done], base: &str) -> Answer {
    let entries: Vec<String> = done.iter().map(|d| response_entry(d, base)).collect();
    Answer::fhir(200, response_bundle("transaction-response", &entries))
}

fn response_bundle(kind: &str, entries: &[String]) -> String {
    let entry = if entries.is_empty() { String::new() } else { format!(",\"entry\":[{}]", entries.join(",")) };
    format!("{{\"resourceType\":\"Bundle\",\"type\":\"{kind}\"{entry}}}")
}

fn response_entry(done: &Done, base: &str) -> String {
    let Some(key) = &done.key else { return "{\"response\":{\"status\":\"200\"}}".into() };
    let status = match done.status {
        201 => "201 Created",
        204 => return "{\"response\":{\"status\":\"204 No Content\"}}".into(),
        _ => "200 OK",
    };
    format!(
        "{{\"fullUrl\":\"{base}/{key}\",\"response\":{{\"status\":\"{status}\",\"location\":\"{base}/{key}/_history/{}\",\"etag\":\"{}\",\"lastModified\":\"{}\"{}}}}}",
        done.version,
        etag(done.version).replace('"', "\\\""),
        instant::format(done.updated),
        told(done)
    )
}

/// What was found in an entry that was stored all the same, where that is more than worth knowing.
fn told(done: &Done) -> String {
    if done.warnings.iter().all(|issue| issue.severity < Severity::Warning) {
        return String::new();
    }
    format!(",\"outcome\":{}", outcome::to_json(&done.warnings))
}

/// Answers the GETs of a transaction after its writes, each in the place of its entry.
async fn with_gets(web: &Web, call: &mut Call, entries: &[Entry<'_>], answer: &Answer) -> Result<Answer, Failure> {
    let written = parse(answer.body.as_deref().unwrap_or_default().as_bytes())?;
    let mut out = Vec::with_capacity(entries.len());
    let mut rows = Vec::new();
    for (entry, node) in entries.iter().zip(written.root().list("entry")) {
        out.push(match &entry.wish {
            Wish::Get { url } => get_entry(web, call, url, &mut rows).await,
            _ => node.text().to_owned(),
        });
    }
    record(web, rows).await?;
    Ok(Answer::fhir(200, response_bundle("transaction-response", &out)))
}

/// An access of its own within a Bundle, with an audit entry of its own.
fn fork(web: &Web, call: &Call, interaction: Interaction) -> Call {
    let gateway = &web.gateway;
    let entry = AuditEntry::begin(
        interaction,
        &call.entry.what,
        Some(&call.caller),
        &call.entry.request_id,
        gateway.clock.now(),
        &*gateway.entropy,
    );
    Call { caller: call.caller.clone(), at: call.at, entry, refused: None, recorded: false }
}

/// Puts the entries of a Bundle's accesses on disk, before its answer leaves.
async fn record(web: &Web, rows: Vec<AuditRow>) -> Result<(), Failure> {
    if rows.is_empty() {
        return Ok(());
    }
    web.gateway.store.commit(Change { name: "audit", audit: rows, ..Change::default() }).await?;
    Ok(())
}

async fn get_entry(web: &Web, call: &Call, url: &str, rows: &mut Vec<AuditRow>) -> String {
    let mut own = fork(web, call, Interaction::Read);
    let result = get(web, &mut own, url).await;
    rows.push(access::closed(web, &own, &result));
    match result {
        Ok(answer) => {
            let resource = answer.body.map(|b| format!("\"resource\":{b},")).unwrap_or_default();
            format!("{{{resource}\"response\":{{\"status\":\"{} OK\"}}}}", answer.status)
        }
        Err(failure) => failed_entry(failure),
    }
}

fn failed_entry(failure: Failure) -> String {
    let (status, issues) = error::table(failure);
    format!("{{\"response\":{{\"status\":\"{}\",\"outcome\":{}}}}}", status, outcome::to_json(&issues))
}

async fn get(web: &Web, call: &mut Call, url: &str) -> Result<Answer, Failure> {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let segments: Vec<&str> = path.split('/').collect();
    match segments.as_slice() {
        [kind] => {
            let kind = ResourceType::parse(kind).ok_or_else(read::unknown_type)?;
            let request = search::Request { kind, parameters: parameters::pairs(query), strict: false };
            search::search(&web.gateway, call, request).await
        }
        [kind, id] => read::read(&web.gateway, call, &super::fhir_read::key(kind, id)?, Known::default()).await,
        [kind, id, "_history", version] => {
            let key: ResourceKey = super::fhir_read::key(kind, id)?;
            let version = version.parse().map_err(|_| Failure::NotFound(key.clone()))?;
            read::vread(&web.gateway, call, &key, version).await
        }
        _ => Err(read::unknown_type()),
    }
}

/// Each entry on its own; the answer is 200 whatever becomes of them.
async fn batch(web: &Web, call: &Call, document: &Document, key: Option<&str>) -> Result<Answer, Failure> {
    let bundle = document.root();
    if bundle.list("entry").count() > entries::MOST {
        return Err(Failure::unreadable(entries::too_many(bundle)));
    }
    let mut out = Vec::new();
    let mut rows = Vec::new();
    for (index, node) in bundle.list("entry").enumerate() {
        let key = key.map(|key| (format!("{key}#{index}"), request_hash(&[node.text().as_bytes()])));
        out.push(batch_entry(web, call, node, key, &mut rows).await);
    }
    record(web, rows).await?;
    Ok(Answer::fhir(200, response_bundle("batch-response", &out)))
}

async fn batch_entry(
    web: &Web,
    call: &Call,
    node: NodeRef<'_>,
    idempotency: Option<(String, [u8; 32])>,
    rows: &mut Vec<AuditRow>,
) -> String {
    let entry = match entries::entry(node) {
        Ok(entry) => entry,
        Err(fault) => return failed_entry(Failure::unreadable(fault)),
    };
    if let Wish::Get { url } = &entry.wish {
        return get_entry(web, call, url, rows).await;
    }
    let mut own = fork(web, call, interaction(&entry.wish));
    let result = write_alone(web, &mut own, &entry, idempotency).await;
    if !own.recorded {
        rows.push(access::closed(web, &own, &result));
    }
    match result {
        Ok(answer) => answer.body.unwrap_or_default(),
        Err(failure) => failed_entry(failure),
    }
}

fn interaction(wish: &Wish) -> Interaction {
    match wish {
        Wish::Create { .. } => Interaction::Create,
        Wish::Update { .. } | Wish::UpdateMatching { .. } => Interaction::Update,
        Wish::Delete { .. } => Interaction::Delete,
        Wish::Get { .. } => Interaction::Read,
    }
}

async fn write_alone(
    web: &Web,
    own: &mut Call,
    entry: &Entry<'_>,
    idempotency: Option<(String, [u8; 32])>,
) -> Result<Answer, Failure> {
    refuse_audit(std::slice::from_ref(entry))?;
    let text = entry.resource.map_or_else(|| "{}".to_owned(), |r| r.text().to_owned());
    let document = parse(text.as_bytes())?;
    let alone = Entry { resource: entry.resource.map(|_| document.root()), full_url: None, ..entry.clone() };
    let submission =
        Submission { document: &document, entries: std::slice::from_ref(&alone), idempotency, notify: true };
    let base = web.gateway.base.clone();
    receive(&web.gateway, own, &submission, |done| {
        Answer::fhir(200, done.first().map(|d| response_entry(d, &base)).unwrap_or_default())
    })
    .await
}
