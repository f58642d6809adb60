//! Named contacts: the region's physician and the kommun's nurse, each appointed by its own side (VB 7).

use super::bundles::Bundles;
use super::catalogue::{Unit, catalogue};
use super::dice::Dice;
use super::people::Person;
use super::resources::own;
use super::staff::{self, nurse, physician, region_nurse};
use super::when::When;
use super::{REGION, World, cases};
use crate::concept::Concept;
use crate::concept::named_contact::{Contact, ContactKind, NamedContact, Substitute};
use crate::concept::parts::{Organisation, Period, Professional};

/// How the appointment of a physician turned out.
enum Physician {
    Missing,
    Expired,
    Unnamed,
    Substituted,
    Named,
}

pub(super) fn write(world: &World, bundles: &mut Bundles) {
    for unit in &catalogue().units {
        let (mut region, mut kommun) = (Vec::new(), Vec::new());
        for person in world.at(unit).filter(|person| person.in_care()) {
            if let Some(contact) = of_region(person, world) {
                region.extend(bundles.concept(&Concept::NamedContact(Box::new(contact))));
            }
            if let Some(contact) = of_kommun(person, world) {
                kommun.extend(bundles.concept(&Concept::NamedContact(Box::new(contact))));
            }
        }
        bundles.send(REGION, Some(&unit.physicians().hsa_id), region);
        bundles.send(unit.caregiver(), Some(&unit.hsa_id), kommun);
    }
}

fn of_region(person: &Person, world: &World) -> Option<NamedContact> {
    let (when, centre) = (&world.when, person.centre());
    let named = physician(centre, turn(person));
    let contact = |who, period| Contact { kind: ContactKind::Physician, who, period: Some(period) };
    let always = || lasting(person, when);
    let mut contacts = match turned_out(person, world.seed) {
        Physician::Missing => Vec::new(),
        Physician::Expired => vec![contact(named, when.between(person.since, 30))],
        Physician::Unnamed => vec![contact(nameless(&named), always())],
        Physician::Substituted | Physician::Named => vec![contact(named, always())],
    };
    if person.id == cases::CARE_CONTACT_OF_REGION {
        contacts.push(Contact { kind: ContactKind::Care, who: region_nurse(centre), period: Some(always()) });
    }
    let substitutes = match turned_out(person, world.seed) {
        Physician::Substituted => {
            vec![Substitute { who: physician(centre, staff::EACH + 1 - turn(person)), period: when.between(21, -40) }]
        }
        _ => Vec::new(),
    };
    team(person, "lakarkontakt", (centre.organisation(), always()), (contacts, substitutes))
}

fn turned_out(person: &Person, seed: u64) -> Physician {
    match person.id.as_str() {
        cases::NO_PHYSICIAN => return Physician::Missing,
        cases::EXPIRED_PHYSICIAN => return Physician::Expired,
        cases::UNNAMED_PHYSICIAN => return Physician::Unnamed,
        cases::SUBSTITUTE_PHYSICIAN => return Physician::Substituted,
        id if id <= "p080" => return Physician::Named,
        _ => {}
    }
    match Dice::new(seed, "physician", &person.id).between(0, 100) {
        0..6 => Physician::Missing,
        6..10 => Physician::Expired,
        10..13 => Physician::Unnamed,
        13..18 => Physician::Substituted,
        _ => Physician::Named,
    }
}

/// None after the enrolment: the kommun then has no relation to the patient, and what it sends would be refused.
fn of_kommun(person: &Person, world: &World) -> Option<NamedContact> {
    if person.ended().is_some() {
        return None;
    }
    let missing = match person.id.as_str() {
        cases::NO_CARE_CONTACT | cases::CARE_CONTACT_OF_REGION => true,
        id if id <= "p080" => false,
        id => Dice::new(world.seed, "care contact", id).chance(7),
    };
    let period = lasting(person, &world.when);
    let contact =
        Contact { kind: ContactKind::Care, who: nurse(person.unit, turn(person)), period: Some(period.clone()) };
    let mut contacts = if missing { Vec::new() } else { vec![contact] };
    let help = Unit::of("hemtjanst-umea-1");
    if person.unit.id == "hsv-umea-1" {
        contacts.push(Contact {
            kind: ContactKind::SocialCare,
            who: nurse(help, turn(person)),
            period: Some(period.clone()),
        });
    }
    team(person, "vardkontakt", (person.unit.organisation(), period), (contacts, Vec::new()))
}

fn team(
    person: &Person,
    name: &str,
    (organisation, period): (Organisation, Period),
    (contacts, substitutes): (Vec<Contact>, Vec<Substitute>),
) -> Option<NamedContact> {
    let identifier = own(format!("{}-{name}", person.id));
    let patient = person.patient.clone();
    (!contacts.is_empty()).then_some(NamedContact {
        identifier,
        patient,
        period: Some(period),
        organisation: Some(organisation),
        contacts,
        substitutes,
    })
}

/// While the person is enrolled.
fn lasting(person: &Person, when: &When) -> Period {
    person.ended().map_or_else(|| when.since(person.since), |ended| when.between(person.since, ended))
}

fn nameless(who: &Professional) -> Professional {
    Professional {
        profession: who.profession,
        unit: who.unit.clone(),
        phone: who.phone.clone(),
        ..Professional::default()
    }
}

/// Which of the staff a person has, counted from 1.
pub(super) fn turn(person: &Person) -> usize {
    1 + usize::from(person.id.bytes().last().is_some_and(|digit| digit % 2 == 0))
}
