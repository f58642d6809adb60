//! The dispatcher: outbox entries become deliveries.
//!
//! It has no input but the outbox, and says that an entry is done with in the same change that writes the entry's
//! deliveries. What it writes is a function of the entry, so two dispatchers, or one that dies and starts again, write
//! the same thing, and the store keeps one delivery for each receiver, entry and patient.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use tokio::sync::Notify;

use super::policy::Policy;
use super::ports::Receivers;
use super::{Receiver, later};
use crate::clock::SharedClock;
use crate::store::{Change, NewDelivery, OutboxEntry, Refused, Store, StoredVersion};

/// The worker between outbox and deliveries.
pub struct Dispatcher {
    store: Arc<dyn Store>,
    receivers: Arc<dyn Receivers>,
    clock: SharedClock,
    policy: Policy,
    wake: Arc<Notify>,
    deliver: Arc<Notify>,
}

impl Dispatcher {
    /// A dispatcher that is woken by `wake` (a change was committed) and itself wakes the deliverer by `deliver`.
    pub fn new(
        store: Arc<dyn Store>,
        receivers: Arc<dyn Receivers>,
        clock: SharedClock,
        policy: Policy,
        wake: Arc<Notify>,
        deliver: Arc<Notify>,
    ) -> Self {
        Self { store, receivers, clock, policy, wake, deliver }
    }

    /// Works until `stop`. Nothing is lost if it is dropped instead.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        loop {
            let dispatched = self.run_once().await.unwrap_or_else(|error| {
                tracing::warn!(%error, "dispatch failed; the outbox keeps its entries");
                0
            });
            tokio::select! {
                biased;
                () = &mut stop => return,
                () = std::future::ready(()), if dispatched > 0 => {}
                () = self.wake.notified() => {}
                () = self.clock.sleep_until(later(self.clock.now(), self.policy.idle)) => {}
            }
        }
    }

    /// Dispatches the oldest entries, [`Policy::batch`] at most, in one change. Says how many.
    ///
    /// # Errors
    /// When the store or the receivers can't be asked; nothing was written.
    pub async fn run_once(&self) -> Result<usize, Refused> {
        let entries = self.store.outbox(self.policy.batch).await?;
        if entries.is_empty() {
            return Ok(0);
        }
        let count = entries.len();
        let mut changes = Vec::with_capacity(count);
        for entry in entries {
            let versions = read_versions(self.store.as_ref(), &entry.changes).await?;
            changes.push((entry, versions));
        }
        let receivers = self.receivers.for_changes(&changes).await?;
        let mut change = Change { name: "dispatch", ..Change::default() };
        for ((entry, _), receivers) in changes.iter().zip(&receivers) {
            change.deliveries.extend(receivers.iter().filter_map(|receiver| delivery(entry, receiver)));
            change.dispatched.push(entry.id);
        }
        let has_deliveries = !change.deliveries.is_empty();
        self.store.commit(change).await?;
        if has_deliveries {
            self.deliver.notify_one();
        }
        Ok(count)
    }
}

/// The versions of a list of changes that are there, in its order.
async fn read_versions(
    store: &dyn Store,
    changes: &[(crate::fhir::ResourceKey, u64)],
) -> Result<Vec<StoredVersion>, Refused> {
    let mut versions = Vec::with_capacity(changes.len());
    for (key, version) in changes {
        versions.extend(store.read_version(key, *version).await?);
    }
    Ok(versions)
}

/// What a receiver is to be told of an entry; nothing where none of it is what it wants.
fn delivery(entry: &OutboxEntry, receiver: &Receiver) -> Option<NewDelivery> {
    let changes: Vec<_> = entry.changes.iter().filter(|(key, _)| receiver.wants.selects(key.kind)).cloned().collect();
    (!changes.is_empty()).then(|| NewDelivery {
        receiver: receiver.reference.clone(),
        patient: entry.patient.clone(),
        outbox: entry.id,
        idempotency_key: idempotency_key(entry, receiver),
        changes,
        due: entry.at,
    })
}

/// A UUID (version 8, RFC 9562) from what makes the delivery the one it is. Time and changes are part of it, so that a
/// store restored from a backup, which counts its outbox entries anew, does not use a key for something else.
fn idempotency_key(entry: &OutboxEntry, receiver: &Receiver) -> String {
    let mut hash = Sha256::new();
    for part in [receiver.reference.as_str(), &entry.patient, &entry.id.to_string(), &entry.at.to_string()] {
        hash.update(part);
        hash.update([0]);
    }
    for (key, version) in &entry.changes {
        hash.update(format!("{key}/{version}\0"));
    }
    let digest = hash.finalize();
    let high = u64::from_be_bytes(std::array::from_fn(|i| digest[i])) & !0xf000 | 0x8000;
    let low = u64::from_be_bytes(std::array::from_fn(|i| digest[i + 8])) & (u64::MAX >> 2) | 1 << 63;
    let (hex_high, hex_low) = (format!("{high:016x}"), format!("{low:016x}"));
    let ((a, rest), (d, e)) = (hex_high.split_at(8), hex_low.split_at(4));
    let (b, c) = rest.split_at(4);
    format!("{a}-{b}-{c}-{d}-{e}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use url::Url;

    use super::*;
    use crate::delivery::{Payload, Wants};
    use crate::fhir::{ResourceKey, ResourceType};

    fn entry(id: u64, at: &str) -> OutboxEntry {
        let changes = ["Patient/1", "List/1"].map(|name| (ResourceKey::parse(name).unwrap(), 1)).to_vec();
        OutboxEntry { id, patient: "Patient/1".into(), changes, at: at.parse().unwrap() }
    }

    fn receiver(reference: &str, kinds: &[&str]) -> Receiver {
        let kinds: BTreeSet<_> = kinds.iter().map(|kind| ResourceType::parse(kind).unwrap()).collect();
        Receiver {
            reference: reference.into(),
            organisation: "SE2321000016-0001".into(),
            address: Url::parse("https://ehr.example/hook").unwrap(),
            headers: vec![],
            payload: Payload::IdOnly,
            wants: Wants { topic: None, kinds },
        }
    }

    #[test]
    fn a_receiver_is_told_of_what_it_wants_and_no_more() {
        let entry = entry(1, "2026-03-02T08:00:00Z");
        let told = |kinds: &[&str]| delivery(&entry, &receiver("Subscription/1", kinds)).map(|one| one.changes.len());
        assert_eq!([told(&[]), told(&["List"]), told(&["Encounter"])], [Some(2), Some(1), None]);
    }

    #[test]
    fn a_key_is_the_same_for_the_same_delivery_and_for_no_other() {
        let key = |id, at, reference| idempotency_key(&entry(id, at), &receiver(reference, &[]));
        let this = key(1, "2026-03-02T08:00:00Z", "Subscription/1");
        assert_eq!(this, key(1, "2026-03-02T08:00:00Z", "Subscription/1"));
        assert_ne!(this, key(2, "2026-03-02T08:00:00Z", "Subscription/1"));
        assert_ne!(this, key(1, "2026-03-02T08:00:01Z", "Subscription/1"), "a restored store counts anew");
        assert_ne!(this, key(1, "2026-03-02T08:00:00Z", "Subscription/2"));
    }

    #[test]
    fn a_key_is_a_uuid_of_version_8() {
        let key = idempotency_key(&entry(1, "2026-03-02T08:00:00Z"), &receiver("Subscription/1", &[]));
        let lengths: Vec<_> = key.split('-').map(str::len).collect();
        assert_eq!((lengths, &key[14..15]), (vec![8, 4, 4, 4, 12], "8"));
        assert!(matches!(&key[19..20], "8" | "9" | "a" | "b"), "{key}");
    }
}
