//! The timelines of `fixtures/agreements`: what was received, and what it comes to at instants.

mod complete;
mod fresh;
mod given;
mod laws;
mod present;
mod recurring;
mod shared;
mod timeline;
mod whole;
mod within;

use std::collections::BTreeSet;

use super::super::document::Agreement;
use super::super::verdict::State;
use timeline::Timeline;

#[test]
fn every_timeline_comes_to_what_it_says() {
    let wrong: Vec<String> = Timeline::all().iter().flat_map(Timeline::faults).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_obligation_is_seen_met_and_not_met() {
    let expected: Vec<(String, State)> = Timeline::all().iter().flat_map(Timeline::expected).collect();
    let seen = |wanted: &[State]| -> BTreeSet<&str> {
        expected.iter().filter(|(_, state)| wanted.contains(state)).map(|(id, _)| id.as_str()).collect()
    };
    let (met, not_met) = (seen(&[State::Fulfilled]), seen(&[State::Due, State::Overdue]));
    let all = Agreement::embedded().iter().flat_map(|it| &it.obligations).map(|it| it.id.as_str());
    let unseen: Vec<&str> = all.filter(|id| !met.contains(id) || !not_met.contains(id)).collect();
    assert!(unseen.is_empty(), "{unseen:?}");
}
