//! The parts that several concepts are made of. Member names in JSON are those of the schemas in `profiles/schemas`.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::code::codes;
use super::decimal::Decimal;
use super::ids::Hsa;
use super::time::DateTime;

/// A code with what people call it; at least one of code and text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coded {
    /// The sender's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// URI of the code system; stands only beside a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What the code system calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
}

impl Coded {
    /// Words without a code.
    pub fn of_text(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::default() }
    }
}

/// An amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// How much.
    pub value: Decimal,
    /// The unit in the sender's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The unit in UCUM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ucum: Option<String>,
}

/// From when to when; either end may be open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// When it begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<DateTime>,
    /// When it ends; with a date that day is the last one in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<DateTime>,
}

/// An organisation by its HSA-id: a unit, or the vårdgivare it is part of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Organisation {
    /// HSA-id.
    pub hsa_id: Hsa,
    /// Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The vårdgivare that it is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caregiver: Option<Caregiver>,
}

/// A vårdgivare by its HSA-id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Caregiver {
    /// HSA-id.
    pub hsa_id: Hsa,
    /// Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

codes! {
    /// What a professional is, as far as the agreements ask; SNOMED CT codes in FHIR.
    Profession {
        /// Läkare.
        Physician = "physician",
        /// Sjuksköterska.
        Nurse = "nurse",
    }
}

/// A professional in a role: who, what, where, and how to reach.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Professional {
    /// HSA-id of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hsa_id: Option<Hsa>,
    /// The name as one text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<String>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// Physician or nurse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profession: Option<Profession>,
    /// Any other word for the role, as the HSA befattning of RIV-TA; a SNOMED CT code of `profession` comes back as that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Coded>,
    /// The unit at which the role is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Organisation>,
    /// Telephone number in that role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

impl fmt::Debug for Professional {
    /// Says nothing of the person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Professional").field("unit", &self.unit).finish_non_exhaustive()
    }
}
