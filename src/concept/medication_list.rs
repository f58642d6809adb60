//! `medication-list`: the medicines of a patient as one source, or several together, know them.
//!
//! FHIR: a List (LOINC 10160-0) whose entries are the current medicines, and a MedicationStatement for each medicine.
//! A stopped medicine is a MedicationStatement too, but no entry: who reads the list must not take it for current.

mod dosage;
mod from_fhir;
mod prescription;
mod statement;
#[cfg(test)]
mod tests;
mod to_fhir;

use serde::{Deserialize, Serialize};

pub use self::dosage::{Dosage, DoseRange, MaxDose, PeriodUnit, Weekday};
pub use self::prescription::{Prescription, PrescriptionType};
pub use self::statement::{Drug, Medicine, MedicineStatus};
pub(super) use self::{from_fhir::from_fhir, to_fhir::to_fhir};
use super::code::codes;
use super::ids::{Identifier, Patient};
use super::parts::{Organisation, Professional};
use super::systems::LIST_ID;
use super::time::DateTime;
use super::writer::digest;

/// A medication list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MedicationList {
    /// The sender's name for this list; sent again with the same one it replaces the old list. Without one the gateway
    /// keeps one list a patient and sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<Identifier>,
    /// Whose medicines.
    pub patient: Patient,
    /// As of when the list is right.
    pub date: DateTime,
    /// Who put it together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Professional>,
    /// Whether all sources have answered; absent when nothing is said about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sources: Option<Sources>,
    /// What an empty list means; only beside complete sources and without current medicines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub none: Option<Nothing>,
    /// The medicines: the current ones first, then those that are not (see [`MedicationList::arrange`]).
    pub medicines: Vec<Medicine>,
    /// Printed copies handed over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub printed: Vec<PrintedCopy>,
}

impl MedicationList {
    /// Puts the current medicines first and leaves the order otherwise: the order in which FHIR can give them back.
    pub fn arrange(&mut self) {
        self.medicines.sort_by_key(|medicine| !medicine.status.is_current());
    }

    /// The name of a list whose sender gives it none: one a patient (`Patient/1`) and source, so that the next list of
    /// this source takes its place. It holds no personal number.
    pub fn source_name(patient: &str, source: &str) -> Identifier {
        Identifier { system: LIST_ID.to_owned(), value: digest(&format!("{patient}|{source}")) }
    }

    /// The medicines that belong to the list's entries.
    pub fn current(&self) -> impl Iterator<Item = &Medicine> {
        self.medicines.iter().filter(|medicine| medicine.status.is_current())
    }
}

/// Whether the list holds what all sources know.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sources {
    /// Whether every source has answered.
    pub complete: bool,
    /// Names of the sources that have not; only when it is not complete.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

codes! {
    /// What it means that a list is empty ([list-empty-reason](https://hl7.org/fhir/R4/valueset-list-empty-reason.html)).
    Nothing {
        /// The patient is known to have no current medicines.
        NilKnown = "nilknown",
    }
}

/// A copy on paper, handed to somebody who can't read the list digitally.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrintedCopy {
    /// When it was handed over.
    pub date: DateTime,
    /// To whom.
    pub recipient: Organisation,
    /// Where the printed document can be read, if it can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}
