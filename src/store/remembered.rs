//! Answers kept for requests that are sent again.

use jiff::Timestamp;

/// An answer that is kept so that the same request sent again gets the same answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// Which client sent it.
    pub client: String,
    /// Its idempotency key.
    pub key: String,
    /// SHA-256 of method, path and body.
    pub request_sha256: [u8; 32],
    /// HTTP status.
    pub status: u16,
    /// Headers worth repeating (`Location`, `ETag`, `Last-Modified`).
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
    /// When it was answered.
    pub at: Timestamp,
}
