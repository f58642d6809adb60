//! Laws that hold for every timeline, whatever it tells.

use jiff::Timestamp;
use proptest::prelude::*;

use super::timeline::Timeline;
use crate::agreement::facts::Partial;
use crate::agreement::{Agreement, Facts, State, Verdict, evaluate_all};

/// Instants from 2021 to 2029.
fn instants() -> impl Strategy<Value = Timestamp> {
    (1_620_000_000i64..1_870_000_000).prop_map(|second| Timestamp::from_second(second).unwrap())
}

fn verdicts(timeline: &Timeline, facts: &Facts, at: Timestamp) -> Vec<Verdict> {
    evaluate_all(Agreement::embedded(), &timeline.subject, facts, at)
}

fn between(from: Timestamp, until: Timestamp, share: f64) -> Timestamp {
    let width = until.as_microsecond() - from.as_microsecond();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "any instant between the two will do"
    )]
    let step = (width as f64 * share) as i64;
    Timestamp::from_microsecond(from.as_microsecond() + step.clamp(0, width - 1)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_state_lasts_from_since_until_until(at in instants(), share in 0.0..1.0f64) {
        for timeline in Timeline::all() {
            let facts = timeline.facts();
            for (place, verdict) in verdicts(timeline, &facts, at).iter().enumerate() {
                let until = verdict.until.unwrap_or("2035-01-01T00:00:00Z".parse().unwrap());
                let later = between(at, until, share);
                prop_assert_eq!(verdicts(timeline, &facts, later)[place].state, verdict.state, "{} {} at {}", &verdict.obligation, later, at);
                if let Some(since) = verdict.since {
                    let earlier = between(since, at.max(since + jiff::Span::new().seconds(1)), share).min(at);
                    prop_assert_eq!(verdicts(timeline, &facts, earlier)[place].state, verdict.state, "{} since", &verdict.obligation);
                }
            }
        }
    }

    #[test]
    fn at_until_it_is_something_else(at in instants()) {
        for timeline in Timeline::all() {
            let facts = timeline.facts();
            for (place, verdict) in verdicts(timeline, &facts, at).iter().enumerate() {
                if let Some(until) = verdict.until {
                    prop_assert!(until > at);
                    prop_assert_ne!(verdicts(timeline, &facts, until)[place].state, verdict.state, "{}", &verdict.obligation);
                }
            }
        }
    }

    #[test]
    fn neither_the_order_of_arrival_nor_repetition_shows(at in instants(), seed in any::<prop::sample::Index>()) {
        for timeline in Timeline::all() {
            let mut evidence = timeline.evidence.clone();
            let turn = seed.index(evidence.len());
            evidence.rotate_left(turn);
            evidence.extend(timeline.evidence[turn..].iter().cloned());
            let other = Facts::new(evidence).with_organisations(timeline.organisations.clone());
            prop_assert_eq!(verdicts(timeline, &other, at), verdicts(timeline, &timeline.facts(), at));
        }
    }

    #[test]
    fn what_happens_later_is_not_known_yet(at in instants()) {
        for timeline in Timeline::all() {
            let known = timeline.evidence.iter().filter(|it| it.time.from <= at).cloned();
            let known = Facts::new(known).with_organisations(timeline.organisations.clone());
            let states = |facts: &Facts| verdicts(timeline, facts, at).iter().map(|it| it.state).collect::<Vec<_>>();
            prop_assert_eq!(states(&known), states(&timeline.facts()));
        }
    }

    #[test]
    fn incomplete_sources_are_never_overdue(at in instants()) {
        for timeline in Timeline::all() {
            let partial = timeline.facts().with_partial(Partial::All);
            prop_assert!(verdicts(timeline, &partial, at).iter().all(|it| it.state != State::Overdue));
        }
    }
}
