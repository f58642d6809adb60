//! `/concepts/{kind}`: concept JSON and RIV-TA XML in, concept JSON out.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::audit::Interaction;
use crate::concept::{ConceptKind, schema};
use crate::exchange::concepts::{self, Format};
use crate::exchange::{Answer, Call, Failure};
use crate::fhir::{Issue, IssueCode};

use super::fhir_write::idempotency;
use super::{Web, access, parameters, respond};

/// POST `/concepts/{kind}`
pub async fn submit(State(web): State<Web>, Path(kind): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let mut call = match access::begin(&web, &headers, Interaction::Create, "concepts.submit").await {
        Ok(call) => call,
        Err(refused) => return refused,
    };
    let result = async {
        let kind = known(&kind)?;
        let incoming = concepts::read(&web.gateway, kind, format(&headers)?, &body)?;
        let idempotency = idempotency(&headers, "POST", kind.as_str(), &body)?;
        concepts::submit(&web.gateway, &mut call, &incoming, idempotency).await
    }
    .await;
    access::finish(&web, call, result).await
}

/// POST `/concepts/{kind}/$map`: maps without storing.
pub async fn map(State(web): State<Web>, Path(kind): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let call = match access::begin(&web, &headers, Interaction::Operation, "concepts.map").await {
        Ok(call) => call,
        Err(refused) => return refused,
    };
    let result = known(&kind)
        .and_then(|kind| concepts::read(&web.gateway, kind, format(&headers)?, &body))
        .map(|incoming| incoming.mapped(&web.gateway));
    access::finish(&web, call, result).await
}

/// GET `/concepts/{kind}?patient=Patient/1`
pub async fn get(
    State(web): State<Web>,
    Path(kind): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let mut call = match access::begin(&web, &headers, Interaction::Operation, "concepts.get").await {
        Ok(call) => call,
        Err(refused) => return refused,
    };
    let pairs = parameters::pairs(query.as_deref().unwrap_or_default());
    let result = read(&web, &mut call, &kind, &pairs).await;
    access::finish(&web, call, result).await
}

async fn read(web: &Web, call: &mut Call, kind: &str, pairs: &[(String, String)]) -> Result<Answer, Failure> {
    let kind = known(kind)?;
    let patient = parameters::first(pairs, "patient").map(concepts::patient).transpose()?;
    concepts::of_patient(&web.gateway, call, kind, patient.as_ref()).await
}

/// GET `/concepts/schemas/{kind}`: for everybody; it names nobody.
pub async fn json_schema(Path(kind): Path<String>) -> Response {
    match known(&kind) {
        Ok(kind) => respond::json(StatusCode::OK, schema(kind).to_owned()),
        Err(failure) => super::error::response(failure, ""),
    }
}

fn known(kind: &str) -> Result<ConceptKind, Failure> {
    let kinds = || ConceptKind::ALL.iter().map(|k| k.as_str()).collect::<Vec<_>>().join(", ");
    ConceptKind::parse(kind).ok_or_else(|| {
        Failure::UnknownRoute(Issue::error(
            IssueCode::NotSupported,
            "concept-unknown",
            format!("There is no such concept; there are {}.", kinds()),
            format!("Det finns inget sådant begrepp; det finns {}.", kinds()),
        ))
    })
}

fn format(headers: &HeaderMap) -> Result<Format, Failure> {
    let stated = headers.get(http::header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("application/json");
    match stated.split(';').next().unwrap_or_default().trim() {
        "application/json" | "application/fhir+json" | "" => Ok(Format::Json),
        "application/xml" | "text/xml" => Ok(Format::RivTa),
        _ => Err(Failure::UnsupportedMedia(Issue::error(
            IssueCode::NotSupported,
            "media-type",
            "A concept is sent as application/json, or as application/xml for RIV-TA.",
            "Ett begrepp skickas som application/json, eller som application/xml för RIV-TA.",
        ))),
    }
}
