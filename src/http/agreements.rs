//! The agreements as data.

use axum::extract::{Path, State};
use axum::response::Response;
use http::HeaderMap;

use crate::audit::Interaction;
use crate::exchange::{Answer, Failure};
use crate::fhir::value::quoted;

use super::{Web, access, error};

/// GET `/agreements`: id, title and number of obligations of each.
pub async fn list(State(web): State<Web>, headers: HeaderMap) -> Response {
    let call = match access::begin(&web, &headers, Interaction::Operation, "agreements.list").await {
        Ok(call) => call,
        Err(refused) => return refused,
    };
    let line = |a: &crate::agreement::Agreement| {
        format!("{{\"id\":{},\"title\":{},\"obligations\":{}}}", quoted(&a.id), quoted(&a.title), a.obligations.len())
    };
    let lines: Vec<String> = web.gateway.agreements.iter().map(line).collect();
    access::finish(&web, call, Ok(Answer::json(200, format!("{{\"agreements\":[{}]}}", lines.join(","))))).await
}

/// GET `/agreements/{id}`
pub async fn get(State(web): State<Web>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let call = match access::begin(&web, &headers, Interaction::Operation, "agreements.get").await {
        Ok(call) => call,
        Err(refused) => return refused,
    };
    let found = web.gateway.agreements.iter().find(|a| a.id == id).map(|a| Answer::json(200, a.to_json().to_string()));
    access::finish(&web, call, found.ok_or_else(|| Failure::UnknownRoute(error::not_found()))).await
}
