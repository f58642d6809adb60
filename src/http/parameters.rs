//! Parameters of a request: query and form, decoded, in order.

use http::HeaderMap;

use crate::exchange::Failure;
use crate::fhir::{Issue, IssueCode};

/// The pairs of a query string or form.
pub fn pairs(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// The first value of a parameter.
pub fn first<'a>(parameters: &'a [(String, String)], name: &str) -> Option<&'a str> {
    parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// An instant in a parameter.
///
/// # Errors
/// 400 where it is none.
pub fn instant(parameters: &[(String, String)], name: &str) -> Result<Option<jiff::Timestamp>, Failure> {
    let Some(text) = first(parameters, name) else { return Ok(None) };
    // A plus sign of an offset arrives as a space where a client did not encode it.
    let text = text.replace(' ', "+");
    match crate::fhir::instant::Interval::of(&text) {
        Some(interval) => Ok(Some(interval.from)),
        None => Err(Failure::unreadable(Issue::error(
            IssueCode::Value,
            "instant-invalid",
            format!("The parameter {name} must be a date or an instant with zone, as 2026-03-02T08:00:00Z."),
            format!("Parametern {name} ska vara ett datum eller en tidpunkt med zon, som 2026-03-02T08:00:00Z."),
        ))),
    }
}

/// Whether `Prefer` holds a word, as `handling=strict` or `return=minimal`.
pub fn prefers(headers: &HeaderMap, word: &str) -> bool {
    headers
        .get_all("prefer")
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split([',', ';']))
        .any(|part| part.trim().eq_ignore_ascii_case(word))
}
