//! `[base]/[type]/` and `[base]/[type]` are one address ([http#root](https://hl7.org/fhir/R4/http.html#root)).

use crate::harness::messages::*;
use crate::harness::*;

#[tokio::test]
async fn it_makes_no_difference_to_create_and_search() {
    let gateway = Gateway::start().await;
    let suite = gateway.by(&SUITE);
    suite.post("/fhir/Patient/", &patient("p", NUMBER)).await.expect(201);
    assert_eq!(suite.get("/fhir/Patient/").await.expect(200).json()["total"], 1);
    assert_eq!(suite.get("/fhir/Patient").await.expect(200).json()["total"], 1);
    gateway.finish().await;
}
