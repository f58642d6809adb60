//! Rounds: one a week at each unit, booked ahead and held, with a physician and the kommun's nurse (VB 11.1, 11.2).

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::bundles::Bundles;
use super::catalogue::{Unit, catalogue};
use super::dice::Dice;
use super::resources::own;
use super::staff::{EACH, nurse, physician};
use super::when::moment;
use super::{REGION, World, cases};
use crate::concept::round::{Held, Planned, RoundClass, RoundKind};
use crate::concept::{Concept, Round};

/// How many weeks of rounds there are, how many of them are still seen in the booking system, and how far it reaches.
const WEEKS: i64 = 52;
const WEEKS_BOOKED: i64 = 8;
const WEEKS_AHEAD: i64 = 3;

pub(super) fn write(world: &World, bundles: &mut Bundles) {
    for unit in catalogue().units.iter().filter(|unit| unit.has_rounds()) {
        let mut resources = Vec::new();
        for week in (-WEEKS_AHEAD..WEEKS).rev() {
            if let Some(round) = round(unit, week, world) {
                resources.extend(bundles.concept(&Concept::Round(Box::new(round))));
            }
        }
        bundles.send(REGION, Some(&unit.physicians().hsa_id), resources);
    }
}

fn round(unit: &Unit, week: i64, world: &World) -> Option<Round> {
    let day = world.when.monday(week).saturating_add((unit.weekday - 1).days());
    let dice = Dice::new(world.seed, "round", &format!("{} {day}", unit.id));
    let minutes = minutes(unit, &dice);
    let past = world.when.is_past(&moment(day, unit.hour + 2, 0));
    let held = (past && !missed(unit, week, &dice)).then(|| held(unit, day, minutes, &dice));
    let booked = week < WEEKS_BOOKED && unit.id != cases::NOT_PLANNED;
    let planned = booked.then(|| planned(unit, day));
    let iso = day.iso_week_date();
    (held.is_some() || planned.is_some()).then(|| Round {
        identifier: own(format!("rond-{}-{}v{:02}", unit.id, iso.year(), iso.week())),
        kind: RoundKind::Round,
        unit: unit.organisation(),
        patient: None,
        planned,
        held,
    })
}

fn missed(unit: &Unit, week: i64, dice: &Dice) -> bool {
    match unit.id.as_str() {
        cases::GOOD_UNIT | cases::NO_NURSE | cases::SHORT_ROUNDS | cases::NOT_PLANNED => false,
        cases::MISSES_ROUNDS => matches!(week, 0 | 1 | 4 | 9),
        _ => dice.chance(5),
    }
}

/// The agreement counts at least an hour for ten patients.
fn minutes(unit: &Unit, dice: &Dice) -> i64 {
    let owed = i64::try_from(unit.patients).unwrap_or(0) * 6;
    let more = dice.between(0, 25);
    match unit.id.as_str() {
        cases::SHORT_ROUNDS => owed / 2,
        id if id != cases::GOOD_UNIT && dice.chance(8) => (owed * 2 / 3).max(15),
        _ => owed.max(30) + more,
    }
}

fn planned(unit: &Unit, day: Date) -> Planned {
    Planned {
        start: moment(day, unit.hour, 0),
        end: moment(day, unit.hour + 1, 30),
        created: Some(moment(day.saturating_sub(70.days()), 9, 0)),
    }
}

fn held(unit: &Unit, day: Date, minutes: i64, dice: &Dice) -> Held {
    let centre = unit.physicians();
    let number = if dice.chance(85) { 1 } else { EACH };
    let alone = unit.id == cases::NO_NURSE || (unit.id != cases::GOOD_UNIT && dice.chance(3));
    let by_video = unit.id != cases::GOOD_UNIT && dice.chance(10);
    Held {
        class: if by_video { RoundClass::Virtual } else { RoundClass::AtHome },
        start: moment(day, unit.hour, 5),
        end: Some(moment(day, unit.hour + (5 + minutes) / 60, (5 + minutes) % 60)),
        minutes: u32::try_from(minutes).ok(),
        physicians: vec![physician(centre, number)],
        staff: if alone { Vec::new() } else { vec![nurse(unit, 1)] },
        health_centre: Some(centre.organisation()),
    }
}
