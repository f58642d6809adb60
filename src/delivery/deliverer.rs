//! The deliverer: leases what is due and makes the attempts.
//!
//! A lease is a promise with an end: whoever holds it makes one attempt, and if it dies, the delivery is due again when
//! the lease runs out. No transaction is held over the call. The store leases at most one delivery of a lane, which
//! keeps the order for each receiver and patient; [`super::breaker`] keeps receivers out of each other's way.

mod attempt;

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::task::{JoinError, JoinSet};

use super::breaker::{Breakers, Pass};
use super::client::Courier;
use super::policy::Policy;
use super::ports::{DisclosureLog, Permission, Receivers};
use super::{later, outcome};
use crate::clock::SharedClock;
use crate::entropy::SharedEntropy;
use crate::store::{Change, Delivery, Refused, Store};

/// What a deliverer works with.
pub struct Parts {
    /// Where deliveries stand.
    pub store: Arc<dyn Store>,
    /// Who the receivers are now.
    pub receivers: Arc<dyn Receivers>,
    /// Whether it may be sent.
    pub permission: Arc<dyn Permission>,
    /// How disclosures are written down.
    pub log: Arc<dyn DisclosureLog>,
    /// Who carries it.
    pub courier: Courier,
    /// The time.
    pub clock: SharedClock,
    /// For jitter and request ids.
    pub entropy: SharedEntropy,
    /// All numbers.
    pub policy: Policy,
    /// This gateway's FHIR base, without a slash at its end.
    pub base: String,
    /// Wakes the deliverer: there are new deliveries.
    pub wake: Arc<Notify>,
}

/// The worker between deliveries and receivers.
pub struct Deliverer {
    parts: Parts,
    breakers: Arc<Breakers>,
}

impl Deliverer {
    /// A deliverer that knows nothing yet of how its receivers are.
    pub fn new(parts: Parts) -> Arc<Self> {
        Arc::new(Self { parts, breakers: Arc::default() })
    }

    /// Works until `stop`; then it leases no more, and returns when the attempts under way have ended (each is bounded
    /// by [`Policy::timeout`]). Nothing is lost if it is dropped instead: leases run out.
    pub async fn run(self: Arc<Self>, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        let mut under_way = JoinSet::new();
        loop {
            while let Some(ended) = under_way.try_join_next() {
                mourn(ended);
            }
            let free = self.parts.policy.parallel.saturating_sub(under_way.len());
            let looked = self.parts.clock.now();
            let is_more = self.start(&mut under_way, free).await > 0;
            let look_again = self.look_again_at(looked).await;
            tokio::select! {
                biased;
                () = &mut stop => break,
                () = std::future::ready(()), if is_more => {}
                Some(ended) = under_way.join_next() => mourn(ended),
                () = self.parts.wake.notified() => {}
                () = self.parts.clock.sleep_until(look_again) => {}
            }
        }
        finish(under_way).await;
    }

    /// Leases what is due now, once, and returns when all of it has been tried. Says how many were leased.
    pub async fn run_once(self: &Arc<Self>) -> usize {
        let mut under_way = JoinSet::new();
        let taken = self.start(&mut under_way, self.parts.policy.parallel).await;
        finish(under_way).await;
        taken
    }

    async fn start(self: &Arc<Self>, under_way: &mut JoinSet<()>, free: usize) -> usize {
        match self.lease(free).await {
            Ok(leased) => {
                let taken = leased.len();
                for (delivery, pass) in self.admit(leased).await {
                    let this = Arc::clone(self);
                    under_way.spawn(async move { this.attempt(delivery, pass).await });
                }
                taken
            }
            Err(error) => {
                tracing::warn!(%error, "no delivery could be leased");
                0
            }
        }
    }

    async fn lease(&self, free: usize) -> Result<Vec<Delivery>, Refused> {
        if free == 0 {
            return Ok(Vec::new());
        }
        let (now, policy) = (self.parts.clock.now(), &self.parts.policy);
        let count = u32::try_from(free).unwrap_or(u32::MAX);
        self.parts.store.lease(now, later(now, policy.lease), count, policy.per_receiver).await
    }

    /// Puts back, in one change, what its receiver has no place for now; the rest may go.
    async fn admit(&self, leased: Vec<Delivery>) -> Vec<(Delivery, Pass)> {
        let now = self.parts.clock.now();
        let mut admitted = Vec::with_capacity(leased.len());
        let mut change = Change { name: "postpone deliveries", ..Change::default() };
        for delivery in leased {
            match self.breakers.admit(&self.parts.policy, &delivery.what.receiver, now) {
                Ok(pass) => admitted.push((delivery, pass)),
                Err(until) => change.delivery_outcomes.push(outcome::postponed(&delivery, until, now)),
            }
        }
        if !change.delivery_outcomes.is_empty() {
            self.commit_or_leave(change).await;
        }
        admitted
    }

    /// When to look for work again if nobody wakes us: when the next delivery is due, and at least now and then.
    ///
    /// What was due when we `looked` and yet was not leased finds its receiver's places taken. The end of an attempt
    /// wakes us; until then looking again finds the same, so we rest as long as a delivery that is put back does.
    async fn look_again_at(&self, looked: Timestamp) -> Timestamp {
        let policy = &self.parts.policy;
        let latest = later(looked, policy.idle);
        match self.parts.store.next_due().await {
            Ok(Some(due)) if due <= looked => later(looked, policy.busy_pause).min(latest),
            Ok(Some(due)) => due.min(latest),
            Ok(None) | Err(_) => latest,
        }
    }

    /// A report that can't be written is left: the lease runs out and the delivery is tried again under the same key.
    async fn commit_or_leave(&self, change: Change) {
        let name = change.name;
        if let Err(error) = self.parts.store.commit(change).await {
            tracing::warn!(%error, change = name, "a report was not written; the lease will run out");
        }
    }
}

async fn finish(mut under_way: JoinSet<()>) {
    while let Some(ended) = under_way.join_next().await {
        mourn(ended);
    }
}

/// An attempt that panicked has reported nothing; its lease runs out like that of a dead process.
fn mourn(ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!(panicked = error.is_panic(), "a delivery attempt ended without a report");
    }
}
