//! Delivery: what changed is brought to those who must have it, surely and in order.
//!
//! Two workers, both reading state and nothing else, so that either may die at any point and be started again:
//!
//! 1. the [`Dispatcher`] turns outbox entries into deliveries, one for each receiver, in one change;
//! 2. the [`Deliverer`] leases deliveries, asks for permission *again* (a block may have come), opens the audit entry,
//!    POSTs the [`notification`], and records how it went.
//!
//! | dies | what follows |
//! |---|---|
//! | before the dispatcher's commit | nothing was written; the entry is read again |
//! | after a lease, before the first byte | the lease runs out; the delivery is due again |
//! | after the first byte, before the report | sent once more, under the same `Idempotency-Key`; the audit entry stays open and is swept |
//! | a worker that is late | its report names an attempt that is no longer the newest; the store ignores it |
//!
//! So: at least once, in order for each receiver and patient (the store's lanes), and once for a receiver that keeps
//! the idempotency keys that it has seen. What is sent is the newest version (see [`contents`]), as far as the receiver
//! may have it. A slow receiver hurts nobody else: see [`breaker`].
//!
//! Notifications are those of the R5 Subscriptions Backport 1.1 for R4
//! (<https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/>), rest-hook channel.

pub mod answer;
pub mod backoff;
pub mod breaker;
pub mod client;
pub mod contents;
pub mod deliverer;
pub mod dispatcher;
pub mod guard;
pub mod notification;
pub mod outcome;
pub mod policy;
pub mod ports;
pub mod receive;
pub mod receiver;

pub use backoff::Backoff;
pub use client::Courier;
pub use deliverer::{Deliverer, Parts};
pub use dispatcher::Dispatcher;
pub use guard::Guard;
pub use policy::Policy;
pub use ports::{DisclosureLog, Permission, Permitted, Receivers, Withheld};
pub use receiver::{Payload, Receiver, Wants};

use std::time::Duration;

use jiff::Timestamp;

/// `at` plus `by`, or the last instant there is.
fn later(at: Timestamp, by: Duration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
