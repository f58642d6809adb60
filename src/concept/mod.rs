//! What the agreements speak of, as typed values with a small JSON form that map to FHIR and back.
//!
//! One concept a file. Its JSON form is told by a JSON Schema in `profiles/schemas`, which is checked first; then
//! come the rules that a schema has no word for, each named in the schema by `x-check`. Towards FHIR a concept
//! becomes a transaction Bundle; from FHIR the same concept comes back, and what it has no place for is reported.
//!
//! The law, tested for each kind: concept -> FHIR -> concept is the identity on what [`read`] accepts.
//!
//! Conventions of the JSON form: the patient is one string, a personnummer, samordningsnummer or reservnummer
//! with its century; people and organisations go by HSA-id and name; a time without offset is local time in Stockholm;
//! numbers keep their digits.

pub mod care_form;
mod check;
mod code;
pub mod decimal;
pub mod enrolment;
pub mod formats;
pub mod ids;
mod issue;
mod kind;
pub mod medication_list;
pub mod named_contact;
pub mod parts;
mod roots;
pub mod round;
mod schema;
pub mod sip;
mod source;
pub mod systems;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod time;
pub mod unit;
mod writer;

pub use self::care_form::CareForm;
pub use self::decimal::Decimal;
pub use self::enrolment::Enrolment;
pub use self::ids::{Hsa, Identifier, Patient};
pub use self::kind::ConceptKind;
pub use self::medication_list::MedicationList;
pub use self::named_contact::NamedContact;
pub use self::roots::{INDIRECT, Root, roots};
pub use self::round::Round;
pub use self::schema::schema;
pub use self::sip::Sip;
pub use self::time::{DateTime, TimeOfDay};
pub use self::unit::Unit;

use self::source::Source;
use self::writer::Writer;
use crate::fhir::{Document, Issue, Value};

/// A concept of any kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Concept {
    /// A medication list.
    MedicationList(Box<MedicationList>),
    /// The named contacts of a patient.
    NamedContact(Box<NamedContact>),
    /// A coordinated individual plan.
    Sip(Box<Sip>),
    /// A round or visit.
    Round(Box<Round>),
    /// An enrolment.
    Enrolment(Box<Enrolment>),
    /// A unit of the municipality.
    Unit(Box<Unit>),
}

/// A concept as FHIR.
#[derive(Debug, Clone)]
pub struct Mapped {
    /// A transaction Bundle whose entries refer to each other by `urn:uuid`.
    pub bundle: Value,
    /// What is worth knowing about the mapping; never an error.
    pub issues: Vec<Issue>,
}

/// Reads the JSON form of a concept; warnings come with the concept.
///
/// # Errors
/// Everything that is wrong, each issue with its JSON pointer, line and column. No issue quotes a value.
pub fn read_with_warnings(kind: ConceptKind, text: &str) -> Result<(Concept, Vec<Issue>), Vec<Issue>> {
    let document =
        Document::parse(text).map_err(|faults| faults.into_iter().map(issue::of_syntax).collect::<Vec<_>>())?;
    let mut issues = schema::validate(kind, &document);
    issues.extend(check::check(&schema::compiled(kind).json, &document));
    if issues.iter().any(Issue::is_error) {
        return Err(issues);
    }
    match Concept::parse(kind, text) {
        Ok(concept) => Ok((concept, issues)),
        Err(_) => Err(vec![schema::unreadable(document.root())]),
    }
}

/// Reads the JSON form of a concept.
///
/// # Errors
/// As [`read_with_warnings`].
pub fn read(kind: ConceptKind, text: &str) -> Result<Concept, Vec<Issue>> {
    read_with_warnings(kind, text).map(|(concept, _)| concept)
}

/// Reads every concept of a kind from a Bundle (transaction, collection or searchset) that also holds what they
/// refer to, or from a single resource with its contained ones.
///
/// The second part of the answer says what was passed over: an element without a place, a reference into the void. An
/// issue of severity error among these tells of a part that was left out because it belongs to another patient or is
/// not at hand; a medication list says then that it is not complete.
///
/// # Errors
/// When a concept is there but can't be read: its patient or another required part is missing, or a value is
/// not of the form or among the codes that the concept can take.
pub fn from_fhir(kind: ConceptKind, bundle: &Document) -> Result<(Vec<Concept>, Vec<Issue>), Vec<Issue>> {
    let source = Source::new(bundle);
    let concepts = match kind {
        ConceptKind::MedicationList => wrap(medication_list::from_fhir(&source), Concept::MedicationList),
        ConceptKind::NamedContact => wrap(named_contact::from_fhir(&source), Concept::NamedContact),
        ConceptKind::Sip => wrap(sip::from_fhir(&source), Concept::Sip),
        ConceptKind::Round => wrap(round::from_fhir(&source), Concept::Round),
        ConceptKind::Enrolment => wrap(enrolment::from_fhir(&source), Concept::Enrolment),
        ConceptKind::Unit => wrap(unit::from_fhir(&source), Concept::Unit),
    };
    source.finish(concepts)
}

fn wrap<T>(read: Vec<T>, variant: fn(Box<T>) -> Concept) -> Vec<Concept> {
    read.into_iter().map(|concept| variant(Box::new(concept))).collect()
}

impl Concept {
    /// Which kind it is.
    pub fn kind(&self) -> ConceptKind {
        match self {
            Self::MedicationList(_) => ConceptKind::MedicationList,
            Self::NamedContact(_) => ConceptKind::NamedContact,
            Self::Sip(_) => ConceptKind::Sip,
            Self::Round(_) => ConceptKind::Round,
            Self::Enrolment(_) => ConceptKind::Enrolment,
            Self::Unit(_) => ConceptKind::Unit,
        }
    }

    /// The concept as a transaction Bundle; `ids` gives a fresh UUID for each entry's `fullUrl`.
    pub fn to_fhir(&self, ids: &mut dyn FnMut() -> String) -> Mapped {
        let mut out = Writer::new(ids);
        match self {
            Self::MedicationList(list) => medication_list::to_fhir(list, &mut out),
            Self::NamedContact(concept) => named_contact::to_fhir(concept, &mut out),
            Self::Sip(concept) => sip::to_fhir(concept, &mut out),
            Self::Round(concept) => round::to_fhir(concept, &mut out),
            Self::Enrolment(concept) => enrolment::to_fhir(concept, &mut out),
            Self::Unit(concept) => unit::to_fhir(concept, &mut out),
        }
        out.finish()
    }

    /// The JSON form, indented, members in the order of the type.
    pub fn to_json(&self) -> String {
        let written = match self {
            Self::MedicationList(list) => serde_json::to_string_pretty(list),
            Self::NamedContact(concept) => serde_json::to_string_pretty(concept),
            Self::Sip(concept) => serde_json::to_string_pretty(concept),
            Self::Round(concept) => serde_json::to_string_pretty(concept),
            Self::Enrolment(concept) => serde_json::to_string_pretty(concept),
            Self::Unit(concept) => serde_json::to_string_pretty(concept),
        };
        #[expect(clippy::expect_used, reason = "strings, booleans and checked numbers always have a JSON form")]
        written.expect("a concept has a JSON form")
    }

    fn parse(kind: ConceptKind, text: &str) -> serde_json::Result<Self> {
        Ok(match kind {
            ConceptKind::MedicationList => {
                let mut list: Box<MedicationList> = serde_json::from_str(text)?;
                list.arrange();
                Self::MedicationList(list)
            }
            ConceptKind::NamedContact => Self::NamedContact(serde_json::from_str(text)?),
            ConceptKind::Sip => Self::Sip(serde_json::from_str(text)?),
            ConceptKind::Round => Self::Round(serde_json::from_str(text)?),
            ConceptKind::Enrolment => Self::Enrolment(serde_json::from_str(text)?),
            ConceptKind::Unit => Self::Unit(serde_json::from_str(text)?),
        })
    }
}
