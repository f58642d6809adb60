//! `round`: a läkarrond, fast läkartid or planned hembesök; planned, held, or both.
//!
//! FHIR: an Appointment when it is planned and an Encounter when it has been held. Time on the road is no part of the
//! length: the agreements count the physician's hours without it.

use serde::{Deserialize, Serialize};

use super::code::codes;
use super::ids::{Identifier, Patient};
use super::parts::{Organisation, Professional};
use super::time::DateTime;

mod from_fhir;
#[cfg(test)]
mod tests;
mod to_fhir;

pub(super) use self::{from_fhir::from_fhir, to_fhir::to_fhir};

/// A round or visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Round {
    /// The sender's name for it; the same for the planned and the held one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<Identifier>,
    /// What it is.
    pub kind: RoundKind,
    /// The unit of the municipality that it is held at.
    pub unit: Organisation,
    /// The one patient, when it is a visit to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<Patient>,
    /// The booking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<Planned>,
    /// What took place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
}

codes! {
    /// The sorts of physician time that the agreements name; the product's own codes.
    RoundKind {
        /// Läkarrond.
        Round = "lakarrond",
        /// Fast läkartid.
        FixedTime = "fast-lakartid",
        /// Planned home visit.
        PlannedHomeVisit = "hembesok-planerat",
        /// Acute home visit.
        AcuteHomeVisit = "hembesok-akut",
        /// Home visit that was not planned.
        UnplannedHomeVisit = "hembesok-oplanerat",
        /// Medical care planning.
        CarePlanning = "medicinsk-vardplanering",
        /// Administrative time for the unit's patients.
        Administration = "admin-tid",
        /// Time on the road, told apart so that nobody counts it.
        Travel = "restid",
    }
}

/// A booked round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// When it begins; an instant.
    pub start: DateTime,
    /// When it ends; an instant.
    pub end: DateTime,
    /// When it was booked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<DateTime>,
}

/// A round that has taken place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Held {
    /// In which way.
    pub class: RoundClass,
    /// When it began.
    pub start: DateTime,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<DateTime>,
    /// Its length in minutes, without time on the road.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// The physicians.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub physicians: Vec<Professional>,
    /// The nurses and other staff of the municipality.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub staff: Vec<Professional>,
    /// The hälsocentral that provided it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health_centre: Option<Organisation>,
}

codes! {
    /// In which way a round was held; HL7's act codes.
    RoundClass {
        /// At the patients' home: the boende, or their own.
        AtHome = "HH",
        /// By video or telephone.
        Virtual = "VR",
        /// At the hälsocentral.
        Ambulatory = "AMB",
    }
}
