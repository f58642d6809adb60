//! [Prefer: return](https://hl7.org/fhir/R4/http.html#ops)

use crate::harness::messages::*;
use crate::harness::*;

#[tokio::test]
async fn the_answer_holds_what_was_preferred() {
    let gateway = Gateway::start().await;
    let prefer = |what: &str| gateway.by(&SUITE).with("Prefer", format!("return={what}"));
    let p = patient("p", NUMBER);
    assert_eq!(prefer("minimal").post("/fhir/Patient", &p).await.expect(201).text, "");
    assert_eq!(prefer("representation").post("/fhir/Patient", &p).await.expect(201).json()["resourceType"], "Patient");
    let outcome = prefer("OperationOutcome").post("/fhir/Patient", &p).await.expect(201);
    assert_eq!(outcome.json()["resourceType"], "OperationOutcome");
    assert_eq!(outcome.header("etag"), "W/\"1\"");
    assert!(outcome.header("location").ends_with("/_history/1"));
    gateway.finish().await;
}

#[tokio::test]
async fn a_failure_is_told_whatever_was_preferred() {
    let gateway = Gateway::start().await;
    let reply = gateway.by(&SUITE).with("Prefer", "return=minimal").put("/fhir/Patient/p", &patient("q", NUMBER)).await;
    assert_eq!(reply.expect(400).rules(), ["id-differs"]);
    gateway.finish().await;
}
