//! [Content types](https://hl7.org/fhir/R4/http.html#mime-type): JSON in, JSON out.

use crate::harness::messages::*;
use crate::harness::*;

#[tokio::test]
async fn every_name_of_json_is_read() {
    let gateway = Gateway::start().await;
    for name in [
        "application/fhir+json",
        "application/json",
        "text/json",
        "application/fhir+json; charset=utf-8; fhirVersion=4.0",
    ] {
        gateway.by(&SUITE).with("Content-Type", name).post("/fhir/Patient", &patient("p", NUMBER)).await.expect(201);
    }
    gateway.finish().await;
}

#[tokio::test]
async fn another_media_type_is_refused() {
    let gateway = Gateway::start().await;
    for path in ["/fhir", "/fhir/Patient", "/concepts/medication-list"] {
        let suite = gateway.by(&SUITE).with("Content-Type", "text/turtle");
        assert_eq!(suite.post(path, &patient("p", NUMBER)).await.expect(415).rules(), ["media-type"], "{path}");
    }
    let xml = gateway.by(&SUITE).with("Content-Type", "application/fhir+xml");
    xml.send("PUT", "/fhir/Patient/p", "<Patient/>").await.expect(415);
    gateway.finish().await;
}

#[tokio::test]
async fn an_accept_that_leaves_no_json_is_refused() {
    let gateway = Gateway::start().await;
    gateway.by(&SUITE).store(&patient("p", NUMBER)).await;
    for accept in ["application/fhir+xml", "text/turtle", "image/png, text/xml"] {
        let reply = gateway.by(&SUITE).with("Accept", accept).get("/fhir/Patient/p").await.expect(406);
        assert_eq!(reply.rules(), ["media-type"]);
    }
    for accept in [
        "*/*",
        "application/*",
        "application/fhir+xml, application/fhir+json;q=0.5",
        "application/json",
        "text/html, */*;q=0.1",
    ] {
        gateway.by(&SUITE).with("Accept", accept).get("/fhir/Patient/p").await.expect(200);
    }
    gateway.by(&SUITE).with("Accept", "application/fhir+xml").get("/fhir/Patient/p?_format=json").await.expect(200);
    gateway.by(&SUITE).get("/fhir/Patient/p?_format=xml").await.expect(406);
    gateway.finish().await;
}
