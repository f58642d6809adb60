//! Medication reviews (läkemedelsgenomgång): one a year is owed (VB 11.1, HSLF-FS 2017:37).

use super::bundles::Bundles;
use super::catalogue::catalogue;
use super::contacts::turn;
use super::dice::Dice;
use super::people::Person;
use super::resources::{code, coding, refer, resource};
use super::staff::physician_id;
use super::{REGION, World, cases};
use crate::concept::systems::{LM, SCT};
use crate::fhir::Value;

pub(super) fn write(world: &World, bundles: &mut Bundles) {
    for unit in &catalogue().units {
        let people = world.at(unit).filter(|person| person.in_care());
        let reviews = people
            .flat_map(|person| held(person, world.seed).into_iter().map(|days| review(person, days, world)))
            .collect();
        bundles.send(REGION, Some(&unit.physicians().hsa_id), reviews);
    }
}

/// How many days ago reviews were held.
fn held(person: &Person, seed: u64) -> Vec<i64> {
    let dice = Dice::new(seed, "review", &person.id);
    match person.id.as_str() {
        cases::REVIEW_OVERDUE => vec![430],
        cases::REVIEW_DUE_SOON => vec![345],
        cases::REVIEW_NEVER | cases::NEW => Vec::new(),
        id if id > "p080" && dice.chance(12) => vec![dice.between(370, 600)],
        id if id > "p080" && dice.chance(4) => Vec::new(),
        _ => vec![person.ended().unwrap_or(0) + dice.between(10, 330)],
    }
}

fn review(person: &Person, days: i64, world: &World) -> Value {
    let kind = if Dice::new(world.seed, "deep", &person.id).chance(60) { "lmg-fordjupad" } else { "lmg-enkel" };
    let both = Value::object().with("coding", [coding(SCT, "182836005"), coding(LM, kind)]);
    let performer = Value::object()
        .with("function", code(SCT, "309343006"))
        .with("actor", refer("Practitioner", &physician_id(person.centre(), turn(person))))
        .with("onBehalfOf", refer("Organization", &person.centre().id));
    resource("Procedure", &format!("{}-lakemedelsgenomgang", person.id))
        .with("status", "completed")
        .with("code", both)
        .with("subject", refer("Patient", &person.id))
        .with("performedDateTime", world.when.at(days, 13, 0).as_str())
        .with("performer", [performer])
}
