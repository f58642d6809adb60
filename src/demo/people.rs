//! Three hundred people: who they are, where they live, since when.

use std::collections::HashSet;

use jiff::civil::Date;

use super::bundles::Bundles;
use super::catalogue::{Centre, Unit, catalogue};
use super::dice::Dice;
use super::resources::{coding, identifier, refer, resource};
use super::when::When;
use super::{REGION, World, cases};
use crate::concept::systems::{SCT, SECURITY};
use crate::concept::{CareForm, Patient};
use crate::fhir::Value;
use crate::identity::PersonSystem;

/// Somebody of the county.
pub(super) struct Person {
    /// `p001`
    pub(super) id: String,
    pub(super) patient: Patient,
    given: String,
    family: String,
    female: bool,
    birth: Date,
    /// Where the person is enrolled, or was at last.
    pub(super) unit: &'static Unit,
    /// Since how many days.
    pub(super) since: i64,
    /// How many days ago it ended, and with it the enrolment.
    pub(super) left: Option<i64>,
    /// How many days ago the person died.
    pub(super) died: Option<i64>,
}

impl Person {
    /// The hälsocentral that answers for the person's physician.
    pub(super) fn centre(&self) -> &'static Centre {
        self.unit.physicians()
    }

    /// Whether the agreement promises a physician, a list and a review.
    pub(super) fn in_care(&self) -> bool {
        self.unit.has_rounds()
    }

    /// Whether the person lives or stays at the unit.
    pub(super) fn is_facility_resident(&self) -> bool {
        self.unit.is_facility()
    }

    /// How many days ago the last enrolment ended, if it did.
    pub(super) fn ended(&self) -> Option<i64> {
        self.died.filter(|_| self.id != cases::DEAD_STILL_ENROLLED).or(self.left)
    }
}

/// Everybody, unit by unit.
pub(super) fn people(when: &When, seed: u64) -> Vec<Person> {
    let units = &catalogue().units;
    let places = units.iter().flat_map(|unit| std::iter::repeat_n(unit, unit.patients));
    let mut taken = HashSet::new();
    places
        .enumerate()
        .map(|(index, unit)| person(&format!("p{:03}", index + 1), unit, (when, seed), &mut taken))
        .collect()
}

fn person(id: &str, unit: &'static Unit, (when, seed): (&When, u64), taken: &mut HashSet<String>) -> Person {
    let dice = Dice::new(seed, "person", id);
    let female = dice.chance(58);
    let young = matches!(unit.care_form, CareForm::GroupHome | CareForm::DailyActivity);
    let years = if young { dice.between(22, 68) } else { dice.between(66, 99) };
    let birth = when.date(years * 365 + dice.between(0, 365));
    let [women, men, families] = &catalogue().names;
    let named = |names: &[String]| dice.pick(names).cloned().unwrap_or_default();
    Person {
        id: id.to_owned(),
        given: named(if female { women } else { men }),
        family: named(families),
        female,
        birth,
        patient: number(id, birth, female, taken),
        unit,
        since: since(id, &dice),
        left: (id == cases::MOVED_OUT_SILENTLY).then_some(25),
        died: died(id, &dice),
    }
}

fn since(id: &str, dice: &Dice) -> i64 {
    match id {
        cases::NEW => 21,
        cases::MOVED_IN_SILENTLY => 60,
        cases::MOVED_UNIT => 120,
        cases::MOVED_KOMMUN => 200,
        cases::REVIEW_NEVER => 730,
        cases::ALTERNATING => 12,
        _ => dice.between(400, 1300),
    }
}

fn died(id: &str, dice: &Dice) -> Option<i64> {
    match id {
        cases::DEAD => Some(40),
        cases::DEAD_WITHOUT_CERTIFICATE => Some(18),
        cases::DEAD_STILL_ENROLLED => Some(9),
        _ if id > "p080" && dice.chance(4) => Some(dice.between(15, 300)),
        _ => None,
    }
}

/// A number that nobody has.
fn number(id: &str, birth: Date, female: bool, taken: &mut HashSet<String>) -> Patient {
    let day = birth.strftime("%Y%m%d").to_string();
    match id {
        cases::RESERVE_NUMBER => read(PersonSystem::Reservnummer, &format!("{day}K{}69", u8::from(female))),
        cases::LOCAL_RESERVE_NUMBER => {
            read(PersonSystem::ReservnummerVasterbotten, &format!("{day}R{}10", u8::from(female)))
        }
        cases::COORDINATION_NUMBER => {
            let shifted = format!("{}{:02}", birth.strftime("%Y%m"), birth.day() + 60);
            test_number(PersonSystem::Samordningsnummer, &shifted, female, taken)
        }
        _ => test_number(PersonSystem::Personnummer, &day, female, taken),
    }
}

/// A number with a birth number for tests: 980 to 999, of which the odd ones are men's.
fn test_number(system: PersonSystem, day: &str, female: bool, taken: &mut HashSet<String>) -> Patient {
    let serials = (980..=999).filter(|serial| (serial % 2 == 0) == female);
    let numbers = serials.flat_map(|serial| (0..10).map(move |check| format!("{day}{serial}{check}")));
    let mut free = numbers
        .filter_map(|text| Patient::parse_as(system.uri(), &text))
        .filter(|number| taken.insert(number.0.value().to_owned()));
    #[expect(clippy::expect_used, reason = "ten numbers a day for each sex, and three hundred people of fifty years")]
    free.next().expect("there is a free test number")
}

fn read(system: PersonSystem, text: &str) -> Patient {
    #[expect(clippy::expect_used, reason = "eight digits, a letter and three digits are a reservnummer")]
    Patient::parse_as(system.uri(), text).expect("the form of a reservnummer")
}

/// The region registers everybody.
pub(super) fn write(world: &World, bundles: &mut Bundles) {
    for person in &world.people {
        bundles.name("Patient", (person.patient.0.system(), person.patient.0.value()), &person.id);
    }
    for part in world.people.chunks(50) {
        let patients = part.iter().map(|person| patient(person, &world.when)).collect();
        bundles.send(REGION, None, patients);
    }
}

fn patient(person: &Person, when: &When) -> Value {
    let number = &person.patient.0;
    let marks = protection(&person.id).map(|mark| coding(SECURITY, mark));
    let hidden = person.id == cases::PROTECTED;
    resource("Patient", &person.id)
        .with("meta", Value::object().with("security", marks.map(|mark| vec![mark])))
        .with("identifier", [identifier(number.system(), number.value())])
        .with("active", true)
        .with("name", [if hidden { hidden_name() } else { name(person) }])
        .with("gender", if person.female { "female" } else { "male" })
        .with("birthDate", person.birth.to_string())
        .with("deceasedDateTime", person.died.map(|days| when.at(days, 14, 20).as_str().to_owned()))
        .with("address", [if hidden { hidden_address() } else { address(person) }])
        .with("generalPractitioner", [refer("Organization", &person.centre().id)])
}

fn protection(id: &str) -> Option<&'static str> {
    match id {
        cases::CONFIDENTIAL => Some("sekretessmarkering"),
        cases::PROTECTED => Some("skyddadFolkbokforing"),
        _ => None,
    }
}

fn name(person: &Person) -> Value {
    Value::object()
        .with("use", "official")
        .with("family", person.family.as_str())
        .with("given", [person.given.as_str()])
}

fn address(person: &Person) -> Value {
    Value::object().with("use", "home").with("city", person.unit.kommun().town.as_str())
}

/// What HL7 Sweden's published example of skyddad folkbokföring has for a name.
fn hidden_name() -> Value {
    const HIDDEN: &str = "Skyddad uppgift";
    Value::object().with("use", "official").with("text", HIDDEN).with("family", HIDDEN).with("given", [HIDDEN])
}

/// Skatteverket's forwarding address, as särskild postadress (SNOMED CT SE), from the same example.
fn hidden_address() -> Value {
    let kind = coding(SCT, "63391000052104").with("version", "http://snomed.info/sct/45991000052106");
    let extension = Value::object()
        .with("url", "http://hl7.se/fhir/ig/base/StructureDefinition/SEBaseAddressPersonExtension")
        .with("valueCodeableConcept", Value::object().with("coding", [kind]));
    Value::object()
        .with("extension", [extension])
        .with("line", ["Förmedlingsuppdrag", "Box 2820"])
        .with("city", "GÖTEBORG")
        .with("postalCode", "40320")
}
