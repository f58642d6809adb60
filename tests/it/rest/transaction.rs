//! [transaction](https://hl7.org/fhir/R4/http.html#transaction): all or nothing.

use crate::harness::messages::*;
use crate::harness::*;
use serde_json::json;

#[tokio::test]
async fn one_bad_entry_undoes_all() {
    let gateway = Gateway::with_resident().await;
    let region = gateway.by(&REGION);
    let unknown = post(&urn(2), &statement("Patient/nobody", "N02BE01"));
    let reply = region.post("/fhir", &bundle("transaction", &[put(&patient("p", OTHER_NUMBER)), unknown])).await;
    assert_eq!((reply.status, reply.rules()), (422, vec!["patient-unknown".to_owned()]));
    region.get("/fhir/Patient/p").await.expect(404);
    gateway.finish().await;
}

#[tokio::test]
async fn two_entries_about_one_resource_are_refused() {
    let gateway = Gateway::start().await;
    let p = patient("p", NUMBER);
    let twice = bundle("transaction", &[put(&p), put(&p)]);
    assert_eq!(gateway.by(&SUITE).post("/fhir", &twice).await.expect(400).rules(), ["transaction-overlap"]);
    let put_and_delete = bundle("transaction", &[put(&p), request("DELETE", "Patient/p")]);
    gateway.by(&SUITE).post("/fhir", &put_and_delete).await.expect(400);
    gateway.by(&SUITE).get("/fhir/Patient/p").await.expect(404);
    gateway.finish().await;
}

#[tokio::test]
async fn an_empty_transaction_is_fine() {
    let gateway = Gateway::start().await;
    let reply = gateway.by(&SUITE).post("/fhir", &bundle("transaction", &[])).await.expect(200);
    assert_eq!(reply.json(), json!({"resourceType": "Bundle", "type": "transaction-response"}));
    gateway.finish().await;
}

#[tokio::test]
async fn if_match_and_if_none_exist_of_entries_behave_as_headers() {
    let gateway = Gateway::start().await;
    let suite = gateway.by(&SUITE);
    suite.store(&patient("p", NUMBER)).await;
    let mut stale = put(&patient("p", NUMBER));
    stale["request"]["ifMatch"] = "W/\"3\"".into();
    suite.post("/fhir", &bundle("transaction", &[stale.clone()])).await.expect(412);
    stale["request"]["ifMatch"] = "garbage".into();
    suite.post("/fhir", &bundle("transaction", &[stale])).await.expect(400);
    let mut known = post(&urn(1), &patient("q", NUMBER));
    known["request"]["ifNoneExist"] = format!("identifier={PERSONNUMMER}|{NUMBER}").into();
    let reply = suite.post("/fhir", &bundle("transaction", &[known])).await.expect(200).json();
    assert_eq!(reply["entry"][0]["response"]["status"], "200 OK");
    assert!(reply["entry"][0]["response"]["location"].as_str().unwrap().ends_with("/Patient/p/_history/1"));
    gateway.finish().await;
}

#[tokio::test]
async fn an_entry_without_request_or_with_another_type_is_refused() {
    let gateway = Gateway::start().await;
    let suite = gateway.by(&SUITE);
    let mut other_type = put(&patient("p", NUMBER));
    other_type["request"]["url"] = "List/p".into();
    let mut other_id = put(&patient("p", NUMBER));
    other_id["request"]["url"] = "Patient/q".into();
    for entry in [json!({"resource": patient("p", NUMBER)}), other_type, other_id] {
        let reply = suite.post("/fhir", &bundle("transaction", &[entry])).await;
        assert!(matches!(reply.status, 400 | 422), "{}", reply.text);
    }
    assert_eq!(suite.get("/fhir/Patient").await.json()["total"], 0);
    gateway.finish().await;
}

#[tokio::test]
async fn a_bundle_of_another_sort_is_refused() {
    let gateway = Gateway::start().await;
    for body in [bundle("collection", &[]), bundle("searchset", &[]), patient("p", NUMBER)] {
        assert_eq!(gateway.by(&SUITE).post("/fhir", &body).await.expect(400).rules(), ["bundle-type"]);
    }
    gateway.finish().await;
}
