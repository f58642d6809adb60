//! [batch](https://hl7.org/fhir/R4/http.html#transaction): each entry on its own.

use crate::harness::messages::*;
use crate::harness::*;

#[tokio::test]
async fn a_batch_is_200_whatever_becomes_of_its_entries() {
    let gateway = Gateway::start().await;
    let entries = [
        put(&patient("p", NUMBER)),
        post(&urn(2), &statement("Patient/nobody", "N02BE01")),
        request("GET", "Patient/p"),
        request("GET", "Patient/unknown"),
        request("PATCH", "Patient/p"),
    ];
    let reply = gateway.by(&REGION).post("/fhir", &bundle("batch", &entries)).await.expect(200).json();
    assert_eq!(reply["type"], "batch-response");
    let statuses: Vec<_> = reply["entry"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["response"]["status"].as_str().unwrap()[..3].to_owned())
        .collect();
    assert_eq!(statuses, ["201", "422", "200", "404", "400"]);
    assert_eq!(reply["entry"][1]["response"]["outcome"]["issue"][0]["details"]["coding"][0]["code"], "patient-unknown");
    assert_eq!(reply["entry"][2]["resource"]["id"], "p");
    gateway.finish().await;
}

#[tokio::test]
async fn each_write_of_a_batch_has_an_audit_entry_and_so_has_the_batch() {
    let gateway = Gateway::start().await;
    let entries = [put(&patient("p", NUMBER)), put(&patient("q", OTHER_NUMBER))];
    let reply = gateway.by(&SUITE).post("/fhir", &bundle("batch", &entries)).await.expect(200);
    let audit = gateway.audit_of(reply.header("x-request-id")).await;
    let patients: Vec<_> = audit.iter().map(|(entry, _)| entry.patients.first().map_or("-", String::as_str)).collect();
    assert_eq!(patients, ["Patient/p", "Patient/q", "-"]);
    gateway.finish().await;
}
