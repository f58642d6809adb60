//! The notification Bundle, as text: R5 Subscriptions Backport 1.1 on R4, event notifications
//! (<https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/notifications.html>).
//!
//! A history Bundle. The first entry is the SubscriptionStatus as Parameters; one entry for each change follows, unless
//! the payload is empty. The stored text of a resource is put in as it is: it is not parsed, so no digit of a dose and
//! no unknown member can be lost on the way.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::receiver::{Payload, Receiver};
use crate::store::StoredVersion;

const NOTIFICATION_PROFILE: &str =
    "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-subscription-notification-r4";
const STATUS_PROFILE: &str =
    "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-subscription-status-r4";

/// What a notification is about where several resources changed in one transaction: the first type of these that is among
/// them. They are the wholes that the agreements speak of; what they are made of (statements, procedures, people) is their
/// context, as is every type that is not listed. Of several of one type the first in the transaction counts.
const FOCUS: [&str; 9] = [
    "List",
    "CarePlan",
    "CareTeam",
    "EpisodeOfCare",
    "Encounter",
    "Appointment",
    "Consent",
    "Composition",
    "DocumentReference",
];

/// One event for one receiver. The same event gives the same text, at every attempt, while nothing newer is there.
#[derive(Debug, Clone, Copy)]
pub struct Event<'a> {
    /// This gateway's FHIR base, without a slash at its end.
    pub base: &'a str,
    /// Who is told.
    pub receiver: &'a Receiver,
    /// A UUID: the delivery's idempotency key, and the id of the Bundle.
    pub key: &'a str,
    /// The event's number among those of the receiver, from 1 and without gaps.
    pub number: u64,
    /// When it happened.
    pub at: Timestamp,
    /// What is told of. The most important is the focus, the others are its context.
    pub versions: &'a [StoredVersion],
}

/// The Bundle's text.
pub fn bundle(event: &Event<'_>) -> String {
    let about = Some(json!({ "name": "notification-event", "part": event_parts(event) }));
    let mut entries = vec![status_entry(event, "active", "event-notification", about).to_string()];
    if event.receiver.payload != Payload::Empty {
        entries.extend(event.versions.iter().map(|version| change_entry(event, version)));
    }
    history(event, &entries)
}

/// The Bundle that asks a new receiver whether it is there
/// ([handshake](https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/notifications.html)): a status and no event.
pub fn handshake(base: &str, receiver: &Receiver, key: &str, at: Timestamp) -> String {
    let none = Event { base, receiver, key, number: 0, at, versions: &[] };
    history(&none, &[status_entry(&none, "requested", "handshake", None).to_string()])
}

fn history(event: &Event<'_>, entries: &[String]) -> String {
    let head = json!({
        "resourceType": "Bundle",
        "id": event.key,
        "meta": { "profile": [NOTIFICATION_PROFILE] },
        "type": "history",
        "timestamp": event.at.to_string(),
    });
    let mut text = head.to_string();
    text.pop();
    text.push_str(",\"entry\":[");
    text.push_str(&entries.join(","));
    text.push_str("]}");
    text
}

fn status_entry(event: &Event<'_>, status: &str, kind: &str, about: Option<Value>) -> Value {
    let reference = format!("{}/{}", event.base, event.receiver.reference);
    // A party that is told by agreement has an Endpoint and no subscription whose status it could ask for.
    let is_subscription = event.receiver.reference.starts_with("Subscription/");
    let url = if is_subscription { format!("{reference}/$status") } else { reference.clone() };
    let mut parameters = status_parameters(event, &reference, status, kind);
    parameters.extend(about);
    json!({
        "fullUrl": format!("urn:uuid:{}", event.key),
        "resource": {
            "resourceType": "Parameters",
            "id": event.key,
            "meta": { "profile": [STATUS_PROFILE] },
            "parameter": parameters,
        },
        "request": { "method": "GET", "url": url },
        "response": { "status": "200" },
    })
}

fn status_parameters(event: &Event<'_>, reference: &str, status: &str, kind: &str) -> Vec<Value> {
    let mut parameters = vec![json!({ "name": "subscription", "valueReference": { "reference": reference } })];
    if let Some(topic) = &event.receiver.wants.topic {
        parameters.push(json!({ "name": "topic", "valueCanonical": topic }));
    }
    parameters.extend([
        json!({ "name": "status", "valueCode": status }),
        json!({ "name": "type", "valueCode": kind }),
        json!({ "name": "events-since-subscription-start", "valueString": event.number.to_string() }),
    ]);
    parameters
}

fn event_parts(event: &Event<'_>) -> Vec<Value> {
    let mut parts = vec![
        json!({ "name": "event-number", "valueString": event.number.to_string() }),
        json!({ "name": "timestamp", "valueInstant": event.at.to_string() }),
    ];
    if event.receiver.payload != Payload::Empty {
        let focus = event.versions.iter().min_by_key(|version| importance(version));
        let context = event.versions.iter().filter(|version| focus.is_none_or(|focus| focus.key != version.key));
        parts.extend(focus.map(|version| reference_part(event, "focus", version)));
        parts.extend(context.map(|version| reference_part(event, "additional-context", version)));
    }
    parts
}

/// The place of a version's type in [`FOCUS`]: the smaller, the more important.
fn importance(version: &StoredVersion) -> usize {
    FOCUS.iter().position(|kind| *kind == version.key.kind.as_str()).unwrap_or(FOCUS.len())
}

fn reference_part(event: &Event<'_>, name: &str, version: &StoredVersion) -> Value {
    json!({ "name": name, "valueReference": { "reference": format!("{}/{}", event.base, version.key) } })
}

/// An entry of a history: request and response are mandatory there (invariants bdl-3 and bdl-4).
fn change_entry(event: &Event<'_>, version: &StoredVersion) -> String {
    let StoredVersion { key, version: number, updated, text, .. } = version;
    let (method, url, status) = match (text, number) {
        (None, _) => ("DELETE", key.to_string(), "204"),
        (Some(_), 1) => ("POST", key.kind.to_string(), "201"),
        (Some(_), _) => ("PUT", key.to_string(), "200"),
    };
    let response = json!({ "status": status, "etag": format!("W/\"{number}\""), "lastModified": updated.to_string() });
    let full_url = json!(format!("{}/{key}", event.base));
    let request = json!({ "method": method, "url": url });
    match text.as_deref().filter(|_| event.receiver.payload == Payload::FullResource) {
        Some(text) => {
            format!(r#"{{"fullUrl":{full_url},"resource":{text},"request":{request},"response":{response}}}"#)
        }
        None => format!(r#"{{"fullUrl":{full_url},"request":{request},"response":{response}}}"#),
    }
}

#[cfg(test)]
mod tests;
