//! How a slow or dead receiver is kept from slowing others: places for each receiver, and a circuit breaker.
//!
//! A receiver has [`Policy::per_receiver`] places, so that one that hangs holds no more of the gateway than those. After
//! [`Policy::open_after`] failures in a row its circuit is open: it has one place, for a probe, and probes come with
//! backoff. The first answer closes the circuit, whatever it says.
//!
//! The state is in memory: a gateway that starts learns again within a few attempts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::later;
use super::policy::Policy;
use crate::entropy::Entropy;

/// The circuits of all receivers that have something under way or have failed last.
#[derive(Debug, Default)]
pub struct Breakers {
    circuits: Mutex<HashMap<String, Circuit>>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Circuit {
    under_way: u32,
    failures: u32,
    probe_from: Option<Timestamp>,
}

/// A place at a receiver. Dropped, it is free again.
#[derive(Debug)]
pub struct Pass {
    breakers: Arc<Breakers>,
    receiver: String,
}

impl Breakers {
    /// Takes a place at a receiver.
    ///
    /// # Errors
    /// When to ask again: its places are taken, or its circuit is open and the next probe not due.
    pub fn admit(self: &Arc<Self>, policy: &Policy, receiver: &str, now: Timestamp) -> Result<Pass, Timestamp> {
        let mut circuits = self.lock();
        let known = circuits.get(receiver).copied().unwrap_or_default();
        let is_open = known.failures >= policy.open_after;
        let places = if is_open { 1 } else { policy.per_receiver };
        if known.under_way >= places {
            return Err(later(now, policy.busy_pause));
        }
        match known.probe_from {
            Some(from) if is_open && now < from => Err(from),
            _ => {
                circuits.entry(receiver.to_owned()).or_default().under_way += 1;
                Ok(Pass { breakers: Arc::clone(self), receiver: receiver.to_owned() })
            }
        }
    }

    /// Whether a receiver is asked by probes alone.
    pub fn is_open(&self, policy: &Policy, receiver: &str) -> bool {
        self.lock().get(receiver).is_some_and(|circuit| circuit.failures >= policy.open_after)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Circuit>> {
        // Every change below is a single assignment, so a poisoned map is whole.
        self.circuits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass {
    /// The receiver answered: its circuit is closed.
    pub fn answered(self) {
        self.change(|circuit| (circuit.failures, circuit.probe_from) = (0, None));
    }

    /// It failed: one failure more.
    pub fn failed(self, policy: &Policy, now: Timestamp, entropy: &dyn Entropy) {
        self.change(|circuit| {
            circuit.failures = circuit.failures.saturating_add(1);
            let beyond = circuit.failures.saturating_sub(policy.open_after) + 1;
            circuit.probe_from = Some(later(now, policy.backoff.wait(beyond, entropy)));
        });
    }

    fn change(&self, with: impl FnOnce(&mut Circuit)) {
        if let Some(circuit) = self.breakers.lock().get_mut(&self.receiver) {
            with(circuit);
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut circuits = self.breakers.lock();
        if let Some(circuit) = circuits.get_mut(&self.receiver) {
            circuit.under_way = circuit.under_way.saturating_sub(1);
            if circuit.under_way == 0 && circuit.failures == 0 {
                circuits.remove(&self.receiver);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::entropy::SeededEntropy;

    fn now() -> Timestamp {
        "2026-03-02T08:00:00Z".parse().unwrap()
    }

    fn opened(policy: &Policy) -> Arc<Breakers> {
        let breakers = Arc::new(Breakers::default());
        for _ in 0..policy.open_after {
            let pass = breakers.admit(policy, "Subscription/1", now()).unwrap();
            pass.failed(policy, now(), &SeededEntropy::new(1));
        }
        breakers
    }

    #[test]
    fn a_receiver_has_so_many_places_and_others_have_their_own() {
        let (policy, breakers) = (Policy::default(), Arc::new(Breakers::default()));
        let held: Vec<_> = (0..4).map(|_| breakers.admit(&policy, "Subscription/1", now()).unwrap()).collect();
        assert!(breakers.admit(&policy, "Subscription/1", now()).is_err());
        assert!(breakers.admit(&policy, "Subscription/2", now()).is_ok());
        drop(held);
        assert!(breakers.admit(&policy, "Subscription/1", now()).is_ok());
    }

    #[test]
    fn after_failures_in_a_row_one_probe_at_a_time_is_let_through() {
        let policy = Policy::default();
        let breakers = opened(&policy);
        assert!(breakers.is_open(&policy, "Subscription/1"));
        let probe_time = later(now(), Duration::from_secs(1));
        let probe = breakers.admit(&policy, "Subscription/1", probe_time).unwrap();
        assert!(breakers.admit(&policy, "Subscription/1", probe_time).is_err());
        drop(probe);
        assert!(breakers.admit(&policy, "Subscription/1", probe_time).is_ok());
    }

    #[test]
    fn a_probe_that_fails_puts_the_next_one_off() {
        let policy = Policy::default();
        let breakers = opened(&policy);
        let probe_time = later(now(), Duration::from_secs(1));
        let probe = breakers.admit(&policy, "Subscription/1", probe_time).unwrap();
        probe.failed(&policy, probe_time, &SeededEntropy::new(2));
        let next = breakers.admit(&policy, "Subscription/1", probe_time).unwrap_err();
        assert!(next > probe_time && next <= later(probe_time, Duration::from_secs(2)));
    }

    #[test]
    fn an_answer_closes_the_circuit_and_leaves_nothing_behind() {
        let policy = Policy::default();
        let breakers = opened(&policy);
        breakers.admit(&policy, "Subscription/1", later(now(), Duration::from_secs(1))).unwrap().answered();
        assert!(!breakers.is_open(&policy, "Subscription/1"));
        assert!(breakers.lock().is_empty());
    }
}
