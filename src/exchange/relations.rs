//! Which organisations an enrolment relates to its patient.
//!
//! The municipality that runs the unit and the region behind the hälsocentral have a patient relation while the
//! enrolment lasts (SFS 2022:913 3 kap. 1 § asks for one; the agreements' parties are these two).

use jiff::Timestamp;

use crate::fhir::instant::Interval;
use crate::fhir::{Document, ResourceKey, ResourceType};
use crate::store::Relation;

use super::hierarchy;
use super::neighbourhood::Neighbourhood;

const HEALTH_CENTRE: &str = "https://vardbro.example/fhir/StructureDefinition/health-centre";

/// Whether resources of a type make relations.
pub fn come_from(kind: ResourceType) -> bool {
    kind.as_str() == "EpisodeOfCare"
}

/// The relations that a resource makes: those of an EpisodeOfCare that is or was in force; none for all others.
pub fn of(document: &Document, key: &ResourceKey, around: &Neighbourhood, at: Timestamp) -> Vec<Relation> {
    let episode = document.root();
    let status = episode.str_at("status").unwrap_or_default();
    if !come_from(key.kind) || matches!(status.as_ref(), "cancelled" | "entered-in-error" | "planned" | "waitlist") {
        return Vec::new();
    }
    let stated = episode.at(&["patient", "reference"]).and_then(|r| r.as_str());
    let Some(patient) = stated.and_then(|text| around.local(&text)) else { return Vec::new() };
    let mut time = period(document);
    if status == "finished" && time.until == Timestamp::MAX {
        // Finished without saying when: from now on nobody has a relation by it.
        time.until = at;
    }
    let mut organisations: Vec<String> = places(document, around)
        .into_iter()
        .filter_map(|place| hierarchy::caregiver(&place, around))
        .filter_map(|organisation| hierarchy::hsa_id(&organisation, around))
        .collect();
    organisations.sort_unstable();
    organisations.dedup();
    organisations
        .into_iter()
        .map(|organisation| Relation { patient: patient.clone(), organisation, from: time.from, until: time.until })
        .collect()
}

/// The unit and the hälsocentral of an enrolment: its own, or else the one that the patient is listed at.
fn places(document: &Document, around: &Neighbourhood) -> Vec<String> {
    let episode = document.root();
    let unit = episode.at(&["managingOrganization", "reference"]).and_then(|r| r.as_str());
    let stated = episode
        .list("extension")
        .find(|e| e.str_at("url").as_deref() == Some(HEALTH_CENTRE))
        .and_then(|e| e.at(&["valueReference", "reference"])?.as_str());
    let listed = || {
        let patient = around.get(&episode.at(&["patient", "reference"])?.as_str()?)?;
        patient.root().list("generalPractitioner").find_map(|gp| gp.str_at("reference"))
    };
    unit.into_iter().chain(stated.or_else(listed)).map(std::borrow::Cow::into_owned).collect()
}

fn period(document: &Document) -> Interval {
    let bound = |name: &str| document.root().at(&["period", name]).and_then(|t| Interval::of(&t.as_str()?));
    Interval {
        from: bound("start").map_or(Timestamp::MIN, |i| i.from),
        until: bound("end").map_or(Timestamp::MAX, |i| i.until),
    }
}
