//! Concepts through a real store: what comes back, and what a sender's next message does to the one before.

use std::sync::Arc;

use super::*;
use crate::access::{ActorRole, Caller, Purpose, Scopes};
use crate::agreement::{Agreement, EvidenceKinds};
use crate::audit::{self, Interaction};
use crate::clock::ManualClock;
use crate::entropy::SeededEntropy;
use crate::exchange::{Seal, Wake};
use crate::store::sqlite::{SqliteOptions, SqliteStore};

const REGION: &str = "SE2321000222-0000";
const OTHER: &str = "SE2120002627-0000";

/// A gateway, the folder that its store is in, and whoever calls it.
struct Story {
    gateway: Gateway,
    _folder: tempfile::TempDir,
}

impl Story {
    /// A gateway that knows two patients, both of the region: 1 (191212121212) and 2 (189002029800).
    async fn begin() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("store"), SqliteOptions::default()).unwrap();
        let gateway = Gateway {
            store: Arc::new(store),
            clock: Arc::new(ManualClock::new("2026-03-02T08:00:00Z".parse().unwrap())),
            entropy: Arc::new(SeededEntropy::new(1)),
            base: "http://127.0.0.1:8080/fhir".into(),
            seal: Arc::new(Seal::new(&[1; 32])),
            evidence: EvidenceKinds::embedded(),
            agreements: Agreement::embedded().to_vec().into(),
            guard: Arc::new(crate::delivery::Guard::default()),
            validation: Arc::default(),
            wake: Arc::new(Wake::default()),
        };
        let story = Self { gateway, _folder: folder };
        story.put(REGION, &patient_of("1", "191212121212", "")).await;
        story.put(REGION, &patient_of("2", "189002029800", "")).await;
        story
    }

    fn call(&self, organisation: &str, scopes: &str) -> Call {
        let caller = Caller {
            client: "system".to_owned(),
            organisation: organisation.to_owned(),
            organisation_name: organisation.to_owned(),
            unit: None,
            role: ActorRole::CareProvider,
            person: None,
            purpose: Purpose::Treatment,
            scopes: Scopes::parse(scopes),
        };
        let at = self.gateway.clock.now();
        let entry = audit::Entry::begin(Interaction::Operation, "test", Some(&caller), "r", at, &*self.gateway.entropy);
        Call { caller, at, entry, recorded: false, refused: None }
    }

    /// Stores a resource under the id that it has.
    async fn put(&self, organisation: &str, resource: &str) {
        let document = Document::parse(resource).unwrap();
        let text = |name| document.root().str_at(name).unwrap().into_owned();
        let key = format!("{}/{}", text("resourceType"), text("id"));
        let bundle = format!(
            r#"{{"resourceType":"Bundle","type":"transaction","entry":[{{"resource":{resource},"request":{{"method":"PUT","url":"{key}"}}}}]}}"#
        );
        let bundle = Document::parse(bundle).unwrap();
        let entries = entries::of_bundle(bundle.root()).unwrap();
        let submission = Submission { document: &bundle, entries: &entries, idempotency: None, notify: true };
        let mut call = self.call(organisation, "system/*.cruds");
        receive(&self.gateway, &mut call, &submission, |_| Answer::empty(200)).await.unwrap();
    }

    /// Submits a concept as the region does.
    async fn submit(&self, kind: ConceptKind, scopes: &str, format: Format, body: &str) -> Result<String, Failure> {
        let incoming = read(&self.gateway, kind, format, body.as_bytes())?;
        let mut call = self.call(REGION, scopes);
        submit(&self.gateway, &mut call, &incoming, None).await.map(|answer| answer.body.unwrap())
    }

    /// Submits a medication list: its head, and its medicines with commas between.
    async fn list(&self, head: &str, medicines: &str) -> String {
        let json = format!(r#"{{{head}"patient":"191212121212","date":"2026-03-02","medicines":[{medicines}]}}"#);
        self.submit(ConceptKind::MedicationList, "system/*.cruds", Format::Json, &json).await.unwrap()
    }

    async fn stored(&self, key: &str) -> String {
        let key = ResourceKey::parse(key).unwrap();
        self.gateway.store.read(&key).await.unwrap().unwrap().text.unwrap()
    }

    /// The concepts of patient 1 and the resources that the audit entry names.
    async fn get(&self, kind: ConceptKind) -> (String, String) {
        let mut call = self.call(REGION, "system/*.rs");
        let patient = patient("1").unwrap();
        let answer = of_patient(&self.gateway, &mut call, kind, Some(&patient)).await.unwrap();
        let touched: Vec<String> = call.entry.touched.iter().map(|touched| touched.reference.clone()).collect();
        (answer.body.unwrap(), touched.join(" "))
    }
}

fn patient_of(id: &str, number: &str, rest: &str) -> String {
    let system = "http://electronichealth.se/identifier/personnummer";
    format!(
        r#"{{"resourceType":"Patient","id":"{id}","identifier":[{{"system":"{system}","value":"{number}"}}]{rest}}}"#
    )
}

fn statement(id: &str, patient: &str, drug: &str) -> String {
    format!(
        r#"{{"resourceType":"MedicationStatement","id":"{id}","status":"active","medicationCodeableConcept":{{"text":"{drug}"}},"subject":{{"reference":"Patient/{patient}"}}}}"#
    )
}

fn list(id: &str, patient: &str, items: &[&str]) -> String {
    let entries: Vec<String> = items.iter().map(|item| format!(r#"{{"item":{{"reference":"{item}"}}}}"#)).collect();
    let code = r#"{"coding":[{"system":"http://loinc.org","code":"10160-0"}]}"#;
    format!(
        r#"{{"resourceType":"List","id":"{id}","status":"current","mode":"working","code":{code},"subject":{{"reference":"Patient/{patient}"}},"date":"2026-03-02","entry":[{}]}}"#,
        entries.join(",")
    )
}

#[tokio::test]
async fn an_item_about_another_patient_is_neither_shown_nor_read() {
    let story = Story::begin().await;
    story.put(REGION, &statement("a", "1", "Alvedon")).await;
    story.put(REGION, &statement("b", "2", "Waran")).await;
    story.put(REGION, &list("l", "1", &["MedicationStatement/a", "MedicationStatement/b"])).await;
    let (body, touched) = story.get(ConceptKind::MedicationList).await;
    assert!(body.contains("Alvedon") && !body.contains("Waran"));
    assert!(body.contains(r#""complete": false"#) && body.contains(r#""severity":"error""#));
    assert!(touched.contains("MedicationStatement/a") && !touched.contains("MedicationStatement/b"));
}

#[tokio::test]
async fn a_list_behind_an_item_is_no_list_of_the_patient() {
    let story = Story::begin().await;
    story.put(REGION, &statement("b", "2", "Waran")).await;
    story.put(REGION, &list("other", "2", &["MedicationStatement/b"])).await;
    story.put(REGION, &list("l", "1", &["List/other"])).await;
    let (body, touched) = story.get(ConceptKind::MedicationList).await;
    assert!(!body.contains("Waran") && body.matches(r#""medicines""#).count() == 1);
    assert!(!touched.contains("List/other"));
}

#[tokio::test]
async fn more_roots_than_a_page_are_all_read() {
    let story = Story::begin().await;
    let care_form = r#"[{"coding":[{"system":"https://vardbro.example/fhir/CodeSystem/lm","code":"korttid"}]}]"#;
    for unit in 0..=gather::PAGE {
        story
            .put(REGION, &format!(r#"{{"resourceType":"Organization","id":"u{unit}","name":"x","type":{care_form}}}"#))
            .await;
    }
    let mut call = story.call(OTHER, "system/*.rs");
    gather::gather(&story.gateway, &mut call, ConceptKind::Unit, None).await.unwrap();
    assert_eq!(call.entry.touched.len(), gather::PAGE as usize + 1);
}

const ALVEDON: &str = r#"{"drug":{"text":"Alvedon"},"status":"active"}"#;
const WARAN: &str = r#"{"drug":{"text":"Waran"},"status":"active"}"#;
const NAMED: &str =
    r#"{"identifier":{"system":"urn:oid:1.2.752.1","value":"o1"},"drug":{"text":"Alvedon"},"status":"active"}"#;

#[tokio::test]
async fn the_next_list_of_a_sender_takes_the_place_of_the_one_before() {
    let story = Story::begin().await;
    story.list("", &format!("{ALVEDON},{WARAN}")).await;
    let answer = story.list("", WARAN).await;
    assert_eq!(answer.matches(r#""status":"unknown","statusReason""#).count(), 1, "{answer}");
    let (body, _) = story.get(ConceptKind::MedicationList).await;
    assert_eq!(body.matches(r#""medicines""#).count(), 1);
    assert!(body.contains("Waran") && !body.contains("Alvedon"));
    assert!(!body.contains("sid/list"), "a derived name is nobody's to send back");
}

#[tokio::test]
async fn a_medicine_that_is_named_again_is_taken_again() {
    let story = Story::begin().await;
    for medicines in [ALVEDON, WARAN, ALVEDON] {
        story.list("", medicines).await;
    }
    let (body, _) = story.get(ConceptKind::MedicationList).await;
    assert!(body.contains("Alvedon") && body.contains(r#""status": "active""#) && !body.contains("Waran"));
}

#[tokio::test]
async fn an_identified_medicine_that_is_left_out_keeps_its_record_and_is_told_of() {
    let story = Story::begin().await;
    story.list("", &format!("{NAMED},{WARAN}")).await;
    let answer = story.list("", WARAN).await;
    assert!(answer.contains("medicine-left-out") && answer.contains("List.entry[0].item"), "{answer}");
    assert!(!answer.contains(r#""status":"unknown""#));
}

#[tokio::test]
async fn a_list_that_lacks_a_source_proves_nothing_about_what_it_leaves_out() {
    let story = Story::begin().await;
    story.list("", &format!("{ALVEDON},{WARAN}")).await;
    let answer = story.list(r#""sources":{"complete":false},"#, WARAN).await;
    assert!(answer.contains("medicine-left-out") && !answer.contains(r#""status":"unknown""#), "{answer}");
}

#[tokio::test]
async fn a_sender_that_begins_to_name_its_lists_has_its_nameless_one_retired() {
    let story = Story::begin().await;
    story.list("", ALVEDON).await;
    let name = r#""identifier":{"system":"urn:oid:1.2.752.1","value":"l1"},"#;
    let answer = story.list(name, ALVEDON).await;
    assert_eq!(answer.matches(r#""status":"retired""#).count(), 1, "{answer}");
    let (body, _) = story.get(ConceptKind::MedicationList).await;
    assert_eq!(body.matches(r#""medicines""#).count(), 1);
}

fn rivta(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/rivta/get-medication-history/valid/");
    std::fs::read_to_string(format!("{folder}{name}")).unwrap()
}

#[tokio::test]
async fn the_same_rivta_answer_twice_is_one_list() {
    let story = Story::begin().await;
    for _ in 0..2 {
        let kind = ConceptKind::MedicationList;
        story.submit(kind, "system/*.cruds", Format::RivTa, &rivta("one-drug.xml")).await.unwrap();
    }
    let (body, _) = story.get(ConceptKind::MedicationList).await;
    assert_eq!(body.matches(r#""medicines""#).count(), 1, "{body}");
}

#[tokio::test]
async fn a_fault_in_a_rivta_message_is_told_with_its_line() {
    let story = Story::begin().await;
    let xml = rivta("one-drug.xml").replace("<d:approvedForPatient>", "<d:approvedForPatient>x");
    let refused = story.submit(ConceptKind::MedicationList, "system/*.cruds", Format::RivTa, &xml).await.unwrap_err();
    let Failure::Invalid(issues) = refused else { panic!("{refused:?}") };
    let outcome = outcome::to_json(&issues);
    assert!(outcome.contains("\"line "), "{outcome}");
}

const DEATH: &str = r#"{"patient":"191212121212","status":"finished","careForm":"hemsjukvard",
    "unit":{"hsaId":"SE2120002627-HSV1","name":"Hemsjukvård öst"},"period":{"start":"2026-01-01","end":"2026-03-01"},
    "demographics":{"family":"Berg","deceased":"2026-03-01"}}"#;

#[tokio::test]
async fn a_death_reaches_the_patient_who_is_known_already() {
    for (before, after) in [("", ""), (r#","deceasedBoolean":false,"active":true"#, r#","active":true"#)] {
        let story = Story::begin().await;
        story.put(REGION, &patient_of("1", "191212121212", before)).await;
        let answer = story.submit(ConceptKind::Enrolment, "system/*.cruds", Format::Json, DEATH).await.unwrap();
        let patient = story.stored("Patient/1").await;
        assert!(patient.contains(r#""deceasedDateTime":"2026-03-01""#) && patient.contains(after), "{patient}");
        assert!(!patient.contains("deceasedBoolean") && !answer.contains("deceased-of-known-patient"));
    }
}

#[tokio::test]
async fn a_death_that_may_not_be_recorded_is_refused_aloud() {
    let story = Story::begin().await;
    let scopes = "system/EpisodeOfCare.c system/Organization.c system/Patient.c";
    let refused = story.submit(ConceptKind::Enrolment, scopes, Format::Json, DEATH).await.unwrap_err();
    let Failure::Invalid(issues) = refused else { panic!("{refused:?}") };
    assert_eq!(issues.iter().map(|issue| issue.rule).collect::<Vec<_>>(), ["deceased-not-recorded"]);
    assert!(!story.stored("Patient/1").await.contains("deceased"));
}

#[tokio::test]
async fn another_time_of_death_is_not_overwritten_but_told_of() {
    let story = Story::begin().await;
    story.put(REGION, &patient_of("1", "191212121212", r#","deceasedDateTime":"2026-02-28T10:00:00Z""#)).await;
    let answer = story.submit(ConceptKind::Enrolment, "system/*.cruds", Format::Json, DEATH).await.unwrap();
    assert!(answer.contains("deceased-differs"));
    assert!(story.stored("Patient/1").await.contains("2026-02-28T10:00:00Z"));
}
