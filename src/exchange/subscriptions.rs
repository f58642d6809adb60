//! Subscriptions of R4: criteria, rest-hook channel, and the backport's extension for how much is told
//! ([Subscription](https://hl7.org/fhir/R4/subscription.html),
//! [R5 Subscriptions Backport 1.1](https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/)).
//!
//! What can't be served is refused when it is written ([`check`]), so that no Subscription stands as active and is
//! never told of anything. One that is asked for by criteria becomes active at once: R4 alone knows no handshake.

use std::collections::BTreeSet;

use http::{HeaderName, HeaderValue};
use jiff::Timestamp;
use url::Url;

use crate::access::{self, ActorRole, Caller, Operation};
use crate::delivery::{Guard, Payload, Receiver, Wants};
use crate::fhir::search::{self, Query, Visibility};
use crate::fhir::{Issue, IssueCode, NodeRef, ResourceType};
use crate::store::StoredVersion;

use super::Failure;
use super::failure::at;

const PAYLOAD_CONTENT: &str =
    "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-payload-content";

/// A subscription as it is asked for.
#[derive(Debug)]
pub struct Asked {
    /// What it selects.
    pub criteria: Query,
    /// Where to.
    pub address: Url,
    /// How much.
    pub payload: Payload,
    headers: Vec<(String, String)>,
    end: Option<Timestamp>,
}

impl Asked {
    /// Reads a Subscription.
    ///
    /// # Errors
    /// Everything that we can't serve: other channels, criteria that can't be searched, an address that is no URL,
    /// headers that can't be sent.
    pub fn read(subscription: NodeRef<'_>, base: &str) -> Result<Self, Vec<Issue>> {
        let mut faults = Vec::new();
        let criteria = keep(&mut faults, criteria(subscription, base));
        let address = keep(&mut faults, address(subscription));
        let payload = keep(&mut faults, payload(subscription));
        let headers = keep(&mut faults, headers(subscription));
        let end = subscription.str_at("end").and_then(|end| end.parse().ok());
        match (criteria, address, payload, headers) {
            (Some(criteria), Some(address), Some(payload), Some(headers)) => {
                Ok(Self { criteria, address, payload, headers, end })
            }
            _ => Err(faults),
        }
    }

    /// Whether it still runs at an instant: `Subscription.end` is when it is turned off.
    pub fn runs_at(&self, at: Timestamp) -> bool {
        self.end.is_none_or(|end| at < end)
    }

    /// The receiver that a stored subscription stands for.
    pub fn receiver(self, stored: &StoredVersion) -> Receiver {
        Receiver {
            reference: stored.key.to_string(),
            organisation: stored.source.caregiver.clone(),
            address: self.address,
            headers: self.headers,
            payload: self.payload,
            wants: Wants { topic: None, kinds: BTreeSet::from([self.criteria.kind]) },
        }
    }
}

/// Whether a submitted resource, if it is a Subscription that is to run, is one that we serve and that its sender may
/// have: whoever subscribes to a type must be allowed to read it. All else passes.
///
/// # Errors
/// [`Failure::Invalid`] with every fault at its place, [`Failure::Denied`] where the scopes do not cover the type.
pub fn check(
    caller: &Caller,
    kind: ResourceType,
    resource: NodeRef<'_>,
    base: &str,
    guard: &Guard,
) -> Result<(), Failure> {
    let is_to_run = matches!(resource.str_at("status").as_deref(), Some("requested" | "active"));
    if kind.as_str() != "Subscription" || !is_to_run {
        return Ok(());
    }
    if caller.role() == ActorRole::Administration {
        return Err(Failure::Invalid(vec![no_patients_data(resource)]));
    }
    let asked = Asked::read(resource, base).map_err(Failure::Invalid)?;
    access::admit(caller, Operation::Read, asked.criteria.kind).map_err(|denied| Failure::Denied(denied, None))?;
    guard.check_url(&asked.address).map_err(|_| Failure::Invalid(vec![address_refused(resource)]))
}

fn no_patients_data(subscription: NodeRef<'_>) -> Issue {
    let issue = Issue::error(
        IssueCode::Forbidden,
        "subscription-role",
        "Those who run the gateway are sent no patient's data; subscribe as a care provider.",
        "Den som driver tjänsten får inga patientuppgifter; prenumerera som vårdgivare eller omsorgsgivare.",
    );
    at(issue, subscription)
}

fn address_refused(subscription: NodeRef<'_>) -> Issue {
    let node = subscription.at(&["channel", "endpoint"]).unwrap_or(subscription);
    fault(
        node,
        "subscription-endpoint",
        "channel.endpoint must be an https address outside the gateway's own network, without user name or password.",
        "channel.endpoint ska vara en https-adress utanför tjänstens eget nät, utan användarnamn och lösenord.",
    )
}

fn keep<T>(faults: &mut Vec<Issue>, read: Result<T, Vec<Issue>>) -> Option<T> {
    read.map_err(|more| faults.extend(more)).ok()
}

fn criteria(subscription: NodeRef<'_>, base: &str) -> Result<Query, Vec<Issue>> {
    let node = subscription.get("criteria").unwrap_or(subscription);
    let text = node.as_str().unwrap_or_default();
    let (kind, query) = text.split_once('?').unwrap_or((&text, ""));
    let Some(kind) = ResourceType::parse(kind) else {
        return Err(vec![fault(
            node,
            "subscription-criteria",
            "Criteria begin with a resource type, as List?code=...",
            "Kriterier börjar med en resurstyp, som List?code=...",
        )]);
    };
    let parameters: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let asked = search::parse(kind, &parameters, true, base)
        .map_err(|faults| faults.into_iter().map(|f| at(f, node)).collect::<Vec<_>>())?;
    Ok(Query { visible: Visibility::Everything, count: 1, total: false, includes: Vec::new(), ..asked.query })
}

fn address(subscription: NodeRef<'_>) -> Result<Url, Vec<Issue>> {
    let node = subscription.at(&["channel", "endpoint"]).unwrap_or(subscription);
    let url = node.as_str().and_then(|text| Url::parse(&text).ok());
    url.ok_or_else(|| {
        vec![fault(
            node,
            "subscription-endpoint",
            "channel.endpoint must be an absolute URL.",
            "channel.endpoint ska vara en absolut URL.",
        )]
    })
}

fn payload(subscription: NodeRef<'_>) -> Result<Payload, Vec<Issue>> {
    let channel = subscription.get("channel").unwrap_or(subscription);
    if channel.str_at("type").as_deref() != Some("rest-hook") {
        return Err(vec![fault(
            channel,
            "subscription-channel",
            "Only the channel type rest-hook is offered.",
            "Bara kanaltypen rest-hook erbjuds.",
        )]);
    }
    let content = channel
        .get("_payload")
        .into_iter()
        .flat_map(|p| p.list("extension"))
        .find(|e| e.str_at("url").as_deref() == Some(PAYLOAD_CONTENT));
    let media_type = channel.get("payload");
    if let Some(other) = media_type.filter(|node| !node.as_str().is_some_and(|text| is_fhir_json(&text))) {
        return Err(vec![fault(
            other,
            "subscription-payload",
            "Notifications are written as application/fhir+json alone.",
            "Notiser skrivs bara som application/fhir+json.",
        )]);
    }
    match content {
        Some(extension) => extension.str_at("valueCode").and_then(|code| Payload::parse(&code)).ok_or_else(|| {
            vec![fault(
                extension,
                "subscription-payload",
                "The payload content is empty, id-only or full-resource.",
                "Innehållet är empty, id-only eller full-resource.",
            )]
        }),
        // R4 alone: a payload type asks for the resource, none for a bare ping.
        None if media_type.is_some() => Ok(Payload::FullResource),
        None => Ok(Payload::Empty),
    }
}

/// Whether a media type, parameters aside, is FHIR's JSON or plain JSON.
fn is_fhir_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    ["application/fhir+json", "application/json"].iter().any(|json| essence.eq_ignore_ascii_case(json))
}

fn headers(subscription: NodeRef<'_>) -> Result<Vec<(String, String)>, Vec<Issue>> {
    let nodes: Vec<_> = subscription.get("channel").into_iter().flat_map(|c| c.list("header")).collect();
    let (read, faulty): (Vec<_>, Vec<_>) = nodes.into_iter().map(|n| header(n).ok_or(n)).partition(Result::is_ok);
    let faults: Vec<_> = faulty.into_iter().filter_map(Result::err).map(header_fault).collect();
    if faults.is_empty() { Ok(read.into_iter().flatten().collect()) } else { Err(faults) }
}

fn header(node: NodeRef<'_>) -> Option<(String, String)> {
    let text = node.as_str()?;
    let (name, value) = text.split_once(':')?;
    let (name, value) = (name.trim(), value.trim());
    let fits = name.parse::<HeaderName>().is_ok() && value.parse::<HeaderValue>().is_ok();
    fits.then(|| (name.to_owned(), value.to_owned()))
}

fn header_fault(node: NodeRef<'_>) -> Issue {
    fault(
        node,
        "subscription-header",
        "A header is written as Name: value, on one line.",
        "Ett huvud skrivs som Namn: värde, på en rad.",
    )
}

fn fault(node: NodeRef<'_>, rule: &'static str, english: &str, swedish: &str) -> Issue {
    at(Issue::error(IssueCode::NotSupported, rule, english, swedish), node)
}

/// The gateway answers a request for a subscription by making it active: the status is the server's to set.
pub fn activated<'a>(resource: NodeRef<'a>, kind: ResourceType) -> Option<(NodeRef<'a>, String)> {
    let status = resource.get("status")?;
    let requested = kind.as_str() == "Subscription" && status.as_str().as_deref() == Some("requested");
    requested.then(|| (status, "active".to_owned()))
}

#[cfg(test)]
mod tests;
