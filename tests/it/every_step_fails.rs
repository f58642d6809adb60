//! A failure at any step of receiving, then the same request again: one version, one delivery for each receiver, every
//! audit entry closed.

use crate::harness::messages::*;
use crate::harness::*;
use serde_json::Value;
use std::time::Duration;

async fn send_until_answered(gateway: &Gateway, body: &Value) -> Reply {
    let region = gateway.by(&REGION).with("Idempotency-Key", "the-list");
    for _ in 0..8 {
        let reply = region.post("/fhir", body).await;
        if reply.status != 503 {
            return reply;
        }
    }
    panic!("never answered");
}

/// Each fault is a step's name, where it fails and how often.
async fn is_done_once(faults: &[(&'static str, Fault, u32)]) {
    let gateway = Gateway::with_resident().await;
    let receivers = [Receiver::start(gateway.clock.clone()).await, Receiver::start(gateway.clock.clone()).await];
    gateway.by(&REGION).store(&subscription("one", "List?", &receivers[0].url)).await;
    gateway.by(&UMEA).store(&subscription("two", "List?", &receivers[1].url)).await;
    gateway.settle().await;
    for (step, fault, times) in faults {
        gateway.store.fail(step, *fault, *times);
    }
    let reply =
        send_until_answered(&gateway, &list_with_statements(RESIDENT, &["N02BE01", "C07AB02"])).await.expect(200);
    assert_eq!(reply.json()["entry"].as_array().unwrap().len(), 3);
    come_to_rest(&gateway).await;
    assert!(faults.iter().all(|(step, ..)| gateway.store.has_failed(step)), "{faults:?} did not all happen");
    gateway.store.heal();
    for (kind, count) in [("List", 1), ("MedicationStatement", 2)] {
        assert_eq!(gateway.by(&REGION).get(&format!("/fhir/{kind}")).await.json()["total"], count, "{faults:?}");
    }
    for receiver in receivers {
        assert_eq!(receiver.received().await.len(), 1, "{faults:?}");
    }
    is_swept(&gateway).await;
    gateway.finish().await;
}

/// An audit entry that nobody could close is closed as unknown after a while.
async fn is_swept(gateway: &Gateway) {
    for _ in 0..100 {
        gateway.clock.advance(Duration::from_secs(61));
        tokio::time::sleep(Duration::from_millis(10)).await;
        if gateway.audit().await.iter().all(|(_, is_closed)| *is_closed) {
            return;
        }
    }
}

/// Moves time on until every delivery has found its end.
async fn come_to_rest(gateway: &Gateway) {
    for _ in 0..40 {
        let state = gateway.store.all_deliveries().await;
        let done = state.iter().filter(|d| d.state == vardbro::store::DeliveryState::Delivered).count();
        if done == 2 && state.len() == 2 {
            return;
        }
        gateway.clock.advance(Duration::from_secs(30));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("deliveries do not come to an end: {:?}", gateway.store.all_deliveries().await);
}

#[tokio::test]
async fn before_the_commit() {
    is_done_once(&[("receive", Fault::Before, 3)]).await;
}

#[tokio::test]
async fn after_the_commit_when_the_answer_is_lost() {
    is_done_once(&[("receive", Fault::After, 1)]).await;
}

#[tokio::test]
async fn while_the_audit_entry_of_the_answer_is_written() {
    is_done_once(&[("receive", Fault::After, 1), ("audit", Fault::Before, 2)]).await;
    is_done_once(&[("receive", Fault::Before, 1), ("audit", Fault::After, 1)]).await;
}

#[tokio::test]
async fn before_and_after_the_dispatch() {
    is_done_once(&[("dispatch", Fault::Before, 2)]).await;
    is_done_once(&[("dispatch", Fault::After, 1)]).await;
}

#[tokio::test]
async fn around_the_opening_and_the_closing_of_a_delivery() {
    for step in DELIVERY_STEPS {
        is_done_once(&[(step, Fault::Before, 2)]).await;
        is_done_once(&[(step, Fault::After, 1)]).await;
    }
}

/// The names of the deliverer's own changes.
const DELIVERY_STEPS: [&str; 2] = ["open disclosure", "report delivery"];
