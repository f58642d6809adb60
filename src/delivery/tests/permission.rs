//! Permission is asked for at the last moment: what was allowed when it was dispatched may be blocked when it is sent.

use std::time::Duration;

use super::gateway::{Gateway, HOUR};
use super::hook::{Act, Hook};
use crate::delivery::Withheld;
use crate::store::DeliveryState::{Delivered, Waiting, Withheld as IsWithheld};

async fn dispatched() -> (Gateway, Hook) {
    let (gateway, hook) = (Gateway::start(), Hook::open().await);
    gateway.subscribe("Subscription/1", &hook);
    gateway.changed("Patient/1", "List/1", 1).await;
    gateway.dispatch().await;
    (gateway, hook)
}

#[tokio::test]
async fn a_block_between_dispatch_and_delivery_sends_nothing() {
    let (gateway, hook) = dispatched().await;
    gateway.withhold(Some(Withheld::Denied("blocked")));
    gateway.pass(HOUR).await;
    assert_eq!((hook.requests().len(), gateway.store.states().await), (0, vec![IsWithheld]));
    assert_eq!(gateway.store.all().await[0].last_error.as_deref(), Some("blocked"));
    assert_eq!(gateway.store.audit_rows().await, [], "nothing was disclosed");
}

#[tokio::test]
async fn a_block_between_two_attempts_ends_the_delivery() {
    let (gateway, hook) = dispatched().await;
    hook.then([Act::Status(500)]);
    gateway.deliverer.run_once().await;
    gateway.withhold(Some(Withheld::Denied("blocked")));
    gateway.pass(HOUR).await;
    assert_eq!((hook.requests().len(), gateway.store.states().await), (1, vec![IsWithheld]));
}

#[tokio::test]
async fn a_permission_that_can_not_be_decided_is_asked_again() {
    let (gateway, hook) = dispatched().await;
    gateway.withhold(Some(Withheld::Undecided));
    gateway.pass(Duration::from_secs(300)).await;
    assert_eq!((hook.requests().len(), gateway.store.states().await), (0, vec![Waiting]));
    gateway.withhold(None);
    gateway.pass(HOUR).await;
    assert_eq!(gateway.store.states().await, [Delivered]);
}

#[tokio::test]
async fn what_may_be_sent_is_sent_without_what_may_not() {
    let (gateway, hook) = (Gateway::start(), Hook::open().await);
    gateway.subscribe("Subscription/1", &hook);
    gateway.changed_together("Patient/1", &["List/1", "List/2"], 1).await;
    gateway.block("List/1/1");
    gateway.pass(HOUR).await;
    assert_eq!(gateway.store.states().await, [Delivered]);
    assert_eq!(hook.requests()[0].told(), ["List/2 W/\"1\""]);
    assert!(!hook.requests()[0].body.to_string().contains("List/1"), "it is not even named");
}

#[tokio::test]
async fn the_version_that_is_sent_and_the_one_that_was_meant_both_need_permission() {
    for blocked in ["List/1/1", "List/1/2"] {
        let (gateway, hook) = dispatched().await;
        gateway.changed("Patient/1", "List/1", 2).await;
        gateway.block(blocked);
        gateway.deliverer.run_once().await;
        assert_eq!((hook.requests().len(), gateway.store.states().await), (0, vec![IsWithheld]), "{blocked}");
    }
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_sent_nothing() {
    let (gateway, hook) = dispatched().await;
    gateway.unsubscribe("Subscription/1");
    gateway.pass(HOUR).await;
    assert_eq!((hook.requests().len(), gateway.store.states().await), (0, vec![IsWithheld]));
}

#[tokio::test]
async fn what_is_withheld_does_not_hold_up_what_follows() {
    let (gateway, hook) = dispatched().await;
    gateway.withhold(Some(Withheld::Denied("blocked")));
    gateway.pass(HOUR).await;
    gateway.withhold(None);
    gateway.changed("Patient/1", "List/1", 2).await;
    gateway.pass(HOUR).await;
    assert_eq!(hook.requests()[0].told(), ["List/1 W/\"2\""]);
}
