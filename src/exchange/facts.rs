//! What is known around a subject, gathered for the pure evaluation: its evidence, that of its units and hälsocentraler,
//! and which organisations those belong to.

use std::collections::BTreeSet;

use crate::agreement::{Agreement, Evidence, Facts, Identifier, Subject};
use crate::fhir::{Document, ResourceKey};
use crate::store::Refused;

use super::Gateway;
use super::hierarchy;
use super::neighbourhood::Neighbourhood;

/// Facts, and the places that summaries group a subject by.
pub struct Gathered {
    /// For [`crate::agreement::evaluate_all`].
    pub facts: Facts,
    /// The kommun, as `Organization/k1`.
    pub kommun: Option<String>,
    /// The unit, as `Organization/u1`.
    pub unit: Option<String>,
}

/// Gathers the facts of a subject.
///
/// # Errors
/// Where the store can't be read.
pub async fn gather(gateway: &Gateway, subject: &Subject) -> Result<Gathered, Refused> {
    let mut evidence = gateway.store.evidence(subject).await?;
    let unit = unit(subject, &evidence);
    let places = places(subject, &evidence);
    let context = context(gateway, subject, &places, &evidence).await?;
    evidence.extend(context);
    let centres = evidence.iter().filter_map(|e| e.parts.get("healthCentre").cloned());
    let organisations: BTreeSet<String> = places.into_iter().chain(centres).collect();
    let around = organisations_around(gateway, &organisations).await?;
    let kommun = unit.as_deref().and_then(|unit| {
        hierarchy::ancestors(unit, &around).find(|it| around.get(it).is_some_and(|d| hierarchy::has_type(d, "kommun")))
    });
    let identifiers = around.iter().flat_map(|(_, document)| identifiers(document));
    Ok(Gathered { facts: Facts::new(evidence).with_organisations(identifiers), kommun, unit })
}

/// The unit that a subject is counted at: its own, or the one of its newest enrolment.
fn unit(subject: &Subject, evidence: &[Evidence]) -> Option<String> {
    match subject {
        Subject::Unit { reference } => Some(reference.clone()),
        _ => evidence.iter().filter(|e| e.kind == "enrolment").max_by_key(|e| e.time.from).and_then(|e| e.unit.clone()),
    }
}

fn places(subject: &Subject, evidence: &[Evidence]) -> BTreeSet<String> {
    let own = match subject {
        Subject::Unit { reference } => Some(reference.clone()),
        _ => None,
    };
    own.into_iter().chain(evidence.iter().filter_map(|e| e.unit.clone())).collect()
}

/// The evidence about the units and hälsocentraler around that the agreements look at for a subject of this kind.
async fn context(
    gateway: &Gateway,
    subject: &Subject,
    places: &BTreeSet<String>,
    own: &[Evidence],
) -> Result<Vec<Evidence>, Refused> {
    let kinds: BTreeSet<&str> = gateway.agreements.iter().flat_map(Agreement::context_kinds).collect();
    let kinds: Vec<&str> = kinds.into_iter().collect();
    let mut found = match subject {
        // Its own evidence leads to the organisations; what involves no other of them can't count (`Selector::through`).
        Subject::Patient { .. } | Subject::Unit { .. } => {
            let linked: BTreeSet<&str> = linked(&gateway.agreements, own).collect();
            let linked: Vec<&str> = linked.into_iter().collect();
            gateway.store.evidence_involving(&kinds, &linked).await?
        }
        Subject::Pair { .. } | Subject::Agreement { .. } | Subject::Resource { .. } | Subject::Context { .. } => {
            gateway.store.evidence_of_kinds(&kinds).await?
        }
    };
    // A patient's facts hold what there is about its own units; of others only what belongs to no unit.
    found.retain(|e| e.patient.is_none() && e.unit.as_ref().is_none_or(|unit| places.contains(unit)));
    if matches!(subject, Subject::Unit { .. }) {
        found.retain(|e| !Facts::is_own(subject, e));
    }
    Ok(found)
}

/// The organisations that a subject's own evidence leads to by the agreements' links.
fn linked<'a>(agreements: &'a [Agreement], own: &'a [Evidence]) -> impl Iterator<Item = &'a str> {
    let selectors = agreements.iter().flat_map(|it| &it.obligations).flat_map(|it| it.rule.selectors());
    let links = selectors.flat_map(|it| &it.through);
    links.flat_map(|link| {
        let of_kind = own.iter().filter(move |fact| fact.kind == link.kind);
        of_kind.filter_map(move |fact| fact.parts.get(&link.part).map(String::as_str))
    })
}

async fn organisations_around(gateway: &Gateway, references: &BTreeSet<String>) -> Result<Neighbourhood, Refused> {
    let keys: Vec<ResourceKey> = references.iter().filter_map(|r| ResourceKey::parse(r)).collect();
    let versions = gateway.store.read_many(&keys).await?;
    let documents = versions.into_iter().filter_map(|v| Some((v.key, Document::parse(v.text?).ok()?))).collect();
    Neighbourhood::around(gateway, documents).await
}

fn identifiers(document: &Document) -> Vec<Identifier> {
    let read = |node: crate::fhir::NodeRef<'_>| {
        Some(Identifier { system: node.str_at("system")?.into_owned(), value: node.str_at("value")?.into_owned() })
    };
    let is_organisation = document.root().str_at("resourceType").as_deref() == Some("Organization");
    if is_organisation { document.root().list("identifier").filter_map(read).collect() } else { Vec::new() }
}
