//! [vread](https://hl7.org/fhir/R4/http.html#vread)

use crate::harness::messages::*;
use crate::harness::*;

#[tokio::test]
async fn each_version_stays_as_it_was() {
    let gateway = Gateway::start().await;
    let suite = gateway.by(&SUITE);
    suite.store(&patient("p", NUMBER)).await;
    suite.store(&patient("p", OTHER_NUMBER)).await;
    for (version, number) in [(1, NUMBER), (2, OTHER_NUMBER)] {
        let read = suite.get(&format!("/fhir/Patient/p/_history/{version}")).await.expect(200);
        assert_eq!(read.header("etag"), format!("W/\"{version}\""));
        assert_eq!(read.json()["meta"]["versionId"], version.to_string());
        assert_eq!(read.json()["identifier"][0]["value"], number);
    }
    gateway.finish().await;
}

#[tokio::test]
async fn a_version_that_never_was_is_not_found() {
    let gateway = Gateway::start().await;
    let suite = gateway.by(&SUITE);
    suite.store(&patient("p", NUMBER)).await;
    for version in ["2", "0", "-1", "x", "99999999999999999999999"] {
        suite.get(&format!("/fhir/Patient/p/_history/{version}")).await.expect(404);
    }
    gateway.finish().await;
}
