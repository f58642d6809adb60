//! A definition that is written is known from then on, and no more once it is deleted.

use super::*;

async fn judged(gateway: &Gateway) -> Reply {
    let mut plain = unborn("p");
    plain.as_object_mut().unwrap().remove("meta");
    gateway.by(&UMEA).post(&format!("/fhir/Patient/$validate?profile={BORN}"), &plain).await
}

#[tokio::test]
async fn a_profile_is_known_from_its_write_to_its_deletion() {
    let gateway = Gateway::start().await;
    judged(&gateway).await.expect(422);
    gateway.by(&SUITE).store(&born()).await;
    assert_eq!(severities(&judged(&gateway).await.expect(200).json(), "profile-min"), ["error"]);
    gateway.by(&SUITE).put("/fhir/Patient/p", &unborn("p")).await.expect(422);
    gateway.by(&SUITE).delete("/fhir/StructureDefinition/born").await.expect(204);
    judged(&gateway).await.expect(422);
    gateway.finish().await;
}

#[tokio::test]
async fn a_newer_version_takes_the_place_of_the_one_before() {
    let gateway = Gateway::start().await;
    gateway.by(&SUITE).store(&born()).await;
    let mut milder = born();
    milder["snapshot"]["element"][1]["min"] = 0.into();
    milder["differential"]["element"][0]["min"] = 0.into();
    gateway.by(&SUITE).store(&milder).await;
    assert_eq!(severities(&judged(&gateway).await.expect(200).json(), "profile-min"), Vec::<String>::new());
    gateway.finish().await;
}

#[tokio::test]
async fn what_is_on_disk_counts_also_where_nobody_heard_of_it() {
    let gateway = Gateway::start().await;
    gateway.store.fail("receive", Fault::After, 1);
    gateway.by(&SUITE).put("/fhir/StructureDefinition/born", &born()).await.expect(503);
    gateway.store.heal();
    judged(&gateway).await.expect(200);
    gateway.finish().await;
}

#[tokio::test]
async fn a_definition_that_is_invalid_is_refused() {
    let gateway = Gateway::start().await;
    let mut broken = born();
    broken["kind"] = "sort".into();
    gateway.by(&SUITE).put("/fhir/StructureDefinition/born", &broken).await.expect(422);
    judged(&gateway).await.expect(422);
    gateway.finish().await;
}
