//! What the record system tells of the prescription (ordination) behind a medicine, beyond the medicine itself.
//!
//! FHIR: the extension `prescription` on the MedicationStatement, one part a member.

use serde::{Deserialize, Serialize};

use crate::concept::code::codes;
use crate::concept::ids::{Hsa, Identifier};
use crate::concept::parts::Professional;
use crate::concept::source::El;
use crate::concept::systems::EXTENSION;
use crate::concept::time::DateTime;
use crate::concept::writer::{Writer, hsa_identifier, identifier};
use crate::fhir::Value;

codes! {
    /// Whether a prescription begins or ends a treatment (ordinationstyp in RIV-TA's activityprescription domain).
    PrescriptionType {
        /// Insättning: the medicine is to be taken; also when its dose is changed or it is renewed.
        Start = "I",
        /// Utsättning: the medicine is no longer to be taken.
        Stop = "U",
    }
}

/// The prescription behind a medicine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Prescription {
    /// Whether it begins or ends the treatment.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<PrescriptionType>,
    /// When the prescriber decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<DateTime>,
    /// When the first prescription of the chain began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_start: Option<DateTime>,
    /// The chain of prescriptions that it is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain: Option<Identifier>,
    /// The prescription before it in the chain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preceding: Option<Identifier>,
    /// The prescription after it in the chain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub succeeding: Option<Identifier>,
    /// When its outcome was evaluated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evaluated: Option<DateTime>,
    /// Who evaluated its outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evaluator: Option<Professional>,
    /// When the record was signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<DateTime>,
    /// Who signed the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<Professional>,
    /// The care contact that gave rise to it, by the record system's own name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub care_contact: Option<String>,
    /// The record system that told of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_system: Option<Hsa>,
    /// The record system's own name for the record, where it is not the prescription's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

/// The extension, or null when there is nothing to tell.
pub(super) fn to_extension(told: &Prescription, out: &mut Writer<'_>) -> Value {
    let evaluator = told.evaluator.as_ref().map(|who| out.professional(who));
    let signer = told.signer.as_ref().map(|who| out.professional(who));
    let parts: Vec<Value> = [
        part("type", "valueCode", told.kind.map(PrescriptionType::as_str)),
        part("decided", "valueDateTime", told.decided.as_ref().map(DateTime::as_str)),
        part("firstStart", "valueDateTime", told.first_start.as_ref().map(DateTime::as_str)),
        part("chain", "valueIdentifier", told.chain.as_ref().map(identifier)),
        part("preceding", "valueIdentifier", told.preceding.as_ref().map(identifier)),
        part("succeeding", "valueIdentifier", told.succeeding.as_ref().map(identifier)),
        part("evaluated", "valueDateTime", told.evaluated.as_ref().map(DateTime::as_str)),
        part("evaluator", "valueReference", evaluator),
        part("signed", "valueDateTime", told.signed.as_ref().map(DateTime::as_str)),
        part("signer", "valueReference", signer),
        part("careContact", "valueString", told.care_contact.as_deref()),
        part("sourceSystem", "valueIdentifier", told.source_system.as_ref().map(hsa_identifier)),
        part("document", "valueString", told.document.as_deref()),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() {
        return Value::Null;
    }
    Value::object().with("extension", parts).with("url", format!("{EXTENSION}prescription"))
}

fn part(name: &str, member: &str, value: Option<impl Into<Value>>) -> Option<Value> {
    value.map(|value| Value::object().with("url", name).with(member, value))
}

/// The extension read back.
pub(super) fn from_extension(extension: El<'_>) -> Prescription {
    let part = |name: &'static str| extension.list("extension").find(|part| part.fixed("url", name));
    let date = |name| part(name).and_then(|part| part.date("valueDateTime"));
    let text = |name| part(name).and_then(|part| part.string("valueString"));
    let id = |name| part(name).and_then(|part| part.get("valueIdentifier")).and_then(El::identifier_here);
    let who = |name| part(name).and_then(|part| part.professional("valueReference"));
    Prescription {
        kind: part("type").and_then(|part| part.parsed("valueCode", PrescriptionType::parse)),
        decided: date("decided"),
        first_start: date("firstStart"),
        chain: id("chain"),
        preceding: id("preceding"),
        succeeding: id("succeeding"),
        evaluated: date("evaluated"),
        evaluator: who("evaluator"),
        signed: date("signed"),
        signer: who("signer"),
        care_contact: text("careContact"),
        source_system: part("sourceSystem").and_then(|part| part.get("valueIdentifier")).and_then(El::hsa_id_here),
        document: text("document"),
    }
}
