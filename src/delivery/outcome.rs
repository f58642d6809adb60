//! What follows from an answer: delivered, again later, or a dead letter. Pure.
//!
//! A delivery that fails is tried until it is too old; one that is refused is tried [`Policy::refusals`] times in a row.
//! The store counts attempts of all sorts, so the number of refusals in a row stands in the text of the last error.

use std::time::Duration;

use jiff::Timestamp;

use super::answer::{Answer, Class};
use super::policy::Policy;
use super::{Withheld, later};
use crate::entropy::Entropy;
use crate::store::{Delivery, DeliveryOutcome, DeliveryState};

/// What an answer comes to for a delivery.
pub fn of_answer(
    policy: &Policy,
    delivery: &Delivery,
    answer: &Answer,
    now: Timestamp,
    entropy: &dyn Entropy,
) -> DeliveryOutcome {
    match answer.class() {
        Class::Accepted => report(delivery, DeliveryState::Delivered, now, now, None),
        Class::Failed => failed(policy, delivery, answer, now, entropy),
        Class::Refused => refused(policy, delivery, answer, now, entropy),
    }
}

/// What a withheld permission comes to: the end, or another question later.
pub fn of_withheld(policy: &Policy, delivery: &Delivery, why: &Withheld, now: Timestamp) -> DeliveryOutcome {
    let error = Some(why.to_string());
    match why {
        Withheld::Denied(_) => report(delivery, DeliveryState::Withheld, now, now, error),
        Withheld::Undecided => report(delivery, DeliveryState::Waiting, later(now, policy.undecided_pause), now, error),
    }
}

/// Back in the lane without having been tried. What the last real attempt came to stays as it was.
pub fn postponed(delivery: &Delivery, until: Timestamp, now: Timestamp) -> DeliveryOutcome {
    report(delivery, DeliveryState::Waiting, until, now, delivery.last_error.clone())
}

fn failed(
    policy: &Policy,
    delivery: &Delivery,
    answer: &Answer,
    now: Timestamp,
    entropy: &dyn Entropy,
) -> DeliveryOutcome {
    let error = Some(answer.to_string());
    if now >= later(delivery.what.due, policy.give_up_after) {
        return report(delivery, DeliveryState::Dead, now, now, error);
    }
    let asked = answer.retry_after().unwrap_or(Duration::ZERO).min(policy.retry_after_cap);
    let wait = policy.backoff.wait(delivery.attempts, entropy).max(asked);
    report(delivery, DeliveryState::Waiting, later(now, wait), now, error)
}

fn refused(
    policy: &Policy,
    delivery: &Delivery,
    answer: &Answer,
    now: Timestamp,
    entropy: &dyn Entropy,
) -> DeliveryOutcome {
    // A full count means that it was dead and somebody replayed it: it is given a new one.
    let before = refusals_before(delivery.last_error.as_deref());
    let refusals = if before >= policy.refusals { 1 } else { before + 1 };
    let error = Some(format!("{answer}, refusal {refusals}"));
    if refusals >= policy.refusals {
        return report(delivery, DeliveryState::Dead, now, now, error);
    }
    let wait = policy.refusal_pause + policy.backoff.wait(refusals, entropy);
    report(delivery, DeliveryState::Waiting, later(now, wait), now, error)
}

fn refusals_before(last_error: Option<&str>) -> u32 {
    let count = last_error.and_then(|text| text.rsplit_once(", refusal ")).and_then(|(_, count)| count.parse().ok());
    count.unwrap_or(0)
}

fn report(
    delivery: &Delivery,
    state: DeliveryState,
    next: Timestamp,
    at: Timestamp,
    error: Option<String>,
) -> DeliveryOutcome {
    DeliveryOutcome { id: delivery.id, attempt: delivery.attempts, state, next, error, at }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;
    use crate::store::NewDelivery;

    const DUE: &str = "2026-03-02T08:00:00Z";

    fn delivery(attempts: u32, last_error: Option<&str>) -> Delivery {
        let due: Timestamp = DUE.parse().unwrap();
        let what = NewDelivery {
            receiver: "Subscription/1".into(),
            patient: String::new(),
            outbox: 1,
            idempotency_key: "key".into(),
            changes: vec![],
            due,
        };
        let last_error = last_error.map(str::to_owned);
        Delivery { id: 1, number: 1, what, state: DeliveryState::Leased, attempts, next: due, last_error }
    }

    fn after(attempts: u32, last_error: Option<&str>, answer: &Answer, hours: u64) -> DeliveryOutcome {
        let now = later(DUE.parse().unwrap(), Duration::from_secs(hours * 3600));
        of_answer(&Policy::default(), &delivery(attempts, last_error), answer, now, &SeededEntropy::new(1))
    }

    #[test]
    fn a_failure_is_tried_again_for_three_days_and_then_dead() {
        let answer = Answer::status(503);
        assert_eq!(after(900, None, &answer, 71).state, DeliveryState::Waiting);
        assert_eq!(after(901, None, &answer, 72).state, DeliveryState::Dead);
    }

    #[test]
    fn the_third_refusal_in_a_row_is_the_last() {
        let answer = Answer::status(404);
        let first = after(40, Some("HTTP 503"), &answer, 1);
        assert_eq!((first.state, first.error.as_deref()), (DeliveryState::Waiting, Some("HTTP 404, refusal 1")));
        let second = after(41, first.error.as_deref(), &answer, 1);
        let third = after(42, second.error.as_deref(), &answer, 1);
        assert_eq!([second.state, third.state], [DeliveryState::Waiting, DeliveryState::Dead]);
    }

    #[test]
    fn a_failure_between_refusals_starts_the_count_anew() {
        let failed = after(2, Some("HTTP 404, refusal 2"), &Answer::status(500), 1);
        assert_eq!(after(3, failed.error.as_deref(), &Answer::status(404), 1).state, DeliveryState::Waiting);
    }

    #[test]
    fn a_replayed_delivery_is_given_a_new_count() {
        let replayed = after(7, Some("HTTP 404, refusal 3"), &Answer::status(404), 1);
        assert_eq!((replayed.state, replayed.error.as_deref()), (DeliveryState::Waiting, Some("HTTP 404, refusal 1")));
    }

    #[test]
    fn retry_after_is_kept_up_to_its_cap() {
        let wait = |seconds| {
            let answer = Answer::Status { code: 429, retry_after: Some(Duration::from_secs(seconds)) };
            let outcome = after(1, None, &answer, 0);
            outcome.next.duration_since(outcome.at).as_secs()
        };
        assert_eq!([wait(600), wait(1_000_000)], [600, 3600]);
    }
}
