//! POST `/fhir/{type}/$validate`: the outcome, whatever it is, with 200.

use axum::extract::{Path, State};
use axum::response::Response;
use bytes::Bytes;
use http::HeaderMap;
use jiff::Timestamp;

use crate::audit::Interaction;
use crate::exchange::{Answer, Failure, failure};
use crate::fhir::{Document, Issue, IssueCode, Library, Severity, outcome};
use crate::validate;

use super::fhir_write::parse;
use super::{Web, access};

/// POST `/fhir/{type}/$validate`, the resource bare or in Parameters.
pub async fn validate(State(web): State<Web>, Path(kind): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let call = match access::begin(&web, &headers, Interaction::Operation, "fhir.validate").await {
        Ok(call) => call,
        Err(refused) => return refused,
    };
    let result = judge(&kind, &body, web.gateway.clock.now());
    access::finish(&web, call, result).await
}

fn judge(kind: &str, body: &[u8], now: Timestamp) -> Result<Answer, Failure> {
    let kind = crate::fhir::ResourceType::parse(kind).ok_or_else(crate::exchange::read::unknown_type)?;
    let document = match parse(body) {
        Ok(document) => document,
        // What can't be parsed could be judged all the same: it is not valid.
        Err(Failure::Unreadable(issues)) => return Ok(Answer::fhir(200, outcome::to_json(&issues))),
        Err(other) => return Err(other),
    };
    let mut issues = issues(&document, now);
    let resource = resource(&document);
    if resource.str_at("resourceType").is_some_and(|stated| stated != kind.as_str()) {
        let differs = Issue::error(
            IssueCode::Structure,
            "resource-type-differs",
            format!("The resource must be a {kind}, as the URL says."),
            format!("Resursen ska vara en {kind}, som adressen anger."),
        );
        issues.push(failure::at(differs, resource));
    }
    if !issues.iter().any(|i| i.severity >= Severity::Warning) {
        issues.push(
            Issue::error(IssueCode::Informational, "valid", "No fault was found.", "Inget fel hittades.")
                .with_severity(Severity::Information),
        );
    }
    Ok(Answer::fhir(200, outcome::to_json(&issues)))
}

fn resource(document: &Document) -> crate::fhir::NodeRef<'_> {
    let root = document.root();
    let is_parameters = root.str_at("resourceType").as_deref() == Some("Parameters");
    let wrapped = root
        .list("parameter")
        .find(|p| p.str_at("name").as_deref() == Some("resource"))
        .and_then(|p| p.get("resource"));
    wrapped.filter(|_| is_parameters).unwrap_or(root)
}

fn issues(document: &Document, now: Timestamp) -> Vec<Issue> {
    validate::resource_at(resource(document), &validate::Setting::new(Library::embedded(), now)).issues
}
