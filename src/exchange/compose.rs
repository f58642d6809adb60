//! From a plan to the versions that are written: the text with the gateway's marks and resolved references, and what
//! follows from it (patients, index, evidence, relations).

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::fhir::search::{IndexRow, IndexValue};
use crate::fhir::stamp::{Stamp, stamp};
use crate::fhir::{Definitions, Document, NodeRef, ResourceKey, ResourceType, search};
use crate::store::{Content, NewVersion, Source};

use super::Gateway;
use super::neighbourhood::Neighbourhood;
use super::relations;
use super::resolve::{Action, Plan, Step};

/// A version to be written, parsed, before its evidence is read.
pub struct Draft {
    /// Whose.
    pub key: ResourceKey,
    /// Its number.
    pub version: u64,
    /// As it will be served; `None` is a deletion.
    pub document: Option<Document>,
    content: Content,
    index: Vec<IndexRow>,
    /// The patients that it concerns.
    pub patients: BTreeSet<String>,
}

/// The drafts of all steps that write, in order. `is_tagged` says of each step, by its place, whether its version carries
/// the tag of content that was let through with faults.
pub fn drafts(gateway: &Gateway, plan: &Plan<'_>, is_tagged: impl Fn(usize) -> bool, at: Timestamp) -> Vec<Draft> {
    let steps = plan.steps.iter().enumerate();
    steps.filter_map(|(index, step)| draft(gateway, plan, step, is_tagged(index), at)).collect()
}

fn draft(gateway: &Gateway, plan: &Plan<'_>, step: &Step<'_>, is_invalid: bool, at: Timestamp) -> Option<Draft> {
    let key = step.key.clone()?;
    let current = step.current.as_ref();
    let version = current.map_or(1, |c| c.version + 1);
    match step.action {
        Action::Write => {
            let resource = step.entry.resource?;
            let mut edits = resolved(resource, &plan.references, step.entry.full_url.as_deref());
            edits.extend(super::subscriptions::activated(resource, key.kind));
            let marks = Stamp { id: &key.id, version, updated: at, is_invalid };
            let (text, undo) = stamp(resource, &marks, &edits);
            let received_sha256 = Sha256::digest(resource.text()).into();
            let document = Document::parse(text.clone()).ok()?;
            let index = search::index(&document, key.kind, &gateway.base);
            let patients = patients(&key, &index);
            let content = Content::Text { text, undo, received_sha256 };
            Some(Draft { key, version, document: Some(document), content, index, patients })
        }
        // Deleting what is not there is no change.
        Action::Delete => current.filter(|c| c.text.is_some()).map(|c| Draft {
            key,
            version,
            document: None,
            content: Content::Deletion,
            index: Vec::new(),
            patients: c.patients.clone(),
        }),
        Action::Keep | Action::Get => None,
    }
}

/// The reference strings of a resource that the transaction resolves, with what they become; narrative links likewise.
fn resolved<'a>(
    resource: NodeRef<'a>,
    references: &HashMap<String, String>,
    full_url: Option<&str>,
) -> Vec<(NodeRef<'a>, String)> {
    if references.is_empty() {
        return Vec::new();
    }
    let base = full_url.and_then(rest_base);
    let mut edits = Vec::new();
    let mut open = vec![resource];
    while let Some(node) = open.pop() {
        for child in node.children() {
            open.push(child);
            let Some(text) = child.as_str() else { continue };
            if let Some(new) = replacement(child, &text, references, base) {
                edits.push((child, new));
            }
        }
    }
    edits
}

fn replacement(
    node: NodeRef<'_>,
    text: &str,
    references: &HashMap<String, String>,
    base: Option<&str>,
) -> Option<String> {
    if node.key_is("reference") {
        let relative = || base.and_then(|base| references.get(&format!("{base}/{text}")));
        return references.get(text).or_else(relative).cloned();
    }
    if node.key_is("div") {
        let linked: Vec<_> = references.iter().filter(|(url, _)| text.contains(&format!("\"{url}\""))).collect();
        let replace =
            |div: String, (url, key): &(&String, &String)| div.replace(&format!("\"{url}\""), &format!("\"{key}\""));
        return (!linked.is_empty()).then(|| linked.iter().fold(text.to_owned(), replace));
    }
    // uri, url, oid and uuid elements that name an entry by its URN (rule T5); a canonical is never one.
    let is_urn = text.starts_with("urn:uuid:") || text.starts_with("urn:oid:");
    if is_urn && !node.key_is("system") { references.get(text).cloned() } else { None }
}

/// `https://host/fhir` of `https://host/fhir/Patient/1`.
fn rest_base(full_url: &str) -> Option<&str> {
    let (rest, _id) = full_url.rsplit_once('/')?;
    let (base, kind) = rest.rsplit_once('/')?;
    ResourceType::parse(kind).map(|_| base)
}

/// The patients whose compartment a resource is in
/// ([patient compartment](https://hl7.org/fhir/R4/compartmentdefinition-patient.html)); a Patient is in its own.
pub fn patients(key: &ResourceKey, index: &[IndexRow]) -> BTreeSet<String> {
    if key.kind.as_str() == "Patient" {
        return BTreeSet::from([key.to_string()]);
    }
    let parameters = Definitions::r4().patient_compartment(key.kind);
    let patient = |row: &IndexRow| match &row.value {
        IndexValue::Reference(target) if target.kind.as_str() == "Patient" && parameters.contains(&row.parameter) => {
            Some(target.to_string())
        }
        _ => None,
    };
    index.iter().filter_map(patient).collect()
}

/// Finishes a draft with what its neighbourhood tells: evidence and relations.
pub fn finish(gateway: &Gateway, draft: Draft, around: &Neighbourhood, source: &Source, at: Timestamp) -> NewVersion {
    let (evidence, relations) = match &draft.document {
        Some(document) => (
            gateway.evidence.extract(document, draft.key.kind, &draft.key, at, around),
            relations::of(document, &draft.key, around, at),
        ),
        None => (Vec::new(), Vec::new()),
    };
    NewVersion {
        key: draft.key,
        version: draft.version,
        updated: at,
        content: draft.content,
        source: source.clone(),
        patients: draft.patients,
        index: draft.index,
        evidence,
        relations,
    }
}
