//! A relation lasts as long as the enrolment that it rests on.

use crate::harness::messages::*;
use crate::harness::*;
use std::time::Duration;

/// A resident whom the region registered and Umeå enrolled; Umeå itself wrote nothing else.
async fn gateway() -> Gateway {
    let gateway = Gateway::with_resident().await;
    gateway.list_of(&["N02BE01"]).await;
    gateway.by(&UMEA).get("/fhir/Patient/resident").await.expect(200);
    gateway
}

async fn is_closed(gateway: &Gateway) {
    let umea = gateway.by(&UMEA);
    umea.get("/fhir/Patient/resident").await.expect(404);
    umea.get("/fhir/Patient/resident/_history/1").await.expect(404);
    assert_eq!(umea.get("/fhir/List?patient=resident").await.json()["total"], 0);
    umea.post("/fhir/List", &list(RESIDENT)).await.expect(422);
    gateway.by(&REGION).get("/fhir/Patient/resident").await.expect(200);
}

#[tokio::test]
async fn a_finished_enrolment_closes_it() {
    let gateway = gateway().await;
    let mut finished = enrolment("enrolment", RESIDENT, "boende");
    finished["status"] = "finished".into();
    gateway.clock.advance(Duration::from_secs(60));
    gateway.by(&UMEA).store(&finished).await;
    is_closed(&gateway).await;
    gateway.finish().await;
}

#[tokio::test]
async fn the_end_of_its_period_closes_it_by_itself() {
    let gateway = gateway().await;
    let mut until_noon = enrolment("enrolment", RESIDENT, "boende");
    until_noon["period"]["end"] = "2026-03-02T12:00:00Z".into();
    gateway.by(&UMEA).store(&until_noon).await;
    gateway.clock.advance(Duration::from_secs(3 * 3600 + 3599));
    gateway.by(&UMEA).get("/fhir/Patient/resident").await.expect(200);
    gateway.clock.advance(Duration::from_secs(2));
    is_closed(&gateway).await;
    gateway.finish().await;
}

#[tokio::test]
async fn a_mistaken_or_deleted_enrolment_closes_it() {
    for how in ["entered-in-error", "delete"] {
        let gateway = gateway().await;
        let mut mistaken = enrolment("enrolment", RESIDENT, "boende");
        mistaken["status"] = "entered-in-error".into();
        match how {
            "delete" => drop(gateway.by(&UMEA).delete("/fhir/EpisodeOfCare/enrolment").await.expect(204)),
            _ => drop(gateway.by(&UMEA).store(&mistaken).await),
        }
        is_closed(&gateway).await;
        gateway.finish().await;
    }
}
