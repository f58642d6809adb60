//! HealthcareProfessionalType: who recorded, prescribed or evaluated.

use super::element::El;
use super::values::{coded, hsa_id};
use super::words::{CARE_UNIT_UNKNOWN, CAREGIVER_FORM, CAREGIVER_MISSING};
use crate::concept::ids::Hsa;
use crate::concept::parts::{Caregiver, Organisation, Professional};

/// The contract's spelling of the care unit's element, and the one that its older text prints.
const CARE_UNIT: [&str; 2] = ["healthcareProfessionalCareUnitHSAId", "healthcareProfessionalcareUnitHSAId"];
/// The same of the caregiver's.
const CAREGIVER: [&str; 2] = ["healthcareProfessionalCareGiverHSAId", "healthcareProfessionalcareGiverHSAId"];

/// A professional at the unit where he or she works.
pub(super) fn professional(el: El<'_>) -> Professional {
    let unit = el.get("healthcareProfessionalOrgUnit");
    let phone = unit.and_then(|unit| unit.text_of("orgUnitTelecom"));
    Professional { unit: unit.and_then(organisation), phone, ..person(el) }
}

/// The professional who answers for a record, at the care unit and under the caregiver by which blocks are kept.
pub(super) fn accountable(el: El<'_>) -> Option<Professional> {
    let org_unit = el.get("healthcareProfessionalOrgUnit");
    let phone = org_unit.and_then(|unit| unit.text_of("orgUnitTelecom"));
    let caregiver = caregiver(el)?;
    let unit = match care_unit(el, org_unit) {
        Some(hsa_id) => {
            let named = org_unit.filter(|unit| peeked(*unit).is_some_and(|id| id == hsa_id)).and_then(organisation);
            let name = named.and_then(|unit| unit.name);
            Organisation { hsa_id, name, caregiver: Some(Caregiver { hsa_id: caregiver, name: None }) }
        }
        None => {
            el.note_missing("healthcareProfessionalCareUnitHSAId", &CARE_UNIT_UNKNOWN);
            Organisation { hsa_id: caregiver, name: None, caregiver: None }
        }
    };
    Some(Professional { unit: Some(unit), phone, ..person(el) })
}

fn person(el: El<'_>) -> Professional {
    Professional {
        hsa_id: el.get("healthcareProfessionalHSAId").and_then(hsa_id),
        name: el.text_of("healthcareProfessionalName"),
        role: el.get("healthcareProfessionalRoleCode").and_then(coded),
        ..Professional::default()
    }
}

/// An OrgUnitType; without an HSA-id its name has no place and is reported.
fn organisation(unit: El<'_>) -> Option<Organisation> {
    let hsa_id = unit.get("orgUnitHSAId").and_then(hsa_id)?;
    Some(Organisation { hsa_id, name: unit.text_of("orgUnitName"), caregiver: None })
}

fn peeked(unit: El<'_>) -> Option<Hsa> {
    Hsa::parse(unit.get("orgUnitHSAId")?.peek()?)
}

/// The care unit; where it is not told by HSA-id, the unit at which the professional works.
fn care_unit(el: El<'_>, org_unit: Option<El<'_>>) -> Option<Hsa> {
    let told = CARE_UNIT.iter().find_map(|name| el.get(name)).and_then(hsa_id);
    told.or_else(|| org_unit.and_then(peeked))
}

fn caregiver(el: El<'_>) -> Option<Hsa> {
    let Some(told) = CAREGIVER.iter().find_map(|name| el.get(name)) else {
        el.note_missing(CAREGIVER[0], &CAREGIVER_MISSING);
        return None;
    };
    let read = told.text().map(|text| Hsa::parse(&text));
    match read {
        Some(Some(caregiver)) => return Some(caregiver),
        Some(None) => told.note(&CAREGIVER_FORM),
        None => told.note(&CAREGIVER_MISSING),
    }
    None
}
