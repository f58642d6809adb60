use proptest::prelude::*;

use super::*;
use crate::concept::testing::{
    at, bundle, date_time, identifier, law, organisation, patient, period, professional, resources, text,
};
use crate::concept::{Concept, ConceptKind, from_fhir, read};
use crate::fhir::{Document, Value};

fn performer() -> impl Strategy<Value = Professional> {
    let unit = organisation().prop_map(|unit| Professional { unit: Some(unit), ..Professional::default() });
    prop_oneof![professional(), unit]
}

fn activity() -> impl Strategy<Value = Activity> {
    let who = prop::collection::vec(performer(), 0..3);
    (text(), prop::sample::select(ActivityStatus::ALL), who, prop::option::of(period()))
        .prop_map(|(text, status, responsible, period)| Activity { text, status, responsible, period })
}

fn sip() -> impl Strategy<Value = Sip> {
    let head =
        (prop::option::of(identifier()), patient(), prop::sample::select(PlanStatus::ALL), prop::option::of(text()));
    let when = (prop::option::of(date_time()), prop::option::of(period()), prop::option::of(date_time()));
    let people = (
        prop::option::of(performer()),
        prop::collection::vec(organisation(), 0..3),
        prop::option::of(professional()),
        prop::collection::vec(professional(), 0..3),
    );
    let what = (prop::collection::vec(text(), 0..3), prop::collection::vec(activity(), 0..3));
    let consent = prop::option::of((any::<bool>(), date_time()).prop_map(|(given, date)| SipConsent { given, date }));
    let rest = (prop::option::of("20[0-2][0-9]-0[1-9]-1[0-9]"), consent);
    (head, when, people, what, rest).prop_map(
        |((identifier, patient, status, title), (created, period, copy_given), people, (goals, activities), rest)| {
            let (author, contributors, coordinator, team) = people;
            let (follow_up, consent) = rest;
            Sip {
                identifier,
                patient,
                status,
                title,
                created,
                period,
                author,
                contributors,
                coordinator,
                team,
                goals,
                activities,
                follow_up,
                copy_given,
                consent,
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn a_sip_comes_back_as_it_was(sip in sip()) {
        law(&Concept::Sip(Box::new(sip)));
    }
}

const PLAN: &str = r#"{"identifier": {"system": "urn:oid:1.2.752.1", "value": "sip-1"}, "patient": "191212121212",
    "status": "active", "contributors": [{"hsaId": "SE2321000222-HC01"}, {"hsaId": "SE2120002627-HSV1"}],
    "coordinator": {"hsaId": "SE2120002627-P2", "given": "Bo", "family": "Ek"}, "goals": ["Bo hemma"],
    "activities": [{"text": "Läkarbesök", "status": "scheduled", "responsible": [{"unit": {"hsaId": "SE2321000222-HC01"}}]}],
    "followUp": "2026-09-01", "copyGiven": "2026-03-02", "consent": {"given": true, "date": "2026-03-01"}}"#;

#[test]
fn a_sip_has_its_coordinator_goal_consent_and_responsible() {
    let bundle = bundle(&read(ConceptKind::Sip, PLAN).unwrap());
    let plan = &resources(&bundle, "CarePlan")[0];
    let team = &resources(&bundle, "CareTeam")[0];
    let consent = &resources(&bundle, "Consent")[0];
    assert_eq!(at(plan, "category.0.coding.0.code"), &Value::from("SIP"));
    assert_eq!(at(plan, "contributor").items().len(), 2);
    assert_eq!(at(plan, "activity.0.detail.performer").items().len(), 1);
    assert_eq!(at(team, "participant.0.role.0.coding.0.code"), &Value::from("sip-samordnare"));
    assert_eq!(at(consent, "provision.type"), &Value::from("permit"));
    assert_eq!(resources(&bundle, "Goal").len(), 1);
}

#[test]
fn the_parts_of_a_named_plan_are_replaced_with_it() {
    let bundle = bundle(&read(ConceptKind::Sip, PLAN).unwrap());
    let entries = bundle.get("entry").unwrap().items();
    let goal = entries.iter().find(|e| at(e, "resource.resourceType") == &Value::from("Goal")).unwrap();
    assert_eq!(at(goal, "request.method"), &Value::from("PUT"));
}

#[test]
fn other_supporting_information_is_reported_not_lost() {
    let bundle = bundle(&read(ConceptKind::Sip, PLAN).unwrap()).to_string();
    let text = bundle.replace(r#""supportingInfo":["#, r#""supportingInfo":[{"reference":"Observation/1"},"#);
    let (_, issues) = from_fhir(ConceptKind::Sip, &Document::parse(text).unwrap()).unwrap();
    assert_eq!(issues[0].place.expression, "CarePlan.supportingInfo[0]");
}

#[test]
fn the_goals_of_another_patients_plan_are_left_out_aloud() {
    let json = r#"{"patient": "191212121212", "status": "draft", "goals": ["Kunna bo hemma"]}"#;
    let text = bundle(&read(ConceptKind::Sip, json).unwrap()).to_string();
    let (before, after) = text.split_once("\"Goal\"").unwrap();
    let spoilt = format!("{before}\"Goal\"{}", after.replacen("191212121212", "189002029800", 2));
    let (plans, issues) = from_fhir(ConceptKind::Sip, &Document::parse(spoilt).unwrap()).unwrap();
    let [Concept::Sip(sip)] = plans.as_slice() else { panic!("one plan") };
    assert!(sip.goals.is_empty());
    assert!(issues.iter().any(|issue| issue.rule == "other-patient" && issue.is_error()));
}
