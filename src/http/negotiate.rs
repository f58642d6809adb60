//! Content negotiation for `/fhir`: FHIR JSON in and out as yet
//! ([mime-type](https://hl7.org/fhir/R4/http.html#mime-type)).
//!
//! What can't be read is 415, what can't be written 406, both before anybody looks at the request.

use axum::extract::Request;
use http::{HeaderMap, Method, header};

use crate::exchange::Failure;
use crate::fhir::{Issue, IssueCode};

use super::parameters;

const JSON: [&str; 4] = ["application/fhir+json", "application/json", "text/json", "application/json+fhir"];
const FORMATS: [&str; 6] =
    ["json", "application/fhir+json", "application/json", "text/json", "application/fhir json", "*/*"];

/// Whether a request's address can be read, its body be read, and its answer be written.
///
/// # Errors
/// 400, 406 or 415.
pub fn understood(request: &Request) -> Result<(), Failure> {
    let path = request.uri().path();
    if percent_encoding::percent_decode_str(path).decode_utf8().is_err() {
        return Err(Failure::unreadable(address()));
    }
    // SMART asks for JSON at its discovery document whatever the client accepts.
    if !path.starts_with("/fhir") || path.ends_with("/smart-configuration") {
        return Ok(());
    }
    let format =
        parameters::pairs(request.uri().query().unwrap_or_default()).into_iter().find(|(name, _)| name == "_format");
    let acceptable = match &format {
        Some((_, format)) => FORMATS.contains(&format.split(';').next().unwrap_or_default().trim()),
        None => accepts_json(request.headers()),
    };
    if !acceptable {
        return Err(Failure::NotAcceptable(not_acceptable()));
    }
    if has_fhir_body(request) && !is_json(request.headers()) {
        return Err(Failure::UnsupportedMedia(unsupported()));
    }
    Ok(())
}

fn accepts_json(headers: &HeaderMap) -> bool {
    let mut ranges =
        headers.get_all(header::ACCEPT).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(',')).peekable();
    if ranges.peek().is_none() {
        return true;
    }
    ranges.any(|range| {
        let name = range.split(';').next().unwrap_or_default().trim();
        matches!(name, "*/*" | "application/*" | "text/*" | "json") || JSON.contains(&name)
    })
}

fn has_fhir_body(request: &Request) -> bool {
    let is_search = request.uri().path().ends_with("/_search");
    matches!(*request.method(), Method::POST | Method::PUT) && !is_search
}

/// A body without a type is taken for what it most likely is.
fn is_json(headers: &HeaderMap) -> bool {
    match headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()) {
        None => true,
        Some(stated) => {
            JSON.contains(&stated.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str())
        }
    }
}

fn address() -> Issue {
    Issue::error(
        IssueCode::Value,
        "address",
        "The address must be UTF-8 once its percent signs are decoded.",
        "Adressen ska vara UTF-8 när procenttecknen har avkodats.",
    )
}

fn not_acceptable() -> Issue {
    Issue::error(
        IssueCode::NotSupported,
        "media-type",
        "Only FHIR JSON is written here: accept application/fhir+json.",
        "Här skrivs bara FHIR-JSON: acceptera application/fhir+json.",
    )
}

fn unsupported() -> Issue {
    Issue::error(
        IssueCode::NotSupported,
        "media-type",
        "Only FHIR JSON is read here: send application/fhir+json.",
        "Här läses bara FHIR-JSON: skicka application/fhir+json.",
    )
}
