//! The parts of the configuration that validation goes by.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use url::Url;

use crate::exchange::validation::{Mode, Policy};
use crate::fhir::ResourceType;

/// `[terminology]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileTerminology {
    url: String,
    #[serde(default = "usual_timeout")]
    timeout_ms: u64,
}

fn usual_timeout() -> u64 {
    800
}

/// `[validation]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileValidation {
    #[serde(default)]
    default: Mode,
    #[serde(default)]
    profiles: BTreeMap<String, Mode>,
    #[serde(default)]
    required: BTreeMap<String, Vec<String>>,
}

/// A terminology service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terminology {
    /// Its FHIR base, without a slash at its end.
    pub url: String,
    /// How long an answer may take.
    pub timeout: Duration,
}

/// Checks `[terminology]`.
pub(super) fn terminology(file: &FileTerminology, faults: &mut Vec<String>) -> Option<Terminology> {
    let is_http = Url::parse(&file.url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if !is_http || file.timeout_ms == 0 {
        faults.push("terminology: url must be an http or https URL, and timeout_ms more than 0".to_owned());
        return None;
    }
    let url = file.url.trim_end_matches('/').to_owned();
    Some(Terminology { url, timeout: Duration::from_millis(file.timeout_ms) })
}

/// Checks `[validation]`.
pub(super) fn policy(file: FileValidation, clients: BTreeMap<String, Mode>, faults: &mut Vec<String>) -> Policy {
    let profiles = file.profiles.keys().chain(file.required.values().flatten());
    for url in profiles.filter(|url| !url.contains(':')) {
        faults.push(format!("validation: {url} is no canonical URL of a profile"));
    }
    let mut required = BTreeMap::new();
    for (name, profiles) in file.required {
        match ResourceType::parse(&name) {
            Some(kind) => drop(required.insert(kind, profiles)),
            None => faults.push(format!("validation.required: R4 has no resource type {name}")),
        }
    }
    Policy { default: file.default, profiles: file.profiles, clients, required }
}
