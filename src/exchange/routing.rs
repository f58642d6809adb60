//! Who is told of a change: those who subscribed to it, and the parties to whom an agreement owes it.
//!
//! The second way is patient -> enrolments in force -> unit and hälsocentral -> kommun and region -> their Endpoints.
//! What is owed to whom stands in the agreements (`exchange`), not here. Whether it may be sent is asked again when it
//! is sent ([`SendPermission`]).

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use async_trait::async_trait;
use url::Url;

use crate::access::{self, Denied, Item};
use crate::delivery::{Payload, Permission, Receiver, Receivers, Wants, Withheld};
use crate::fhir::search::{Filter, Query, Sort, Test, Visibility};
use crate::fhir::{Document, ResourceKey, ResourceType};
use crate::store::{OutboxEntry, Refused, StoredVersion};

use super::Gateway;
use super::owed;
use super::subscriptions::Asked;

/// How many subscriptions or endpoints are read at once.
const PAGE: u32 = 500;

/// Finds receivers in the store.
pub struct Routing {
    gateway: Gateway,
}

impl Routing {
    /// Over a gateway's store and agreements.
    pub fn new(gateway: Gateway) -> Self {
        Self { gateway }
    }

    /// The active subscriptions, each with the receiver that it stands for.
    async fn subscriptions(&self) -> Result<Vec<(Query, Receiver)>, Refused> {
        let Some(kind) = ResourceType::parse("Subscription") else { return Ok(Vec::new()) };
        let active = Test::Token { system: None, code: Some("active".into()) };
        let active = Filter { parameter: "status".into(), any: vec![active] };
        let stored = everything(&self.gateway, kind, active).await?;
        let read = |it: &StoredVersion| {
            let asked = self.running(it)?;
            Some((asked.criteria.clone(), asked.receiver(it)))
        };
        Ok(stored.iter().filter_map(read).collect())
    }

    async fn receivers(
        &self,
        known: &mut Known,
        entry: &OutboxEntry,
        versions: &[StoredVersion],
    ) -> Result<Vec<Receiver>, Refused> {
        let mut receivers = Vec::new();
        for (criteria, receiver) in &known.subscriptions {
            if self.matches(criteria, versions).await? {
                receivers.push(receiver.clone());
            }
        }
        if !entry.patient.is_empty() {
            receivers.extend(self.owed_parties(known, entry, versions).await?);
        }
        Ok(receivers)
    }

    /// A stored Subscription that is active and not past its end.
    fn running(&self, stored: &StoredVersion) -> Option<Asked> {
        let document = Document::parse(stored.text.as_deref()?).ok()?;
        let is_active = document.root().str_at("status").as_deref() == Some("active");
        let asked = Asked::read(document.root(), &self.gateway.base).ok()?;
        (is_active && asked.runs_at(self.gateway.clock.now())).then_some(asked)
    }

    /// Whether a changed resource is among what the criteria find. A deleted one is found by nothing; that it is gone is
    /// told to those who are told of its type.
    async fn matches(&self, criteria: &Query, versions: &[StoredVersion]) -> Result<bool, Refused> {
        for version in versions.iter().filter(|v| v.key.kind == criteria.kind) {
            if version.text.is_none() {
                return Ok(true);
            }
            let mut query = criteria.clone();
            query.filters.push(Filter { parameter: "_id".into(), any: vec![Test::Id(version.key.id.clone())] });
            if !self.gateway.store.search(&query).await?.matches.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The Endpoints of the organisations that an agreement owes the change to; never the one that it came from.
    async fn owed_parties(
        &self,
        known: &mut Known,
        entry: &OutboxEntry,
        versions: &[StoredVersion],
    ) -> Result<Vec<Receiver>, Refused> {
        let senders: BTreeSet<&str> = versions.iter().map(|v| v.source.caregiver.as_str()).collect();
        let relations = self.gateway.store.relations(&entry.patient, entry.at).await?;
        let organisations: BTreeSet<String> =
            relations.into_iter().map(|r| r.organisation).filter(|o| !senders.contains(o.as_str())).collect();
        let mut receivers = Vec::new();
        for organisation in organisations {
            let endpoints = match known.endpoints.entry(organisation.clone()) {
                Entry::Occupied(found) => found.into_mut(),
                Entry::Vacant(new) => new.insert(owed::endpoints(&self.gateway, &organisation).await?),
            };
            if endpoints.is_empty() {
                continue;
            }
            let kinds = owed::kinds(&self.gateway, &organisation, entry.at).await?;
            receivers.extend(endpoints.iter().filter_map(|it| endpoint_receiver(it, &organisation, kinds.clone())));
        }
        receivers.retain(|it| !it.wants.kinds.is_empty());
        Ok(receivers)
    }
}

/// What was looked up for one batch of changes.
struct Known {
    subscriptions: Vec<(Query, Receiver)>,
    endpoints: HashMap<String, Vec<StoredVersion>>,
}

/// All resources of a type that a filter lets through, page by page, for the gateway's own use.
pub(super) async fn everything(
    gateway: &Gateway,
    kind: ResourceType,
    filter: Filter,
) -> Result<Vec<StoredVersion>, Refused> {
    let mut query = Query {
        kind,
        filters: vec![filter],
        sort: Sort::OldestFirst,
        count: PAGE,
        after: None,
        includes: Vec::new(),
        total: false,
        visible: Visibility::Everything,
    };
    let mut found = Vec::new();
    loop {
        let page = gateway.store.search(&query).await?;
        found.extend(page.matches);
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(found),
        }
    }
}

fn endpoint_receiver(endpoint: &StoredVersion, organisation: &str, kinds: BTreeSet<ResourceType>) -> Option<Receiver> {
    let document = Document::parse(endpoint.text.as_deref()?).ok()?;
    let root = document.root();
    if root.str_at("status").as_deref() != Some("active") {
        return None;
    }
    Some(Receiver {
        reference: endpoint.key.to_string(),
        organisation: organisation.to_owned(),
        address: Url::parse(&root.str_at("address")?).ok()?,
        headers: Vec::new(),
        payload: Payload::FullResource,
        wants: Wants { topic: None, kinds },
    })
}

#[async_trait]
impl Receivers for Routing {
    async fn for_change(&self, entry: &OutboxEntry, versions: &[StoredVersion]) -> Result<Vec<Receiver>, Refused> {
        let mut known = Known { subscriptions: self.subscriptions().await?, endpoints: HashMap::new() };
        self.receivers(&mut known, entry, versions).await
    }

    async fn for_changes(&self, changes: &[(OutboxEntry, Vec<StoredVersion>)]) -> Result<Vec<Vec<Receiver>>, Refused> {
        let mut known = Known { subscriptions: self.subscriptions().await?, endpoints: HashMap::new() };
        let mut all = Vec::with_capacity(changes.len());
        for (entry, versions) in changes {
            all.push(self.receivers(&mut known, entry, versions).await?);
        }
        Ok(all)
    }

    async fn receiver(&self, reference: &str) -> Result<Option<Receiver>, Refused> {
        let Some(key) = ResourceKey::parse(reference) else { return Ok(None) };
        let Some(stored) = self.gateway.store.read(&key).await? else { return Ok(None) };
        if stored.key.kind.as_str() == "Subscription" {
            return Ok(self.running(&stored).map(|asked| asked.receiver(&stored)));
        }
        let Some(organisation) = owed::endpoint_organisation(&self.gateway, &stored).await? else { return Ok(None) };
        let kinds = owed::kinds(&self.gateway, &organisation, self.gateway.clock.now()).await?;
        Ok(endpoint_receiver(&stored, &organisation, kinds))
    }
}

/// Asks the policy once more, at the moment of sending.
pub struct SendPermission {
    gateway: Gateway,
    /// HSA-id of the demo's suite client, whom the policy does not restrict.
    unrestricted: Option<Arc<str>>,
}

impl SendPermission {
    /// Over a gateway's store.
    pub fn new(gateway: Gateway, unrestricted: Option<Arc<str>>) -> Self {
        Self { gateway, unrestricted }
    }

    async fn decide(&self, receiver: &Receiver, version: &StoredVersion) -> Result<Result<(), Denied>, Refused> {
        if self.unrestricted.as_deref() == Some(receiver.organisation.as_str()) {
            return Ok(Ok(()));
        }
        let mut related = BTreeSet::new();
        for patient in &version.patients {
            if self.gateway.store.related(patient, &receiver.organisation, self.gateway.clock.now()).await? {
                related.insert(patient.clone());
            }
        }
        let item = Item {
            kind: version.key.kind,
            patients: &version.patients,
            caregiver: Some(&version.source.caregiver),
            related: &related,
        };
        Ok(access::may_receive(&receiver.organisation, &item).map(|_permit| ()))
    }
}

#[async_trait]
impl Permission for SendPermission {
    async fn may_deliver(&self, receiver: &Receiver, version: &StoredVersion) -> Result<(), Withheld> {
        let decided = self.decide(receiver, version).await.map_err(|_| Withheld::Undecided)?;
        decided.map_err(|denied| Withheld::Denied(denied.reason.as_str()))
    }
}

#[cfg(test)]
mod tests;
