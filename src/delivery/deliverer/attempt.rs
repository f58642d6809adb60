//! One attempt of one leased delivery, as a page of steps.

use jiff::Timestamp;

use super::Deliverer;
use crate::delivery::answer::{Answer, Class, Silence};
use crate::delivery::breaker::Pass;
use crate::delivery::client::Parcel;
use crate::delivery::ports::{Disclosure, Permitted, Withheld};
use crate::delivery::{contents, later, outcome};
use crate::store::{AuditRow, Change, Delivery, DeliveryOutcome, DeliveryState, Refused};

impl Deliverer {
    /// Makes the attempt. Whatever fails on our own side leaves the lease to run out, and the receiver untouched.
    pub(super) async fn attempt(&self, delivery: Delivery, pass: Pass) {
        if let Err(error) = self.try_attempt(&delivery, pass).await {
            tracing::warn!(%error, delivery = delivery.id, "an attempt was not made; the lease will run out");
        }
    }

    async fn try_attempt(&self, delivery: &Delivery, pass: Pass) -> Result<(), Refused> {
        let Some(receiver) = self.parts.receivers.receiver(&delivery.what.receiver).await? else {
            self.withhold(delivery, &Withheld::Denied("the receiver is gone")).await;
            return Ok(());
        };
        let contents = contents::read(self.parts.store.as_ref(), &delivery.what.changes).await?;
        let permitted = match Permitted::ask(self.parts.permission.as_ref(), &receiver, contents).await {
            Ok(permitted) => permitted,
            Err(why) => {
                self.withhold(delivery, &why).await;
                return Ok(());
            }
        };
        let request_id = self.parts.entropy.uuid();
        let parcel = Parcel::notification(&permitted, &self.parts.base, delivery, &request_id);
        let (versions, at) = (permitted.versions(), self.parts.clock.now());
        let disclosure = Disclosure { receiver: &receiver, delivery, versions, request_id: &request_id, at };
        let opened = self.open(disclosure).await?;
        let answer = self.send(disclosure, parcel).await;
        self.report(disclosure, &opened, &answer).await;
        self.tell(pass, &answer);
        Ok(())
    }

    async fn withhold(&self, delivery: &Delivery, why: &Withheld) {
        let outcome = outcome::of_withheld(&self.parts.policy, delivery, why, self.parts.clock.now());
        note(delivery, &outcome);
        self.commit_or_leave(Change {
            name: "withhold delivery",
            delivery_outcomes: vec![outcome],
            ..Change::default()
        })
        .await;
    }

    /// Nothing is sent before this is on disk.
    async fn open(&self, disclosure: Disclosure<'_>) -> Result<AuditRow, Refused> {
        let row = self.parts.log.open(disclosure);
        let change = Change { name: "open disclosure", audit: vec![row.clone()], ..Change::default() };
        self.parts.store.commit(change).await?;
        Ok(row)
    }

    async fn send(&self, disclosure: Disclosure<'_>, parcel: Parcel<'_>) -> Answer {
        let deadline = later(disclosure.at, self.parts.policy.timeout).min(disclosure.delivery.next);
        if self.parts.clock.now() >= deadline {
            return Answer::Silence(Silence::Timeout);
        }
        tokio::select! {
            biased;
            answer = self.parts.courier.post(parcel, disclosure.at) => answer,
            () = self.parts.clock.sleep_until(deadline) => Answer::Silence(Silence::Timeout),
        }
    }

    /// Outcome and end of the audit entry in one change.
    async fn report(&self, disclosure: Disclosure<'_>, opened: &AuditRow, answer: &Answer) {
        let (now, delivery) = (self.parts.clock.now(), disclosure.delivery);
        let outcome = outcome::of_answer(&self.parts.policy, delivery, answer, now, self.parts.entropy.as_ref());
        note(delivery, &outcome);
        let entry = self.parts.log.close(opened, disclosure, answer, now);
        self.commit_or_leave(Change {
            name: "report delivery",
            audit_closed: vec![(opened.id.clone(), now, entry)],
            delivery_outcomes: vec![outcome],
            ..Change::default()
        })
        .await;
    }

    fn tell(&self, pass: Pass, answer: &Answer) {
        match answer.class() {
            Class::Failed => pass.failed(&self.parts.policy, self.parts.clock.now(), self.parts.entropy.as_ref()),
            Class::Accepted | Class::Refused => pass.answered(),
        }
    }
}

/// One line and the counters. The receiver is named by its resource; the patient is not named.
fn note(delivery: &Delivery, outcome: &DeliveryOutcome) {
    let word = match outcome.state {
        DeliveryState::Delivered => "delivered",
        DeliveryState::Withheld => "withheld",
        DeliveryState::Dead => "dead",
        DeliveryState::Waiting | DeliveryState::Leased => "failed",
    };
    metrics::counter!("vardbro_delivery_attempts_total", "outcome" => word).increment(1);
    if outcome.state == DeliveryState::Delivered {
        metrics::histogram!("vardbro_delivery_lag_seconds").record(lag(delivery, outcome.at));
    }
    tracing::info!(
        delivery = delivery.id,
        receiver = %delivery.what.receiver,
        attempt = delivery.attempts,
        error = outcome.error.as_deref(),
        "delivery {} {word}",
        delivery.id
    );
}

fn lag(delivery: &Delivery, at: Timestamp) -> f64 {
    at.duration_since(delivery.what.due).as_secs_f64()
}
