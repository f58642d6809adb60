//! medicationPrescription: the prescription itself, as a medicine of the list.

use super::dosage::dosages;
use super::drug::{Choice, choice};
use super::element::El;
use super::header::Header;
use super::professional::professional;
use super::status::{State, has_ended, status};
use super::values::{boolean, coded, identifier, timestamp, timestamp_or_date};
use super::words::{
    CODE, DRUG_UNKNOWN, END_BEFORE_START, ENDS_AHEAD, MERCHANDISE, NO_PRESCRIBER, NO_PRINCIPAL_REASON, NULLIFIED,
    STOPPED_UNKNOWN,
};
use crate::concept::medication_list::{Dosage, Drug, Medicine, MedicineStatus, Prescription, PrescriptionType};
use crate::concept::parts::{Coded, Professional};
use crate::concept::time::DateTime;

/// Reads a record's prescription; `None` when it is no medicine, or can't be read (an issue was noted). Without a header
/// it is read all the same, so that everything that is wrong with it is told at once.
pub(super) fn medicine(record: El<'_>, header: Option<&Header>) -> Option<Medicine> {
    let el = record.required("medicationMedicalRecordBody")?.required("medicationPrescription")?;
    let kind = el.required("typeOfPrescription").and_then(|el| code(el, PrescriptionType::parse));
    let last = el.required("prescriptionStatus").and_then(|el| code(el, is_last));
    let told = drug(el, kind);
    if let Told::Nothing = told {
        record.take_whole();
        return None;
    }
    let mut notes: Vec<String> = el.text_of("prescriptionNote").into_iter().collect();
    let taken = told.medicine(el, &mut notes);
    let treated = treated(el, kind, header);
    let id = el.required("prescriptionId").and_then(|id| identifier(id, source(header)));
    let read = Medicine {
        status_reason: status_reason(el, header),
        asserted: header.map(|header| header.asserted.clone()),
        evaluation: el.get("evaluationTime").and_then(timestamp_or_date),
        reasons: reasons(el),
        purpose: el.text_of("treatmentPurpose"),
        notes,
        self_medication: el.required("selfMedication").and_then(boolean),
        prescriber: prescriber(el),
        recorder: header.map(|header| header.recorder.clone()),
        prescription: Some(prescription(el, kind, header, id.as_ref().map(|id| id.value.as_str()))),
        approved_for_patient: header.map(|header| header.approved_for_patient),
        identifier: id,
        ..blank()
    };
    let (drug, dosage) = taken?;
    let (start, end) = treated?;
    let nullified = header.is_some_and(|header| header.nullified);
    let state = State { kind: kind?, last: last?, start: start.as_ref(), end: end.as_ref(), nullified };
    let now = el.reading().now();
    warn(el, &state, now);
    Some(Medicine { status: status(&state, now), drug, dosage, start, end, ..read })
}

/// A medicine of which nothing is told yet.
fn blank() -> Medicine {
    Medicine {
        identifier: None,
        drug: Drug::default(),
        status: MedicineStatus::Unknown,
        status_reason: None,
        start: None,
        end: None,
        asserted: None,
        evaluation: None,
        reasons: Vec::new(),
        purpose: None,
        notes: Vec::new(),
        self_medication: None,
        dosage: Vec::new(),
        prescriber: None,
        recorder: None,
        prescription: None,
        approved_for_patient: None,
    }
}

fn source(header: Option<&Header>) -> Option<&str> {
    header.and_then(|header| header.source.as_deref())
}

fn code<T>(el: El<'_>, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
    let read = el.text().and_then(|text| parse(&text));
    if read.is_none() {
        el.note(&CODE);
    }
    read
}

fn is_last(status: &str) -> Option<bool> {
    match status {
        "Active" => Some(true),
        "Inactive" => Some(false),
        _ => None,
    }
}

/// What a prescription prescribes.
enum Told<'r> {
    /// A medicine, the way in which it is given, and the element that tells of it.
    Medicine(Box<Drug>, Option<Coded>, El<'r>),
    /// Nothing for a medication list (an issue was noted).
    Nothing,
    /// It can't be told (an error was noted).
    Unreadable,
}

impl Told<'_> {
    fn medicine(self, el: El<'_>, notes: &mut Vec<String>) -> Option<(Drug, Vec<Dosage>)> {
        let (drug, route, of) = match self {
            Self::Medicine(drug, route, of) => (Some(drug), route, of),
            Self::Nothing | Self::Unreadable => (None, None, el.get("drug")?),
        };
        notes.extend(of.text_of("comment"));
        let dosage = dosage(of, route, notes);
        drug.map(|drug| (*drug, dosage))
    }
}

/// What is prescribed. The contract lets it be absent; a discontinuation of nothing takes no medicine off the list.
fn drug(el: El<'_>, kind: Option<PrescriptionType>) -> Told<'_> {
    let Some(drug) = el.get("drug") else {
        if kind == Some(PrescriptionType::Stop) {
            el.note(&STOPPED_UNKNOWN);
            return Told::Nothing;
        }
        el.note_missing("drug", &DRUG_UNKNOWN);
        return Told::Unreadable;
    };
    match choice(drug) {
        Some(Choice::Medicine(what, route)) => Told::Medicine(what, route, drug),
        Some(Choice::Merchandise) => {
            drug.note(&MERCHANDISE);
            Told::Nothing
        }
        None => Told::Unreadable,
    }
}

fn dosage(drug: El<'_>, route: Option<Coded>, notes: &mut Vec<String>) -> Vec<Dosage> {
    let rows: Vec<Dosage> =
        drug.list("dosage").into_iter().flat_map(|row| dosages(row, route.as_ref(), notes)).collect();
    match route {
        Some(route) if rows.is_empty() => vec![Dosage { route: Some(route), ..Dosage::default() }],
        _ => rows,
    }
}

/// Start and end of the treatment. A prescription that begins it without saying when began as it was recorded.
fn treated(
    el: El<'_>,
    kind: Option<PrescriptionType>,
    header: Option<&Header>,
) -> Option<(Option<DateTime>, Option<DateTime>)> {
    let told = el.get("startOfTreatment").and_then(timestamp_or_date);
    let end = el.get("endOfTreatment");
    let until = end.and_then(timestamp_or_date);
    if let (Some(start), Some(until)) = (&told, &until)
        && is_before(until, start)
    {
        end.unwrap_or(el).note(&END_BEFORE_START);
        return None;
    }
    let recorded = header.filter(|_| kind == Some(PrescriptionType::Start)).map(|header| header.asserted.clone());
    let start = told.or_else(|| recorded.filter(|at| !until.as_ref().is_some_and(|until| is_before(until, at))));
    Some((start, until))
}

fn is_before(end: &DateTime, start: &DateTime) -> bool {
    end.latest() < start.earliest()
}

fn warn(el: El<'_>, state: &State<'_>, now: jiff::Timestamp) {
    if state.nullified {
        el.note(&NULLIFIED);
    }
    let stops_later = state.kind == PrescriptionType::Stop && state.end.is_some() && !has_ended(state.end, now);
    if stops_later && state.last {
        el.note(&ENDS_AHEAD);
    }
}

fn status_reason(el: El<'_>, header: Option<&Header>) -> Option<Coded> {
    let told = el.get("endOfTreatmentReason").and_then(coded);
    told.or_else(|| header?.nullified_reason.clone().map(Coded::of_text))
}

/// Principal reasons first, then the additional ones.
fn reasons(el: El<'_>) -> Vec<Coded> {
    let principal = el.list("principalPrescriptionReason");
    let additional = el.list("additionalPrescriptionReason");
    if let (true, Some(first)) = (principal.is_empty(), additional.first()) {
        first.note(&NO_PRINCIPAL_REASON);
    }
    principal.into_iter().chain(additional).filter_map(reason).collect()
}

/// A reason; where its code only says `another reason`, the words say which.
fn reason(el: El<'_>) -> Option<Coded> {
    let code = el.required("reason").and_then(coded);
    let other = el.text_of("otherReason");
    match (code, other) {
        (Some(code), Some(other)) => Some(Coded { text: Some(other), ..code }),
        (code, other) => code.or_else(|| other.map(Coded::of_text)),
    }
}

fn prescriber(el: El<'_>) -> Option<Professional> {
    let own = el.get("selfMedication").and_then(El::peek).is_some_and(|text| matches!(text, "true" | "1"));
    match el.get("prescriber") {
        None if !own => el.note_missing("prescriber", &NO_PRESCRIBER),
        told => return told.map(professional).filter(|who| *who != Professional::default()),
    }
    None
}

fn prescription(el: El<'_>, kind: Option<PrescriptionType>, header: Option<&Header>, id: Option<&str>) -> Prescription {
    let named = |name: &str| el.get(name).and_then(|id| identifier(id, source(header)));
    let evaluator = el.get("evaluator");
    let ends_with = |document: &String| !id.is_some_and(|id| id.ends_with(document.as_str()));
    Prescription {
        kind,
        decided: el.get("prescriber").and_then(|who| who.required("authorTime")).and_then(timestamp),
        first_start: el.get("startOfFirstTreatment").and_then(timestamp_or_date),
        chain: named("prescriptionChainId"),
        preceding: named("precedingPrescriptionId"),
        succeeding: named("succeedingPrescriptionId"),
        evaluated: evaluator.and_then(|who| who.required("authorTime")).and_then(timestamp),
        evaluator: evaluator.map(professional).filter(|who| *who != Professional::default()),
        document: header.and_then(|header| header.document.clone()).filter(ends_with),
        ..header.map(Header::prescription).unwrap_or_default()
    }
}
