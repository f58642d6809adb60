//! What neither waits nor writes: validation and verdicts.

use std::hint::black_box;

use jiff::Timestamp;
use vardbro::agreement::{Agreement, Facts, Identifier, Subject, evaluate_all};
use vardbro::fhir::{Document, Library};
use vardbro::validate;

use super::texts;
use super::verdicts::{Directory, evidence_of};
use crate::measure::load::alone;
use crate::measure::table::Table;
use crate::measure::{Effort, Failure};

/// Parsing, validating, judging.
pub fn measure(effort: Effort, table: &mut Table) -> Result<(), Failure> {
    table.heading("on one thread");
    let text = texts::medication("p", 1).to_string();
    let parse = alone(effort.stretch, || drop(black_box(Document::parse(text.clone()))));
    table.row(format!("parse a MedicationStatement of {} bytes", text.len()), parse);
    let document = Document::parse(text).map_err(|faults| format!("{faults:?}"))?;
    let setting = validate::Setting::new(Library::embedded(), Timestamp::UNIX_EPOCH);
    let report = validate::resource(&document, &setting);
    if !report.is_valid() {
        return Err(format!("{:?}", report.issues).into());
    }
    let validated = alone(effort.stretch, || drop(black_box(validate::resource(&document, &setting))));
    table.row("validate it (validate::resource)", validated);
    verdicts(effort, table)
}

/// All verdicts on a patient with a history of a hundred facts.
fn verdicts(effort: Effort, table: &mut Table) -> Result<(), Failure> {
    let directory = Directory::new(1)?;
    let mut evidence = directory.context()?;
    evidence.extend(evidence_of(&directory, &texts::enrolment("e", "p", "u0", "hc0"))?);
    evidence.extend(evidence_of(&directory, &texts::named_contact("t", "p", "role0", "hc0"))?);
    for number in 0..60 {
        let mut medicine = texts::medication("p", number);
        medicine["id"] = format!("m{number}").into();
        medicine["effectivePeriod"]["start"] = format!("2026-{:02}-{:02}", 1 + number % 6, 1 + number % 28).into();
        evidence.extend(evidence_of(&directory, &medicine)?);
    }
    for number in 0..35 {
        let date = format!("2026-{:02}-{:02}T08:00:00+01:00", 1 + number % 6, 1 + number % 28);
        evidence
            .extend(evidence_of(&directory, &texts::medication_list(&format!("l{number}"), "p", "role0", &date, &[]))?);
    }
    let count = evidence.len();
    let kommun = Identifier { system: "urn:oid:1.2.752.129.2.2.1.17".into(), value: "2480".into() };
    let facts = Facts::new(evidence).with_organisations([kommun]);
    let subject = Subject::Patient { reference: "Patient/p".into() };
    let at: Timestamp = "2026-07-01T10:00:00Z".parse()?;
    let verdicts = evaluate_all(Agreement::embedded(), &subject, &facts, at).len();
    let judged = alone(effort.stretch, || drop(black_box(evaluate_all(Agreement::embedded(), &subject, &facts, at))));
    table.noted(format!("judge a patient of {count} facts"), judged, format!("{verdicts} verdicts each"));
    Ok(())
}
