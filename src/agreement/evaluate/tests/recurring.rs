//! At least so many in every window.

use serde_json::{Value, json};

use super::given::{Tweak, at, event, judged, lasting, state};
use crate::agreement::State;

fn weekly(times: u32) -> Value {
    json!({"recurring": {"evidence": {"kind": "round-held"}, "atLeast": times, "window": {"weeks": 1}, "agreed": {"kind": "local-routine"}}})
}

#[test]
fn a_week_ends_at_midnight_when_clocks_go_forward() {
    let held = [event("round-held", "r", "2026-03-25T09:00:00+01:00")];
    let end_of_week = at("2026-03-30T00:00:00+02:00");
    assert_eq!(judged(&weekly(1), &held, "2026-03-29T23:59:59+02:00"), (State::Fulfilled, Some(end_of_week)));
    assert_eq!(
        judged(&weekly(1), &held, "2026-03-30T00:00:00+02:00"),
        (State::Due, Some(at("2026-04-06T00:00:00+02:00")))
    );
    assert_eq!(state(&weekly(1), &held, "2026-04-06T00:00:00+02:00"), State::Overdue);
}

#[test]
fn two_a_week_need_two() {
    let one = event("round-held", "a", "2026-01-06T09:00:00+01:00");
    let two = event("round-held", "b", "2026-01-08T09:00:00+01:00");
    let both = [one, two];
    assert_eq!(
        judged(&weekly(2), &both, "2026-01-07T00:00:00+01:00"),
        (State::Due, Some(at("2026-01-08T09:00:00+01:00")))
    );
    assert_eq!(state(&weekly(2), &both, "2026-01-08T09:00:00+01:00"), State::Fulfilled);
    assert_eq!(state(&weekly(2), &both[..1], "2026-01-12T00:00:00+01:00"), State::Overdue);
}

#[test]
fn what_was_agreed_locally_counts_while_it_holds() {
    let routine =
        lasting("local-routine", "l", "2026-01-01T00:00:00+01:00", Some("2026-01-20T00:00:00+01:00")).amount(4);
    assert_eq!(
        judged(&weekly(1), &[routine], "2026-01-19T00:00:00+01:00"),
        (State::Due, Some(at("2026-01-20T00:00:00+01:00")))
    );
}

#[test]
fn a_month_is_the_calendars() {
    let rule = json!({"recurring": {"evidence": {"kind": "round-held"}, "window": {"months": 1}}});
    let held = [event("round-held", "r", "2026-01-31T23:59:59+01:00")];
    assert_eq!(
        judged(&rule, &held, "2026-01-31T23:59:59+01:00"),
        (State::Fulfilled, Some(at("2026-02-01T00:00:00+01:00")))
    );
    assert_eq!(judged(&rule, &held, "2026-02-01T00:00:00+01:00"), (State::Due, Some(at("2026-03-01T00:00:00+01:00"))));
}

#[test]
fn a_rolling_year_ends_at_the_same_local_time() {
    let rule = json!({"recurring": {"evidence": {"kind": "medication-review"}, "window": {"rolling": "P1Y"}}});
    let held = [event("medication-review", "r", "2028-02-29T09:00:00+01:00")];
    assert_eq!(
        judged(&rule, &held, "2028-03-01T00:00:00+01:00"),
        (State::Fulfilled, Some(at("2029-02-28T09:00:00+01:00")))
    );
    assert_eq!(state(&rule, &held, "2029-02-28T09:00:00+01:00"), State::Overdue);
    assert_eq!(judged(&rule, &[], "2026-02-01T00:00:00+01:00"), (State::Due, Some(at("2027-01-05T00:00:00+01:00"))));
}
