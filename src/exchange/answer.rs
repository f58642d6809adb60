//! What a use case gives back, before it is dressed for a protocol.

use crate::fhir::http_date;
use crate::store::StoredVersion;

/// A successful answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers that belong to the content: `ETag`, `Last-Modified`, `Location`.
    pub headers: Vec<(String, String)>,
    /// The body: FHIR JSON unless a `Content-Type` header says otherwise.
    pub body: Option<String>,
}

impl Answer {
    /// A FHIR body without version headers.
    pub fn fhir(status: u16, body: String) -> Self {
        Self { status, headers: Vec::new(), body: Some(body) }
    }

    /// A plain JSON body.
    pub fn json(status: u16, body: String) -> Self {
        let content_type = ("Content-Type".to_owned(), "application/json".to_owned());
        Self { status, headers: vec![content_type], body: Some(body) }
    }

    /// No body.
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: None }
    }

    /// A version of a resource with its `ETag` and `Last-Modified`.
    pub fn version(status: u16, version: &StoredVersion) -> Self {
        let mut answer = Self { status, headers: Vec::new(), body: version.text.clone() };
        answer.header("ETag", etag(version.version));
        answer.header("Last-Modified", http_date::format(version.updated));
        answer
    }

    /// Adds a header.
    pub fn header(&mut self, name: &str, value: impl Into<String>) {
        self.headers.push((name.to_owned(), value.into()));
    }
}

/// The weak entity tag of a version (`W/"3"`).
pub fn etag(version: u64) -> String {
    format!("W/\"{version}\"")
}

/// Reads `W/"3"`, `"3"` or `3`.
pub fn parse_etag(text: &str) -> Option<u64> {
    text.trim().trim_start_matches("W/").trim_matches('"').parse().ok()
}
