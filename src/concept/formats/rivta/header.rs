//! medicationMedicalRecordHeader: whose record, who answers for it, and who may read it.

use super::element::El;
use super::professional::accountable;
use super::values::{boolean, hsa_id, timestamp};
use crate::concept::ids::Hsa;
use crate::concept::medication_list::Prescription;
use crate::concept::parts::Professional;
use crate::concept::time::DateTime;
use crate::identity::PersonId;

/// A record's header.
pub(super) struct Header {
    /// The patient.
    pub(super) patient: PersonId,
    /// When it was recorded or last changed.
    pub(super) asserted: DateTime,
    /// Who recorded it, at the care unit and caregiver that own it.
    pub(super) recorder: Professional,
    /// Whether the patient may read it.
    pub(super) approved_for_patient: bool,
    /// Whether the record was withdrawn. The contract has no such records; a source that sends one anyway is believed.
    pub(super) nullified: bool,
    /// Why it was withdrawn.
    pub(super) nullified_reason: Option<String>,
    /// The record's name in its system.
    pub(super) document: Option<String>,
    /// The record system, as it writes itself: the prefix of its local ids.
    pub(super) source: Option<String>,
    source_system: Option<Hsa>,
    care_contact: Option<String>,
    signed: Option<DateTime>,
    signer: Option<Professional>,
}

/// Reads a header; `None` when something that must be there is not (an error was noted).
pub(super) fn header(el: El<'_>) -> Option<Header> {
    let document = el.required_text("documentId");
    let source = el.required("sourceSystemHSAId");
    let patient = el.required("patientId").and_then(patient);
    let accountable_el = el.required("accountableHealthcareProfessional");
    let asserted = accountable_el.and_then(|el| el.required("authorTime")).and_then(timestamp);
    let recorder = accountable_el.and_then(accountable);
    let approved = el.required("approvedForPatient").and_then(boolean);
    let signature = el.get("legalAuthenticator");
    Some(Header {
        nullified: el.get("nullified").and_then(boolean).unwrap_or(false),
        nullified_reason: el.text_of("nullifiedReason"),
        source: source.and_then(El::peek).map(str::to_owned),
        source_system: source.and_then(hsa_id),
        care_contact: el.text_of("careContactId"),
        signed: signature.and_then(|el| el.required("signatureTime")).and_then(timestamp),
        signer: signature.and_then(signer),
        document,
        patient: patient?,
        asserted: asserted?,
        recorder: recorder?,
        approved_for_patient: approved?,
    })
}

impl Header {
    /// What the header tells of the prescription.
    pub(super) fn prescription(&self) -> Prescription {
        Prescription {
            signed: self.signed.clone(),
            signer: self.signer.clone(),
            care_contact: self.care_contact.clone(),
            source_system: self.source_system.clone(),
            ..Prescription::default()
        }
    }
}

/// PersonIdType: `id` and `type`, an OID.
fn patient(el: El<'_>) -> Option<PersonId> {
    let (id, kind) = (el.required("id"), el.required_text("type"));
    let (id, kind) = (id?, kind?);
    PersonId::parse_as(&kind, &id.text()?).map_err(|fault| id.note_identity(fault)).ok()
}

fn signer(el: El<'_>) -> Option<Professional> {
    let read = Professional {
        hsa_id: el.get("legalAuthenticatorHSAId").and_then(hsa_id),
        name: el.text_of("legalAuthenticatorName"),
        ..Professional::default()
    };
    (read != Professional::default()).then_some(read)
}
