//! What a Bundle tells of, by name: types, ids and versions, and no word of its content.

use std::fmt;

use serde_json::Value;

use crate::fhir::ResourceId;

/// A Bundle as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Notice {
    /// How many events it tells of; none for a handshake or a heartbeat.
    pub(super) events: usize,
    /// The resources that it names, in its order.
    pub(super) resources: Vec<Named>,
}

/// A resource by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// `List/1`
    pub(super) reference: String,
    /// From `response.etag`, as `3`.
    pub(super) version: Option<String>,
    /// Whether it was deleted.
    pub(super) is_deleted: bool,
}

impl Notice {
    /// Reads a Bundle; `None` where the bytes are none.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let bundle: Value = serde_json::from_slice(bytes).ok()?;
        if bundle["resourceType"] != "Bundle" {
            return None;
        }
        let entries = bundle["entry"].as_array().map_or(&[][..], Vec::as_slice);
        let (status, others): (Vec<_>, Vec<_>) =
            entries.iter().partition(|entry| entry["resource"]["resourceType"] == "Parameters");
        let parameters = status.iter().filter_map(|entry| entry["resource"]["parameter"].as_array()).flatten();
        let events = parameters.filter(|parameter| parameter["name"] == "notification-event").count();
        Some(Self { events, resources: others.into_iter().filter_map(Named::read).collect() })
    }
}

impl Named {
    fn read(entry: &Value) -> Option<Self> {
        let reference = local_name(entry["fullUrl"].as_str()?)?;
        let etag = entry["response"]["etag"].as_str();
        let version = etag.and_then(|etag| etag.strip_prefix("W/\"")?.strip_suffix('"')).map(str::to_owned);
        Some(Self { reference, version, is_deleted: entry["request"]["method"] == "DELETE" })
    }
}

/// `Type/id` at the end of a URL; nothing that is not formed like that is ever shown.
fn local_name(url: &str) -> Option<String> {
    let (rest, id) = url.rsplit_once('/')?;
    let kind = rest.rsplit('/').next()?;
    let is_name = !kind.is_empty() && kind.bytes().all(|b| b.is_ascii_alphabetic()) && ResourceId::parse(id).is_some();
    is_name.then(|| format!("{kind}/{id}"))
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} event{}", self.events, if self.events == 1 { "" } else { "s" })?;
        for (i, named) in self.resources.iter().enumerate() {
            let version = named.version.as_deref().map(|version| format!(" v{version}")).unwrap_or_default();
            let deleted = if named.is_deleted { " deleted" } else { "" };
            write!(f, "{}{}{version}{deleted}", if i == 0 { "  " } else { ", " }, named.reference)?;
        }
        Ok(())
    }
}
