use proptest::prelude::*;

use super::*;
use crate::concept::testing::{
    at, bundle, centre, date_time, identifier, law, organisation, patient, period, resources, text,
};
use crate::concept::{Concept, ConceptKind, read as read_json};

fn demographics() -> impl Strategy<Value = Demographics> {
    let marks = prop::sample::subsequence(Protection::ALL, 0..=2);
    let birth = prop::option::of("19[0-9]{2}-0[1-9]-1[0-9]");
    (prop::option::of(text()), text(), birth, marks, prop::option::of(date_time())).prop_map(
        |(given, family, birth_date, protection, deceased)| Demographics {
            given,
            family: Some(family),
            birth_date,
            protection,
            deceased,
        },
    )
}

fn enrolment() -> impl Strategy<Value = Enrolment> {
    let head = (prop::option::of(identifier()), patient(), prop::sample::select(CareForm::ALL), any::<bool>());
    let places = (organisation(), prop::option::of(centre()));
    let when = period().prop_filter("has a start", |period| period.start.is_some());
    (head, places, when, prop::option::of(demographics())).prop_map(
        |((identifier, patient, care_form, planned), (unit, health_centre), period, demographics)| {
            let status = match (planned, &period.end) {
                (true, _) => EnrolmentStatus::Planned,
                (false, None) => EnrolmentStatus::Active,
                (false, Some(_)) => EnrolmentStatus::Finished,
            };
            Enrolment { identifier, patient, status, care_form, unit, health_centre, period, demographics }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn an_enrolment_comes_back_as_it_was(enrolment in enrolment()) {
        law(&Concept::Enrolment(Box::new(enrolment)));
    }
}

const PROTECTED: &str = r#"{"patient": "191212121212", "status": "active", "careForm": "hemsjukvard",
    "unit": {"hsaId": "SE2120002627-HSV1", "name": "Hemsjukvård öst"},
    "healthCentre": {"hsaId": "SE2321000222-HC01", "name": "Ersboda hälsocentral"},
    "period": {"start": "2026-01-01"},
    "demographics": {"given": "Skyddad", "family": "Uppgift", "protection": ["sekretessmarkering"]}}"#;

#[test]
fn demographics_create_the_patient_unless_known_and_keep_the_marks() {
    let bundle = bundle(&read_json(ConceptKind::Enrolment, PROTECTED).unwrap());
    let entries = bundle.get("entry").unwrap().items();
    let patient = entries.iter().find(|e| at(e, "resource.resourceType") == &Value::from("Patient")).unwrap();
    let condition = "identifier=http://electronichealth.se/identifier/personnummer|191212121212";
    assert_eq!(at(patient, "request.ifNoneExist"), &Value::from(condition));
    assert_eq!(at(patient, "resource.meta.security.0.code"), &Value::from("sekretessmarkering"));
    let episode = &resources(&bundle, "EpisodeOfCare")[0];
    assert_eq!(at(episode, "patient.reference"), at(patient, "fullUrl"));
    assert_eq!(at(episode, "type.0.coding.0.code"), &Value::from("hemsjukvard"));
}

#[test]
fn without_demographics_no_patient_is_made() {
    let plain = r#"{"patient": "191212121212", "status": "active", "careForm": "korttid",
        "unit": {"hsaId": "SE2120002627-K1"}, "period": {"start": "2026-01-01"}}"#;
    let bundle = bundle(&read_json(ConceptKind::Enrolment, plain).unwrap());
    assert!(resources(&bundle, "Patient").is_empty());
}
