//! Medication lists read from a Bundle.

use super::dosage::{Dosage, DoseRange, MaxDose, PeriodUnit, Weekday};
use super::prescription::from_extension;
use super::{Drug, MedicationList, Medicine, MedicineStatus, Nothing, PrintedCopy, Sources};
use crate::concept::ids::Patient;
use crate::concept::issue::fault;
use crate::concept::parts::Coded;
use crate::concept::source::{El, Source, missing, other_patient};
use crate::concept::systems::{ATC, LIST_CODES, LIST_EMPTY, LOINC, NOT_FOR_PATIENT, NPL, NPL_PACK};
use crate::concept::time::TimeOfDay;
use crate::fhir::{Issue, IssueCode, NodeRef, Severity};

/// Reads every current medication list of the source.
pub(in crate::concept) fn from_fhir(source: &Source<'_>) -> Vec<MedicationList> {
    let lists: Vec<El<'_>> = source.all("List").into_iter().filter(|list| is_medication_list(*list)).collect();
    let alone = lists.len() == 1;
    let mut listed = Vec::new();
    let mut read: Vec<(El<'_>, MedicationList)> =
        lists.into_iter().filter_map(|list| Some((list, read_list(list, &mut listed)?))).collect();
    for statement in source.all("MedicationStatement") {
        if !listed.contains(&statement.node()) {
            add_ended(statement, alone, &mut read);
        }
    }
    read.iter().for_each(|(list, _)| source.report_leftovers(*list));
    read.into_iter().map(|(_, list)| list).collect()
}

fn is_medication_list(list: El<'_>) -> bool {
    let coded = list.has_code("code", LOINC, "10160-0") | list.has_code("code", LIST_CODES, "medications");
    coded && list.status_is(&["current"])
}

fn read_list<'a>(list: El<'a>, listed: &mut Vec<NodeRef<'a>>) -> Option<MedicationList> {
    let date = list.date("date");
    if date.is_none() && list.get("date").is_none() {
        list.note(missing(list.node(), "date"));
    }
    let patient = list.patient("subject")?;
    let entries: Vec<El<'_>> = list.list("entry").collect();
    let statements: Vec<El<'_>> = entries.iter().filter_map(|entry| statement_of(*entry, &patient, listed)).collect();
    let is_whole = statements.len() == entries.len();
    let medicines = statements.into_iter().filter_map(medicine).collect();
    list.fixed("mode", "working");
    let sources = list.ext("list-sources").map(sources);
    let none = nothing(list, sources.as_ref());
    Some(MedicationList {
        identifier: list.identifier(),
        date: date?,
        author: list.professional("source"),
        sources: told_sources(sources, none, is_whole),
        none: none.filter(|_| is_whole),
        medicines,
        printed: printed(list, &patient),
        patient,
    })
}

/// The statement of an entry, if it is at hand and about the list's own patient: nobody else's medicine may stand here.
fn statement_of<'a>(entry: El<'a>, patient: &Patient, listed: &mut Vec<NodeRef<'a>>) -> Option<El<'a>> {
    let Some(statement) = entry.target_of("item", "MedicationStatement") else {
        entry.note_loss(missing(entry.node(), "item"));
        return None;
    };
    listed.push(statement.node());
    let ours = statement.is_about("subject", patient);
    if !ours {
        statement.note_loss(other_patient(statement.node()));
    }
    ours.then_some(statement)
}

/// What is said of the sources. A list that an entry was left out of is complete no longer.
fn told_sources(told: Option<Sources>, none: Option<Nothing>, is_whole: bool) -> Option<Sources> {
    if !is_whole {
        let missing = told.map(|sources| sources.missing).unwrap_or_default();
        return Some(Sources { complete: false, missing });
    }
    told.or_else(|| none.map(|_| Sources { complete: true, missing: Vec::new() }))
}

fn sources(extension: El<'_>) -> Sources {
    let part = |name: &'static str| extension.list("extension").filter(move |part| part.fixed("url", name));
    Sources {
        complete: part("complete").find_map(|part| part.boolean("valueBoolean")).unwrap_or(false),
        missing: part("missing").filter_map(|part| part.string("valueString")).collect(),
    }
}

/// `unavailable` is what an empty list says when nothing is claimed.
fn nothing(list: El<'_>, sources: Option<&Sources>) -> Option<Nothing> {
    let reason = list.get("emptyReason")?;
    let code = reason.coding(LIST_EMPTY)?;
    if code.fixed("code", "unavailable") {
        code.skip("system");
        return None;
    }
    let none = (sources.is_none_or(|sources| sources.complete)).then_some(Nothing::NilKnown)?;
    code.fixed("code", none.as_str()).then(|| {
        code.skip("system");
        none
    })
}

/// A medicine that has ended stands beside the list. One that has not, and is in no entry, is none of this list's.
fn add_ended(statement: El<'_>, alone: bool, lists: &mut [(El<'_>, MedicationList)]) {
    let status = statement.peek("status").and_then(|code| MedicineStatus::parse(&code));
    let ended = status.is_some_and(|status| !status.is_current());
    match lists {
        [(_, list)] if alone && ended => {
            if let Some(medicine) = medicine(statement)
                && statement.patient("subject").as_ref() == Some(&list.patient)
            {
                list.medicines.push(medicine);
                return;
            }
            statement.note(outside(statement.node()));
        }
        _ => statement.note(outside(statement.node())),
    }
}

fn medicine(statement: El<'_>) -> Option<Medicine> {
    let status = statement.parsed("status", MedicineStatus::parse);
    let drug = drug(statement);
    if drug.is_none() {
        statement.note(missing(statement.node(), "medicationCodeableConcept"));
    }
    statement.skip("subject");
    let treated = statement.period("effectivePeriod").unwrap_or_default();
    let read = Medicine {
        identifier: statement.identifier(),
        drug: drug?,
        status: status?,
        status_reason: statement.list("statusReason").next().map(El::coded),
        start: treated.start.or_else(|| statement.date("effectiveDateTime")),
        end: treated.end,
        asserted: statement.date("dateAsserted"),
        evaluation: statement.ext("evaluation-time").and_then(|e| e.date("valueDateTime")),
        reasons: statement.list("reasonCode").map(El::coded).collect(),
        purpose: statement.ext("treatment-purpose").and_then(|e| e.string("valueString")),
        notes: statement.list("note").filter_map(|note| note.string("text")).collect(),
        self_medication: statement.ext("self-medication").and_then(|e| e.boolean("valueBoolean")),
        dosage: statement.list("dosage").map(dosage).collect(),
        prescriber: statement.ext("prescriber").and_then(|e| e.professional("valueReference")),
        recorder: statement.professional("informationSource"),
        prescription: statement.ext("prescription").map(from_extension),
        approved_for_patient: approved_for_patient(statement),
    };
    statement.source().report_leftovers(statement);
    Some(read)
}

/// The label weighs more than the extension: what either keeps from the patient stays kept.
fn approved_for_patient(statement: El<'_>) -> Option<bool> {
    let said = statement.ext("approved-for-patient").and_then(|e| e.boolean("valueBoolean"));
    let labels = statement.node().get("meta").into_iter().flat_map(|meta| meta.list("security"));
    let kept = labels.into_iter().any(|label| label.str_at("code").as_deref() == Some(NOT_FOR_PATIENT));
    if kept { Some(false) } else { said }
}

fn drug(statement: El<'_>) -> Option<Drug> {
    let medication = statement.target_of("medicationReference", "Medication");
    let code = statement.get("medicationCodeableConcept").or_else(|| medication?.get("code"))?;
    let substance = code.coding(ATC).and_then(|coding| coding.string("display"));
    let form = medication.and_then(|medication| medication.get("form")?.string("text"));
    let read = Drug {
        text: code.string("text"),
        atc: code.code_of(ATC),
        substance,
        npl_id: code.code_of(NPL),
        npl_pack_id: code.code_of(NPL_PACK),
        form: statement.ext("drug-form").and_then(|e| e.string("valueString")).or(form),
        strength: statement.ext("drug-strength").and_then(|e| e.quantity("valueQuantity")),
    };
    // A contained one is part of the statement, which reports it.
    if let Some(medication) = medication.filter(|medication| !is_contained(*medication)) {
        statement.source().report_leftovers(medication);
    }
    Some(read)
}

fn is_contained(resource: El<'_>) -> bool {
    resource.node().parent().is_some_and(|list| list.key_is("contained"))
}

fn dosage(dosage: El<'_>) -> Dosage {
    let repeat = dosage.get("timing").and_then(|timing| timing.get("repeat"));
    let bounds = repeat.and_then(|repeat| repeat.period("boundsPeriod")).unwrap_or_default();
    let dose = dosage.list("doseAndRate").next();
    Dosage {
        text: dosage.string("text"),
        sequence: dosage.integer("sequence"),
        patient_instruction: dosage.string("patientInstruction"),
        dose: dose.and_then(|dose| dose.quantity("doseQuantity")),
        dose_range: dose.and_then(|dose| dose.get("doseRange")).map(range),
        frequency: repeat.and_then(|repeat| repeat.integer("frequency")),
        period: repeat.and_then(|repeat| repeat.decimal("period")),
        period_unit: repeat.and_then(|repeat| repeat.parsed("periodUnit", PeriodUnit::parse)),
        day_of_week: each(repeat, "dayOfWeek", Weekday::parse),
        time_of_day: each(repeat, "timeOfDay", TimeOfDay::parse),
        start: bounds.start,
        end: bounds.end,
        as_needed: dosage.boolean("asNeededBoolean"),
        as_needed_for: dosage.get("asNeededCodeableConcept").map(El::coded),
        route: dosage.get("route").map(El::coded).filter(|route| *route != Coded::default()),
        max_per_period: dosage.get("maxDosePerPeriod").and_then(max_dose),
        max_per_administration: dosage.quantity("maxDosePerAdministration"),
    }
}

fn each<T>(repeat: Option<El<'_>>, name: &str, parse: impl Fn(&str) -> Option<T> + Copy) -> Vec<T> {
    repeat.into_iter().flat_map(|repeat| repeat.list(name)).filter_map(|item| item.parsed_here(parse)).collect()
}

fn range(range: El<'_>) -> DoseRange {
    DoseRange { low: range.quantity("low"), high: range.quantity("high") }
}

fn max_dose(ratio: El<'_>) -> Option<MaxDose> {
    Some(MaxDose { dose: ratio.quantity("numerator")?, per: ratio.quantity("denominator")? })
}

/// Copies on paper: Communications about this list that carry a printed one.
fn printed(list: El<'_>, patient: &Patient) -> Vec<PrintedCopy> {
    let handed = list.source().all("Communication").into_iter();
    handed
        .filter(|c| c.list("about").any(|about| about.target().is_some_and(|t| t.node() == list.node())))
        .filter(|handed| handed.belongs_to("subject", patient))
        .filter_map(|handed| copy(handed, patient))
        .collect()
}

fn copy(handed: El<'_>, patient: &Patient) -> Option<PrintedCopy> {
    let paper =
        handed.list("payload").find_map(|payload| payload.target_of("contentReference", "DocumentReference"))?;
    if !paper.belongs_to("subject", patient) {
        return None;
    }
    let recipient = handed.list("recipient").find_map(El::organisation_here);
    if recipient.is_none() {
        handed.note(missing(handed.node(), "recipient"));
    }
    let read = PrintedCopy { date: handed.date("sent")?, recipient: recipient?, url: url_of(paper) };
    handed.fixed("status", "completed");
    handed.identifier();
    ["medium", "subject"].into_iter().for_each(|member| handed.skip(member));
    handed.source().report_leftovers(handed);
    Some(read)
}

fn url_of(paper: El<'_>) -> Option<String> {
    let attachment = paper.list("content").next().and_then(|content| content.get("attachment"));
    let url = attachment.and_then(|attachment| attachment.string("url"));
    for repeated in ["contentType", "title", "creation"] {
        attachment.into_iter().for_each(|attachment| attachment.skip(repeated));
    }
    paper.identifier();
    ["status", "type", "subject", "date"].into_iter().for_each(|member| paper.skip(member));
    paper.source().report_leftovers(paper);
    url
}

fn outside(node: NodeRef<'_>) -> Issue {
    fault(
        node,
        IssueCode::Informational,
        "statement-outside-list",
        "This medicine stands in no entry of a list and has not ended, or it can't be told whose list it belongs to: it was passed over.",
        "Läkemedlet finns inte på någon lista och är inte avslutat, eller så går det inte att avgöra vilken lista det hör till: det hoppades över.",
    )
    .with_severity(Severity::Information)
}
