//! GET `/fhir/metadata`: what works, printed from the same table that the routes are generic over.

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use vardbro_sdk::{Capabilities, ResourceCapability, capability_statement};

use crate::exchange::Answer;
use crate::fhir::definitions::{SearchKind, SearchParameter};
use crate::fhir::{Definitions, ResourceType, search};

use super::{Web, error, respond};

/// What every type but AuditEvent can do.
pub const INTERACTIONS: [&str; 7] = ["read", "vread", "update", "delete", "history-instance", "create", "search-type"];
/// What AuditEvent can do: the gateway alone writes it.
pub const AUDIT_INTERACTIONS: [&str; 2] = ["read", "search-type"];
/// What AuditEvent can be searched by.
pub const AUDIT_PARAMETERS: [&str; 5] = ["_id", "date", "patient", "agent", "_count"];

/// The operations, of every type but AuditEvent and of the system.
pub const OPERATIONS: [(&str, &str); 1] = [("validate", "http://hl7.org/fhir/OperationDefinition/Resource-validate")];

/// When this statement's content last changed.
const CHANGED: i64 = 1_795_392_000;

/// GET `/fhir/metadata`. For everybody: a client reads it before it has a token. It names nobody, so it needs no audit entry.
pub async fn get(State(web): State<Web>, headers: HeaderMap) -> Response {
    let statement = match statement(&web.gateway.base) {
        Ok(statement) => statement,
        Err(fault) => {
            tracing::error!(%fault, "the CapabilityStatement can't be built");
            return respond::outcome(StatusCode::INTERNAL_SERVER_ERROR, &[error::fault()]);
        }
    };
    let tag = format!("W/\"{}\"", &hex(&statement)[..16]);
    let known = headers.get("if-none-match").and_then(|v| v.to_str().ok()) == Some(tag.as_str());
    let mut answer = if known { Answer::empty(304) } else { Answer::fhir(200, statement) };
    answer.header("ETag", tag);
    respond::answer(answer)
}

fn hex(text: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(text).iter().map(|b| format!("{b:02x}")).collect()
}

/// The statement for a base.
///
/// # Errors
/// Where a name in our tables is not FHIR's.
pub fn statement(base: &str) -> Result<String, vardbro_sdk::Unrepresentable> {
    capability_statement(&Capabilities {
        base,
        version: env!("CARGO_PKG_VERSION"),
        date: CHANGED,
        resources: Definitions::r4().resource_types().iter().map(|kind| resource(*kind)).collect(),
        interactions: &["transaction", "batch"],
        operations: &OPERATIONS,
    })
}

fn resource(kind: ResourceType) -> ResourceCapability<'static> {
    let writable = kind.as_str() != "AuditEvent";
    let parameters = if writable {
        parameters(kind)
    } else {
        AUDIT_PARAMETERS.iter().filter(|p| **p != "_count").map(|p| audit_parameter(p)).collect()
    };
    let includes = if writable { includes(kind) } else { Vec::new() };
    let interactions: &[&str] = if writable { &INTERACTIONS } else { &AUDIT_INTERACTIONS };
    let operations: &[_] = if writable { &OPERATIONS } else { &[] };
    ResourceCapability { name: kind.as_str(), interactions, writable, parameters, includes, operations }
}

fn audit_parameter(name: &'static str) -> (&'static str, &'static str, Option<&'static str>) {
    let kind = match name {
        "date" => "date",
        "patient" => "reference",
        _ => "token",
    };
    (name, kind, None)
}

fn parameters(kind: ResourceType) -> Vec<(&'static str, &'static str, Option<&'static str>)> {
    let own = search::supported(kind).map(|p| (p.code.as_str(), kind_code(p), Some(p.url.as_str())));
    let common = [
        ("_id", "token", Some("http://hl7.org/fhir/SearchParameter/Resource-id")),
        ("_lastUpdated", "date", Some("http://hl7.org/fhir/SearchParameter/Resource-lastUpdated")),
    ];
    common.into_iter().chain(own.filter(|(code, ..)| !matches!(*code, "_id" | "_lastUpdated"))).collect()
}

fn includes(kind: ResourceType) -> Vec<String> {
    search::supported(kind).filter(|p| p.kind == SearchKind::Reference).map(|p| format!("{kind}:{}", p.code)).collect()
}

fn kind_code(parameter: &SearchParameter) -> &'static str {
    match parameter.kind {
        SearchKind::Number => "number",
        SearchKind::Date => "date",
        SearchKind::String => "string",
        SearchKind::Token => "token",
        SearchKind::Reference => "reference",
        SearchKind::Composite => "composite",
        SearchKind::Quantity => "quantity",
        SearchKind::Uri => "uri",
        SearchKind::Special => "special",
    }
}
