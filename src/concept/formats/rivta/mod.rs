//! RIV-TA: the XML answers of the national service contracts, read into concepts.
//!
//! GetMedicationHistory 2.2 (`clinicalprocess:activityprescription:actoutcome`) becomes a [`MedicationList`].
//!
//! The XML is read once into a bounded tree (`xml`, `tree`): no DTD, no entities but the predefined ones, limits on
//! size, depth and number. Getters mark what they give (`element`), so that in the end every element that nobody asked
//! for is reported, and none is dropped in silence. What a medicine's state means to the patient is one table
//! (`status`).

mod dosage;
mod drug;
mod element;
mod header;
mod prescription;
mod professional;
mod response;
mod status;
#[cfg(test)]
mod tests;
mod tree;
mod values;
mod words;
mod xml;

use jiff::Timestamp;

use self::element::Reading;
use crate::concept::MedicationList;
use crate::fhir::Issue;
use crate::identity::PersonId;

/// What was asked of the source, as far as its answer does not say it itself.
#[derive(Debug, Clone)]
pub struct Request {
    /// Whose medicines were asked for. Required for an answer without records, which names nobody; an answer about
    /// somebody else is refused.
    pub patient: Option<PersonId>,
    /// Whether every source was asked, without a filter, and has answered: only then may an empty answer mean that
    /// there are no medicines.
    pub complete: bool,
    /// The present instant: what has ended by now is not a current medicine.
    pub now: Timestamp,
}

/// Reads a GetMedicationHistory 2.2 response, bare or inside a SOAP 1.1 envelope.
///
/// Beside the list come warnings and what had no place in it. Merchandise (needles, dressings) is left out, with an
/// issue: it is no medicine, and whoever counts or compares medicines must not meet it.
///
/// # Errors
/// Everything that is wrong, each issue with an XPath-like place, line and column, and no value: the text is no XML that
/// is accepted here, the source answered with an error, the patient or the responsible caregiver is not told, a value is
/// not of the contract's form. A list is never given in part.
pub fn medication_history(xml: &[u8], request: &Request) -> Result<(MedicationList, Vec<Issue>), Vec<Issue>> {
    let tree = xml::read(xml)?;
    let reading = Reading::new(tree, request.now);
    let list = response::read(&reading, request);
    reading.finish(list)
}
