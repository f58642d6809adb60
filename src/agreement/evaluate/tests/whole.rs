//! What holds around every rule: several rules, local exceptions, agreements beneath one another.

use serde_json::{Value, json};

use super::given::{agreement, at, event, lasting, state, verdict};
use crate::agreement::check::tests::draft;
use crate::agreement::facts::Partial;
use crate::agreement::{Agreement, Facts, Identifier, State, Subject, evaluate_all};

fn present(kind: &str) -> Value {
    json!({"present": {"evidence": {"kind": kind}}})
}

#[test]
fn of_several_rules_the_worst_counts() {
    let all = json!({"all": [present("named-contact"), present("consent-sip")]});
    let contact = lasting("named-contact", "c", "2026-01-01T00:00:00+01:00", None);
    let consent = lasting("consent-sip", "s", "2026-01-01T00:00:00+01:00", None);
    let when = "2026-02-01T00:00:00+01:00";
    assert_eq!(state(&all, std::slice::from_ref(&contact), when), State::Overdue);
    assert_eq!(state(&all, &[contact, consent], when), State::Fulfilled);
}

#[test]
fn nothing_is_owed_while_the_parties_have_agreed_otherwise() {
    let mut agreement = agreement(present("named-contact"));
    agreement.obligations[0].unless = serde_json::from_value(json!({"kind": "local-routine"})).ok();
    let routine = lasting("local-routine", "l", "2026-02-01T00:00:00+01:00", Some("2026-03-01T00:00:00+01:00"));
    let judged = verdict(&agreement, &[routine], "2026-02-01T00:00:00+01:00");
    assert_eq!((judged.state, judged.until), (State::NotApplicable, Some(at("2026-03-01T00:00:00+01:00"))));
}

#[test]
fn evidence_that_may_be_missing_is_not_held_against_anybody() {
    let agreement = agreement(present("named-contact"));
    let enrolment = crate::agreement::Evidence {
        codes: ["sarskilt-boende".into()].into(),
        ..lasting("enrolment", "e", "2026-01-05T00:00:00+01:00", None)
    };
    let facts = |kind: &str| Facts::new([enrolment.clone()]).with_partial(Partial::Kinds([kind.into()].into()));
    let subject = Subject::parse("Patient/p").unwrap();
    let judged = |facts: Facts| {
        crate::agreement::evaluate(&agreement, &agreement.obligations[0], &subject, &facts, at("2026-02-01T00:00:00Z"))
            .state
    };
    assert_eq!(judged(facts("named-contact")), State::NotDeterminable);
    assert_eq!(judged(facts("round-held")), State::Overdue);
}

#[test]
fn an_agreement_beneath_another_replaces_what_it_says() {
    let above = agreement(present("named-contact"));
    let mut beneath = draft();
    beneath["id"] = json!("beneath");
    beneath["under"] = json!("test");
    beneath["overrides"] = json!(["T-1"]);
    beneath["obligations"] = json!([]);
    let beneath = Agreement::parse(&beneath.to_string()).unwrap();
    let kommun = Identifier { system: "urn:oid:1.2.752.129.2.2.1.17".into(), value: "9901".into() };
    let facts = Facts::new([event("round-held", "r", "2026-01-06T09:00:00+01:00")]).with_organisations([kommun]);
    let count = |agreements: &[Agreement]| {
        evaluate_all(agreements, &Subject::parse("Patient/p").unwrap(), &facts, at("2026-02-01T00:00:00Z")).len()
    };
    assert_eq!(count(std::slice::from_ref(&above)), 1);
    assert_eq!(count(&[above, beneath]), 0);
}

#[test]
fn an_agreement_binds_only_those_who_made_it() {
    let elsewhere = [agreement(present("named-contact"))];
    let facts = Facts::default();
    assert!(
        evaluate_all(&elsewhere, &Subject::parse("Patient/p").unwrap(), &facts, at("2026-02-01T00:00:00Z")).is_empty()
    );
}
