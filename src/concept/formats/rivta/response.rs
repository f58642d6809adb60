//! GetMedicationHistoryResponse: from the envelope to the list.

use super::Request;
use super::element::{El, Reading};
use super::header::header;
use super::prescription::medicine;
use super::tree::Namespace;
use super::words::{
    CODE, OTHER_PATIENT, PATIENT_UNKNOWN, ROOT, SAME_PRESCRIPTION, SAME_RECORD, SEVERAL_PATIENTS, SOAP_FAULT, TOO_MANY,
    TWO_LAST, UPSTREAM_ERROR, UPSTREAM_INFO,
};
use crate::concept::MedicationList;
use crate::concept::ids::Patient;
use crate::concept::medication_list::{Medicine, Nothing, PrescriptionType, Sources};
use crate::concept::parts::Professional;
use crate::concept::time::DateTime;
use crate::identity::PersonId;

/// The most medicines of a list.
const MOST_RECORDS: usize = 1000;

/// Reads the response; `None` when there is nothing to be said of the patient's medicines (an error was noted).
pub(super) fn read(reading: &Reading, request: &Request) -> Option<MedicationList> {
    let response = response(reading.root())?;
    let whole = answered(response)? && request.complete;
    let records = response.list("medicationMedicalRecord");
    if let Some(beyond) = records.get(MOST_RECORDS) {
        beyond.note(&TOO_MANY);
        return None;
    }
    if records.is_empty() {
        // An element that was not understood may have been a record: then nothing is known, least of all nothing.
        let is_understood = response.children().all(|child| child.is(Namespace::Responder, "result"));
        return empty(response, request, whole && is_understood);
    }
    let mut list = Records::default();
    for record in records {
        list.add(record, request);
    }
    list.warn_of_two_ends(response);
    list.finish(whole)
}

/// The response inside the envelope, if there is one.
fn response(root: El<'_>) -> Option<El<'_>> {
    let inner = if root.is(Namespace::Soap, "Envelope") { body(root)? } else { root };
    if !inner.is(Namespace::Responder, "GetMedicationHistoryResponse") {
        inner.note(&ROOT);
        return None;
    }
    Some(inner)
}

fn body(envelope: El<'_>) -> Option<El<'_>> {
    // Headers are of the transport; who sent the message is told by its connection.
    envelope.children().filter(|part| part.is(Namespace::Soap, "Header")).for_each(El::take_whole);
    let inner =
        envelope.children().find(|part| part.is(Namespace::Soap, "Body")).and_then(|body| body.children().next());
    match inner {
        Some(fault) if fault.is(Namespace::Soap, "Fault") => fault.note(&SOAP_FAULT),
        Some(inner) => return Some(inner),
        None => envelope.note(&ROOT),
    }
    None
}

/// Whether the source answered in full; `None` when it failed, which must never look like an answer.
fn answered(response: El<'_>) -> Option<bool> {
    let result = response.required("result")?;
    let code = result.required("resultCode")?;
    // Of the exchange, not of the patient.
    result.skip("logId");
    match code.text().as_deref() {
        Some("OK") => Some(true),
        Some("INFO") => {
            result.note(&UPSTREAM_INFO);
            Some(false)
        }
        Some("ERROR") => {
            result.note(&UPSTREAM_ERROR);
            None
        }
        _ => {
            code.note(&CODE);
            None
        }
    }
}

/// An answer without records: no medicines, but only if the whole was asked and answered.
fn empty(response: El<'_>, request: &Request, whole: bool) -> Option<MedicationList> {
    let Some(patient) = request.patient.clone() else {
        response.note(&PATIENT_UNKNOWN);
        return None;
    };
    Some(MedicationList {
        identifier: None,
        patient: Patient(patient),
        date: DateTime::of(request.now),
        author: None,
        sources: Some(Sources { complete: whole, missing: Vec::new() }),
        none: whole.then_some(Nothing::NilKnown),
        medicines: Vec::new(),
        printed: Vec::new(),
    })
}

/// The records read so far.
#[derive(Default)]
struct Records {
    patient: Option<PersonId>,
    date: Option<DateTime>,
    medicines: Vec<Medicine>,
}

impl Records {
    fn add(&mut self, record: El<'_>, request: &Request) {
        let head = record.required("medicationMedicalRecordHeader");
        let header = head.and_then(header);
        let medicine = medicine(record, header.as_ref());
        let (Some(head), Some(header)) = (head, header) else { return };
        if request.patient.as_ref().is_some_and(|asked| *asked != header.patient) {
            return head.note(&OTHER_PATIENT);
        }
        if self.patient.as_ref().is_some_and(|first| *first != header.patient) {
            return head.note(&SEVERAL_PATIENTS);
        }
        if self.date.as_ref().is_none_or(|date| date.earliest() < header.asserted.earliest()) {
            self.date = Some(header.asserted);
        }
        self.patient = Some(header.patient);
        if let Some(medicine) = medicine {
            self.keep(record, medicine);
        }
    }

    /// Two records of one name would replace each other in the store.
    fn keep(&mut self, record: El<'_>, medicine: Medicine) {
        match self.medicines.iter().find(|known| known.identifier == medicine.identifier) {
            Some(known) if *known == medicine => record.note(&SAME_RECORD),
            Some(_) => record.note(&SAME_PRESCRIPTION),
            None => self.medicines.push(medicine),
        }
    }

    /// A chain has one last prescription. Where a source calls two of them that, and one ends the treatment, somebody
    /// must look: the medicine may be on the list though it was stopped.
    fn warn_of_two_ends(&self, response: El<'_>) {
        let chain = |medicine: &Medicine| medicine.prescription.as_ref().and_then(|told| told.chain.clone());
        let stops = |medicine: &&Medicine| {
            medicine.prescription.as_ref().is_some_and(|told| {
                told.kind == Some(PrescriptionType::Stop) && told.succeeding.is_none() && told.chain.is_some()
            })
        };
        for stopped in self.medicines.iter().filter(stops) {
            let current = |medicine: &&Medicine| medicine.status.is_current() && chain(medicine) == chain(stopped);
            if self.medicines.iter().any(|medicine| current(&medicine)) {
                response.note(&TWO_LAST);
            }
        }
    }

    fn finish(self, whole: bool) -> Option<MedicationList> {
        let mut list = MedicationList {
            identifier: None,
            patient: Patient(self.patient?),
            date: self.date?,
            author: author(&self.medicines),
            sources: Some(Sources { complete: whole, missing: Vec::new() }),
            none: None,
            medicines: self.medicines,
            printed: Vec::new(),
        };
        list.arrange();
        Some(list)
    }
}

/// The care unit, when all records are of one.
fn author(medicines: &[Medicine]) -> Option<Professional> {
    let mut units = medicines.iter().map(|medicine| medicine.recorder.as_ref().and_then(|who| who.unit.as_ref()));
    let first = units.next()??;
    let same = units.all(|unit| unit == Some(first));
    same.then(|| Professional { unit: Some(first.clone()), ..Professional::default() })
}
