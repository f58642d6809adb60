//! `unit`: a boende, hemsjukvård team or other unit of the municipality, and how it reaches its hälsocentral.
//!
//! FHIR: Organization and Location of the unit; for each hälsocentral that it belongs to an OrganizationAffiliation,
//! and a HealthcareService for each number that the hälsocentral keeps for the unit.

use serde::{Deserialize, Serialize};

use super::care_form::CareForm;
use super::code::codes;
use super::ids::Hsa;
use super::parts::{Organisation, Period};
use super::time::TimeOfDay;

mod from_fhir;
#[cfg(test)]
mod tests;
mod to_fhir;

pub(super) use self::{from_fhir::from_fhir, to_fhir::to_fhir};
pub use super::medication_list::Weekday;

/// A unit; its HSA-id is its identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Unit {
    /// HSA-id.
    pub hsa_id: Hsa,
    /// Name.
    pub name: String,
    /// What it gives.
    pub care_form: CareForm,
    /// Whose it is.
    pub municipality: Municipality,
    /// Number of places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places: Option<u32>,
    /// Telephone of the unit itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// The hälsocentraler that it belongs to (hälsocentralstillhörighet), one at a time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub affiliations: Vec<Affiliation>,
}

/// A kommun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Municipality {
    /// HSA-id.
    pub hsa_id: Hsa,
    /// Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Kommunkod: four digits, the first of which may be 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// A postal address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Address {
    /// Street and number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// Postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Town.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
}

/// That a unit belongs to a hälsocentral, and the numbers kept for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Affiliation {
    /// The hälsocentral.
    pub health_centre: Organisation,
    /// From when to when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// The number that patients do not have (direktnummer).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direct_number: Option<String>,
    /// The number for acute needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acute_number: Option<String>,
    /// The physician on call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_call: Option<OnCall>,
}

/// How to reach the physician on call, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnCall {
    /// Telephone number.
    pub phone: String,
    /// The hours; none is always.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<Hours>,
}

/// Hours of the week: all day without a start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// On which days.
    pub days: Vec<Weekday>,
    /// From when; with `end`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<TimeOfDay>,
    /// Until when; with `start`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<TimeOfDay>,
}

codes! {
    /// The services of a hälsocentral for the units; the product's own codes.
    ServiceKind {
        /// Direktnummer for the municipality's nurses.
        Direct = "direktlinje-kommun",
        /// For acute needs.
        Acute = "akutkontakt",
        /// On call.
        OnCall = "jour",
    }
}
