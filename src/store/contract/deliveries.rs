//! At least once, in order for each receiver and patient, one at a time.

use std::collections::BTreeSet;

use futures_util::future::join_all;

use super::Engine;
use super::builders::{at, change, draft, key, put};
use crate::store::{Change, Delivery, DeliveryOutcome, DeliveryState, NewDelivery, Store};

fn delivery(receiver: &str, patient: &str, outbox: u64) -> NewDelivery {
    NewDelivery {
        receiver: format!("Subscription/{receiver}"),
        patient: patient.into(),
        outbox,
        idempotency_key: format!("{receiver}-{outbox}-{patient}"),
        changes: vec![(key("List/1"), outbox)],
        due: at(0),
    }
}

async fn deliver(store: &impl Store, deliveries: Vec<NewDelivery>) {
    store.commit(Change { deliveries, ..change([]) }).await.unwrap();
}

/// Leases at a second, for ten seconds.
async fn lease(store: &impl Store, second: i64) -> Vec<Delivery> {
    store.lease(at(second), at(second + 10), 100, 100).await.unwrap()
}

async fn report(store: &impl Store, leased: &Delivery, state: DeliveryState, second: i64) {
    let outcome = DeliveryOutcome {
        id: leased.id,
        attempt: leased.attempts,
        state,
        next: at(second + 60),
        error: (state != DeliveryState::Delivered).then(|| "503".into()),
        at: at(second),
    };
    store.commit(Change { delivery_outcomes: vec![outcome], ..change([]) }).await.unwrap();
}

fn outboxes(leased: &[Delivery]) -> Vec<u64> {
    leased.iter().map(|delivery| delivery.what.outbox).collect()
}

pub(in crate::store) async fn versions_leave_an_outbox_entry_for_each_patient(engine: &impl Engine) {
    let store = engine.open().await;
    let shared = draft("List/1", 1).about("Patient/1").about("Patient/2").updated(at(7));

    put(&store, [shared, draft("Patient/1", 1), draft("Organization/1", 1)]).await;

    let entries = store.outbox(10).await.unwrap();
    let told: Vec<_> = entries.iter().map(|entry| (entry.patient.as_str(), entry.changes.clone(), entry.at)).collect();
    let (list, patient) = ((key("List/1"), 1), (key("Patient/1"), 1));
    let expected = [
        ("", vec![(key("Organization/1"), 1)], at(7)),
        ("Patient/1", vec![list.clone(), patient], at(7)),
        ("Patient/2", vec![list], at(7)),
    ];
    assert_eq!(told, expected);
}

pub(in crate::store) async fn a_bulk_load_leaves_none(engine: &impl Engine) {
    let store = engine.open().await;

    store.commit(Change { notify: false, ..change([draft("List/1", 1)]) }).await.unwrap();

    assert!(store.outbox(10).await.unwrap().is_empty());
}

pub(in crate::store) async fn dispatching_twice_delivers_once(engine: &impl Engine) {
    let store = engine.open().await;
    put(&store, [draft("Patient/1", 1)]).await;
    let outbox = store.outbox(1).await.unwrap()[0].id;
    let deliveries = vec![delivery("a", "Patient/1", outbox), delivery("b", "Patient/1", outbox)];
    let dispatch = || Change { deliveries: deliveries.clone(), dispatched: vec![outbox], ..change([]) };

    store.commit(dispatch()).await.unwrap();
    store.commit(dispatch()).await.unwrap();

    assert!(store.outbox(10).await.unwrap().is_empty());
    let listed = store.deliveries(None, None, 10).await.unwrap();
    let what: Vec<NewDelivery> = listed.into_iter().rev().map(|delivery| delivery.what).collect();
    assert_eq!(what, deliveries);
}

pub(in crate::store) async fn a_lane_gives_one_delivery_at_a_time_in_order(engine: &impl Engine) {
    let store = engine.open().await;
    let lanes = [("a", "Patient/1", 1), ("a", "Patient/1", 2), ("a", "Patient/2", 3), ("b", "Patient/1", 4)];
    deliver(&store, lanes.map(|(receiver, patient, outbox)| delivery(receiver, patient, outbox)).into()).await;

    let first = lease(&store, 0).await;
    assert_eq!(outboxes(&first), [1, 3, 4]);
    assert!(first.iter().all(|leased| (leased.state, leased.attempts) == (DeliveryState::Leased, 1)));
    assert!(lease(&store, 1).await.is_empty());
    report(&store, &first[0], DeliveryState::Delivered, 2).await;

    assert_eq!(outboxes(&lease(&store, 3).await), [2]);
    let delivered = store.deliveries(Some("Subscription/a"), Some(DeliveryState::Delivered), 10).await.unwrap();
    assert_eq!(outboxes(&delivered), [1]);
}

pub(in crate::store) async fn a_lease_that_ran_out_is_due_again(engine: &impl Engine) {
    let store = engine.open().await;
    deliver(&store, vec![delivery("a", "Patient/1", 1)]).await;
    lease(&store, 0).await;

    assert_eq!(store.next_due().await, Ok(Some(at(10))));
    assert!(lease(&store, 9).await.is_empty());
    let again = lease(&store, 10).await;

    assert_eq!((again[0].attempts, again[0].next), (2, at(20)));
}

pub(in crate::store) async fn a_late_report_is_ignored(engine: &impl Engine) {
    let store = engine.open().await;
    deliver(&store, vec![delivery("a", "Patient/1", 1)]).await;
    let slow = lease(&store, 0).await;
    let quick = lease(&store, 10).await;

    report(&store, &slow[0], DeliveryState::Dead, 11).await;
    assert_eq!(store.deliveries(None, None, 1).await.unwrap()[0].state, DeliveryState::Leased);
    report(&store, &quick[0], DeliveryState::Delivered, 12).await;
    report(&store, &quick[0], DeliveryState::Waiting, 13).await;

    assert_eq!(store.deliveries(None, None, 1).await.unwrap()[0].state, DeliveryState::Delivered);
    assert_eq!(store.next_due().await, Ok(None));
}

pub(in crate::store) async fn a_receiver_gets_no_more_than_its_share(engine: &impl Engine) {
    let store = engine.open().await;
    let slow = (1..=5).map(|number| delivery("slow", &format!("Patient/{number}"), number));
    deliver(&store, slow.chain([delivery("quick", "Patient/1", 6)]).collect()).await;

    let first = store.lease(at(0), at(10), 10, 2).await.unwrap();
    let second = store.lease(at(1), at(11), 10, 2).await.unwrap();
    let third = store.lease(at(10), at(20), 1, 2).await.unwrap();

    assert_eq!((outboxes(&first), outboxes(&second), third.len()), (vec![1, 2, 6], vec![], 1));
}

pub(in crate::store) async fn a_delivery_that_waits_holds_its_lane(engine: &impl Engine) {
    let store = engine.open().await;
    deliver(&store, vec![delivery("a", "Patient/1", 1), delivery("a", "Patient/1", 2)]).await;
    let leased = lease(&store, 0).await;

    report(&store, &leased[0], DeliveryState::Waiting, 1).await;

    assert_eq!(store.next_due().await, Ok(Some(at(61))));
    assert!(lease(&store, 60).await.is_empty());
    let waiting = &store.deliveries(None, Some(DeliveryState::Waiting), 10).await.unwrap()[1];
    assert_eq!((waiting.last_error.as_deref(), waiting.attempts), (Some("503"), 1));
    assert_eq!(outboxes(&lease(&store, 61).await), [1]);
}

pub(in crate::store) async fn a_dead_delivery_frees_its_lane_and_can_be_replayed(engine: &impl Engine) {
    let store = engine.open().await;
    deliver(&store, vec![delivery("a", "Patient/1", 1), delivery("a", "Patient/1", 2)]).await;
    let first = lease(&store, 0).await;
    report(&store, &first[0], DeliveryState::Dead, 1).await;
    let second = lease(&store, 2).await;
    assert_eq!(outboxes(&second), [2]);
    report(&store, &second[0], DeliveryState::Delivered, 3).await;

    assert_eq!(store.replay(first[0].id, at(5)).await, Ok(true));
    assert_eq!(store.replay(second[0].id, at(5)).await, Ok(false));
    assert_eq!(store.replay(u64::MAX, at(5)).await, Ok(false));

    let again = lease(&store, 5).await;
    assert_eq!((outboxes(&again), again[0].attempts), (vec![1], 2));
}

pub(in crate::store) async fn a_withheld_delivery_can_be_replayed(engine: &impl Engine) {
    let store = engine.open().await;
    deliver(&store, vec![delivery("a", "Patient/1", 1)]).await;
    let leased = lease(&store, 0).await;
    report(&store, &leased[0], DeliveryState::Withheld, 1).await;
    assert!(lease(&store, 2).await.is_empty());

    assert_eq!(store.replay(leased[0].id, at(3)).await, Ok(true));
    assert_eq!(store.replay(leased[0].id, at(3)).await, Ok(false), "it waits already");

    let again = lease(&store, 3).await;
    assert_eq!((outboxes(&again), again[0].attempts), (vec![1], 2));
}

pub(in crate::store) async fn a_replayed_delivery_waits_for_the_one_under_way(engine: &impl Engine) {
    let store = engine.open().await;
    deliver(&store, vec![delivery("a", "Patient/1", 1), delivery("a", "Patient/1", 2)]).await;
    let first = lease(&store, 0).await;
    report(&store, &first[0], DeliveryState::Dead, 1).await;
    let second = lease(&store, 2).await;

    store.replay(first[0].id, at(3)).await.unwrap();
    assert!(lease(&store, 4).await.is_empty());
    report(&store, &second[0], DeliveryState::Delivered, 5).await;

    assert_eq!(outboxes(&lease(&store, 6).await), [1]);
}

pub(in crate::store) async fn concurrent_workers_never_share_a_lane(engine: &impl Engine) {
    let store = engine.open().await;
    let all = (0..40).map(|number| delivery("a", &format!("Patient/{}", number % 10), number)).collect();
    deliver(&store, all).await;

    let leased = join_all((0..8).map(|_| store.lease(at(0), at(10), 3, 100))).await;

    let lanes: Vec<String> =
        leased.into_iter().flat_map(Result::unwrap).map(|delivery| delivery.what.patient).collect();
    assert_eq!(lanes.len(), 10);
    assert_eq!(lanes.iter().collect::<BTreeSet<_>>().len(), 10);
}

pub(in crate::store) async fn deliveries_are_numbered_for_each_receiver_without_gaps(engine: &impl Engine) {
    let store = engine.open().await;
    deliver(&store, vec![delivery("a", "Patient/1", 1), delivery("b", "Patient/1", 1)]).await;
    // One of these is there already and takes no number.
    deliver(&store, vec![delivery("a", "Patient/1", 1), delivery("a", "Patient/2", 1), delivery("b", "Patient/1", 2)])
        .await;

    let listed = store.deliveries(None, None, 10).await.unwrap();

    let numbers: Vec<(&str, u64)> =
        listed.iter().rev().map(|delivery| (delivery.what.receiver.as_str(), delivery.number)).collect();
    let (a, b) = ("Subscription/a", "Subscription/b");
    assert_eq!(numbers, [(a, 1), (b, 1), (a, 2), (b, 2)]);
}

pub(in crate::store) async fn the_queue_is_counted(engine: &impl Engine) {
    let store = engine.open().await;
    put(&store, [draft("Patient/1", 1)]).await;
    deliver(&store, (1..=3).map(|outbox| delivery("a", &format!("Patient/{outbox}"), outbox)).collect()).await;
    let leased = lease(&store, 0).await;
    report(&store, &leased[0], DeliveryState::Dead, 1).await;

    let counted = store.queue_state().await.unwrap();

    let receiver = || "Subscription/a".to_owned();
    assert_eq!((counted.outbox, counted.marked), (1, 0));
    assert_eq!(counted.deliveries, [(receiver(), DeliveryState::Leased, 2), (receiver(), DeliveryState::Dead, 1)]);
}
