//! The stored resources of a concept: its roots and what they refer to, as far as the caller may read them.
//!
//! A reference is the sender's, and may lead to anybody. So only the elements that the concept is read from are
//! followed, each resource is asked leave for and noted in the audit, and a concept about a patient never takes in a
//! resource that is about others alone.

use std::collections::HashSet;

use crate::access::{self, Operation};
use crate::concept::{self, ConceptKind, INDIRECT, Root};
use crate::fhir::search::{Filter, Query, Sort, Test};
use crate::fhir::{Document, Issue, IssueCode, NodeRef, Reference, ResourceKey, ResourceType};
use crate::store::StoredVersion;

use super::super::{Call, Failure, Gateway, permission, read};
use super::patient_needed;

/// The most roots of one answer; beyond that the answer would be of no use to anybody.
const MOST_ROOTS: usize = 20_000;

/// Roots a page.
pub(super) const PAGE: u32 = if cfg!(test) { 5 } else { 1000 };

/// How far from a root: CarePlan -> CareTeam -> PractitionerRole -> Organization -> partOf.
const DEPTH: usize = 4;

/// Roots and what they refer to, as one collection Bundle.
///
/// # Errors
/// 403 where the scopes do not cover a root's type, 422 beyond [`MOST_ROOTS`].
pub async fn gather(
    gateway: &Gateway,
    call: &mut Call,
    kind: ConceptKind,
    patient: Option<&ResourceKey>,
) -> Result<Document, Failure> {
    let about = patient.map(ToString::to_string);
    let mut edge = Vec::new();
    for root in concept::roots(kind) {
        edge.extend(root_versions(gateway, call, root, patient).await?);
    }
    let mut edge = readable(gateway, call, Operation::Search, about.as_deref(), edge).await?;
    let mut seen: HashSet<ResourceKey> = edge.iter().map(|(key, _)| key.clone()).collect();
    let mut found = Vec::new();
    for _ in 0..DEPTH {
        let referred = edge.iter().flat_map(|(_, document)| referred(document, kind, &gateway.base));
        let wanted: Vec<ResourceKey> = referred.filter(|key| seen.insert(key.clone())).collect();
        found.append(&mut edge);
        if wanted.is_empty() {
            break;
        }
        let versions = gateway.store.read_many(&wanted).await?;
        edge = readable(gateway, call, Operation::Read, about.as_deref(), versions).await?;
    }
    found.append(&mut edge);
    bundle(gateway, &found)
}

/// Every root that the caller's searches would find, page after page.
async fn root_versions(
    gateway: &Gateway,
    call: &Call,
    root: &Root,
    patient: Option<&ResourceKey>,
) -> Result<Vec<StoredVersion>, Failure> {
    let mut query = root_query(call, root, patient)?;
    let mut versions = Vec::new();
    loop {
        let page = gateway.store.search(&query).await?;
        versions.extend(page.matches);
        if versions.len() > MOST_ROOTS {
            return Err(too_many());
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(versions),
        }
    }
}

fn root_query(call: &Call, root: &Root, patient: Option<&ResourceKey>) -> Result<Query, Failure> {
    let kind = ResourceType::parse(root.kind).ok_or_else(read::unknown_type)?;
    let admission = access::admit(&call.caller, Operation::Search, kind).map_err(|d| Failure::Denied(d, None))?;
    let mut filters: Vec<Filter> = root.filters.iter().map(|(name, any)| tokens(name, any)).collect();
    match (root.patient, patient) {
        (Some(name), Some(patient)) => filters.push(Filter { parameter: name.into(), any: vec![reference(patient)] }),
        (Some(_), None) => return Err(patient_needed()),
        (None, _) => {}
    }
    Ok(Query {
        kind,
        filters,
        sort: Sort::OldestFirst,
        count: PAGE,
        after: None,
        includes: Vec::new(),
        total: false,
        visible: access::visibility(&admission, call.at),
    })
}

fn tokens(parameter: &str, any: &[&str]) -> Filter {
    let test = |token: &&str| match token.split_once('|') {
        Some((system, code)) => Test::Token { system: Some(system.to_owned()), code: Some(code.to_owned()) },
        None => Test::Token { system: None, code: Some((*token).to_owned()) },
    };
    Filter { parameter: parameter.to_owned(), any: any.iter().map(test).collect() }
}

fn reference(key: &ResourceKey) -> Test {
    Test::Reference { kind: Some(key.kind), id: key.id.clone() }
}

/// Those that the caller may read, noted as read. The others are left out as if they did not exist.
async fn readable(
    gateway: &Gateway,
    call: &mut Call,
    operation: Operation,
    about: Option<&str>,
    versions: Vec<StoredVersion>,
) -> Result<Vec<(ResourceKey, Document)>, Failure> {
    let caller = call.caller.clone();
    let mut kept = Vec::new();
    for version in versions.into_iter().filter(|version| belongs(version, about)) {
        let Ok(admission) = access::admit(&caller, operation, version.key.kind) else { continue };
        match permission::to_read(gateway, &admission, &version).await {
            Ok(_) => call.touch(&version),
            Err(Failure::Denied(..)) => continue,
            Err(failure) => return Err(failure),
        }
        let document = version.text.and_then(|text| Document::parse(text).ok());
        kept.extend(document.map(|document| (version.key, document)));
    }
    Ok(kept)
}

/// Whether a resource may stand in a concept about that patient (or, without one, about nobody).
fn belongs(version: &StoredVersion, about: Option<&str>) -> bool {
    version.patients.is_empty() || about.is_some_and(|patient| version.patients.contains(patient))
}

/// What a resource, or one contained in it, refers to in the elements that a kind is read from.
fn referred(document: &Document, kind: ConceptKind, base: &str) -> Vec<ResourceKey> {
    let ways = || concept::roots(kind).iter().flat_map(|root| root.follow).chain(INDIRECT);
    let resources = std::iter::once(document.root()).chain(document.root().list("contained"));
    let references = resources.flat_map(|resource| ways().flat_map(move |way| at(resource, way)));
    references.filter_map(|node| Reference::parse(&node.str_at("reference")?, base).local().cloned()).collect()
}

/// The elements at the end of a way like `List.entry.item`; a choice of types goes by its name without the type.
fn at<'a>(resource: NodeRef<'a>, way: &str) -> Vec<NodeRef<'a>> {
    let mut steps = way.split('.');
    if resource.str_at("resourceType").as_deref() != steps.next() {
        return Vec::new();
    }
    steps.fold(vec![resource], |nodes, name| {
        let choice = format!("{name}Reference");
        nodes.iter().flat_map(|node| node.list(name).chain(node.list(&choice))).collect()
    })
}

fn bundle(gateway: &Gateway, found: &[(ResourceKey, Document)]) -> Result<Document, Failure> {
    let entry = |(key, document): &(ResourceKey, Document)| {
        format!("{{\"fullUrl\":\"{}/{key}\",\"resource\":{}}}", gateway.base, document.text())
    };
    let entries: Vec<String> = found.iter().map(entry).collect();
    let list = if entries.is_empty() { String::new() } else { format!(",\"entry\":[{}]", entries.join(",")) };
    let text = format!("{{\"resourceType\":\"Bundle\",\"type\":\"collection\"{list}}}");
    // Each of them is JSON; together they may be more than one text can hold.
    Document::parse(text).map_err(|_| too_many())
}

fn too_many() -> Failure {
    Failure::Invalid(vec![Issue::error(
        IssueCode::TooCostly,
        "concepts-too-many",
        "There is too much for one answer; search for the resources themselves, page by page.",
        "Det är för mycket för ett svar; sök efter resurserna själva, sida för sida.",
    )])
}
