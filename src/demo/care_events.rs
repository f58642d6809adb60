//! What happens between the rounds: home visits, acute transfers, palliative decisions; and what parties agree locally.

use super::bundles::{Bundles, Resources};
use super::catalogue::{Unit, catalogue};
use super::contacts::turn;
use super::dice::Dice;
use super::people::Person;
use super::resources::{code, coding, local, own, refer, resource};
use super::staff::{nurse, nurse_id, physician, physician_id};
use super::{REGION, World, cases};
use crate::concept::round::{Held, RoundClass, RoundKind};
use crate::concept::systems::{ACT_CODE, SCT};
use crate::concept::{CareForm, Concept, Round};
use crate::fhir::Value;

pub(super) fn write(world: &World, bundles: &mut Bundles) {
    for person in &world.people {
        let region = of_region(person, world, bundles);
        bundles.send(REGION, Some(&person.centre().hsa_id), region);
        if person.id == cases::TRANSFER_AFTER_CONTACT {
            bundles.send(
                person.unit.caregiver(),
                Some(&person.unit.hsa_id),
                vec![contact_before_transfer(person, world)],
            );
        }
    }
    for unit in &catalogue().units {
        bundles.send(unit.caregiver(), Some(&unit.hsa_id), of_unit(unit, world));
    }
}

fn of_region(person: &Person, world: &World, bundles: &mut Bundles) -> Resources {
    match person.id.as_str() {
        cases::PALLIATIVE => palliative(person, world),
        cases::TRANSFER_AFTER_CONTACT | cases::TRANSFER_WITHOUT_CONTACT => vec![transfer(person, world)],
        cases::HOME_VISIT => {
            [200, 110, 20].into_iter().flat_map(|days| home_visit(person, days, world, bundles)).collect()
        }
        id if id > "p080" && person.unit.care_form == CareForm::HomeCare && person.ended().is_none() => {
            let days = Dice::new(world.seed, "visit", id).between(5, 300);
            home_visit(person, days, world, bundles)
        }
        _ => Vec::new(),
    }
}

fn home_visit(person: &Person, days: i64, world: &World, bundles: &mut Bundles) -> Resources {
    let held = Held {
        class: RoundClass::AtHome,
        start: world.when.at(days, 13, 0),
        end: Some(world.when.at(days, 13, 40)),
        minutes: Some(40),
        physicians: vec![physician(person.centre(), turn(person))],
        staff: vec![nurse(person.unit, turn(person))],
        health_centre: Some(person.centre().organisation()),
    };
    let visit = Round {
        identifier: own(format!("{}-hembesok-{}", person.id, world.when.date(days))),
        kind: RoundKind::PlannedHomeVisit,
        unit: person.unit.organisation(),
        patient: Some(person.patient.clone()),
        planned: None,
        held: Some(held),
    };
    bundles.concept(&Concept::Round(Box::new(visit)))
}

/// The conversation, and the physician's decisions as a Flag (SNOMED CT SE: decision from brytpunktssamtal).
fn palliative(person: &Person, world: &World) -> Resources {
    let physician = refer("Practitioner", &physician_id(person.centre(), turn(person)));
    let conversation = resource("Procedure", &format!("{}-brytpunktssamtal", person.id))
        .with("status", "completed")
        .with("code", local("brytpunktssamtal"))
        .with("subject", refer("Patient", &person.id))
        .with("performedDateTime", world.when.at(33, 13, 0).as_str())
        .with("performer", [Value::object().with("actor", physician.clone())]);
    let decided = |name: &str, decision: &str| {
        resource("Flag", &format!("{}-{name}", person.id))
            .with("status", "active")
            .with("code", code(SCT, decision))
            .with("subject", refer("Patient", &person.id))
            .with("period", Value::object().with("start", world.when.at(33, 14, 0).as_str()))
            .with("author", physician.clone())
    };
    vec![conversation, decided("brytpunkt", "60741000052100"), decided("ej-hlr", "61921000052102")]
}

/// A visit to the emergency department.
fn transfer(person: &Person, world: &World) -> Value {
    let period = Value::object()
        .with("start", world.when.at(11, 15, 0).as_str())
        .with("end", world.when.at(11, 20, 30).as_str());
    resource("Encounter", &format!("{}-akut", person.id))
        .with("status", "finished")
        .with("class", coding(ACT_CODE, "EMER"))
        .with("subject", refer("Patient", &person.id))
        .with("period", period)
        .with("serviceProvider", refer("Organization", "region-vasterbotten"))
}

fn contact_before_transfer(person: &Person, world: &World) -> Value {
    resource("Communication", &format!("{}-lakarkontakt", person.id))
        .with("status", "completed")
        .with("category", [local("lakarkontakt-akut")])
        .with("subject", refer("Patient", &person.id))
        .with("sent", world.when.at(11, 13, 50).as_str())
        .with("recipient", [refer("Practitioner", &physician_id(person.centre(), 1))])
        .with("sender", refer("Practitioner", &nurse_id(person.unit, 1)))
        .with("reasonCode", [local("lakarkontakt-akut")])
}

/// A unit's routine with its hälsocentral (VB 12.1), and what it told of a change in its number of places (VB 11.2).
fn of_unit(unit: &Unit, world: &World) -> Resources {
    let mut resources = Vec::new();
    let has_routine = unit.id == cases::GOOD_UNIT || Dice::new(world.seed, "routine", &unit.id).chance(80);
    if unit.care_form == CareForm::NursingHome && has_routine {
        resources.push(routine(unit, world));
    }
    match unit.id.as_str() {
        cases::GOOD_UNIT => resources.push(places(unit, 75, ["bestallarenheten", &unit.physicians().id], world)),
        cases::SHORT_ROUNDS => resources.push(places(unit, 10, ["bestallarenheten", &unit.physicians().id], world)),
        _ => {}
    }
    resources
}

fn routine(unit: &Unit, world: &World) -> Value {
    let attachment =
        Value::object().with("contentType", "application/pdf").with("title", "Lokal rutin för läkarmedverkan");
    let authors = [refer("Organization", &unit.physicians().id), refer("Organization", &unit.kommun().id)];
    let related = [refer("Organization", &unit.id)];
    let context = Value::object()
        .with("period", Value::object().with("start", world.when.day(400).as_str()))
        .with("related", related);
    resource("DocumentReference", &format!("lokal-rutin-{}", unit.id))
        .with("status", "current")
        .with("type", local("lokal-rutin"))
        .with("date", world.when.at(400, 9, 0).as_str())
        .with("author", authors)
        .with("content", [Value::object().with("attachment", attachment)])
        .with("context", context)
}

/// A notice in writing that the number of places changes in three weeks' time.
fn places(unit: &Unit, sent: i64, recipients: [&str; 2], world: &World) -> Value {
    let from = world.when.date(-21);
    let words = format!("Antalet platser ändras från och med {from}.");
    let recipients: Vec<Value> = recipients.into_iter().map(|id| refer("Organization", id)).collect();
    resource("Communication", &format!("{}-platsantal", unit.id))
        .with("status", "completed")
        .with("category", [code("http://terminology.hl7.org/CodeSystem/communication-category", "notification")])
        .with("medium", [code("http://terminology.hl7.org/CodeSystem/v3-ParticipationMode", "WRITTEN")])
        .with("about", [refer("Location", &unit.id)])
        .with("sent", world.when.at(sent, 9, 0).as_str())
        .with("recipient", recipients)
        .with("sender", refer("Organization", &unit.kommun().id))
        .with("reasonCode", [local("platsantal")])
        .with("payload", [Value::object().with("contentString", words)])
}
