//! What the agreements owe an organisation, and where it takes it.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::agreement::document::Exchange;
use crate::fhir::search::{Filter, Test};
use crate::fhir::{Document, Reference, ResourceType};
use crate::store::{Refused, StoredVersion};

use super::Gateway;
use super::hierarchy;
use super::routing::everything;

/// The resource types that agreements in force at `at` owe an organisation (by HSA-id), by its side: region or kommun.
///
/// # Errors
/// Where the store can't be read.
pub async fn kinds(gateway: &Gateway, organisation: &str, at: Timestamp) -> Result<BTreeSet<ResourceType>, Refused> {
    let found = organisations(gateway, organisation).await?;
    let Some(document) = found.first().and_then(|v| Document::parse(v.text.as_deref()?).ok()) else {
        return Ok(BTreeSet::new());
    };
    let side = ["region", "kommun"].into_iter().find(|side| hierarchy::has_type(&document, side));
    let Some(side) = side else { return Ok(BTreeSet::new()) };
    let in_force = gateway.agreements.iter().filter(|agreement| agreement.term.interval().contains(at));
    let owed = in_force
        .flat_map(|agreement| &agreement.exchange)
        .filter(|exchange| exchange.to.iter().any(|to| to.side() == side));
    Ok(owed.flat_map(|exchange| types(gateway, exchange)).collect())
}

fn types(gateway: &Gateway, exchange: &Exchange) -> BTreeSet<ResourceType> {
    let mut types: BTreeSet<_> = exchange.evidence.iter().flat_map(|kind| gateway.evidence.types_of(kind)).collect();
    types.extend(exchange.resource_types.iter().filter_map(|name| ResourceType::parse(name)));
    types
}

/// The Endpoints of an organisation (by HSA-id).
///
/// # Errors
/// Where the store can't be read.
pub async fn endpoints(gateway: &Gateway, organisation: &str) -> Result<Vec<StoredVersion>, Refused> {
    let Some(kind) = ResourceType::parse("Endpoint") else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for owner in organisations(gateway, organisation).await? {
        let of = Test::Reference { kind: Some(owner.key.kind), id: owner.key.id };
        let filter = Filter { parameter: "organization".into(), any: vec![of] };
        let theirs = everything(gateway, kind, filter).await?;
        // Where an organisation takes its mail is its own to say.
        found.extend(theirs.into_iter().filter(|endpoint| endpoint.source.caregiver == organisation));
    }
    Ok(found)
}

/// The HSA-id of the organisation that an Endpoint belongs to.
///
/// # Errors
/// Where the store can't be read.
pub async fn endpoint_organisation(gateway: &Gateway, endpoint: &StoredVersion) -> Result<Option<String>, Refused> {
    let document = endpoint.text.as_deref().and_then(|text| Document::parse(text).ok());
    let reference = document.as_ref().and_then(|d| d.root().at(&["managingOrganization", "reference"])?.as_str());
    let Some(key) = reference.and_then(|r| Reference::parse(&r, &gateway.base).local().cloned()) else {
        return Ok(None);
    };
    let owner = gateway.store.read(&key).await?.and_then(|v| v.text).and_then(|text| Document::parse(text).ok());
    Ok(owner.as_ref().and_then(hierarchy::hsa_id_of).filter(|hsa_id| *hsa_id == endpoint.source.caregiver))
}

async fn organisations(gateway: &Gateway, hsa_id: &str) -> Result<Vec<StoredVersion>, Refused> {
    let Some(kind) = ResourceType::parse("Organization") else { return Ok(Vec::new()) };
    let token = |system: &&str| Test::Token { system: Some((*system).to_owned()), code: Some(hsa_id.to_owned()) };
    let filter = Filter { parameter: "identifier".into(), any: hierarchy::HSA_SYSTEMS.iter().map(token).collect() };
    everything(gateway, kind, filter).await
}
