//! Another terminology service, asked for what the definitions at hand do not tell: SNOMED CT, LOINC, national codes.
//!
//! Only codes leave the gateway, with their systems and the value sets that they are held against: no display, no
//! other part of a resource, and no code that looks like a person's number. The service is asked with a limit of time;
//! what it does not answer stays an issue that says that it was not checked.

mod cache;
mod http;
mod settle;
#[cfg(test)]
mod tests;

use async_trait::async_trait;

use crate::validate::CodeQuestion;

pub use http::HttpTerminology;
pub use settle::settle;

/// A terminology service.
#[async_trait]
pub trait TerminologyService: Send + Sync {
    /// Whether a code is in its value set, or in its system where the question names no value set.
    ///
    /// # Errors
    /// Why there is no answer.
    async fn validate_code(&self, question: &CodeQuestion) -> Result<Answer, ServiceFault>;
}

/// What a terminology service says of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It is in.
    Yes,
    /// It is not.
    No,
    /// The service does not have the content either.
    Unknown,
}

/// Why a terminology service gives no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ServiceFault {
    /// It took too long.
    #[error("the terminology service took too long")]
    Late,
    /// There is no way to it, or it was found to be away a moment ago.
    #[error("the terminology service can't be reached")]
    Away,
    /// It answers with a failure of its own.
    #[error("the terminology service answers with status {0}")]
    Status(u16),
    /// What it sends is no answer.
    #[error("the terminology service's answer can't be read")]
    Unreadable,
}
