//! A medication list as a List, its MedicationStatements, and the printed copies.

use std::collections::HashMap;

use super::dosage::{Dosage, DoseRange, MaxDose};
use super::prescription::to_extension;
use super::{Drug, MedicationList, Medicine, PrintedCopy, Sources};
use crate::concept::parts::Period;
use crate::concept::systems::{ACT_CODE, ATC, LIST_CODES, LIST_EMPTY, LOINC, NOT_FOR_PATIENT, NPL, NPL_PACK};
use crate::concept::writer::{
    Writer, codeable, coding, coding_concept, digest, extension, identifiers, listed, local, period, quantity, resource,
};
use crate::fhir::Value;

/// Writes the entries of one list.
pub(in crate::concept) fn to_fhir(list: &MedicationList, out: &mut Writer<'_>) {
    let subject = out.patient(&list.patient);
    let mut entries = Vec::new();
    let mut unnamed = HashMap::new();
    for medicine in &list.medicines {
        let statement = statement(medicine, &subject, out);
        let item = match &medicine.identifier {
            Some(_) => out.own(medicine.identifier.as_ref(), statement),
            None => out.part(list.identifier.as_ref(), &part_name(&medicine.drug, &mut unnamed), statement),
        };
        if medicine.status.is_current() {
            entries.push(Value::object().with("item", item));
        }
    }
    let root = root(list, &subject, entries, out);
    let about = out.own(list.identifier.as_ref(), root);
    for (index, copy) in list.printed.iter().enumerate() {
        printed(list, copy, index, (&subject, &about), out);
    }
}

/// A medicine without an identifier goes by its drug, so that it stays the same statement when the medicines around it
/// change; the second row of the same drug is another one.
fn part_name(drug: &Drug, seen: &mut HashMap<String, usize>) -> String {
    #[expect(clippy::expect_used, reason = "strings and checked numbers always have a JSON form")]
    let drug = digest(&serde_json::to_string(drug).expect("a drug has a JSON form"));
    let count = seen.entry(drug.clone()).or_default();
    *count += 1;
    format!("medicine/{drug}/{count}")
}

fn root(list: &MedicationList, subject: &Value, entries: Vec<Value>, out: &mut Writer<'_>) -> Value {
    let source = list.author.as_ref().map(|author| out.professional(author));
    let empty =
        entries.is_empty().then(|| coding_concept(LIST_EMPTY, list.none.map_or("unavailable", super::Nothing::as_str)));
    let code = Value::object().with("coding", [coding(LOINC, "10160-0"), coding(LIST_CODES, "medications")]);
    resource("List")
        .with("extension", listed(list.sources.as_ref().map(sources).into()))
        .with("identifier", identifiers(list.identifier.as_ref()))
        .with("status", "current")
        .with("mode", "working")
        .with("code", code)
        .with("subject", subject.clone())
        .with("date", list.date.as_str())
        .with("source", source)
        .with("entry", entries)
        .with("emptyReason", empty)
}

fn sources(sources: &Sources) -> Value {
    let complete = Value::object().with("url", "complete").with("valueBoolean", sources.complete);
    let missing =
        sources.missing.iter().map(|name| Value::object().with("url", "missing").with("valueString", name.as_str()));
    Value::object()
        .with("extension", std::iter::once(complete).chain(missing).collect::<Vec<_>>())
        .with("url", format!("{}list-sources", crate::concept::systems::EXTENSION))
}

fn statement(medicine: &Medicine, subject: &Value, out: &mut Writer<'_>) -> Value {
    let prescriber = medicine.prescriber.as_ref().map(|who| out.professional(who));
    let recorder = medicine.recorder.as_ref().map(|who| out.professional(who));
    let prescription = medicine.prescription.as_ref().map(|told| to_extension(told, out));
    let treated = Period { start: medicine.start.clone(), end: medicine.end.clone() };
    resource("MedicationStatement")
        .with("meta", (medicine.approved_for_patient == Some(false)).then(kept_from_patient))
        .with("extension", extensions(medicine, prescriber, prescription))
        .with("identifier", identifiers(medicine.identifier.as_ref()))
        .with("status", medicine.status.as_str())
        .with("statusReason", medicine.status_reason.as_ref().map(|reason| vec![codeable(reason)]))
        .with("medicationCodeableConcept", drug(&medicine.drug))
        .with("subject", subject.clone())
        .with("effectivePeriod", period(&treated))
        .with("dateAsserted", medicine.asserted.as_ref().map(|at| at.as_str()))
        .with("informationSource", recorder)
        .with("reasonCode", medicine.reasons.iter().map(codeable).collect::<Vec<_>>())
        .with("note", medicine.notes.iter().map(|note| Value::object().with("text", note.as_str())).collect::<Vec<_>>())
        .with("dosage", medicine.dosage.iter().map(dosage).collect::<Vec<_>>())
}

/// The label by which access rules tell what the patient may not read.
fn kept_from_patient() -> Value {
    Value::object().with("security", [coding(ACT_CODE, NOT_FOR_PATIENT)])
}

fn extensions(medicine: &Medicine, prescriber: Option<Value>, prescription: Option<Value>) -> Vec<Value> {
    let drug = &medicine.drug;
    let told = [
        extension("approved-for-patient", "valueBoolean", medicine.approved_for_patient),
        extension("drug-form", "valueString", drug.form.clone()),
        extension("drug-strength", "valueQuantity", drug.strength.as_ref().map(quantity)),
        extension("treatment-purpose", "valueString", medicine.purpose.clone()),
        extension("evaluation-time", "valueDateTime", medicine.evaluation.as_ref().map(|at| at.as_str())),
        extension("self-medication", "valueBoolean", medicine.self_medication),
        extension("prescriber", "valueReference", prescriber),
    ];
    told.into_iter().flatten().chain(prescription.filter(|told| !told.is_absent())).collect()
}

fn drug(drug: &Drug) -> Value {
    let atc = drug.atc.as_ref().map(|code| coding(ATC, code).with("display", drug.substance.clone()));
    let npl = drug.npl_id.as_ref().map(|code| coding(NPL, code));
    let pack = drug.npl_pack_id.as_ref().map(|code| coding(NPL_PACK, code));
    Value::object()
        .with("coding", [atc, npl, pack].into_iter().flatten().collect::<Vec<_>>())
        .with("text", drug.text.clone())
}

fn dosage(dosage: &Dosage) -> Value {
    Value::object()
        .with("sequence", dosage.sequence.map(u64::from))
        .with("text", dosage.text.clone())
        .with("patientInstruction", dosage.patient_instruction.clone())
        .with("timing", timing(dosage))
        .with("asNeededBoolean", dosage.as_needed)
        .with("asNeededCodeableConcept", dosage.as_needed_for.as_ref().map(codeable))
        .with("route", dosage.route.as_ref().map(codeable))
        .with("doseAndRate", listed(dose(dosage)))
        .with("maxDosePerPeriod", dosage.max_per_period.as_ref().map(max_dose))
        .with("maxDosePerAdministration", dosage.max_per_administration.as_ref().map(quantity))
}

fn timing(dosage: &Dosage) -> Value {
    let bounds = Period { start: dosage.start.clone(), end: dosage.end.clone() };
    let repeat = Value::object()
        .with("boundsPeriod", period(&bounds))
        .with("frequency", dosage.frequency.map(u64::from))
        .with("period", dosage.period.as_ref().map(|period| Value::Number(period.as_str().to_owned())))
        .with("periodUnit", dosage.period_unit.map(super::PeriodUnit::as_str))
        .with("dayOfWeek", dosage.day_of_week.iter().map(|day| day.as_str()).collect::<Vec<_>>())
        .with("timeOfDay", dosage.time_of_day.iter().map(|time| time.as_str()).collect::<Vec<_>>());
    Value::object().with("repeat", repeat)
}

fn dose(dosage: &Dosage) -> Value {
    let range = |range: &DoseRange| {
        Value::object().with("low", range.low.as_ref().map(quantity)).with("high", range.high.as_ref().map(quantity))
    };
    Value::object()
        .with("doseQuantity", dosage.dose.as_ref().map(quantity))
        .with("doseRange", dosage.dose_range.as_ref().map(range))
}

fn max_dose(most: &MaxDose) -> Value {
    Value::object().with("numerator", quantity(&most.dose)).with("denominator", quantity(&most.per))
}

/// The paper, and that it was handed over; the Communication is about the list.
fn printed(
    list: &MedicationList,
    copy: &PrintedCopy,
    index: usize,
    (subject, about): (&Value, &Value),
    out: &mut Writer<'_>,
) {
    let attachment = Value::object()
        .with("contentType", "application/pdf")
        .with("url", copy.url.clone())
        .with("title", "Läkemedelslista")
        .with("creation", list.date.as_str());
    let paper = resource("DocumentReference")
        .with("status", "current")
        .with("type", local("lakemedelslista-utskrift"))
        .with("subject", subject.clone())
        .with("date", (copy.date.as_str().len() > 10).then(|| copy.date.as_str()))
        .with("content", [Value::object().with("attachment", attachment)]);
    let whole = list.identifier.as_ref();
    let paper = out.part(whole, &format!("printed/{index}/document"), paper);
    let recipient = out.organisation(&copy.recipient);
    let handed = resource("Communication")
        .with("status", "completed")
        .with("medium", [coding_concept("http://terminology.hl7.org/CodeSystem/v3-ParticipationMode", "WRITTEN")])
        .with("subject", subject.clone())
        .with("about", [about.clone()])
        .with("sent", copy.date.as_str())
        .with("recipient", [recipient])
        .with("payload", [Value::object().with("contentReference", paper)]);
    out.part(whole, &format!("printed/{index}/handed-over"), handed);
}
