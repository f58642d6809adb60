//! [conditional update](https://hl7.org/fhir/R4/http.html#cond-update)

use crate::harness::messages::*;
use crate::harness::*;

const A: &str = "/fhir/List?identifier=urn:example:list|a";

#[tokio::test]
async fn none_matches_one_is_made_and_the_next_time_updated() {
    let gateway = Gateway::with_resident().await;
    let region = gateway.by(&REGION);
    let made = region.put(A, &named_list(RESIDENT, "a")).await.expect(201);
    let updated = region.put(A, &named_list(RESIDENT, "a")).await.expect(200);
    assert_eq!((updated.id(), updated.header("etag")), (made.id(), "W/\"2\""));
    gateway.finish().await;
}

#[tokio::test]
async fn several_match_and_nothing_is_done() {
    let gateway = Gateway::with_resident().await;
    let region = gateway.by(&REGION);
    for _ in 0..2 {
        region.post("/fhir/List", &named_list(RESIDENT, "a")).await.expect(201);
    }
    region.put(A, &named_list(RESIDENT, "a")).await.expect(412);
    gateway.finish().await;
}

#[tokio::test]
async fn an_id_that_is_not_the_matchs_is_refused() {
    let gateway = Gateway::with_resident().await;
    let region = gateway.by(&REGION);
    let made = region.put(A, &named_list(RESIDENT, "a")).await.expect(201);
    let mut other = named_list(RESIDENT, "a");
    other["id"] = "another".into();
    assert_eq!(region.put(A, &other).await.expect(400).rules(), ["id-differs"]);
    other["id"] = made.id().into();
    region.put(A, &other).await.expect(200);
    gateway.finish().await;
}

#[tokio::test]
async fn no_match_and_an_id_creates_it_with_that_id() {
    let gateway = Gateway::with_resident().await;
    let mut named = named_list(RESIDENT, "a");
    named["id"] = "chosen".into();
    assert_eq!(gateway.by(&REGION).put(A, &named).await.expect(201).id(), "chosen");
    gateway.finish().await;
}

#[tokio::test]
async fn a_stale_if_match_changes_nothing() {
    let gateway = Gateway::with_resident().await;
    let region = gateway.by(&REGION);
    region.put(A, &named_list(RESIDENT, "a")).await.expect(201);
    region.clone().with("If-Match", "W/\"5\"").put(A, &named_list(RESIDENT, "a")).await.expect(412);
    region.with("If-Match", "W/\"1\"").put(A, &named_list(RESIDENT, "a")).await.expect(200);
    gateway.finish().await;
}
