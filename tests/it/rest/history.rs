//! [history](https://hl7.org/fhir/R4/http.html#history)

use crate::harness::messages::*;
use crate::harness::*;

async fn three_versions_and_a_deletion() -> Gateway {
    let gateway = Gateway::start().await;
    let suite = gateway.by(&SUITE);
    for _ in 0..3 {
        suite.store(&patient("p", NUMBER)).await;
    }
    suite.delete("/fhir/Patient/p").await.expect(204);
    gateway
}

#[tokio::test]
async fn a_history_is_told_newest_first_with_its_deletions() {
    let gateway = three_versions_and_a_deletion().await;
    let history = gateway.by(&SUITE).get("/fhir/Patient/p/_history").await.expect(200).json();
    assert_eq!(history["type"], "history");
    let entries = history["entry"].as_array().unwrap();
    let methods: Vec<_> = entries.iter().map(|e| e["request"]["method"].as_str().unwrap()).collect();
    let etags: Vec<_> = entries.iter().map(|e| e["response"]["etag"].as_str().unwrap()).collect();
    assert_eq!(etags, ["W/\"4\"", "W/\"3\"", "W/\"2\"", "W/\"1\""]);
    assert_eq!(methods[..3], ["DELETE", "PUT", "PUT"]);
    assert!(entries[0].get("resource").is_none() && entries[1].get("resource").is_some());
    assert!(entries.iter().all(|e| e["response"]["lastModified"].is_string()));
    gateway.finish().await;
}

#[tokio::test]
async fn a_history_comes_in_pages_that_meet() {
    let gateway = three_versions_and_a_deletion().await;
    let suite = gateway.by(&SUITE);
    let mut seen = Vec::new();
    let mut next = Some("/fhir/Patient/p/_history?_count=3".to_owned());
    while let Some(url) = next {
        let page = suite.get(&url).await.expect(200);
        let entries = page.json()["entry"].as_array().unwrap().clone();
        seen.extend(entries.into_iter().map(|e| e["response"]["etag"].as_str().unwrap().to_owned()));
        next = page.link("next");
    }
    assert_eq!(seen, ["W/\"4\"", "W/\"3\"", "W/\"2\"", "W/\"1\""]);
    gateway.finish().await;
}

#[tokio::test]
async fn a_history_of_nothing_is_not_found() {
    let gateway = Gateway::start().await;
    gateway.by(&SUITE).get("/fhir/Patient/p/_history").await.expect(404);
    gateway.finish().await;
}

#[tokio::test]
async fn a_count_that_is_no_number_is_refused() {
    let gateway = three_versions_and_a_deletion().await;
    let reply = gateway.by(&SUITE).get("/fhir/Patient/p/_history?_count=many").await.expect(400);
    assert_eq!(reply.rules(), ["search-value-invalid"]);
    gateway.finish().await;
}
