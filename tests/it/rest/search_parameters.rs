//! What searches find ([search](https://hl7.org/fhir/R4/search.html)).

use crate::harness::messages::*;
use crate::harness::*;
use std::time::Duration;

/// A patient `p` with three statements, each a minute after the one before, and another patient.
async fn gateway() -> Gateway {
    let gateway = Gateway::start().await;
    let suite = gateway.by(&SUITE);
    suite.store(&patient("p", NUMBER)).await;
    suite.store(&patient("q", OTHER_NUMBER)).await;
    for (id, drug, status, start) in [
        ("a", "N02BE01", "active", "2026-01-01"),
        ("b", "C07AB02", "stopped", "2026-02-01"),
        ("c", "N02BE01", "active", "2026-03-01"),
    ] {
        gateway.clock.advance(Duration::from_secs(60));
        let mut statement = statement("Patient/p", drug);
        (statement["id"], statement["status"]) = (id.into(), status.into());
        statement["effectivePeriod"] = serde_json::json!({"start": start, "end": start});
        statement["category"] = serde_json::json!({"coding": [{"system": "urn:c", "code": id}]});
        suite.store(&statement).await;
    }
    gateway
}

#[tokio::test]
async fn each_parameter_finds_what_it_names() {
    let gateway = gateway().await;
    let cases: [(&str, &[&str]); 18] = [
        ("_id=b", &["b"]),
        ("_id=a,c&_sort=_lastUpdated", &["a", "c"]),
        ("_id=nobody", &[]),
        ("patient=p&_sort=-_lastUpdated", &["c", "b", "a"]),
        ("patient=Patient/p&status=stopped", &["b"]),
        ("patient=Patient/q", &[]),
        ("subject=Patient/p&code=N02BE01&_sort=_lastUpdated", &["a", "c"]),
        ("code=http://www.whocc.no/atc|C07AB02", &["b"]),
        ("code=urn:other|C07AB02", &[]),
        ("status:not=active", &["b"]),
        ("category=urn:c|c", &["c"]),
        ("effective=2026-02", &["b"]),
        ("effective=ge2026-02-01&_sort=_lastUpdated", &["b", "c"]),
        ("effective=lt2026-02-01", &["a"]),
        ("_lastUpdated=gt2026-03-02T08:02:30Z", &["c"]),
        ("_lastUpdated=2026-03-02T08:01:00Z", &["a"]),
        ("code:missing=true", &[]),
        ("status=active&code=C07AB02", &[]),
    ];
    for (query, ids) in cases {
        let found = gateway.by(&SUITE).get(&format!("/fhir/MedicationStatement?{query}")).await.expect(200);
        assert_eq!(found.ids(), ids, "{query}");
        assert_eq!(found.json()["total"], ids.len(), "{query}");
    }
    gateway.finish().await;
}

#[tokio::test]
async fn a_patient_is_found_by_number_and_by_name() {
    let gateway = gateway().await;
    let suite = gateway.by(&SUITE);
    let by_number = suite.search("Patient", &format!("identifier={PERSONNUMMER}|{OTHER_NUMBER}")).await.expect(200);
    assert_eq!(by_number.ids(), ["q"]);
    assert_eq!(suite.search("Patient", &format!("identifier={NUMBER}")).await.ids(), ["p"]);
    assert_eq!(suite.get("/fhir/Patient?family=tolvans&_id=q").await.ids(), ["q"]);
    assert_eq!(suite.get("/fhir/Patient?birthdate=1912-12-12").await.json()["total"], 2);
    gateway.finish().await;
}

#[tokio::test]
async fn a_count_of_nothing_gives_the_total_alone() {
    let gateway = gateway().await;
    for query in ["_count=0", "_summary=count"] {
        let found = gateway.by(&SUITE).get(&format!("/fhir/MedicationStatement?{query}")).await.expect(200).json();
        assert_eq!((&found["total"], found.get("entry")), (&3.into(), None), "{query}");
    }
    gateway.finish().await;
}

#[tokio::test]
async fn bad_values_and_unknown_modifiers_are_refused() {
    let gateway = gateway().await;
    let cases = [
        ("_count=many", "search-value-invalid"),
        ("_count=-1", "search-value-invalid"),
        ("_sort=birthdate", "search-value-invalid"),
        ("_lastUpdated=yesterday", "search-value-invalid"),
        ("effective=2026-13-40", "search-value-invalid"),
        ("_id=not/an/id", "search-value-invalid"),
        ("status:above=active", "search-modifier-unsupported"),
        ("_include=Nothing:x", "search-value-invalid"),
        ("_page=garbage", "page-unknown"),
        ("_query=named", "search-parameter-unknown"),
    ];
    for (query, rule) in cases {
        let reply = gateway.by(&SUITE).get(&format!("/fhir/MedicationStatement?{query}")).await.expect(400);
        assert_eq!(reply.rules(), [rule], "{query}");
    }
    gateway.finish().await;
}

#[tokio::test]
async fn an_unknown_parameter_is_ignored_aloud_or_refused_when_strict() {
    let gateway = gateway().await;
    let suite = gateway.by(&SUITE);
    let lenient = suite.get("/fhir/MedicationStatement?unknown=1&status=stopped").await.expect(200);
    assert_eq!(lenient.ids(), ["b"]);
    assert_eq!(lenient.entries("outcome")[0]["issue"][0]["severity"], "warning");
    assert!(!lenient.link("self").unwrap().contains("unknown"));
    let strict = suite.with("Prefer", "handling=strict").get("/fhir/MedicationStatement?unknown=1").await.expect(400);
    assert_eq!(strict.rules(), ["search-parameter-unknown"]);
    gateway.finish().await;
}
