//! `sip`: samordnad individuell plan: who coordinates, who does what, until when, and that the patient agreed.
//!
//! FHIR: a CarePlan of category SIP with its CareTeam, Goals and Consent. What a SIP must say is in HSL 16 kap. 4 §:
//! the measures, who answers for each of them, and who has the overall responsibility.

use serde::{Deserialize, Serialize};

use super::code::codes;
use super::ids::{Identifier, Patient};
use super::parts::{Organisation, Period, Professional};
use super::time::DateTime;

mod from_fhir;
#[cfg(test)]
mod tests;
mod to_fhir;

pub(super) use self::{from_fhir::from_fhir, to_fhir::to_fhir};

/// A coordinated individual plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sip {
    /// The sender's name for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<Identifier>,
    /// Whose plan.
    pub patient: Patient,
    /// How things stand with it.
    pub status: PlanStatus,
    /// What it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<DateTime>,
    /// From when to when it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// Who wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Professional>,
    /// The organisations that take part, of the region and of the municipality.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contributors: Vec<Organisation>,
    /// Who coordinates the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coordinator: Option<Professional>,
    /// Who else is in the team.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub team: Vec<Professional>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub goals: Vec<String>,
    /// Who does what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub activities: Vec<Activity>,
    /// The day on which it is followed up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<String>,
    /// When the patient was given a copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_given: Option<DateTime>,
    /// What the patient said to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<SipConsent>,
}

codes! {
    /// The states of a plan ([request-status](https://hl7.org/fhir/R4/valueset-request-status.html)).
    PlanStatus {
        /// Being written.
        Draft = "draft",
        /// In force.
        Active = "active",
        /// Paused.
        OnHold = "on-hold",
        /// Called off.
        Revoked = "revoked",
        /// Carried through.
        Completed = "completed",
    }
}

codes! {
    /// The states of a measure ([care-plan-activity-status](https://hl7.org/fhir/R4/valueset-care-plan-activity-status.html)).
    ActivityStatus {
        /// Not begun.
        NotStarted = "not-started",
        /// Booked.
        Scheduled = "scheduled",
        /// Going on.
        InProgress = "in-progress",
        /// Paused.
        OnHold = "on-hold",
        /// Done.
        Completed = "completed",
        /// Called off.
        Cancelled = "cancelled",
        /// Ended before its time.
        Stopped = "stopped",
    }
}

/// A measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    /// What is done.
    pub text: String,
    /// How things stand with it.
    pub status: ActivityStatus,
    /// Who answers for it: a professional, or only the unit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub responsible: Vec<Professional>,
    /// From when to when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
}

/// The patient's answer to the plan being made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SipConsent {
    /// Yes or no.
    pub given: bool,
    /// When.
    pub date: DateTime,
}
