//! Responses: headers, `Prefer`, and OperationOutcomes.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode};

use crate::exchange::Answer;
use crate::fhir::Issue;
use crate::fhir::outcome;

/// FHIR JSON ([mime-type](https://hl7.org/fhir/R4/http.html#mime-type)).
pub const FHIR_JSON: &str = "application/fhir+json; charset=utf-8";

/// An answer as it stands.
pub fn answer(answer: Answer) -> Response {
    let mut response = Response::new(answer.body.map_or_else(Body::empty, Body::from));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if !matches!(answer.status, 204 | 304) {
        set(&mut response, "Content-Type", FHIR_JSON);
    }
    for (name, value) in &answer.headers {
        set(&mut response, name, value);
    }
    response
}

/// An OperationOutcome.
pub fn outcome(status: StatusCode, issues: &[Issue]) -> Response {
    answer(Answer::fhir(status.as_u16(), outcome::to_json(issues)))
}

/// Plain JSON.
pub fn json(status: StatusCode, body: String) -> Response {
    answer(Answer::json(status.as_u16(), body))
}

/// Sets a header; a value that is no header value is left out.
pub fn set(response: &mut Response, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) {
        response.headers_mut().insert(name, value);
    }
}
