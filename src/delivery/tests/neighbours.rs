//! A receiver that misbehaves hurts nobody else.

use std::time::Duration;

use super::gateway::{Gateway, HOUR};
use super::hook::{Act, Hook};
use crate::store::DeliveryState::Delivered;

#[tokio::test]
async fn a_receiver_that_hangs_does_not_slow_another() {
    let (gateway, hanging, good) = (Gateway::start(), Hook::open().await, Hook::open().await);
    gateway.subscribe("Subscription/1", &hanging);
    gateway.subscribe("Subscription/2", &good);
    hanging.always(Act::Hang);
    for n in 0..100 {
        gateway.changed(&format!("Patient/{n}"), &format!("List/{n}"), 1).await;
    }
    gateway.dispatch().await;
    let worker = tokio::spawn(gateway.deliverer.clone().run(std::future::pending()));
    // The clock stands still: whoever waited for the hanging one's timeout would wait for ever.
    tokio::time::timeout(Duration::from_secs(30), good.has_taken(100)).await.expect("the good one has everything");
    worker.abort();
    assert!(hanging.requests().len() <= 4, "it holds its own places and no more");
}

#[tokio::test]
async fn a_worker_whose_receiver_has_no_place_left_rests() {
    let (gateway, hanging) = (Gateway::start(), Hook::open().await);
    gateway.subscribe("Subscription/1", &hanging);
    hanging.always(Act::Hang);
    for n in 0..10 {
        gateway.changed(&format!("Patient/{n}"), &format!("List/{n}"), 1).await;
    }
    gateway.dispatch().await;
    let worker = tokio::spawn(gateway.deliverer.clone().run(std::future::pending()));
    hanging.has_taken(4).await;
    for _ in 0..50 {
        tokio::time::sleep(Duration::from_millis(2)).await;
        gateway.clock.advance(Duration::from_millis(100));
    }
    let looks = gateway.store.looks();
    worker.abort();
    // Two when it starts, two when it is woken, two when it finds no more, and two in each second that passed.
    assert!((4..=16).contains(&looks), "{looks} looks in five seconds");
}

#[tokio::test]
async fn a_dead_receiver_is_asked_by_one_probe_at_a_time() {
    let (gateway, hook) = (Gateway::start(), Hook::open().await);
    gateway.subscribe("Subscription/1", &hook);
    hook.always(Act::Status(503));
    for n in 0..50 {
        gateway.changed(&format!("Patient/{n}"), &format!("List/{n}"), 1).await;
    }
    gateway.pass(HOUR).await;
    let asked = hook.requests().len();
    assert!((10..80).contains(&asked), "{asked} requests in an hour, for 50 patients");
    hook.always(Act::Status(200));
    gateway.pass(HOUR).await;
    assert!(gateway.store.states().await.iter().all(|state| *state == Delivered));
}

#[tokio::test]
async fn a_change_rings_through_to_its_receiver_without_any_timer() {
    let (gateway, hook) = (Gateway::start(), Hook::open().await);
    gateway.subscribe("Subscription/1", &hook);
    let dispatcher = gateway.dispatcher.clone();
    let deliverer = gateway.deliverer.clone();
    tokio::spawn(async move { dispatcher.run(std::future::pending()).await });
    tokio::spawn(deliverer.run(std::future::pending()));
    for version in 1..=3 {
        gateway.changed("Patient/1", "List/1", version).await;
        gateway.bell.notify_one();
        // The clock stands still, so no timer fires.
        let told = hook.has_taken(usize::try_from(version).unwrap());
        tokio::time::timeout(Duration::from_secs(30), told).await.expect("the receiver is told");
    }
}

#[tokio::test]
async fn a_worker_that_is_told_to_stop_ends_what_is_under_way() {
    let (gateway, hook) = (Gateway::start(), Hook::open().await);
    gateway.subscribe("Subscription/1", &hook);
    gateway.changed("Patient/1", "List/1", 1).await;
    gateway.dispatch().await;
    let hook_taken = hook.clone();
    gateway.deliverer.clone().run(async move { hook_taken.has_taken(1).await }).await;
    assert_eq!(gateway.store.states().await, [Delivered]);
}
