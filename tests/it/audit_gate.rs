//! No answer without its audit entry: the table of routes is walked, and the store is made to fail.

use crate::harness::messages::*;
use crate::harness::*;
use vardbro::http::{ROUTES, Route};

/// Closed routes that write more than one entry a call, or none, each with its reason. There are none today.
const EXCEPTIONS: [(&str, &str, &str); 0] = [];

fn path(route: &Route) -> String {
    let filled = route.path.replace("{type}", "Patient").replace("{id}", "resident").replace("{version}", "1");
    filled.replace("{kind}", "medication-list")
}

fn is_listed(route: &Route) -> bool {
    EXCEPTIONS.iter().any(|(method, path, _)| (*method, *path) == (route.method, route.path))
}

async fn call(caller: &Caller, route: &Route) -> Reply {
    let body = if matches!(route.method, "POST" | "PUT") { "{}" } else { "" };
    caller.clone().with("Content-Type", "application/json").send(route.method, &path(route), body).await
}

#[tokio::test]
async fn every_closed_route_leaves_one_closed_entry_with_and_without_a_token() {
    let gateway = Gateway::with_resident().await;
    for route in ROUTES.iter().filter(|route| !route.open && !is_listed(route)) {
        for (caller, refused) in [(gateway.by(&UMEA), false), (gateway.anonymous(), true)] {
            let reply = call(&caller, route).await;
            assert_eq!(reply.status == 401, refused, "{route:?}: {reply:?}");
            let audit = gateway.audit_of(reply.header("x-request-id")).await;
            let [(entry, true)] = audit.as_slice() else { panic!("{route:?}: {audit:?}") };
            assert_eq!(entry.organisation, if refused { "" } else { UMEA.organisation }, "{route:?}");
        }
    }
    gateway.finish().await;
}

#[tokio::test]
async fn open_routes_tell_nobody_of_anybody() {
    let gateway = Gateway::with_resident().await;
    for route in ROUTES.iter().filter(|route| route.open) {
        let reply = call(&gateway.anonymous(), route).await;
        assert_ne!(reply.status, 401, "{route:?}");
        // A schema shows by an example how a number is written.
        let is_schema = route.path == "/concepts/schemas/{kind}";
        assert!(is_schema || !reply.text.contains(NUMBER) && !reply.text.contains(FAMILY), "{route:?}");
        assert!(!reply.text.contains("Patient/resident"), "{route:?}");
    }
    gateway.finish().await;
}

#[tokio::test]
async fn an_entry_says_who_did_what_to_whose_data() {
    let gateway = Gateway::with_resident().await;
    let read = gateway.by(&UMEA).get("/fhir/Patient/resident").await.expect(200);
    let (entry, _) = gateway.audit_of(read.header("x-request-id")).await.remove(0);
    assert_eq!((entry.client.as_str(), entry.organisation.as_str()), (UMEA.id, UMEA.organisation));
    assert_eq!(
        (entry.patients.first().map(String::as_str), entry.basis.as_deref()),
        (Some(RESIDENT), Some("relation"))
    );
    let touched: Vec<_> = entry.touched.iter().map(|t| (t.reference.as_str(), t.caregiver.as_str())).collect();
    assert_eq!(touched, [("Patient/resident/_history/1", REGION.organisation)]);
    gateway.finish().await;
}

#[tokio::test]
async fn when_the_store_writes_nothing_no_answer_leaves_but_503() {
    let gateway = Gateway::with_resident().await;
    for fault in [Fault::Before, Fault::After] {
        gateway.store.fail("audit", fault, u32::MAX);
        gateway.store.fail("receive", fault, u32::MAX);
        gateway.store.fail("token", fault, u32::MAX);
        for route in ROUTES.iter().filter(|route| !route.open || route.path == "/oauth2/token") {
            for caller in [gateway.by(&UMEA), gateway.anonymous()] {
                let reply = call(&caller, route).await.expect(503);
                assert_eq!(
                    (reply.rules(), reply.header("retry-after")),
                    (vec!["unavailable".to_owned()], "1"),
                    "{route:?}"
                );
                assert!(!reply.text.contains(FAMILY));
            }
        }
        gateway.store.heal();
    }
    gateway.finish().await;
}

#[tokio::test]
async fn a_write_that_could_not_be_recorded_is_not_done() {
    let gateway = Gateway::with_resident().await;
    gateway.store.fail("receive", Fault::Before, 1);
    let mut own = list(RESIDENT);
    own["id"] = "l".into();
    gateway.by(&REGION).put("/fhir/List/l", &own).await.expect(503);
    gateway.by(&REGION).get("/fhir/List/l").await.expect(404);
    gateway.finish().await;
}
