//! [conditional create](https://hl7.org/fhir/R4/http.html#ccreate)

use crate::harness::messages::*;
use crate::harness::*;

fn condition(name: &str) -> String {
    format!("identifier=urn:example:list|{name}")
}

#[tokio::test]
async fn none_matches_one_is_made_and_the_next_time_kept() {
    let gateway = Gateway::with_resident().await;
    let region = gateway.by(&REGION).with("If-None-Exist", condition("a"));
    let made = region.post("/fhir/List", &named_list(RESIDENT, "a")).await.expect(201);
    let kept = region.post("/fhir/List", &named_list(RESIDENT, "a")).await.expect(200);
    assert_eq!((kept.id(), kept.header("etag")), (made.id(), "W/\"1\""));
    assert_eq!(gateway.by(&REGION).get("/fhir/List").await.json()["total"], 1);
    gateway.finish().await;
}

#[tokio::test]
async fn several_match_and_nothing_is_done() {
    let gateway = Gateway::with_resident().await;
    let region = gateway.by(&REGION);
    for _ in 0..2 {
        region.post("/fhir/List", &named_list(RESIDENT, "a")).await.expect(201);
    }
    let reply = region.with("If-None-Exist", condition("a")).post("/fhir/List", &named_list(RESIDENT, "a")).await;
    assert_eq!(reply.expect(412).rules(), ["condition-multiple"]);
    assert_eq!(gateway.by(&REGION).get("/fhir/List").await.json()["total"], 2);
    gateway.finish().await;
}

#[tokio::test]
async fn a_condition_that_asks_nothing_or_nonsense_is_refused() {
    let gateway = Gateway::with_resident().await;
    for (condition, rule) in
        [("", "condition-empty"), ("_count=1", "condition-empty"), ("nonsense=1", "search-parameter-unknown")]
    {
        let reply = gateway.by(&REGION).with("If-None-Exist", condition).post("/fhir/List", &list(RESIDENT)).await;
        assert_eq!(reply.expect(400).rules(), [rule], "{condition}");
    }
    gateway.finish().await;
}

#[tokio::test]
async fn of_many_at_once_one_creates() {
    let gateway = Gateway::with_resident().await;
    let region = gateway.by(&REGION).with("If-None-Exist", condition("race"));
    let list = named_list(RESIDENT, "race");
    let replies = futures_util::future::join_all((0..12).map(|_| region.post("/fhir/List", &list))).await;
    let made = replies.iter().filter(|reply| reply.status == 201).count();
    assert_eq!(made, 1, "{:?}", replies.iter().map(|r| r.status).collect::<Vec<_>>());
    assert_eq!(gateway.by(&REGION).get("/fhir/List").await.json()["total"], 1);
    gateway.finish().await;
}

#[tokio::test]
async fn a_match_that_the_caller_may_not_read_is_never_shown() {
    let gateway = Gateway::with_resident().await;
    let condition = format!("identifier={PERSONNUMMER}|{NUMBER}");
    let skelleftea = gateway.by(&SKELLEFTEA).with("If-None-Exist", condition);
    let reply = skelleftea.post("/fhir/Patient", &patient("x", NUMBER)).await;
    assert_eq!((reply.status, reply.rules()), (422, vec!["patient-unknown".to_owned()]));
    let within = post(&urn(1), &patient("x", NUMBER));
    let mut conditional = within;
    conditional["request"]["ifNoneExist"] = format!("identifier={PERSONNUMMER}|{NUMBER}").into();
    gateway.by(&SKELLEFTEA).post("/fhir", &bundle("transaction", &[conditional])).await.expect(422);
    gateway.finish().await;
}

#[tokio::test]
async fn others_lists_of_the_same_name_do_not_count() {
    let gateway = Gateway::with_resident().await;
    gateway.by(&REGION).post("/fhir/List", &named_list(RESIDENT, "a")).await.expect(201);
    gateway.by(&SKELLEFTEA).store(&patient("theirs", OTHER_NUMBER)).await;
    let skelleftea = gateway.by(&SKELLEFTEA).with("If-None-Exist", condition("a"));
    skelleftea.post("/fhir/List", &named_list("Patient/theirs", "a")).await.expect(201);
    let region = gateway.by(&REGION).with("If-None-Exist", condition("a"));
    region.post("/fhir/List", &named_list(RESIDENT, "a")).await.expect(200);
    gateway.finish().await;
}
