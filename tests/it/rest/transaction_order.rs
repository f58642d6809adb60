//! A transaction's result does not depend on the order of its entries, and its answers stand in theirs.

use crate::harness::messages::*;
use crate::harness::*;

#[tokio::test]
async fn each_entry_is_answered_in_its_place() {
    let gateway = Gateway::start().await;
    let suite = gateway.by(&SUITE);
    suite.store(&patient("old", NUMBER)).await;
    let entries = [
        request("GET", "Patient/new"),
        put(&patient("new", OTHER_NUMBER)),
        request("DELETE", "Patient/old"),
        post(&urn(1), &statement("Patient/new", "N02BE01")),
        request("GET", "MedicationStatement?patient=Patient/new"),
    ];
    let reply = suite.post("/fhir", &bundle("transaction", &entries)).await.expect(200).json();
    let status = |n: usize| reply["entry"][n]["response"]["status"].as_str().unwrap().to_owned();
    assert_eq!(
        [status(0), status(1), status(2), status(3), status(4)],
        ["200 OK", "201 Created", "204 No Content", "201 Created", "200 OK"]
    );
    assert_eq!(reply["entry"][0]["resource"]["id"], "new");
    assert_eq!(reply["entry"][4]["resource"]["total"], 1);
    assert_eq!(reply["entry"][3]["response"]["etag"], "W/\"1\"");
    gateway.finish().await;
}

#[tokio::test]
async fn an_entry_may_refer_to_a_later_one() {
    let gateway = Gateway::start().await;
    let mut entries = vec![post(&urn(2), &statement(&urn(1), "N02BE01")), post(&urn(1), &patient("p", NUMBER))];
    for _ in 0..2 {
        gateway.by(&SUITE).post("/fhir", &bundle("transaction", &entries)).await.expect(200);
        entries.reverse();
    }
    let statements = gateway.by(&SUITE).get("/fhir/MedicationStatement?_include=MedicationStatement:patient").await;
    assert_eq!((statements.matches().len(), statements.entries("include").len()), (2, 2));
    gateway.finish().await;
}
