//! What there is has been made available, or handed over printed.

use serde_json::{Value, json};

use super::given::{Tweak, at, event, judged, state};
use crate::agreement::State;

fn rule() -> Value {
    json!({"shared": {
        "evidence": {"kind": "medication-list"}, "to": ["recipient"], "else": {"kind": "medication-list-printed"},
        "required": true, "grace": "PT1H"
    }})
}

#[test]
fn what_has_not_reached_its_receiver_is_overdue_after_the_grace() {
    let kept = [event("medication-list", "l", "2026-02-01T08:00:00+01:00")];
    assert_eq!(
        judged(&rule(), &kept, "2026-02-01T08:00:00+01:00"),
        (State::Due, Some(at("2026-02-01T09:00:00+01:00")))
    );
    assert_eq!(state(&rule(), &kept, "2026-02-01T09:00:00+01:00"), State::Overdue);
    let sent = [kept[0].clone().part("recipient", "")];
    assert_eq!(state(&rule(), &sent, "2026-02-01T09:00:00+01:00"), State::Fulfilled);
}

#[test]
fn a_printed_copy_that_is_no_older_serves() {
    let list = event("medication-list", "l", "2026-02-01T08:00:00+01:00");
    let copy = |when| event("medication-list-printed", "p", when);
    let when = "2026-02-02T12:00:00+01:00";
    assert_eq!(state(&rule(), &[list.clone(), copy("2026-02-02T08:00:00+01:00")], when), State::Fulfilled);
    assert_eq!(state(&rule(), &[list, copy("2026-01-31T08:00:00+01:00")], when), State::Overdue);
}

#[test]
fn where_there_must_be_something_nothing_is_missing_from_the_start() {
    assert_eq!(judged(&rule(), &[], "2026-01-05T00:30:00+01:00"), (State::Due, Some(at("2026-01-05T01:00:00+01:00"))));
}
