//! A medication list takes the place of the one before it, medicines that it no longer names included.
//!
//! A sender that names its lists replaces the list of the same name. One that does not has one list a patient, under a
//! name that is derived from the sender (`MedicationList::source_name`); when it begins to name its lists, that one is
//! retired. What of the medicines of the old list the new one leaves out:
//!
//! - A medicine without an identifier exists only as a part of the list. It becomes `unknown`: it must not be shown as
//!   taken any more, and nobody said that it was stopped.
//! - A medicine with an identifier keeps its record and is in no current list; the sender is told (`medicine-left-out`),
//!   for it may have been forgotten.
//! - A list that says itself that a source has not answered proves nothing: then every medicine is kept, and told of.

use std::collections::{BTreeSet, HashSet};

use crate::concept::medication_list::{MedicationList, MedicineStatus};
use crate::concept::systems::PART_ID;
use crate::concept::{Concept, Identifier};
use crate::fhir::outcome::Place;
use crate::fhir::splice::Splices;
use crate::fhir::{Document, Issue, IssueCode, NodeRef, Reference, ResourceKey, Severity};
use crate::store::StoredVersion;

use super::super::{Call, Failure, Gateway, permission};
use super::Format;
use super::complete::{Addition, named, patient, replacing};

/// Gives a medication list without a name the one that is derived from its sender. Returns the derived name, which a
/// list about a patient that is not known does not have.
///
/// # Errors
/// Where the store can't be read.
pub async fn name(
    gateway: &Gateway,
    call: &Call,
    concept: &mut Concept,
    format: Format,
) -> Result<Option<Identifier>, Failure> {
    let Concept::MedicationList(list) = concept else { return Ok(None) };
    let Some(patient) = patient(gateway, &list.patient).await? else { return Ok(None) };
    // To a stranger the patient does not exist: what is received must be what it is for one whom nobody knows.
    let about = BTreeSet::from([patient.key.to_string()]);
    if !permission::strangers(gateway, &call.caller, about, &[]).await?.is_empty() {
        return Ok(None);
    }
    let derived = MedicationList::source_name(&patient.key.to_string(), &source(call, list, format));
    list.identifier.get_or_insert_with(|| derived.clone());
    Ok(Some(derived))
}

/// Who a list comes from: the caller's system, or the one record system that a RIV-TA message tells of.
fn source(call: &Call, list: &MedicationList, format: Format) -> String {
    let source = call.source();
    let unit = source.unit.as_deref().unwrap_or_default();
    if format == Format::Json {
        return format!("json|{}|{unit}|{}", source.caregiver, source.system);
    }
    let told = list.medicines.iter().filter_map(|medicine| medicine.prescription.as_ref()?.source_system.as_ref());
    let systems: HashSet<&str> = told.map(|system| system.as_str()).collect();
    let mut systems = systems.into_iter();
    let system = match (systems.next(), systems.next()) {
        (Some(system), None) => system,
        _ => &source.system,
    };
    format!("rivta|{}|{unit}|{system}", source.caregiver)
}

/// What a list does to the ones before it; `bundle` is its own transaction.
///
/// # Errors
/// Where the store can't be read.
pub async fn superseded(
    gateway: &Gateway,
    call: &Call,
    list: &MedicationList,
    derived: Option<&Identifier>,
    bundle: &Document,
) -> Result<Addition, Failure> {
    let mut addition = Addition::default();
    let nameless = derived.filter(|derived| list.identifier.as_ref() != Some(derived));
    let mut lists = Vec::new();
    for identifier in list.identifier.iter().chain(nameless) {
        lists.extend(named(gateway, "List", identifier).await?.filter(|old| is_own(old, call)));
    }
    let is_partial = list.sources.as_ref().is_some_and(|sources| !sources.complete);
    let kept = identifiers(bundle);
    for old in lists {
        let Some(document) = old.text.clone().and_then(|text| Document::parse(text).ok()) else { continue };
        let is_retired = nameless.is_some_and(|name| identifier_pairs(document.root()).contains(&pair(name)));
        if is_retired && let Some(text) = with_status(&document, &["current"], "retired", None) {
            addition.entries.push(replacing(gateway, &old, &text));
        }
        let left_out = Leaving { gateway, call, kept: &kept, is_partial };
        left_out.add(&old, &document, &mut addition).await?;
    }
    Ok(addition)
}

fn is_own(version: &StoredVersion, call: &Call) -> bool {
    version.source.caregiver == call.caller.organisation()
}

/// What it takes to tell which medicines a new list leaves out.
struct Leaving<'a> {
    gateway: &'a Gateway,
    call: &'a Call,
    kept: &'a HashSet<(String, String)>,
    is_partial: bool,
}

impl Leaving<'_> {
    async fn add(&self, list: &StoredVersion, document: &Document, addition: &mut Addition) -> Result<(), Failure> {
        let items = items(document, &self.gateway.base);
        let keys: Vec<ResourceKey> = items.iter().map(|(_, key)| key.clone()).collect();
        let statements = self.gateway.store.read_many(&keys).await?;
        // A mistyped item may be somebody else's medicine, or another organisation's.
        let own = statements.into_iter().filter(|it| is_own(it, self.call) && it.patients == list.patients);
        for statement in own {
            let Some(document) = statement.text.clone().and_then(|text| Document::parse(text).ok()) else { continue };
            let names = identifier_pairs(document.root());
            if names.iter().any(|name| self.kept.contains(name)) {
                continue;
            }
            let is_part = !names.is_empty() && names.iter().all(|(system, _)| system == PART_ID);
            let index = items.iter().find(|(_, key)| *key == statement.key).map_or(0, |(index, _)| *index);
            match with_status(&document, CURRENT, MedicineStatus::Unknown.as_str(), Some(LEFT_OUT)) {
                Some(text) if is_part && !self.is_partial => {
                    addition.entries.push(replacing(self.gateway, &statement, &text));
                }
                Some(_) => addition.issues.push(left_out(index)),
                None => {}
            }
        }
        Ok(())
    }
}

/// The statuses from which leaving a medicine out changes something.
const CURRENT: &[&str] = &["active", "intended", "on-hold", "unknown"];

const LEFT_OUT: &str = "Finns inte på avsändarens senaste lista";

/// The statements that a list holds, each with its place.
fn items(list: &Document, base: &str) -> Vec<(usize, ResourceKey)> {
    let item = |entry: NodeRef<'_>| {
        let reference = entry.at(&["item", "reference"])?.as_str()?;
        let key = Reference::parse(&reference, base).local()?.clone();
        (key.kind.as_str() == "MedicationStatement").then_some((entry.index_in_parent(), key))
    };
    list.root().list("entry").filter_map(item).collect()
}

/// The identifiers of all that a transaction brings.
fn identifiers(bundle: &Document) -> HashSet<(String, String)> {
    let resources = bundle.root().list("entry").filter_map(|entry| entry.get("resource"));
    resources.flat_map(identifier_pairs).collect()
}

fn identifier_pairs(resource: NodeRef<'_>) -> Vec<(String, String)> {
    let pair = |id: NodeRef<'_>| Some((id.str_at("system")?.into_owned(), id.str_at("value")?.into_owned()));
    resource.list("identifier").filter_map(pair).collect()
}

fn pair(identifier: &Identifier) -> (String, String) {
    (identifier.system.clone(), identifier.value.clone())
}

/// The resource with another status (and a reason for it), every other byte as it was; `None` if its status is none of
/// `from`.
fn with_status(document: &Document, from: &[&str], to: &str, reason: Option<&str>) -> Option<String> {
    let status =
        document.root().get("status").filter(|status| from.iter().any(|it| status.as_str().as_deref() == Some(it)))?;
    let mut splices = Splices::new();
    splices.replace(status.span(), format!("\"{to}\""));
    if let Some(reason) = reason {
        let reason = format!("{{\"text\":\"{reason}\"}}");
        match document.root().list("statusReason").last() {
            Some(last) => splices.insert(last.span().end, format!(",{reason}")),
            None => splices.insert(status.span().end, format!(",\"statusReason\":[{reason}]")),
        }
    }
    Some(splices.apply(document.text()).0)
}

fn left_out(index: usize) -> Issue {
    let place =
        Place { expression: format!("List.entry[{index}].item"), pointer: "/medicines".to_owned(), position: None };
    Issue::error(
        IssueCode::BusinessRule,
        "medicine-left-out",
        "A medicine of the list before is not in this one: its record is kept, but it is in the current list no longer. Send it with the status that it has now (stopped, completed), or add it again.",
        "Ett läkemedel på den förra listan saknas i denna: uppgiften finns kvar men inte på den aktuella listan. Skicka det med den status det har nu (stopped, completed), eller lägg till det igen.",
    )
    .with_severity(Severity::Warning)
    .at(place)
}
