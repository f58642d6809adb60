//! Every change reaches every receiver, and a receiver that keeps keys takes it once.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Notify;
use url::Url;

use super::gateway::{Gateway, HOUR};
use super::hook::{Act, Hook};
use crate::clock::SystemClock;
use crate::delivery::receive;
use crate::store::DeliveryState::{Delivered, Leased};

#[tokio::test]
async fn a_change_is_told_once_with_its_key_and_its_text() {
    let (gateway, hook) = (Gateway::start(), Hook::open().await);
    gateway.subscribe("Subscription/1", &hook);
    gateway.changed("Patient/1", "List/1", 1).await;
    gateway.pass(HOUR).await;
    let requests = hook.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].header("content-type"), Some("application/fhir+json"));
    assert_eq!(requests[0].header("authorization"), Some("Bearer secret"));
    assert_eq!(requests[0].key(), gateway.store.all().await[0].what.idempotency_key);
    assert_eq!(requests[0].told(), ["List/1 W/\"1\""]);
    assert_eq!(requests[0].body["entry"][1]["resource"]["meta"]["versionId"], "1");
}

#[tokio::test]
async fn events_are_numbered_for_each_receiver_without_gaps() {
    let (gateway, first, second) = (Gateway::start(), Hook::open().await, Hook::open().await);
    gateway.subscribe("Subscription/1", &first);
    gateway.changed("Patient/1", "List/1", 1).await;
    gateway.pass(HOUR).await;
    gateway.subscribe("Subscription/2", &second);
    gateway.changed("Patient/1", "List/1", 2).await;
    gateway.pass(HOUR).await;
    let number = |hook: &Hook, request: usize| {
        hook.requests()[request].body["entry"][0]["resource"]["parameter"][3]["valueString"].clone()
    };
    assert_eq!([number(&first, 0), number(&first, 1), number(&second, 0)], ["1", "2", "1"]);
}

#[tokio::test]
async fn an_entry_that_is_dispatched_twice_is_delivered_once() {
    let (gateway, hook) = (Gateway::start(), Hook::open().await);
    gateway.subscribe("Subscription/1", &hook);
    gateway.changed("Patient/1", "List/1", 1).await;
    gateway.store.keep_outbox(true);
    gateway.dispatcher.run_once().await.unwrap();
    gateway.store.keep_outbox(false);
    gateway.pass(HOUR).await;
    assert_eq!((hook.requests().len(), gateway.store.states().await), (1, vec![Delivered]));
}

#[tokio::test]
async fn a_dispatch_that_is_not_committed_is_done_again() {
    let (gateway, hook) = (Gateway::start(), Hook::open().await);
    gateway.subscribe("Subscription/1", &hook);
    gateway.changed("Patient/1", "List/1", 1).await;
    gateway.store.refuse("dispatch");
    assert!(gateway.dispatcher.run_once().await.is_err());
    gateway.store.accept("dispatch");
    gateway.pass(HOUR).await;
    assert_eq!(gateway.store.states().await, [Delivered]);
}

#[tokio::test]
async fn a_report_that_is_lost_repeats_the_delivery_under_its_key() {
    let (gateway, hook) = (Gateway::start(), Hook::open().await);
    gateway.subscribe("Subscription/1", &hook);
    gateway.changed("Patient/1", "List/1", 1).await;
    gateway.store.refuse("report delivery");
    gateway.dispatch().await;
    gateway.deliverer.run_once().await;
    assert_eq!(gateway.store.states().await, [Leased]);
    gateway.store.accept("report delivery");
    gateway.pass(HOUR).await;
    let requests = hook.requests();
    assert_eq!((requests.len(), gateway.store.states().await), (2, vec![Delivered]));
    assert_eq!(requests[0].key(), requests[1].key());
    assert_eq!(requests[0].body, requests[1].body);
    assert_ne!(requests[0].header("x-request-id"), requests[1].header("x-request-id"));
}

#[tokio::test]
async fn a_late_workers_report_is_ignored() {
    let (gateway, hook, gate) = (Gateway::start(), Hook::open().await, Arc::new(Notify::new()));
    gateway.subscribe("Subscription/1", &hook);
    gateway.changed("Patient/1", "List/1", 1).await;
    gateway.dispatch().await;
    hook.then([Act::Wait(gate.clone()), Act::Status(404)]);
    let second = gateway.second(Duration::from_secs(120));
    let late = tokio::spawn({
        let deliverer = gateway.deliverer.clone();
        async move { deliverer.run_once().await }
    });
    hook.has_taken(1).await;
    second.deliverer.run_once().await;
    let after_second = gateway.store.all().await;
    gate.notify_one();
    late.await.unwrap();
    assert_eq!((after_second[0].attempts, &gateway.store.all().await), (2, &after_second));
    assert!(
        gateway.store.audit_rows().await.iter().all(|row| row.closed.is_some()),
        "what happened is audited all the same"
    );
}

#[tokio::test]
async fn a_receiver_that_fails_three_times_in_ten_has_everything_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let clock = Arc::new(SystemClock::new());
    let options = receive::Options { fail_rate: 0.3, delay: Duration::ZERO, seed: 5, clock };
    tokio::spawn(receive::serve(listener, options, std::io::sink(), std::future::pending()));
    let gateway = Gateway::start();
    gateway.subscribe_at("Subscription/1", Url::parse(&base).unwrap());
    for n in 0..60 {
        gateway.changed(&format!("Patient/{}", n % 6), &format!("List/{n}"), 1).await;
    }
    gateway.pass(HOUR).await;
    let text = reqwest::get(format!("{base}/received")).await.unwrap().text().await.unwrap();
    let received: serde_json::Value = serde_json::from_str(&text).unwrap();
    let received = received["received"].as_array().unwrap();
    let keys: BTreeSet<_> = received.iter().map(|one| one["key"].as_str().unwrap()).collect();
    assert_eq!((received.len(), keys.len()), (60, 60));
    assert!(received.iter().any(|one| one["times"] != 1), "some answers were lost");
    assert!(gateway.store.states().await.iter().all(|state| *state == Delivered));
}
