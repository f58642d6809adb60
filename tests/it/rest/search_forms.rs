//! Search by POST: the way to search for a number without a number in a URL.

use crate::harness::messages::*;
use crate::harness::*;

#[tokio::test]
async fn parameters_may_stand_in_the_form_and_in_the_url() {
    let gateway = Gateway::with_resident().await;
    gateway.list_of(&["N02BE01", "C07AB02"]).await;
    let form = "application/x-www-form-urlencoded";
    let region = gateway.by(&REGION).with("Content-Type", form);
    let found = region.send("POST", "/fhir/MedicationStatement/_search?patient=resident", "code=N02BE01").await;
    assert_eq!(found.expect(200).matches().len(), 1);
    gateway.finish().await;
}

#[tokio::test]
async fn a_form_of_another_type_is_refused() {
    let gateway = Gateway::start().await;
    let reply = gateway.by(&SUITE).post("/fhir/Patient/_search", &patient("p", NUMBER)).await.expect(400);
    assert_eq!(reply.rules(), ["search-form"]);
    gateway.finish().await;
}

#[tokio::test]
async fn a_searched_number_stands_in_no_link_and_no_audit_entry() {
    let gateway = Gateway::with_resident().await;
    let form = format!("identifier={PERSONNUMMER}|{NUMBER}");
    let found = gateway.by(&REGION).search("Patient", &form).await.expect(200);
    assert_eq!(found.matches().len(), 1);
    assert!(!found.link("self").unwrap().contains(NUMBER));
    let audit = gateway.audit_of(found.header("x-request-id")).await;
    let query = audit[0].0.query.as_deref().unwrap();
    assert!(query.starts_with("identifier=") && !query.contains(NUMBER), "{query}");
    gateway.finish().await;
}
