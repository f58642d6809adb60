//! Asking the policy at the data: the facts are loaded here, [`crate::access`] decides.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::access::{self, ActorRole, Admission, Basis, Caller, Item, Operation, Permit, Read, Submit};
use crate::fhir::ResourceKey;
use crate::store::{Relation, StoredVersion};

use super::compose::Draft;
use super::entries::Wish;
use super::resolve::Step;
use super::{Call, Failure, Gateway};

/// Leave to read a version.
///
/// # Errors
/// [`Failure::Denied`], which for all but scopes looks like an unknown id.
pub async fn to_read(
    gateway: &Gateway,
    admission: &Admission<'_>,
    version: &StoredVersion,
) -> Result<Permit<Read>, Failure> {
    let related = related(gateway, admission, &version.patients, gateway.clock.now()).await?;
    let item = Item {
        kind: version.key.kind,
        patients: &version.patients,
        caregiver: Some(&version.source.caregiver),
        related: &related,
    };
    access::permit(admission, &item).map_err(|denied| Failure::Denied(denied, Some(version.key.clone())))
}

/// Leave to submit a draft. `made` are the relations that the same submission makes: an enrolment by a unit of one's
/// own is itself the relation.
///
/// # Errors
/// [`Failure::Denied`].
pub async fn to_submit(
    gateway: &Gateway,
    call: &Call,
    draft: &Draft,
    step: &Step<'_>,
    made: &[Relation],
) -> Result<(Permit<Submit>, Basis), Failure> {
    let current = step.current.as_ref();
    let operation = match &step.entry.wish {
        Wish::Delete { .. } => Operation::Delete,
        // The update scope covers update-as-create (SMART 2.2).
        Wish::Update { .. } | Wish::UpdateMatching { .. } => Operation::Update,
        Wish::Create { .. } | Wish::Get { .. } => Operation::Create,
    };
    let denied = |denied| Failure::Denied(denied, Some(draft.key.clone()));
    let admission = access::admit(&call.caller, operation, draft.key.kind).map_err(denied)?;
    let mut patients = draft.patients.clone();
    patients.extend(current.iter().flat_map(|c| c.patients.iter().cloned()));
    let before = related(gateway, &admission, &patients, call.at).await?;
    let mut related = before.clone();
    related.extend(made.iter().filter(|r| r.organisation == call.caller.organisation()).map(|r| r.patient.clone()));
    let strangers = patients.difference(&related).cloned().collect();
    related.extend(registered_by(gateway, &call.caller, &strangers).await?);
    let item = Item {
        kind: draft.key.kind,
        patients: &patients,
        caregiver: current.map(|c| c.source.caregiver.as_str()),
        related: &related,
    };
    let permit: Permit<Submit> = access::permit(&admission, &item).map_err(denied)?;
    let opened = permit.basis() == Basis::Relation
        && made.iter().any(|r| patients.contains(&r.patient) && !before.contains(&r.patient));
    let basis = if opened { Basis::SelfEnrolment } else { permit.basis() };
    Ok((permit, basis))
}

/// Leave to be told of a resource that a conditional create matched.
///
/// # Errors
/// [`Failure::Denied`].
pub async fn to_keep(
    gateway: &Gateway,
    call: &Call,
    current: &StoredVersion,
    made: &[Relation],
) -> Result<(), Failure> {
    let denied = |denied| Failure::Denied(denied, Some(current.key.clone()));
    let admission = access::admit(&call.caller, Operation::Create, current.key.kind).map_err(denied)?;
    let mut related = related(gateway, &admission, &current.patients, call.at).await?;
    related.extend(made.iter().filter(|r| r.organisation == call.caller.organisation()).map(|r| r.patient.clone()));
    let item = Item {
        kind: current.key.kind,
        patients: &current.patients,
        caregiver: Some(&current.source.caregiver),
        related: &related,
    };
    let reading = access::admit(&call.caller, Operation::Read, current.key.kind).map_err(denied)?;
    access::permit::<Read>(&reading, &item).map(|_| ()).map_err(denied)
}

/// Those of the patients whom nothing makes known to the caller: no relation, none that is `made` now, and not that it
/// registered them itself.
///
/// # Errors
/// Where the store can't be read.
pub async fn strangers(
    gateway: &Gateway,
    caller: &Caller,
    mut patients: BTreeSet<String>,
    made: &[Relation],
) -> Result<BTreeSet<String>, Failure> {
    let made = made.iter().filter(|r| r.organisation == caller.organisation());
    let mut known: BTreeSet<String> = made.map(|r| r.patient.clone()).collect();
    known.extend(registered_by(gateway, caller, &patients).await?);
    for patient in &patients {
        if gateway.store.related(patient, caller.organisation(), gateway.clock.now()).await? {
            known.insert(patient.clone());
        }
    }
    let is_suite = caller.role() == ActorRole::Suite;
    patients.retain(|patient| !is_suite && !known.contains(patient));
    Ok(patients)
}

async fn related(
    gateway: &Gateway,
    admission: &Admission<'_>,
    patients: &BTreeSet<String>,
    at: Timestamp,
) -> Result<BTreeSet<String>, Failure> {
    let mut related = BTreeSet::new();
    for patient in patients {
        if gateway.store.related(patient, admission.caller().organisation(), at).await? {
            related.insert(patient.clone());
        }
    }
    Ok(related)
}

/// The patients that the caller's organisation registered itself: it may write about them before anybody enrols them.
async fn registered_by(
    gateway: &Gateway,
    caller: &Caller,
    patients: &BTreeSet<String>,
) -> Result<BTreeSet<String>, Failure> {
    let keys: Vec<ResourceKey> = patients.iter().filter_map(|p| ResourceKey::parse(p)).collect();
    if keys.is_empty() {
        return Ok(BTreeSet::new());
    }
    let versions = gateway.store.read_many(&keys).await?;
    let own = |v: &StoredVersion| v.source.caregiver == caller.organisation();
    Ok(versions.iter().filter(|v| own(v)).map(|v| v.key.to_string()).collect())
}
