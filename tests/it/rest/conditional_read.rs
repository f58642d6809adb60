//! [conditional read](https://hl7.org/fhir/R4/http.html#cread)

use crate::harness::messages::*;
use crate::harness::*;

#[tokio::test]
async fn who_has_the_newest_version_is_told_so() {
    let gateway = Gateway::start().await;
    let suite = gateway.by(&SUITE);
    suite.store(&patient("p", NUMBER)).await;
    let unchanged = suite.clone().with("If-None-Match", "W/\"1\"").get("/fhir/Patient/p").await.expect(304);
    assert_eq!((unchanged.text.as_str(), unchanged.header("etag")), ("", "W/\"1\""));
    suite.store(&patient("p", OTHER_NUMBER)).await;
    suite.clone().with("If-None-Match", "W/\"1\"").get("/fhir/Patient/p").await.expect(200);
    gateway.finish().await;
}

#[tokio::test]
async fn what_did_not_change_since_is_not_sent_again() {
    let gateway = Gateway::start().await;
    let suite = gateway.by(&SUITE);
    let stored = suite.store(&patient("p", NUMBER)).await;
    let since = |text: &str| suite.clone().with("If-Modified-Since", text);
    since(stored.header("last-modified")).get("/fhir/Patient/p").await.expect(304);
    since("Mon, 02 Mar 2026 07:59:59 GMT").get("/fhir/Patient/p").await.expect(200);
    since("yesterday").get("/fhir/Patient/p").await.expect(200);
    gateway.finish().await;
}
