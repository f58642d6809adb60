//! Who is enrolled where, who moved, and what the kommun told the hälsocentral of it (VB 11.2).

use super::bundles::{Bundles, Resources};
use super::catalogue::Unit;
use super::dice::Dice;
use super::people::Person;
use super::resources::{code, local, own, refer, resource};
use super::when::When;
use super::{World, cases};
use crate::concept::enrolment::{Enrolment, EnrolmentStatus};
use crate::concept::{CareForm, Concept};
use crate::fhir::Value;

/// From how many days ago to how many days ago somebody was at a unit.
struct Stay {
    unit: &'static Unit,
    from: i64,
    until: Option<i64>,
    /// What tells this stay from the person's others.
    suffix: &'static str,
}

pub(super) fn write(world: &World, bundles: &mut Bundles) {
    for person in &world.people {
        for stay in stays(person, world.seed) {
            let mut resources = bundles.concept(&Concept::Enrolment(Box::new(enrolment(person, &stay, &world.when))));
            resources.extend(notices(person, &stay, world));
            bundles.send(stay.unit.caregiver(), Some(&stay.unit.hsa_id), resources);
        }
    }
}

fn stays(person: &Person, seed: u64) -> Vec<Stay> {
    let present = Stay { unit: person.unit, from: person.since, until: person.ended(), suffix: "" };
    let before = |unit, from| Stay { unit: Unit::of(unit), from, until: Some(person.since), suffix: "-tidigare" };
    let home_help = Stay { unit: Unit::of("hemtjanst-umea-1"), from: 300, until: None, suffix: "-hemtjanst" };
    let from_home = Unit::home_care(&person.unit.kommun)
        .filter(|_| person.id.as_str() > "p080" && person.unit.care_form == CareForm::NursingHome)
        .filter(|_| Dice::new(seed, "moved", &person.id).chance(15));
    match person.id.as_str() {
        cases::MOVED_UNIT => vec![before("sabo-umea-3", 700), present],
        cases::MOVED_KOMMUN => vec![before("sabo-vannas-1", 900), present],
        _ if person.unit.id == "hsv-umea-1" => vec![present, home_help],
        _ => from_home.map(|unit| before(&unit.id, person.since + 400)).into_iter().chain([present]).collect(),
    }
}

fn enrolment(person: &Person, stay: &Stay, when: &When) -> Enrolment {
    let period = stay.until.map_or_else(|| when.since(stay.from), |until| when.between(stay.from, until));
    Enrolment {
        identifier: own(format!("{}-inskrivning{}", person.id, stay.suffix)),
        patient: person.patient.clone(),
        status: if stay.until.is_some() { EnrolmentStatus::Finished } else { EnrolmentStatus::Active },
        care_form: stay.unit.care_form,
        unit: stay.unit.organisation(),
        health_centre: stay.unit.centre.as_deref().map(|id| super::catalogue::Centre::of(id).organisation()),
        period,
        demographics: None,
    }
}

/// That somebody moved in or out or died, told to the unit's hälsocentral; some kommuner forget.
fn notices(person: &Person, stay: &Stay, world: &World) -> Resources {
    if !stay.unit.is_facility() {
        return Vec::new();
    }
    let silent = match person.id.as_str() {
        cases::MOVED_OUT_SILENTLY | cases::MOVED_IN_SILENTLY => true,
        id if id <= "p080" => false,
        id => Dice::new(world.seed, "notice", id).chance(6),
    };
    let end = if person.died.is_some() && stay.suffix.is_empty() { "avliden" } else { "utflyttning" };
    let moved_in =
        Some(stay.from).filter(|_| !silent || person.id == cases::MOVED_OUT_SILENTLY).map(|day| ("inflyttning", day));
    let moved_out = stay.until.filter(|_| !silent).map(|day| (end, day));
    moved_in
        .into_iter()
        .chain(moved_out)
        .map(|(reason, day)| notice(person, stay, reason, world.when.at(day, 16, 0).as_str()))
        .collect()
}

fn notice(person: &Person, stay: &Stay, reason: &str, sent: &str) -> Value {
    resource("Communication", &format!("{}-{reason}{}", person.id, stay.suffix))
        .with("status", "completed")
        .with("category", [code("http://terminology.hl7.org/CodeSystem/communication-category", "notification")])
        .with("subject", refer("Patient", &person.id))
        .with("sent", sent)
        .with("recipient", [refer("Organization", &stay.unit.physicians().id)])
        .with("sender", refer("Organization", &stay.unit.kommun().id))
        .with("reasonCode", [local(reason)])
}
