//! What there is carries its required parts.

use serde_json::{Value, json};

use super::given::{Tweak, agreement, judged, lasting, verdict};
use crate::agreement::State;

fn rule() -> Value {
    json!({"complete": {"evidence": {"kind": "sip"}, "parts": ["coordinator", "followUp"]}})
}

#[test]
fn a_plan_that_lacks_a_part_is_named_with_it() {
    let plan = [lasting("sip", "s", "2026-02-01T08:00:00+01:00", None).part("coordinator", "")];
    let verdict = verdict(&agreement(rule()), &plan, "2026-02-02T08:00:00+01:00");
    assert_eq!(verdict.state, State::Overdue);
    assert_eq!(verdict.explanation.en, "Round: 1 lack something that is required (followUp).");
    assert_eq!(verdict.evidence[0].reference, "Basic/s");
}

#[test]
fn a_plan_counts_while_it_holds() {
    let plan = lasting("sip", "s", "2026-02-01T08:00:00+01:00", Some("2026-03-01T08:00:00+01:00"));
    let plan = [plan.part("coordinator", "").part("followUp", "")];
    assert_eq!(judged(&rule(), &plan, "2026-02-01T07:59:59+01:00").0, State::NotApplicable);
    assert_eq!(judged(&rule(), &plan, "2026-03-01T07:59:59+01:00").0, State::Fulfilled);
    assert_eq!(judged(&rule(), &plan, "2026-03-01T08:00:00+01:00"), (State::NotApplicable, None));
}
