//! Coordinated individual plans (SIP): most in order, some without what HSL 16 kap. 4 § asks for.

use super::bundles::Bundles;
use super::catalogue::catalogue;
use super::contacts::turn;
use super::dice::Dice;
use super::people::Person;
use super::resources::own;
use super::staff::{nurse, physician};
use super::{World, cases};
use crate::concept::parts::Professional;
use crate::concept::sip::{Activity, ActivityStatus, PlanStatus, SipConsent};
use crate::concept::{CareForm, Concept, Sip};

/// What a plan lacks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flaw {
    None,
    Coordinator,
    Responsible,
    Consent,
    Refused,
    FollowUp,
}

pub(super) fn write(world: &World, bundles: &mut Bundles) {
    for unit in &catalogue().units {
        let mut resources = Vec::new();
        for person in world.at(unit).filter(|person| person.ended().is_none()) {
            if let Some(flaw) = plan_of(person, world.seed) {
                resources.extend(bundles.concept(&Concept::Sip(Box::new(sip(person, flaw, world)))));
            }
        }
        bundles.send(unit.caregiver(), Some(&unit.hsa_id), resources);
    }
}

fn plan_of(person: &Person, seed: u64) -> Option<Flaw> {
    let dice = Dice::new(seed, "sip", &person.id);
    let share = match person.unit.care_form {
        CareForm::HomeCare => 75,
        _ if person.is_facility_resident() => 18,
        _ => 0,
    };
    match person.id.as_str() {
        cases::IN_ORDER | cases::SIP_GOOD => Some(Flaw::None),
        cases::SIP_NO_COORDINATOR => Some(Flaw::Coordinator),
        cases::SIP_NO_RESPONSIBLE => Some(Flaw::Responsible),
        cases::SIP_NO_CONSENT => Some(Flaw::Consent),
        cases::SIP_REFUSED => Some(Flaw::Refused),
        cases::SIP_FOLLOW_UP_PAST => Some(Flaw::FollowUp),
        id if id <= "p080" => dice.chance(share).then_some(Flaw::None),
        _ => dice.chance(share).then(|| by_chance(&dice)),
    }
}

fn by_chance(dice: &Dice) -> Flaw {
    match dice.between(0, 100) {
        0..10 => Flaw::Coordinator,
        10..20 => Flaw::Consent,
        20..30 => Flaw::Responsible,
        30..38 => Flaw::FollowUp,
        _ => Flaw::None,
    }
}

fn sip(person: &Person, flaw: Flaw, world: &World) -> Sip {
    let dice = Dice::new(world.seed, "sip days", &person.id);
    let made = dice.between(40, 170);
    let (nurse, physician) = (nurse(person.unit, turn(person)), physician(person.centre(), turn(person)));
    let follow_up = if flaw == Flaw::FollowUp { 14 } else { -dice.between(10, 120) };
    let refused = flaw == Flaw::Refused;
    Sip {
        identifier: own(format!("{}-sip", person.id)),
        patient: person.patient.clone(),
        status: if refused { PlanStatus::Revoked } else { PlanStatus::Active },
        title: Some("Samordnad individuell plan".to_owned()),
        created: Some(world.when.at(made, 14, 0)),
        period: Some(world.when.since(made)),
        author: Some(nurse.clone()),
        contributors: vec![person.centre().organisation(), person.unit.organisation()],
        coordinator: (flaw != Flaw::Coordinator).then(|| nurse.clone()),
        team: vec![physician.clone()],
        goals: vec!["Bo kvar där jag bor med den hjälp jag behöver.".to_owned(), "Ha mindre ont.".to_owned()],
        activities: activities(flaw, &nurse, &physician),
        follow_up: Some(world.when.date(follow_up).to_string()),
        copy_given: (!refused).then(|| world.when.at(made, 15, 0)),
        consent: (flaw != Flaw::Consent).then(|| SipConsent { given: !refused, date: world.when.at(made, 13, 0) }),
    }
}

fn activities(flaw: Flaw, nurse: &Professional, physician: &Professional) -> Vec<Activity> {
    let nobody = flaw == Flaw::Responsible;
    let activity = |text: &str, status, who: Vec<Professional>| Activity {
        text: text.to_owned(),
        status,
        responsible: who,
        period: None,
    };
    vec![
        activity("Dela läkemedel och följa upp effekten.", ActivityStatus::InProgress, vec![nurse.clone()]),
        activity("Se över smärtlindringen.", ActivityStatus::Scheduled, vec![physician.clone()]),
        activity(
            "Träna gång inomhus.",
            ActivityStatus::NotStarted,
            if nobody { Vec::new() } else { vec![nurse.clone()] },
        ),
    ]
}
