//! An answer follows each trigger within a limit.

use serde_json::{Value, json};

use super::given::{Tweak, at, event, judged, lasting, state};
use crate::agreement::State;

#[expect(clippy::needless_pass_by_value, reason = "the callers read better without references")]
fn rule(limit: Value, answer: Value) -> Value {
    json!({"within": {"trigger": {"kind": "order"}, "answers": [answer], "limit": limit}})
}

fn any() -> Value {
    json!({"kind": "order-report"})
}

#[test]
fn thirty_minutes_over_the_hour_that_is_shown_twice() {
    let rule = rule(json!({"after": {"span": "PT30M"}}), any());
    let asked = [event("order", "o", "2026-10-25T02:45:00+02:00")];
    assert_eq!(judged(&rule, &asked, "2026-10-25T02:45:00+02:00"), (State::Due, Some(at("2026-10-25T02:15:00+01:00"))));
    assert_eq!(state(&rule, &asked, "2026-10-25T02:15:00+01:00"), State::Overdue);
}

#[test]
fn office_hours_and_the_next_weekday_are_those_of_the_calendar() {
    let friday = [event("order", "o", "2026-03-06T16:30:00+01:00")];
    let hours = rule(json!({"after": {"span": "PT1H", "calendar": "office"}}), any());
    assert_eq!(
        judged(&hours, &friday, "2026-03-07T12:00:00+01:00"),
        (State::Due, Some(at("2026-03-09T08:30:00+01:00")))
    );
    let weekday = rule(json!({"nextWeekday": {"calendar": "office"}}), any());
    assert_eq!(
        judged(&weekday, &friday, "2026-03-07T12:00:00+01:00"),
        (State::Due, Some(at("2026-03-09T08:00:00+01:00")))
    );
}

#[test]
fn a_late_answer_ends_the_breach() {
    let rule = rule(json!({"after": {"span": "PT1H"}}), any());
    let late =
        [event("order", "o", "2026-02-01T08:00:00+01:00"), event("order-report", "r", "2026-02-01T10:00:00+01:00")];
    assert_eq!(
        judged(&rule, &late, "2026-02-01T09:00:00+01:00"),
        (State::Overdue, Some(at("2026-02-01T10:00:00+01:00")))
    );
    assert_eq!(state(&rule, &late, "2026-02-01T10:00:00+01:00"), State::Fulfilled);
}

#[test]
fn an_answer_before_the_trigger_answers_an_earlier_one() {
    let early =
        [event("order-report", "r", "2026-02-01T07:59:59+01:00"), event("order", "o", "2026-02-01T08:00:00+01:00")];
    let limit = json!({"after": {"span": "PT0S"}});
    let when = "2026-02-01T08:00:00+01:00";
    assert_eq!(state(&rule(limit.clone(), any()), &early, when), State::Overdue);
    assert_eq!(
        state(&rule(limit.clone(), json!({"kind": "order-report", "when": "standing"})), &early, when),
        State::Fulfilled
    );
    assert_eq!(state(&rule(limit, json!({"kind": "order-report", "when": "before"})), &early, when), State::Fulfilled);
}

#[test]
fn an_answer_is_tied_to_its_trigger() {
    let tied = rule(json!({"after": {"span": "PT1H"}}), json!({"kind": "order-report", "same": "about"}));
    let order = event("order", "o", "2026-02-01T08:00:00+01:00");
    let report = |about| event("order-report", "r", "2026-02-01T08:30:00+01:00").part("about", about);
    let when = "2026-02-01T12:00:00+01:00";
    assert_eq!(state(&tied, &[order.clone(), report("Basic/o")], when), State::Fulfilled);
    assert_eq!(state(&tied, &[order, report("Basic/other")], when), State::Overdue);
}

#[test]
fn a_trigger_without_an_end_is_never_overdue_by_its_end() {
    let rule = rule(json!("triggerEnd"), any());
    let open = [lasting("order", "o", "2026-02-01T08:00:00+01:00", None)];
    assert_eq!(judged(&rule, &open, "2030-02-01T08:00:00+01:00"), (State::Due, None));
}
