//! What happened first is told first, for each receiver and patient, whatever fails on the way; and what is told is how it
//! stands now.

use proptest::prelude::*;

use super::gateway::{Gateway, HOUR};
use super::hook::{Act, Hook, Request};
use crate::clock::Clock;
use crate::store::DeliveryState::{Dead, Delivered};
use crate::store::Store;

/// The requests that tell of a list.
fn of(hook: &Hook, list: &str) -> Vec<Request> {
    let tells_of = |request: &Request| request.told().iter().any(|name| name.starts_with(&format!("{list} ")));
    hook.requests().into_iter().filter(tells_of).collect()
}

fn events_of(hook: &Hook, list: &str) -> Vec<u64> {
    let mut events: Vec<_> = of(hook, list).iter().map(Request::event).collect();
    events.dedup();
    events
}

fn versions_of(hook: &Hook, list: &str) -> Vec<String> {
    let mut told: Vec<_> = of(hook, list).iter().flat_map(Request::told).collect();
    told.dedup();
    told
}

#[tokio::test]
async fn a_later_event_waits_for_an_earlier_one() {
    let (gateway, hook) = (Gateway::start(), Hook::open().await);
    gateway.subscribe("Subscription/1", &hook);
    hook.then([Act::Status(500), Act::Cut, Act::Status(503)]);
    for version in 1..=4 {
        gateway.changed("Patient/1", "List/1", version).await;
    }
    gateway.pass(HOUR).await;
    assert_eq!(events_of(&hook, "List/1"), [1, 2, 3, 4]);
}

#[tokio::test]
async fn one_patient_that_is_refused_does_not_hold_up_another() {
    let (gateway, hook) = (Gateway::start(), Hook::open().await);
    gateway.subscribe("Subscription/1", &hook);
    hook.then([Act::Status(422)]);
    gateway.changed("Patient/1", "List/1", 1).await;
    gateway.changed("Patient/2", "List/2", 1).await;
    gateway.dispatch().await;
    gateway.deliverer.run_once().await;
    assert_eq!(hook.requests().len(), 2);
}

/// Version 2 is refused until it is a dead letter; what follows is for the story.
async fn with_a_dead_letter() -> (Gateway, Hook, u64) {
    let (gateway, hook) = (Gateway::start(), Hook::open().await);
    gateway.subscribe("Subscription/1", &hook);
    gateway.changed("Patient/1", "List/1", 1).await;
    gateway.pass(HOUR).await;
    hook.always(Act::Status(422));
    gateway.changed("Patient/1", "List/1", 2).await;
    gateway.pass(HOUR).await;
    hook.always(Act::Status(200));
    let dead = gateway.store.deliveries(None, Some(Dead), 10).await.unwrap();
    assert_eq!(dead.len(), 1);
    (gateway, hook, dead[0].id)
}

#[tokio::test]
async fn a_dead_letter_that_is_replayed_tells_the_newest_version() {
    let (gateway, hook, dead) = with_a_dead_letter().await;
    gateway.changed("Patient/1", "List/1", 3).await;
    gateway.pass(HOUR).await;
    assert!(gateway.store.replay(dead, gateway.clock.now()).await.unwrap());
    gateway.pass(HOUR).await;
    let last = hook.requests().pop().unwrap();
    assert_eq!((last.event(), last.told()), (2, vec!["List/1 W/\"3\"".to_owned()]));
    assert_eq!(last.body["entry"][1]["resource"]["meta"]["versionId"], "3");
    assert_eq!(gateway.store.states().await, [Delivered; 3]);
}

#[tokio::test]
async fn a_dead_letter_of_what_was_deleted_tells_the_deletion() {
    let (gateway, hook, dead) = with_a_dead_letter().await;
    gateway.deleted("Patient/1", "List/1", 3).await;
    gateway.pass(HOUR).await;
    assert!(gateway.store.replay(dead, gateway.clock.now()).await.unwrap());
    gateway.pass(HOUR).await;
    let entry = hook.requests().pop().unwrap().body["entry"][1].clone();
    assert_eq!((entry["request"]["method"].as_str(), entry.get("resource")), (Some("DELETE"), None));
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![Just(Act::Status(200)), Just(Act::Status(500)), Just(Act::Cut), Just(Act::With(429, "Retry-After: 7"))]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn events_keep_their_order_and_no_version_falls_under_any_failures(acts in prop::collection::vec(act(), 0..12)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let hook = runtime.block_on(async {
            let (gateway, hook) = (Gateway::start(), Hook::open().await);
            gateway.subscribe("Subscription/1", &hook);
            hook.then(acts);
            for version in 1..=3 {
                gateway.changed("Patient/1", "List/1", version).await;
                gateway.changed("Patient/2", "List/2", version).await;
                gateway.dispatch().await;
                gateway.deliverer.run_once().await;
            }
            gateway.pass(HOUR).await;
            hook
        });
        for (list, events) in [("List/1", [1, 3, 5]), ("List/2", [2, 4, 6])] {
            let versions = versions_of(&hook, list);
            prop_assert_eq!(events_of(&hook, list), events);
            prop_assert!(versions.is_sorted(), "{:?}", versions);
            prop_assert_eq!(versions.last(), Some(&format!("{list} W/\"3\"")));
        }
    }
}
