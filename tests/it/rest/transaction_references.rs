//! A transaction's references: `urn:uuid` names and conditions become the resources that they lead to (rules T5, T6).

use crate::harness::county::local;
use crate::harness::messages::*;
use crate::harness::*;
use serde_json::json;

const URN: &str = "urn:uuid:00000000-0000-4000-8000-000000000001";

#[tokio::test]
async fn a_urn_becomes_the_new_resources_name_wherever_it_stands() {
    let gateway = Gateway::start().await;
    let mut described = statement(URN, "N02BE01");
    described["text"] = json!({"status": "generated", "div": format!("<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"{URN}\">P</a></div>")});
    let entries = [post(URN, &patient("p", NUMBER)), post(&urn(2), &described)];
    let reply = gateway.by(&SUITE).post("/fhir", &bundle("transaction", &entries)).await.expect(200).json();
    let place = |n: usize| local(reply["entry"][n]["response"]["location"].as_str().unwrap());
    let stored = gateway.by(&SUITE).get(&format!("/fhir/{}", place(1))).await.expect(200);
    assert_eq!(stored.json()["subject"]["reference"], place(0));
    assert!(stored.json()["text"]["div"].as_str().unwrap().contains(&format!("href=\"{}\"", place(0))));
    assert!(!stored.text.contains(URN));
    gateway.finish().await;
}

#[tokio::test]
async fn a_condition_leads_to_the_one_resource_that_it_matches() {
    let gateway = Gateway::with_resident().await;
    let entry = post(&urn(1), &statement(&by_number(NUMBER), "N02BE01"));
    let reply = gateway.by(&REGION).post("/fhir", &bundle("transaction", &[entry])).await.expect(200).json();
    let stored = local(reply["entry"][0]["response"]["location"].as_str().unwrap());
    let read = gateway.by(&REGION).get(&format!("/fhir/{stored}")).await.expect(200);
    assert_eq!(read.json()["subject"]["reference"], RESIDENT);
    assert!(!read.text.contains(NUMBER));
    gateway.finish().await;
}

#[tokio::test]
async fn a_condition_that_leads_nowhere_or_to_several_fails_all() {
    let gateway = Gateway::with_resident().await;
    let nowhere = bundle("transaction", &[post(&urn(1), &statement(&by_number(UNKNOWN_NUMBER), "N02BE01"))]);
    assert_eq!(gateway.by(&REGION).post("/fhir", &nowhere).await.expect(422).rules(), ["patient-unknown"]);
    let mut several = statement(RESIDENT, "N02BE01");
    several["informationSource"] = json!({"reference": "Organization?active=true"});
    let reply = gateway.by(&REGION).post("/fhir", &bundle("transaction", &[post(&urn(1), &several)])).await;
    assert_eq!((reply.status, reply.rules()), (422, vec!["condition-multiple".to_owned()]));
    assert_eq!(gateway.by(&REGION).get("/fhir/MedicationStatement").await.json()["total"], 0);
    gateway.finish().await;
}
