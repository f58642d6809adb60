//! [Paging](https://hl7.org/fhir/R4/http.html#paging): opaque links, followed to the end.

use crate::harness::messages::*;
use crate::harness::*;

/// All ids, page by page; the number of pages; no link may hold `forbidden`.
async fn walk(caller: &Caller, first: Reply, forbidden: &str) -> (Vec<String>, usize) {
    let (mut ids, mut pages, mut page) = (Vec::new(), 0, first);
    loop {
        pages += 1;
        ids.extend(page.ids());
        assert!(!page.link("self").unwrap().contains(forbidden));
        let Some(next) = page.link("next") else { return (ids, pages) };
        assert!(!next.contains(forbidden) && !next.contains("identifier"), "{next}");
        page = caller.get(&next).await.expect(200);
    }
}

#[tokio::test]
async fn pages_hold_everything_once() {
    let gateway = Gateway::with_resident().await;
    let region = gateway.by(&REGION);
    for _ in 0..7 {
        region.post("/fhir/List", &list(RESIDENT)).await.expect(201);
    }
    let first = region.get("/fhir/List?_count=3&_sort=_lastUpdated&code=10160-0").await.expect(200);
    assert_eq!(first.json()["total"], 7);
    let (mut ids, pages) = walk(&region, first, NUMBER).await;
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), pages), (7, 3));
    gateway.finish().await;
}

#[tokio::test]
async fn a_link_tells_nothing_of_the_number_that_was_searched_for() {
    let gateway = Gateway::start().await;
    let suite = gateway.by(&SUITE);
    for id in ["a", "b", "c"] {
        suite.store(&patient(id, NUMBER)).await;
    }
    let first = suite.search("Patient", &format!("identifier={PERSONNUMMER}|{NUMBER}&_count=1")).await.expect(200);
    let (ids, _) = walk(&suite, first, NUMBER).await;
    assert_eq!(ids, ["c", "b", "a"]);
    gateway.finish().await;
}

#[tokio::test]
async fn a_link_opens_nothing_for_somebody_else_or_for_another_type() {
    let gateway = Gateway::with_resident().await;
    gateway.list_of(&["N02BE01", "C07AB02"]).await;
    let next = gateway.by(&REGION).get("/fhir/MedicationStatement?_count=1").await.link("next").unwrap();
    let others = gateway.by(&SKELLEFTEA).get(&next).await.expect(200);
    assert_eq!((others.matches().len(), &others.json()["total"]), (0, &0.into()));
    gateway.by(&REGION).get(&next.replace("MedicationStatement", "List")).await.expect(400);
    gateway.by(&REGION).get(&next.replace("_page=", "_page=x")).await.expect(400);
    gateway.finish().await;
}
