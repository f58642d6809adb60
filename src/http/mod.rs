//! HTTP: the way in and out, and nothing else.
//!
//! [`router`] holds every route on one page, [`middleware`] the layers with their reasons, [`error`] the one table from
//! failures to statuses, [`access`] what stands around every use case: the caller is known and the audit entry open
//! before it, and the entry is on disk before its answer leaves. One file an interaction.

mod access;
mod agreements;
mod audit_events;
mod bundle;
mod concepts;
mod deliveries;
mod error;
mod fhir_read;
mod fhir_search;
mod fhir_write;
mod fhirpath;
mod metadata;
mod middleware;
mod negotiate;
mod oauth;
mod obligations;
mod operations;
mod parameters;
mod respond;
mod router;
mod validate;

use std::sync::Arc;

pub use router::{ROUTES, Route, router};

use crate::authn::{Assertions, Tokens};
use crate::exchange::Gateway;

/// What the handlers share.
#[derive(Clone)]
pub struct Web {
    /// The use cases' surroundings.
    pub gateway: Gateway,
    /// Access tokens.
    pub tokens: Arc<Tokens>,
    /// Client assertions at the token endpoint.
    pub assertions: Arc<Assertions>,
    /// The root URL, without a slash at its end.
    pub root: Arc<str>,
    /// Limits.
    pub limits: Limits,
    /// Places for requests under way.
    pub places: Arc<tokio::sync::Semaphore>,
    /// The prometheus registry's page.
    pub metrics: Option<metrics_exporter_prometheus::PrometheusHandle>,
}

/// Limits on requests.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The largest body in bytes.
    pub body: usize,
    /// The longest that a request may take.
    pub time: std::time::Duration,
    /// Seconds that an access token lasts.
    pub token_lifetime: i64,
    /// Requests under way at once; more are answered 503.
    pub places: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body: 16 << 20, time: std::time::Duration::from_secs(30), token_lifetime: 300, places: 1_024 }
    }
}
