//! A receiver that fails is tried again, as long as there is hope.

use std::time::Duration;

use super::gateway::{Gateway, HOUR};
use super::hook::{Act, Hook};
use crate::clock::Clock;
use crate::store::DeliveryState::{Dead, Delivered, Waiting};
use crate::store::Store;

async fn one_change() -> (Gateway, Hook) {
    let (gateway, hook) = (Gateway::start(), Hook::open().await);
    gateway.subscribe("Subscription/1", &hook);
    gateway.changed("Patient/1", "List/1", 1).await;
    (gateway, hook)
}

#[tokio::test]
async fn a_receiver_that_is_down_for_an_hour_has_it_soon_after() {
    let (gateway, hook) = one_change().await;
    hook.always(Act::Cut);
    gateway.pass(HOUR).await;
    let during = hook.requests().len();
    assert_eq!(gateway.store.states().await, [Waiting]);
    assert!((8..80).contains(&during), "{during} attempts in an hour");
    hook.always(Act::Status(200));
    gateway.pass(Duration::from_secs(600)).await;
    assert_eq!((hook.requests().len(), gateway.store.states().await), (during + 1, vec![Delivered]));
}

#[tokio::test]
async fn a_port_that_nobody_listens_at_is_a_failure_like_others() {
    let gateway = Gateway::start();
    gateway.subscribe_at("Subscription/1", "http://127.0.0.1:1/".parse().unwrap());
    gateway.changed("Patient/1", "List/1", 1).await;
    gateway.dispatch().await;
    gateway.deliverer.run_once().await;
    let delivery = gateway.store.all().await.remove(0);
    assert_eq!((delivery.state, delivery.last_error.as_deref()), (Waiting, Some("no connection")));
}

#[tokio::test]
async fn errors_and_cut_connections_are_tried_again_under_the_same_key() {
    let (gateway, hook) = one_change().await;
    hook.then([Act::Status(500), Act::Cut, Act::Status(503), Act::Status(429)]);
    gateway.pass(HOUR).await;
    let requests = hook.requests();
    assert_eq!((requests.len(), gateway.store.states().await), (5, vec![Delivered]));
    assert!(requests.iter().all(|request| request.key() == requests[0].key()));
}

#[tokio::test]
async fn a_receiver_that_hangs_is_left_when_its_time_is_out() {
    let (gateway, hook) = one_change().await;
    hook.then([Act::Hang]);
    gateway.dispatch().await;
    let move_clock = async {
        hook.has_taken(1).await;
        gateway.clock.advance(Duration::from_secs(30));
    };
    tokio::join!(gateway.deliverer.run_once(), move_clock);
    assert_eq!(gateway.store.all().await[0].last_error.as_deref(), Some("no answer in time"));
    gateway.pass(HOUR).await;
    assert_eq!(gateway.store.states().await, [Delivered]);
}

#[tokio::test]
async fn retry_after_is_waited_for() {
    for header in ["Retry-After: 1200", "Retry-After: Mon, 02 Mar 2026 08:20:00 GMT"] {
        let (gateway, hook) = one_change().await;
        hook.then([Act::With(503, header)]);
        gateway.pass(Duration::from_secs(1199)).await;
        assert_eq!(hook.requests().len(), 1, "{header}");
        gateway.pass(Duration::from_secs(1)).await;
        assert_eq!(hook.requests().len(), 2, "{header}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (gateway, hook) = one_change().await;
    let elsewhere = Hook::open().await;
    let location: &'static str = format!("Location: {}", elsewhere.address).leak();
    hook.always(Act::With(307, location));
    gateway.pass(HOUR).await;
    assert_eq!((elsewhere.requests().len(), gateway.store.states().await), (0, vec![Dead]));
}

#[tokio::test]
async fn a_delivery_that_is_refused_three_times_is_a_dead_letter_and_can_be_replayed() {
    let (gateway, hook) = one_change().await;
    hook.always(Act::Status(404));
    gateway.pass(HOUR).await;
    let dead = gateway.store.deliveries(None, Some(Dead), 10).await.unwrap();
    assert_eq!((dead.len(), hook.requests().len()), (1, 3));
    assert_eq!(dead[0].last_error.as_deref(), Some("HTTP 404, refusal 3"));
    hook.always(Act::Status(200));
    assert!(gateway.store.replay(dead[0].id, gateway.clock.now()).await.unwrap());
    gateway.pass(HOUR).await;
    assert_eq!(gateway.store.states().await, [Delivered]);
}

#[tokio::test]
async fn a_receiver_that_never_answers_is_given_up_after_three_days() {
    let (gateway, hook) = one_change().await;
    hook.always(Act::With(502, "Retry-After: 3600"));
    gateway.pass(71 * HOUR).await;
    assert_eq!(gateway.store.states().await, [Waiting]);
    gateway.pass(2 * HOUR).await;
    assert_eq!(gateway.store.states().await, [Dead]);
}

#[tokio::test]
async fn an_address_inside_is_never_called() {
    let gateway = Gateway::start();
    gateway.subscribe_at("Subscription/1", "https://169.254.169.254/latest".parse().unwrap());
    gateway.changed("Patient/1", "List/1", 1).await;
    gateway.pass(HOUR).await;
    let delivery = gateway.store.all().await.remove(0);
    let error = delivery.last_error.as_deref();
    assert_eq!((delivery.state, error), (Dead, Some("the address is not a public one, refusal 3")));
}

#[tokio::test]
async fn every_attempt_opens_and_closes_an_audit_entry() {
    let (gateway, hook) = one_change().await;
    hook.then([Act::Status(500), Act::Cut]);
    gateway.pass(HOUR).await;
    let mut rows = gateway.store.audit_rows().await;
    rows.sort_by_key(|row| row.recorded);
    let entries: Vec<_> = rows.iter().map(|row| row.entry.as_str()).collect();
    assert_eq!(entries, ["HTTP 500", "the connection broke", "HTTP 200"]);
    assert!(rows.iter().all(|row| row.closed.is_some()));
}

#[tokio::test]
async fn nothing_is_sent_before_the_audit_entry_is_on_disk() {
    let (gateway, hook) = one_change().await;
    gateway.store.refuse("open disclosure");
    gateway.pass(HOUR).await;
    assert_eq!(hook.requests().len(), 0);
    gateway.store.accept("open disclosure");
    gateway.pass(HOUR).await;
    assert_eq!(gateway.store.states().await, [Delivered]);
}
