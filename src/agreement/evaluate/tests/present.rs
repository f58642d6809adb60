//! The evidence holds now.

use serde_json::{Value, json};

use super::given::{at, judged, lasting, state};
use crate::agreement::State;

fn rule() -> Value {
    json!({"present": {"evidence": {"kind": "named-contact"}, "grace": "P1D"}})
}

#[test]
fn grace_runs_from_the_start_of_the_duty() {
    let started = (State::Due, Some(at("2026-01-06T00:00:00+01:00")));
    assert_eq!(judged(&rule(), &[], "2026-01-05T00:00:00+01:00"), started);
    assert_eq!(state(&rule(), &[], "2026-01-06T00:00:00+01:00"), State::Overdue);
}

#[test]
fn grace_runs_from_the_loss_and_a_day_of_25_hours_is_a_day() {
    let contact = lasting("named-contact", "c", "2026-01-01T00:00:00+01:00", Some("2026-10-24T12:00:00+02:00"));
    let contact = [contact];
    let lost = (State::Due, Some(at("2026-10-25T12:00:00+01:00")));
    assert_eq!(judged(&rule(), &contact, "2026-10-24T12:00:00+02:00"), lost);
    assert_eq!(state(&rule(), &contact, "2026-10-24T11:59:59+02:00"), State::Fulfilled);
    assert_eq!(state(&rule(), &contact, "2026-10-25T12:00:00+01:00"), State::Overdue);
}

#[test]
fn a_substitute_leaves_no_gap() {
    let first = lasting("named-contact", "a", "2026-01-01T00:00:00+01:00", Some("2026-02-01T00:00:00+01:00"));
    let second = lasting("named-contact", "b", "2026-02-01T00:00:00+01:00", None);
    assert_eq!(judged(&rule(), &[second, first], "2026-01-15T00:00:00+01:00"), (State::Fulfilled, None));
}
