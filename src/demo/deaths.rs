//! Death certificates (VB 11.1): written by the hälsocentral's physician, nearly always.

use super::bundles::Bundles;
use super::contacts::turn;
use super::dice::Dice;
use super::people::Person;
use super::resources::{code, refer, resource};
use super::staff::physician_id;
use super::{REGION, World, cases};
use crate::concept::systems::LOINC;
use crate::fhir::Value;

pub(super) fn write(world: &World, bundles: &mut Bundles) {
    for person in &world.people {
        let forgotten = match person.id.as_str() {
            cases::DEAD_WITHOUT_CERTIFICATE => true,
            id => id > "p080" && Dice::new(world.seed, "certificate", id).chance(20),
        };
        if let Some(days) = person.died.filter(|_| !forgotten) {
            bundles.send(REGION, Some(&person.centre().hsa_id), vec![certificate(person, days, world)]);
        }
    }
}

fn certificate(person: &Person, days: i64, world: &World) -> Value {
    let written = world.when.at(days - 1, 9, 0);
    let attachment = Value::object()
        .with("contentType", "application/pdf")
        .with("title", "Dödsbevis")
        .with("creation", written.as_str());
    resource("DocumentReference", &format!("{}-dodsbevis", person.id))
        .with("status", "current")
        .with("type", code(LOINC, "64297-5"))
        .with("subject", refer("Patient", &person.id))
        .with("date", written.as_str())
        .with("author", [refer("Practitioner", &physician_id(person.centre(), turn(person)))])
        .with("content", [Value::object().with("attachment", attachment)])
}
