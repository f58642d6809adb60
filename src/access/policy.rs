//! The decision: [`admit`] at the door, [`permit`] at the data.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use jiff::Timestamp;

use super::caller::{ActorRole, Caller};
use super::directory::{is_directory, is_submitters_own};
use super::scope::Operation;
use crate::fhir::ResourceType;
use crate::fhir::search::Visibility;

/// A caller may do this sort of thing at all; whether with this item is [`permit`]'s to say.
#[derive(Debug, Clone)]
pub struct Admission<'a> {
    caller: &'a Caller,
    operation: Operation,
}

impl<'a> Admission<'a> {
    /// The caller that was admitted.
    pub fn caller(&self) -> &'a Caller {
        self.caller
    }
}

/// Marks a [`Permit`] to read an item.
#[derive(Debug, Clone, Copy)]
pub struct Read;
/// Marks a [`Permit`] to submit an item.
#[derive(Debug, Clone, Copy)]
pub struct Submit;
/// Marks a [`Permit`] to deliver an item to a receiver.
#[derive(Debug, Clone, Copy)]
pub struct Deliver;

/// Leave to do `Use` with one item, and what it rests on. Only [`permit`] makes one.
#[derive(Debug, Clone)]
pub struct Permit<Use> {
    basis: Basis,
    used_for: PhantomData<Use>,
}

impl<Use> Permit<Use> {
    /// What the permit rests on; goes into the audit entry.
    pub fn basis(&self) -> Basis {
        self.basis
    }
}

/// What a permit rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The organisation submitted it itself.
    OwnRecord,
    /// An enrolment relates the patient to the organisation.
    Relation,
    /// Directory data, about no patient.
    Directory,
    /// The enrolment that is being submitted is itself the relation.
    SelfEnrolment,
    /// The demo's suite client.
    Suite,
}

impl Basis {
    /// The word in audit entries.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OwnRecord => "own-record",
            Self::Relation => "relation",
            Self::Directory => "directory",
            Self::SelfEnrolment => "self-enrolment",
            Self::Suite => "suite",
        }
    }
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied {
    /// Why; for the audit, and for the caller only where nothing is protected by silence.
    pub reason: DeniedReason,
}

/// Why something was denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeniedReason {
    /// The token's scopes do not cover it. Told to the caller (403).
    Scope,
    /// Nothing relates the organisation to the patient. Existence is protected: the caller gets what an unknown id gets (404).
    NoRelation,
    /// The item belongs to another organisation. As above.
    OthersItem,
    /// The caller may read the item; changing it is its submitter's alone. Told to the caller (403).
    NotSubmitter,
}

impl DeniedReason {
    /// Whether a refusal must look like something that does not exist.
    pub fn is_hidden(self) -> bool {
        matches!(self, Self::NoRelation | Self::OthersItem)
    }

    /// The word in audit entries.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scope => "scope",
            Self::NoRelation => "no-relation",
            Self::OthersItem => "others-item",
            Self::NotSubmitter => "not-submitter",
        }
    }
}

/// What the decision looks at in an item.
#[derive(Debug, Clone)]
pub struct Item<'a> {
    /// Its type.
    pub kind: ResourceType,
    /// The patients that it concerns, as `Patient/1`.
    pub patients: &'a BTreeSet<String>,
    /// HSA-id of the vårdgivare that it came from; `None` for one that is being made.
    pub caregiver: Option<&'a str>,
    /// The patients of these that have a relation to the caller's organisation now.
    pub related: &'a BTreeSet<String>,
}

/// Whether the caller's scopes cover the operation on the type.
///
/// # Errors
/// [`DeniedReason::Scope`].
pub fn admit(caller: &Caller, operation: Operation, kind: ResourceType) -> Result<Admission<'_>, Denied> {
    if caller.scopes().allow(operation, kind) {
        Ok(Admission { caller, operation })
    } else {
        Err(Denied { reason: DeniedReason::Scope })
    }
}

/// Whether an admitted caller may do it with this item.
///
/// # Errors
/// Why not. All but [`DeniedReason::Scope`] must look to the caller like an item that does not exist.
pub fn permit<Use>(admission: &Admission<'_>, item: &Item<'_>) -> Result<Permit<Use>, Denied> {
    let granted = |basis| Ok(Permit { basis, used_for: PhantomData });
    let caller = admission.caller;
    if caller.role() == ActorRole::Suite {
        return granted(Basis::Suite);
    }
    // Update-as-create is covered by the update scope (SMART 2.2, "update scope covers update-as-create").
    let new = item.caregiver.is_none() && matches!(admission.operation, Operation::Create | Operation::Update);
    if item.caregiver == Some(caller.organisation()) {
        return granted(Basis::OwnRecord);
    }
    if item.caregiver.is_some() && is_submitters_own(item.kind) {
        return Err(Denied { reason: DeniedReason::OthersItem });
    }
    if item.patients.is_empty() {
        return match (is_directory(item.kind), admission.operation) {
            (true, Operation::Read | Operation::Search) => granted(Basis::Directory),
            _ if new => granted(Basis::OwnRecord),
            (true, _) => Err(Denied { reason: DeniedReason::NotSubmitter }),
            _ => Err(Denied { reason: DeniedReason::OthersItem }),
        };
    }
    if caller.role() == ActorRole::Administration {
        return Err(Denied { reason: DeniedReason::NoRelation });
    }
    // A new Patient has no relations yet; who registers one is answerable for it.
    if new && item.kind.as_str() == "Patient" {
        return granted(Basis::OwnRecord);
    }
    // An item about several patients is about each of them: one stranger among them closes it.
    if !item.patients.is_subset(item.related) {
        return Err(Denied { reason: DeniedReason::NoRelation });
    }
    // Who a patient is, and that one has died, is for all who have to do with the patient to keep right.
    let changes = match admission.operation {
        Operation::Update => item.kind.as_str() != "Patient",
        operation => operation == Operation::Delete,
    };
    let changes_others = !new && changes;
    if changes_others { Err(Denied { reason: DeniedReason::NotSubmitter }) } else { granted(Basis::Relation) }
}

/// Whether an organisation (by HSA-id) may be sent an item: what it submitted itself, directory data, and what belongs
/// to patients that are related to it now.
///
/// # Errors
/// Why not.
pub fn may_receive(organisation: &str, item: &Item<'_>) -> Result<Permit<Deliver>, Denied> {
    let granted = |basis| Ok(Permit { basis, used_for: PhantomData });
    if item.caregiver == Some(organisation) {
        granted(Basis::OwnRecord)
    } else if item.patients.is_empty() {
        if is_directory(item.kind) {
            granted(Basis::Directory)
        } else {
            Err(Denied { reason: DeniedReason::OthersItem })
        }
    } else if item.patients.is_subset(item.related) {
        granted(Basis::Relation)
    } else {
        Err(Denied { reason: DeniedReason::NoRelation })
    }
}

/// The restriction that a search of an admitted caller carries: what [`permit`] would let it read, as a condition for the store.
pub fn visibility(admission: &Admission<'_>, at: Timestamp) -> Visibility {
    match admission.caller.role() {
        ActorRole::Suite => Visibility::Everything,
        _ => Visibility::Organisation { organisation: admission.caller.organisation().to_owned(), at },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Purpose, Scopes};

    fn caller(organisation: &str, role: ActorRole, scopes: &str) -> Caller {
        Caller {
            client: "c".into(),
            organisation: organisation.into(),
            organisation_name: "n".into(),
            unit: None,
            role,
            person: None,
            purpose: Purpose::Treatment,
            scopes: Scopes::parse(scopes),
        }
    }

    fn set(items: &[&str]) -> BTreeSet<String> {
        items.iter().map(|s| (*s).to_owned()).collect()
    }

    /// One line a case: type, patients, source, related patients, operation -> basis or reason.
    #[test]
    fn the_decision_follows_its_table() {
        use Operation::{Create, Read as Get, Update};
        type Case<'a> =
            (&'a str, &'a [&'a str], Option<&'a str>, &'a [&'a str], Operation, Result<Basis, DeniedReason>);
        let cases: [Case<'_>; 16] = [
            ("List", &["Patient/1"], Some("us"), &[], Get, Ok(Basis::OwnRecord)),
            ("List", &["Patient/1"], Some("them"), &["Patient/1"], Get, Ok(Basis::Relation)),
            ("List", &["Patient/1"], Some("them"), &[], Get, Err(DeniedReason::NoRelation)),
            ("List", &["Patient/1"], Some(""), &[], Get, Err(DeniedReason::NoRelation)),
            ("List", &["Patient/1", "Patient/2"], Some("them"), &["Patient/1"], Get, Err(DeniedReason::NoRelation)),
            ("List", &["Patient/1"], None, &[], Create, Err(DeniedReason::NoRelation)),
            ("List", &["Patient/1"], None, &["Patient/1"], Create, Ok(Basis::Relation)),
            ("Patient", &["Patient/1"], None, &[], Create, Ok(Basis::OwnRecord)),
            ("Organization", &[], Some("them"), &[], Get, Ok(Basis::Directory)),
            ("List", &["Patient/1"], Some("them"), &["Patient/1"], Update, Err(DeniedReason::NotSubmitter)),
            ("List", &["Patient/1"], Some("them"), &[], Update, Err(DeniedReason::NoRelation)),
            ("Patient", &["Patient/1"], Some("them"), &["Patient/1"], Update, Ok(Basis::Relation)),
            ("Patient", &["Patient/1"], Some("them"), &[], Update, Err(DeniedReason::NoRelation)),
            ("Organization", &[], Some("them"), &[], Update, Err(DeniedReason::NotSubmitter)),
            ("Subscription", &[], Some("them"), &[], Get, Err(DeniedReason::OthersItem)),
            ("Subscription", &[], None, &[], Create, Ok(Basis::OwnRecord)),
        ];
        let us = caller("us", ActorRole::CareProvider, "system/*.cruds");
        for (kind, patients, caregiver, related, operation, expected) in cases {
            let kind = ResourceType::parse(kind).unwrap();
            let admission = admit(&us, operation, kind).unwrap();
            let item = Item { kind, patients: &set(patients), caregiver, related: &set(related) };
            let decision = permit::<Read>(&admission, &item).map(|p| p.basis()).map_err(|d| d.reason);
            assert_eq!(decision, expected, "{kind} {patients:?} {caregiver:?} {related:?} {operation:?}");
        }
    }

    #[test]
    fn no_scope_no_admission() {
        let kind = ResourceType::parse("List").unwrap();
        let reader = caller("us", ActorRole::CareProvider, "system/*.rs");
        assert_eq!(admit(&reader, Operation::Create, kind).unwrap_err().reason, DeniedReason::Scope);
    }
}
