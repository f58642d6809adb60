//! `_include`: what the matches refer to, each once, beside the matches and never among the total.

use crate::harness::*;

#[tokio::test]
async fn an_include_brings_each_target_once() {
    let gateway = Gateway::with_resident().await;
    gateway.list_of(&["N02BE01", "C07AB02"]).await;
    let found = gateway.by(&REGION).get("/fhir/MedicationStatement?_include=MedicationStatement:patient").await;
    assert_eq!(found.json()["total"], 2);
    let included = found.entries("include");
    assert_eq!(included.len(), 1);
    assert_eq!(included[0]["resourceType"], "Patient");
    gateway.finish().await;
}

#[tokio::test]
async fn a_lists_items_come_with_it() {
    let gateway = Gateway::with_resident().await;
    gateway.list_of(&["N02BE01", "C07AB02"]).await;
    let found = gateway.by(&UMEA).get("/fhir/List?code=10160-0&_include=List:item&_include=List:patient").await;
    let mut kinds: Vec<_> = found.entries("include").iter().map(|r| r["resourceType"].to_string()).collect();
    kinds.sort();
    assert_eq!(kinds, ["\"MedicationStatement\"", "\"MedicationStatement\"", "\"Patient\""]);
    gateway.finish().await;
}

#[tokio::test]
async fn an_include_of_another_type_only_is_empty() {
    let gateway = Gateway::with_resident().await;
    gateway.list_of(&["N02BE01"]).await;
    let found = gateway.by(&REGION).get("/fhir/MedicationStatement?_include=MedicationStatement:subject:Group").await;
    assert_eq!((found.matches().len(), found.entries("include").len()), (1, 0));
    gateway.finish().await;
}

#[tokio::test]
async fn an_include_brings_only_types_that_the_scopes_cover() {
    let gateway = Gateway::with_resident().await;
    gateway.list_of(&["N02BE01"]).await;
    let found = gateway.by(&LISTS_ONLY).get("/fhir/List?_include=List:patient").await.expect(200);
    assert_eq!((found.matches().len(), found.entries("include").len()), (1, 0));
    gateway.finish().await;
}
