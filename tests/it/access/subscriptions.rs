//! A subscription brings no more than its owner may read, at the moment of sending.

use crate::harness::messages::*;
use crate::harness::*;

#[tokio::test]
async fn the_related_are_told_and_strangers_are_not() {
    let gateway = Gateway::with_resident().await;
    let (ours, theirs) = (Receiver::start(gateway.clock.clone()).await, Receiver::start(gateway.clock.clone()).await);
    gateway.by(&UMEA).store(&subscription("umea", "List?code=10160-0", &ours.url)).await;
    gateway.by(&SKELLEFTEA).store(&subscription("skelleftea", "List?code=10160-0", &theirs.url)).await;
    gateway.list_of(&["N02BE01"]).await;
    gateway.settle().await;
    let got = ours.received().await;
    assert_eq!((got.len(), &got[0]["resources"][0]["version"]), (1, &"1".into()));
    assert_eq!(theirs.received().await, Vec::<serde_json::Value>::new());
    gateway.finish().await;
}

#[tokio::test]
async fn a_subscription_is_its_owners_alone() {
    let gateway = Gateway::start().await;
    gateway.by(&UMEA).store(&subscription("s", "List?", "https://umea.example/hook")).await;
    let stranger = gateway.by(&SKELLEFTEA);
    stranger.get("/fhir/Subscription/s").await.expect(404);
    assert_eq!(stranger.get("/fhir/Subscription").await.json()["total"], 0);
    stranger.delete("/fhir/Subscription/s").await.expect(204);
    assert_eq!(gateway.by(&UMEA).get("/fhir/Subscription/s").await.expect(200).json()["status"], "active");
    gateway.finish().await;
}

#[tokio::test]
async fn a_subscription_that_cannot_be_served_is_refused() {
    let gateway = Gateway::start().await;
    let mut mail = subscription("s", "List?", "https://umea.example/hook");
    mail["channel"]["type"] = "email".into();
    for (body, rule) in [
        (mail, "subscription-channel"),
        (subscription("s", "Unicorn?", "https://umea.example/hook"), "subscription-criteria"),
        (subscription("s", "List?unknown=1", "https://umea.example/hook"), "search-parameter-unknown"),
        (subscription("s", "List?", "hook"), "subscription-endpoint"),
    ] {
        assert_eq!(gateway.by(&UMEA).put("/fhir/Subscription/s", &body).await.expect(422).rules(), [rule]);
    }
    gateway.finish().await;
}
