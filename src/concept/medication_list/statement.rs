//! One medicine of the list.

use serde::{Deserialize, Serialize};

use super::dosage::Dosage;
use super::prescription::Prescription;
use crate::concept::code::codes;
use crate::concept::ids::Identifier;
use crate::concept::parts::{Coded, Professional, Quantity};
use crate::concept::time::DateTime;

codes! {
    /// How things stand with a medicine; the codes of
    /// [medication-statement-status](https://hl7.org/fhir/R4/valueset-medication-statement-status.html).
    MedicineStatus {
        /// In use.
        Active = "active",
        /// To be begun.
        Intended = "intended",
        /// Paused.
        OnHold = "on-hold",
        /// Nobody knows whether it is taken.
        Unknown = "unknown",
        /// Ended as planned.
        Completed = "completed",
        /// Ended before its time (utsatt).
        Stopped = "stopped",
        /// Ordered but not taken.
        NotTaken = "not-taken",
        /// Never should have been written.
        EnteredInError = "entered-in-error",
    }
}

impl MedicineStatus {
    /// Whether a medicine of this status belongs to the current list.
    pub fn is_current(self) -> bool {
        matches!(self, Self::Active | Self::Intended | Self::OnHold | Self::Unknown)
    }
}

/// A medicine of a patient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Medicine {
    /// The sender's name for this prescription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<Identifier>,
    /// What.
    pub drug: Drug,
    /// How things stand with it.
    pub status: MedicineStatus,
    /// Why it has that status: why it was stopped, say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason: Option<Coded>,
    /// First day or instant of treatment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<DateTime>,
    /// Last day or instant of treatment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<DateTime>,
    /// When it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asserted: Option<DateTime>,
    /// When the treatment is to be evaluated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evaluation: Option<DateTime>,
    /// Reasons for the treatment (ordinationsorsak).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Coded>,
    /// What the treatment is to achieve (behandlingsändamål).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// Remarks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Whether the patient takes it without a prescription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub self_medication: Option<bool>,
    /// How it is taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dosage: Vec<Dosage>,
    /// Who prescribed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prescriber: Option<Professional>,
    /// Who recorded it; absent when it is the list's author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorder: Option<Professional>,
    /// The prescription behind it, where a record system tells of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prescription: Option<Prescription>,
    /// Whether the patient may read it (menprövning); `false` must never reach the patient's own view.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_for_patient: Option<bool>,
}

/// What is taken. At least one of text, ATC code and NPL-id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Drug {
    /// Name, form and strength as people read them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// ATC code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub atc: Option<String>,
    /// What ATC calls it; only beside the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub substance: Option<String>,
    /// NPL-id of the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub npl_id: Option<String>,
    /// NPL-pack-id of the package.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub npl_pack_id: Option<String>,
    /// Pharmaceutical form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// Strength.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strength: Option<Quantity>,
}
