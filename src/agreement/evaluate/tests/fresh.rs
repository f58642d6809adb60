//! The evidence is not older than the last change that it must reflect.

use serde_json::{Value, json};

use super::given::{at, event, judged, lasting, state};
use crate::agreement::State;

fn rule() -> Value {
    json!({"fresh": {"evidence": {"kind": "medication-list"}, "after": {"kind": "medication-change"}, "within": "P1Y", "grace": "PT2H"}})
}

#[test]
fn a_change_leaves_two_hours_even_in_the_night_of_summer_time() {
    let known = [
        event("medication-list", "l", "2026-03-01T08:00:00+01:00"),
        event("medication-change", "m", "2026-03-29T01:30:00+01:00"),
    ];
    let changed = (State::Due, Some(at("2026-03-29T04:30:00+02:00")));
    assert_eq!(judged(&rule(), &known, "2026-03-29T01:30:00+01:00"), changed);
    assert_eq!(state(&rule(), &known, "2026-03-29T01:29:59+01:00"), State::Fulfilled);
    assert_eq!(state(&rule(), &known, "2026-03-29T04:30:00+02:00"), State::Overdue);
}

#[test]
fn a_list_of_the_same_instant_as_the_change_reflects_it() {
    let same = "2026-03-01T08:00:00+01:00";
    let known = [event("medication-list", "l", same), event("medication-change", "m", same)];
    assert_eq!(state(&rule(), &known, same), State::Fulfilled);
}

#[test]
fn a_list_that_is_dated_with_a_day_reflects_the_changes_of_that_day() {
    let day = lasting("medication-list", "l", "2026-03-01T00:00:00+01:00", Some("2026-03-02T00:00:00+01:00"));
    let change = |when| event("medication-change", "m", when);
    let later = "2026-03-05T00:00:00+01:00";
    assert_eq!(state(&rule(), &[day.clone(), change("2026-03-01T23:00:00+01:00")], later), State::Fulfilled);
    assert_eq!(state(&rule(), &[day, change("2026-03-02T00:00:01+01:00")], later), State::Overdue);
}

#[test]
fn a_list_that_nothing_changes_is_out_of_date_after_a_year() {
    let known = [event("medication-list", "l", "2026-03-01T08:00:00+01:00")];
    assert_eq!(
        judged(&rule(), &known, "2027-03-01T07:59:59+01:00"),
        (State::Fulfilled, Some(at("2027-03-01T08:00:00+01:00")))
    );
    assert_eq!(state(&rule(), &known, "2027-03-01T10:00:00+01:00"), State::Overdue);
}
