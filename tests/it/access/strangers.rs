//! To those whom nothing relates to a patient, the patient does not exist: every answer is, byte for byte, the one that
//! an unknown patient gets.

use crate::harness::messages::*;
use crate::harness::*;

/// What both of these are answered to the stranger must be the same; `ids` of known and unknown have the same length.
async fn same_face(gateway: &Gateway, known: Reply, unknown: Reply, what: &str) {
    let plain = |reply: &Reply| {
        let (status, headers, text) = reply.face();
        let blank = |text: String| text.replace("resident", "stranger").replace(NUMBER, UNKNOWN_NUMBER);
        (status, headers.into_iter().map(|(n, v)| (n, blank(v))).collect::<Vec<_>>(), blank(text))
    };
    assert_eq!(plain(&known), plain(&unknown), "{what}");
    for reply in [known, unknown] {
        // Each entry of a batch has one of its own.
        assert!(!gateway.audit_of(reply.header("x-request-id")).await.is_empty(), "{what}");
    }
}

async fn gateway() -> Gateway {
    let gateway = Gateway::with_resident().await;
    gateway.list_of(&["N02BE01"]).await;
    let mut own = list(RESIDENT);
    own["id"] = "resident-list".into();
    gateway.by(&REGION).store(&own).await;
    gateway
}

#[tokio::test]
async fn on_every_way_of_reading() {
    let gateway = gateway().await;
    let stranger = gateway.by(&SKELLEFTEA);
    for path in [
        "/fhir/Patient/{}",
        "/fhir/Patient/{}/_history",
        "/fhir/Patient/{}/_history/1",
        "/fhir/Patient/{}/_history/2",
        "/fhir/List/{}-list",
        "/fhir/Patient?_id={}",
        "/fhir/List?patient={}",
        "/fhir/List?patient=Patient/{}&_include=List:patient",
        "/fhir/MedicationStatement?subject=Patient/{}&_summary=count",
        "/fhir/EpisodeOfCare?patient={}&_count=1",
        "/concepts/medication-list?patient=Patient/{}",
        "/obligations?subject=Patient/{}",
        "/obligations/history?subject=Patient/{}",
    ] {
        let (known, unknown) = (path.replace("{}", "resident"), path.replace("{}", "stranger"));
        same_face(&gateway, stranger.get(&known).await, stranger.get(&unknown).await, path).await;
    }
    gateway.finish().await;
}

#[tokio::test]
async fn on_search_by_number() {
    let gateway = gateway().await;
    let stranger = gateway.by(&SKELLEFTEA);
    for (kind, form) in
        [("Patient", "identifier={}"), ("Patient", "identifier=http://electronichealth.se/identifier/personnummer|{}")]
    {
        let known = stranger.search(kind, &form.replace("{}", NUMBER)).await.expect(200);
        assert_eq!(known.json()["total"], 0);
        let unknown = stranger.search(kind, &form.replace("{}", UNKNOWN_NUMBER)).await;
        same_face(&gateway, known, unknown, form).await;
    }
    gateway.finish().await;
}

#[tokio::test]
async fn on_submission_by_reference() {
    let gateway = gateway().await;
    let stranger = gateway.by(&SKELLEFTEA);
    for kind in ["transaction", "batch"] {
        let submit = async |patient: &str| {
            let entries = [post(&urn(1), &list(patient)), post(&urn(2), &statement(patient, "N02BE01"))];
            stranger.post("/fhir", &bundle(kind, &entries)).await
        };
        same_face(&gateway, submit("Patient/resident").await, submit("Patient/stranger").await, kind).await;
    }
    let known = stranger.post("/fhir/List", &list("Patient/resident")).await.expect(422);
    assert_eq!(known.rules(), ["patient-unknown"]);
    same_face(&gateway, known, stranger.post("/fhir/List", &list("Patient/stranger")).await, "create").await;
    gateway.finish().await;
}

#[tokio::test]
async fn on_submission_by_number() {
    let gateway = gateway().await;
    let stranger = gateway.by(&SKELLEFTEA);
    let submit = async |number: &str, organisation: &str| {
        let reference = by_number(number);
        let mut list = list(&reference);
        list["encounter"] = serde_json::json!({"reference": organisation});
        stranger
            .post(
                "/fhir",
                &bundle("transaction", &[post(&urn(1), &list), post(&urn(2), &statement(&reference, "N02BE01"))]),
            )
            .await
    };
    for encounter in ["Encounter/x", "Encounter?identifier=urn:x|y"] {
        let known = submit(NUMBER, encounter).await;
        same_face(&gateway, known.expect(422), submit(UNKNOWN_NUMBER, encounter).await, encounter).await;
    }
    let concept = async |number: &str| stranger.post("/concepts/medication-list", &list_concept(number)).await;
    same_face(&gateway, concept(NUMBER).await.expect(422), concept(UNKNOWN_NUMBER).await, "concept").await;
    gateway.finish().await;
}

#[tokio::test]
async fn on_deletion() {
    let gateway = gateway().await;
    let stranger = gateway.by(&SKELLEFTEA);
    for path in ["/fhir/Patient/{}", "/fhir/List/{}-list"] {
        let known = stranger.delete(&path.replace("{}", "resident")).await;
        same_face(&gateway, known, stranger.delete(&path.replace("{}", "stranger")).await, path).await;
    }
    let stale = stranger.clone().with("If-Match", "W/\"1\"");
    same_face(
        &gateway,
        stale.delete("/fhir/Patient/resident").await,
        stale.delete("/fhir/Patient/stranger").await,
        "if-match",
    )
    .await;
    let within = async |id: &str| {
        let entries = [request("DELETE", &format!("Patient/{id}")), request("DELETE", &format!("List/{id}-list"))];
        stranger.post("/fhir", &bundle("transaction", &entries)).await
    };
    same_face(&gateway, within("resident").await, within("stranger").await, "transaction").await;
    gateway.by(&UMEA).get("/fhir/Patient/resident").await.expect(200);
    gateway.by(&UMEA).get("/fhir/List/resident-list").await.expect(200);
    gateway.finish().await;
}

#[tokio::test]
async fn totals_pages_and_includes_leak_nothing() {
    let gateway = gateway().await;
    let stranger = gateway.by(&SKELLEFTEA);
    stranger.store(&patient("theirs", OTHER_NUMBER)).await;
    stranger.post("/fhir/List", &list("Patient/theirs")).await.expect(201);
    let found = stranger.get("/fhir/List?_include=List:patient&_include=List:item").await.expect(200);
    assert_eq!((found.json()["total"].as_u64(), found.matches().len(), found.link("next")), (Some(1), 1, None));
    assert_eq!(found.entries("include").len(), 1);
    assert!(!found.text.contains("resident"));
    let nothing = stranger.get("/fhir/Patient?_lastUpdated=ge2026-01-01&family=Tolvansson").await;
    assert_eq!(nothing.ids(), ["theirs"]);
    gateway.finish().await;
}

#[tokio::test]
async fn an_enrolment_opens_the_relation() {
    let gateway = gateway().await;
    let stranger = gateway.by(&SKELLEFTEA);
    stranger.get("/fhir/Patient/resident").await.expect(404);
    stranger.store(&enrolment("moved", RESIDENT, "annat-boende")).await;
    stranger.get("/fhir/Patient/resident").await.expect(200);
    assert_eq!(stranger.get("/fhir/List?patient=resident").await.json()["total"], 2);
    gateway.finish().await;
}

#[tokio::test]
async fn an_enrolment_at_somebody_elses_unit_opens_nothing() {
    let gateway = gateway().await;
    let stranger = gateway.by(&SKELLEFTEA);
    stranger.put("/fhir/EpisodeOfCare/x", &enrolment("x", RESIDENT, "boende")).await.expect(422);
    stranger.get("/fhir/Patient/resident").await.expect(404);
    gateway.finish().await;
}
