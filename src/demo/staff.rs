//! The physicians of the hälsocentraler and the nurses of the units. They are the same whatever the seed.

use super::REGION;
use super::bundles::Bundles;
use super::catalogue::{Centre, Unit, catalogue, hsa};
use super::dice::Dice;
use super::resources::{hsa_identifier, resource};
use crate::concept::parts::{Profession, Professional};
use crate::concept::systems::HSA;
use crate::fhir::Value;

/// How many of each there are at a hälsocentral or unit.
pub(super) const EACH: usize = 2;

/// Tells who there is, and under which ids.
pub(super) fn write(bundles: &mut Bundles) {
    let mut region = Vec::new();
    for centre in &catalogue().centres {
        for number in 1..=EACH {
            region.push(practitioner(&physician_id(centre, number), &physician(centre, number), bundles));
        }
        region.push(practitioner(&format!("ssk-{}", centre.id), &region_nurse(centre), bundles));
    }
    bundles.send(REGION, None, region);
    for unit in &catalogue().units {
        let nurses =
            (1..=EACH).map(|number| practitioner(&nurse_id(unit, number), &nurse(unit, number), bundles)).collect();
        bundles.send(unit.caregiver(), Some(&unit.hsa_id), nurses);
    }
}

fn practitioner(id: &str, who: &Professional, bundles: &mut Bundles) -> Value {
    let hsa_id = who.hsa_id.as_ref().map_or("", |hsa| hsa.as_str());
    bundles.name("Practitioner", (HSA, hsa_id), id);
    bundles.told("Practitioner", id);
    let name = Value::object()
        .with("use", "official")
        .with("family", who.family.clone())
        .with("given", who.given.clone().map(|given| vec![given]));
    resource("Practitioner", id).with("identifier", [hsa_identifier(hsa_id)]).with("active", true).with("name", [name])
}

/// The id of a physician of a hälsocentral, counted from 1.
pub(super) fn physician_id(centre: &Centre, number: usize) -> String {
    format!("lakare-{}-{number}", centre.id.trim_start_matches("hc-"))
}

/// The id of a nurse of a unit, counted from 1.
pub(super) fn nurse_id(unit: &Unit, number: usize) -> String {
    format!("ssk-{}-{number}", unit.id)
}

/// A physician of a hälsocentral, counted from 1.
pub(super) fn physician(centre: &Centre, number: usize) -> Professional {
    let person = person(&centre.hsa_id, &format!("L{number}"));
    Professional {
        profession: Some(Profession::Physician),
        unit: Some(centre.organisation()),
        phone: Some(centre.direct_number.as_ref().unwrap_or(&centre.public_number).clone()),
        ..person
    }
}

/// A nurse whom the region employs.
pub(super) fn region_nurse(centre: &Centre) -> Professional {
    let person = person(&centre.hsa_id, "S");
    Professional { profession: Some(Profession::Nurse), unit: Some(centre.organisation()), ..person }
}

/// A nurse of a unit, counted from 1; in home help, where there are none, somebody of the staff.
pub(super) fn nurse(unit: &Unit, number: usize) -> Professional {
    let person = person(&unit.hsa_id, &format!("S{number}"));
    let is_health_care = unit.caregiver() != super::UMEA_SOCIAL;
    Professional { profession: is_health_care.then_some(Profession::Nurse), unit: Some(unit.organisation()), ..person }
}

fn person(organisation: &str, tail: &str) -> Professional {
    let hsa_id = format!("{organisation}{tail}");
    let dice = Dice::new(0, "staff", &hsa_id);
    let [women, men, families] = &catalogue().names;
    let given = dice.pick(if dice.chance(60) { women } else { men });
    Professional {
        hsa_id: Some(hsa(&hsa_id)),
        given: given.cloned(),
        family: dice.pick(families).cloned(),
        ..Professional::default()
    }
}
