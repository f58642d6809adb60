//! From a concept to the transaction that is received: what it does to what is stored already, besides its own entries.

use crate::concept::{Concept, Identifier, Patient};
use crate::fhir::search::{Filter, Query, Sort, Test, Visibility};
use crate::fhir::splice::Splices;
use crate::fhir::value::quoted;
use crate::fhir::{Document, Issue, ResourceType};
use crate::store::StoredVersion;

use super::super::{Call, Failure, Gateway, answer, read};
use super::{Format, death, supersede};

/// Entries beside the concept's own, as JSON, and what is worth knowing about them.
#[derive(Default)]
pub struct Addition {
    /// Transaction entries.
    pub entries: Vec<String>,
    /// Issues.
    pub issues: Vec<Issue>,
}

/// The whole transaction of a concept.
///
/// # Errors
/// Where the store can't be read.
pub async fn complete(
    gateway: &Gateway,
    call: &Call,
    concept: &Concept,
    format: Format,
) -> Result<(Document, Vec<Issue>), Failure> {
    let mut concept = concept.clone();
    let derived = supersede::name(gateway, call, &mut concept, format).await?;
    let mapped = concept.to_fhir(&mut || gateway.entropy.uuid());
    let bundle = mapped.bundle.to_document();
    let mut issues = mapped.issues;
    let addition = match &concept {
        Concept::MedicationList(list) => supersede::superseded(gateway, call, list, derived.as_ref(), &bundle).await?,
        Concept::Enrolment(enrolment) => {
            issues.retain(|issue| issue.rule != death::NEEDS_MORE);
            death::recorded(gateway, enrolment).await?
        }
        _ => Addition::default(),
    };
    issues.extend(addition.issues);
    Ok((with_entries(bundle, &addition.entries)?, issues))
}

/// The Bundle with more entries at its end; they stay byte by byte as they are.
fn with_entries(bundle: Document, more: &[String]) -> Result<Document, Failure> {
    let Some(last) = bundle.root().get("entry").and_then(|list| list.children().last()).filter(|_| !more.is_empty())
    else {
        return Ok(bundle);
    };
    let mut splices = Splices::new();
    splices.insert(last.span().end, format!(",{}", more.join(",")));
    Document::parse(splices.apply(bundle.text()).0).map_err(Failure::syntax)
}

/// The entry that replaces a version by a changed copy of it, unless somebody was faster.
pub fn replacing(gateway: &Gateway, version: &StoredVersion, text: &str) -> String {
    let key = &version.key;
    let tag = quoted(&answer::etag(version.version));
    format!(
        "{{\"fullUrl\":\"{}/{key}\",\"resource\":{text},\"request\":{{\"method\":\"PUT\",\"url\":\"{key}\",\"ifMatch\":{tag}}}}}",
        gateway.base
    )
}

/// The patient's resource, if there is one. Whether the caller may know of it is asked when the transaction is received.
///
/// # Errors
/// Where the store can't be read.
pub async fn patient(gateway: &Gateway, patient: &Patient) -> Result<Option<StoredVersion>, Failure> {
    let identifier = Identifier { system: patient.0.system().to_owned(), value: patient.0.value().to_owned() };
    named(gateway, "Patient", &identifier).await
}

/// The one resource of that type with a business identifier.
///
/// # Errors
/// Where the store can't be read.
pub async fn named(gateway: &Gateway, kind: &str, identifier: &Identifier) -> Result<Option<StoredVersion>, Failure> {
    let test = Test::Token { system: Some(identifier.system.clone()), code: Some(identifier.value.clone()) };
    let query = Query {
        kind: ResourceType::parse(kind).ok_or_else(read::unknown_type)?,
        filters: vec![Filter { parameter: "identifier".to_owned(), any: vec![test] }],
        sort: Sort::OldestFirst,
        count: 1,
        after: None,
        includes: Vec::new(),
        total: false,
        visible: Visibility::Everything,
    };
    Ok(gateway.store.search(&query).await?.matches.pop())
}
