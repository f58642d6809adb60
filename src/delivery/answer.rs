//! What came of one attempt, before anybody decides what follows from it.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

use super::guard::Refusal;

/// What a receiver, or the way to it, answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It answered with an HTTP status.
    Status {
        /// The status code.
        code: u16,
        /// How long it asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// No answer came.
    Silence(Silence),
    /// Nothing was sent, since it may not be sent there or in that form.
    Unsendable(Refusal),
}

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Silence {
    /// No connection.
    NoConnection,
    /// The connection broke.
    Broken,
    /// Time was out.
    Timeout,
}

/// The three ways in which an attempt can end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// The receiver has it.
    Accepted,
    /// It may work later without anybody doing anything: no answer, 408, 425, 429, 5xx.
    Failed,
    /// It will not work until somebody changes something: another 4xx, a redirect, an address that may not be called.
    Refused,
}

impl Answer {
    /// A status without more.
    pub fn status(code: u16) -> Self {
        Self::Status { code, retry_after: None }
    }

    /// Which of the three ways ([RFC 9110 section 15](https://www.rfc-editor.org/rfc/rfc9110#section-15)).
    pub fn class(&self) -> Class {
        match self {
            Self::Status { code: 200..=299, .. } => Class::Accepted,
            Self::Status { code: 408 | 425 | 429 | 500..=599, .. } | Self::Silence(_) => Class::Failed,
            Self::Status { .. } | Self::Unsendable(_) => Class::Refused,
        }
    }

    /// How long the receiver asks to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

impl fmt::Display for Answer {
    /// For the queue's page and the log: no address, no body.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status { code, .. } => write!(f, "HTTP {code}"),
            Self::Silence(Silence::NoConnection) => f.write_str("no connection"),
            Self::Silence(Silence::Broken) => f.write_str("the connection broke"),
            Self::Silence(Silence::Timeout) => f.write_str("no answer in time"),
            Self::Unsendable(refusal) => refusal.fmt(f),
        }
    }
}

/// Reads `Retry-After`: seconds, or an HTTP-date of which the past is no wait
/// ([RFC 9110 section 10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)).
pub fn parse_retry_after(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        // More seconds than fit is as long as one likes; the policy caps it.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::from(u32::MAX))));
    }
    let until = DateTimeParser::new().relaxed_weekday(true).parse_timestamp(text).ok()?;
    Some(Duration::try_from(until.duration_since(now)).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(text: &str) -> Option<u64> {
        parse_retry_after(text, "2026-03-02T08:00:00Z".parse().unwrap()).map(|wait| wait.as_secs())
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(wait("120"), Some(120));
        assert_eq!(wait(" 0 "), Some(0));
        assert_eq!(wait("Mon, 02 Mar 2026 08:05:00 GMT"), Some(300));
        assert_eq!(wait("Mon, 02 Mar 2026 07:00:00 GMT"), Some(0), "the past is no wait");
        assert_eq!(wait("99999999999999999999999"), Some(u64::from(u32::MAX)));
        assert_eq!([wait("soon"), wait("-5"), wait("")], [None; 3]);
    }

    #[test]
    fn every_status_has_its_class() {
        for code in [200, 201, 202, 204] {
            assert_eq!(Answer::status(code).class(), Class::Accepted, "{code}");
        }
        for code in [408, 425, 429, 500, 502, 503, 504] {
            assert_eq!(Answer::status(code).class(), Class::Failed, "{code}");
        }
        for code in [301, 307, 400, 401, 403, 404, 410, 422] {
            assert_eq!(Answer::status(code).class(), Class::Refused, "{code}");
        }
    }
}
