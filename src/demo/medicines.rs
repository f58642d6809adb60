//! Medication lists: an older one for some, the present one for nearly all, and changes that came without a new list.

use super::bundles::{Bundles, Resources, only};
use super::catalogue::{DrugRow, Use, catalogue, hsa};
use super::contacts::turn;
use super::dice::Dice;
use super::people::Person;
use super::resources::own;
use super::staff::physician;
use super::{REGION, World, cases};
use crate::concept::medication_list::{
    Dosage, Drug, Medicine, MedicineStatus, Nothing, PeriodUnit, PrintedCopy, Sources,
};
use crate::concept::parts::{Coded, Organisation, Quantity};
use crate::concept::{Concept, Decimal, MedicationList};

/// How many days ago the present list and an older one were made.
struct Dates {
    present: i64,
    older: Option<i64>,
}

/// A drug in the life of a person: counted in days ago.
struct Course {
    /// Which of the person's drugs.
    number: usize,
    row: &'static DrugRow,
    start: i64,
    /// When the dose was doubled.
    changed: Option<i64>,
    end: Option<i64>,
}

pub(super) fn write(world: &World, bundles: &mut Bundles) {
    for unit in &catalogue().units {
        let (mut older, mut present, mut later) = (Vec::new(), Vec::new(), Vec::new());
        for person in world.at(unit).filter(|person| person.in_care()) {
            let dice = Dice::new(world.seed, "medicines", &person.id);
            let dates = dates(person, &dice);
            let courses = courses(person, &dates, &dice);
            older.extend(dates.older.map(|day| list(person, &courses, day, world, bundles)).unwrap_or_default());
            present.extend(told(person, list(person, &courses, dates.present, world, bundles)));
            later.extend(late_change(person, &dates, world, bundles));
        }
        for resources in [older, present, later] {
            bundles.send(REGION, Some(&unit.physicians().hsa_id), resources);
        }
    }
}

fn dates(person: &Person, dice: &Dice) -> Dates {
    let ended = person.died.or(person.left).unwrap_or(0);
    let present = if person.id == cases::STALE_LIST { 45 } else { ended + dice.between(5, 40) };
    let special = takes_nothing(&person.id) || matches!(person.id.as_str(), cases::NO_LIST | cases::ON_PAPER);
    Dates { present, older: (!special && dice.chance(40)).then(|| present + dice.between(100, 250)) }
}

fn takes_nothing(id: &str) -> bool {
    matches!(id, cases::NO_DRUGS | cases::LIST_UNAVAILABLE)
}

fn courses(person: &Person, dates: &Dates, dice: &Dice) -> Vec<Course> {
    let of = |usage| catalogue().drugs.iter().filter(|row| row.usage == usage).collect::<Vec<_>>();
    let (long, short) = (of(Use::Long), of(Use::Course));
    let count = match person.id.as_str() {
        cases::MANY_DRUGS => 25,
        id if takes_nothing(id) => 0,
        _ => usize::try_from(dice.between(3, 9)).unwrap_or(3),
    };
    let drugs = dice.some(&long, count);
    let last = drugs.len();
    let mut courses: Vec<Course> = drugs
        .into_iter()
        .enumerate()
        .map(|(index, row)| Course {
            number: index + 1,
            row,
            start: dates.present + dice.between(30, 900),
            changed: (row.half_dose().is_some() && dice.chance(35)).then(|| dates.present + dice.between(1, 29)),
            end: None,
        })
        .collect();
    if last > 0 && dice.chance(60) {
        let start = dates.present + dice.between(20, 200);
        courses.extend(dice.pick(&short).map(|row| Course {
            number: last + 1,
            row,
            start,
            changed: None,
            end: Some(start - 7),
        }));
    }
    // Of those who take many, one drug was stopped.
    if let Some(course) = courses.get_mut(3).filter(|_| last > 4 && person.id != cases::MANY_DRUGS) {
        (course.end, course.changed) = (Some(dates.present + 3), None);
    }
    courses
}

/// The list as it was made on that day.
fn list(person: &Person, courses: &[Course], day: i64, world: &World, bundles: &mut Bundles) -> Resources {
    let started = courses.iter().filter(|course| course.start > day);
    let mut list = MedicationList {
        identifier: own(format!("{}-lakemedel", person.id)),
        patient: person.patient.clone(),
        date: world.when.at(day, 15, 30),
        author: Some(physician(person.centre(), turn(person))),
        sources: sources(&person.id),
        none: (person.id == cases::NO_DRUGS).then_some(Nothing::NilKnown),
        medicines: started.flat_map(|course| medicines(person, course, day, world)).collect(),
        printed: printed(person, day, world),
    };
    list.arrange();
    bundles.concept(&Concept::MedicationList(Box::new(list)))
}

fn sources(id: &str) -> Option<Sources> {
    match id {
        cases::INCOMPLETE_SOURCES | cases::LIST_UNAVAILABLE => {
            Some(Sources { complete: false, missing: vec!["Nationella läkemedelslistan".to_owned()] })
        }
        _ => Some(Sources { complete: true, missing: Vec::new() }),
    }
}

fn printed(person: &Person, day: i64, world: &World) -> Vec<PrintedCopy> {
    if !matches!(person.id.as_str(), cases::ON_PAPER | cases::STALE_PAPER) {
        return Vec::new();
    }
    let kommun = person.unit.kommun();
    let recipient = Organisation { hsa_id: hsa(&kommun.hsa_id), name: Some(kommun.name.clone()), caregiver: None };
    vec![PrintedCopy { date: world.when.at(day, 16, 0), recipient, url: None }]
}

/// What of the present list the gateway is told: of a list on paper only that paper was handed over.
fn told(person: &Person, resources: Resources) -> Resources {
    match person.id.as_str() {
        cases::NO_LIST => Vec::new(),
        cases::ON_PAPER | cases::STALE_PAPER => {
            let mut paper = only(resources, &["DocumentReference", "Communication"]);
            paper.iter_mut().for_each(without_about);
            paper
        }
        _ => resources,
    }
}

/// The list that the paper is about was never sent.
fn without_about(resource: &mut crate::fhir::Value) {
    if let crate::fhir::Value::Object(members) = resource {
        members.retain(|(name, _)| name != "about");
    }
}

/// A medicine that was begun when the list was made already.
fn late_change(person: &Person, dates: &Dates, world: &World, bundles: &mut Bundles) -> Resources {
    let dice = Dice::new(world.seed, "late change", &person.id);
    let is_late = match person.id.as_str() {
        cases::STALE_LIST | cases::STALE_PAPER => true,
        id => id > "p080" && person.ended().is_none() && dice.chance(5),
    };
    let drugs: Vec<_> = catalogue().drugs.iter().filter(|row| row.usage == Use::Course).collect();
    let row = if is_late && dates.present > 3 { dice.pick(&drugs) } else { None };
    let course = row.map(|row| Course { number: 90, row, start: 3, changed: None, end: None });
    let made = course.map(|course| list(person, &[course], 2, world, bundles)).unwrap_or_default();
    only(made, &["MedicationStatement", "PractitionerRole"])
}

/// What a list made on that day says of a drug: one statement, or two where the dose was changed.
fn medicines(person: &Person, course: &Course, day: i64, world: &World) -> Vec<Medicine> {
    let when = &world.when;
    let name = format!("{}-lm{:02}", person.id, course.number);
    let changed = course.changed.filter(|changed| *changed >= day);
    let ended = course.end.filter(|end| *end >= day);
    let half = course.changed.and_then(|_| course.row.half_dose());
    let present = Medicine {
        identifier: own(name.as_str()),
        drug: course.row.drug(),
        status: match (ended, course.row.usage) {
            (None, _) => MedicineStatus::Active,
            (Some(_), Use::Course) => MedicineStatus::Completed,
            (Some(_), Use::Long) => MedicineStatus::Stopped,
        },
        status_reason: ended.filter(|_| course.row.usage == Use::Long).map(|_| Coded::of_text("Biverkning")),
        start: Some(when.day(changed.unwrap_or(course.start))),
        end: ended.map(|end| when.day(end)),
        asserted: Some(when.at(ended.or(changed).unwrap_or(course.start), 10, 15)),
        evaluation: None,
        reasons: vec![Coded::of_text(course.row.reason.as_str())],
        purpose: None,
        notes: Vec::new(),
        self_medication: None,
        dosage: vec![course.row.dosage()],
        prescriber: Some(physician(person.centre(), turn(person))),
        recorder: None,
        prescription: None,
        approved_for_patient: None,
    };
    let Some((dose, text)) = half else { return vec![present] };
    let halved = Dosage { dose: Some(course.row.quantity(dose)), text: Some(text), ..course.row.dosage() };
    let before = Medicine {
        identifier: own(format!("{name}-tidigare")),
        status: if changed.is_some() { MedicineStatus::Completed } else { MedicineStatus::Active },
        start: Some(when.day(course.start)),
        end: changed.map(|changed| when.day(changed)),
        asserted: Some(when.at(changed.unwrap_or(course.start), 10, 14)),
        dosage: vec![halved],
        ..present.clone()
    };
    changed.map(|_| present).into_iter().chain([before]).collect()
}

impl DrugRow {
    fn drug(&self) -> Drug {
        Drug {
            text: Some(self.label.clone()),
            atc: Some(self.atc.clone()),
            substance: Some(self.substance.clone()),
            form: Some(self.form.clone()),
            strength: Decimal::parse(&self.strength).map(|value| Quantity {
                value,
                unit: Some(self.strength_unit.clone()),
                ucum: self.strength_ucum.clone(),
            }),
            ..Drug::default()
        }
    }

    fn dosage(&self) -> Dosage {
        Dosage {
            text: Some(self.text.clone()),
            dose: Some(self.quantity(&self.dose)),
            frequency: Some(self.frequency),
            period: Decimal::parse(&self.period),
            period_unit: PeriodUnit::parse(&self.period_unit),
            as_needed_for: self.needed_for.as_deref().map(Coded::of_text),
            ..Dosage::default()
        }
    }

    fn quantity(&self, dose: &str) -> Quantity {
        #[expect(clippy::expect_used, reason = "the tests read every dose of the catalogue")]
        let value = Decimal::parse(dose).expect("the catalogue's doses are numbers");
        Quantity { value, unit: Some(self.dose_unit.clone()), ucum: None }
    }

    /// Half of a dose of one tablet, and the words for it.
    fn half_dose(&self) -> Option<(&'static str, String)> {
        let is_tablet = self.dose == "1" && self.dose_unit == "tablett";
        self.text.strip_prefix("1 ").filter(|_| is_tablet).map(|rest| ("0.5", format!("0,5 {rest}")))
    }
}
