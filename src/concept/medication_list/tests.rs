use proptest::prelude::*;

use super::*;
use crate::concept::ConceptKind;
use crate::concept::ids::Hsa;
use crate::concept::testing::{
    at, bundle, coded, date_time, identifier, law, organisation, patient, period, positive, professional, quantity,
    resources, text,
};
use crate::concept::time::TimeOfDay;
use crate::concept::{Concept, from_fhir, read};
use crate::fhir::{Document, Value};

fn drug() -> impl Strategy<Value = Drug> {
    let atc = ("[A-Z][0-9]{2}[A-Z]{2}[0-9]{2}", prop::option::of(text()));
    let codes = (prop::option::of(atc), prop::option::of("[0-9]{14}"), prop::option::of("[0-9]{14}"));
    let rest = (prop::option::of(text()), prop::option::of(quantity()));
    (text(), codes, rest).prop_map(|(text, (atc, npl_id, npl_pack_id), (form, strength))| {
        let (atc, substance) = atc.map_or((None, None), |(atc, substance)| (Some(atc), substance));
        Drug { text: Some(text), atc, substance, npl_id, npl_pack_id, form, strength }
    })
}

fn timed() -> impl Strategy<Value = Dosage> {
    let repeat = prop::option::of((positive(), prop::sample::select(PeriodUnit::ALL)));
    let days = prop::sample::subsequence(Weekday::ALL, 0..4);
    let times = prop::collection::btree_set("[01][0-9]:[0-5][0-9]", 0..3);
    (prop::option::of(1..9_u32), repeat, days, times, prop::option::of(period())).prop_map(
        |(frequency, repeat, days, times, bounds)| {
            let bounds = bounds.unwrap_or_default();
            Dosage {
                text: Some("enligt ordination".to_owned()),
                frequency,
                period: repeat.as_ref().map(|(period, _)| period.clone()),
                period_unit: repeat.map(|(_, unit)| unit),
                day_of_week: days,
                time_of_day: times.iter().filter_map(|time| TimeOfDay::parse(time)).collect(),
                start: bounds.start,
                end: bounds.end,
                ..Dosage::default()
            }
        },
    )
}

fn dosage() -> impl Strategy<Value = Dosage> {
    let dose = prop_oneof![
        quantity().prop_map(|dose| (Some(dose), None)),
        (quantity(), prop::option::of(quantity()))
            .prop_map(|(low, high)| (None, Some(DoseRange { low: Some(low), high }))),
    ];
    let need = prop_oneof![any::<bool>().prop_map(|b| (Some(b), None)), coded().prop_map(|c| (None, Some(c)))];
    let most = prop::option::of((quantity(), quantity()).prop_map(|(dose, per)| MaxDose { dose, per }));
    let rest =
        (prop::option::of(1..5_u32), prop::option::of(text()), prop::option::of(coded()), prop::option::of(quantity()));
    (timed(), dose, need, most, rest).prop_map(
        |(timed, (dose, dose_range), (as_needed, as_needed_for), max_per_period, rest)| {
            let (sequence, patient_instruction, route, max_per_administration) = rest;
            Dosage {
                dose,
                dose_range,
                as_needed,
                as_needed_for,
                max_per_period,
                sequence,
                patient_instruction,
                route,
                max_per_administration,
                ..timed
            }
        },
    )
}

fn prescription() -> impl Strategy<Value = Prescription> {
    let kind = prop::option::of(prop::sample::select(PrescriptionType::ALL));
    let times = prop::collection::vec(prop::option::of(date_time()), 4);
    let names = prop::collection::vec(prop::option::of(identifier()), 3);
    let people = (prop::option::of(professional()), prop::option::of(professional()), text());
    (kind, times, names, people).prop_map(|(kind, mut times, mut names, (evaluator, signer, contact))| {
        let mut time = || times.pop().flatten();
        let mut name = || names.pop().flatten();
        Prescription {
            kind,
            decided: time(),
            first_start: time(),
            chain: name(),
            preceding: name(),
            succeeding: name(),
            evaluated: time(),
            evaluator,
            signed: time(),
            signer,
            source_system: contact.len().is_multiple_of(2).then(|| Hsa::parse("SE2321000222-SYS1").unwrap()),
            document: contact.len().is_multiple_of(3).then(|| contact.clone()),
            care_contact: Some(contact),
        }
    })
}

fn medicine() -> impl Strategy<Value = Medicine> {
    let times = (prop::option::of(period()), prop::option::of(date_time()), prop::option::of(date_time()));
    let words = (prop::collection::vec(coded(), 0..2), prop::option::of(text()), prop::collection::vec(text(), 0..3));
    let people = (prop::option::of(professional()), prop::option::of(professional()), prop::option::of(any::<bool>()));
    let mark = (prop::option::of(prescription()), prop::option::of(any::<bool>()));
    let state = (prop::sample::select(MedicineStatus::ALL), prop::option::of(coded()), mark);
    let what = (prop::option::of(identifier()), drug(), prop::collection::vec(dosage(), 0..3));
    (what, state, times, words, people).prop_map(
        |(
            (identifier, drug, dosage),
            (status, status_reason, mark),
            (treated, asserted, evaluation),
            words,
            people,
        )| {
            let treated = treated.unwrap_or_default();
            let (reasons, purpose, notes) = words;
            let (prescription, approved_for_patient) = mark;
            let (prescriber, recorder, self_medication) = people;
            Medicine {
                identifier,
                drug,
                status,
                status_reason,
                start: treated.start,
                end: treated.end,
                asserted,
                evaluation,
                reasons,
                purpose,
                notes,
                self_medication,
                dosage,
                prescriber,
                recorder,
                prescription,
                approved_for_patient,
            }
        },
    )
}

fn printed() -> impl Strategy<Value = PrintedCopy> {
    (date_time(), organisation(), prop::option::of("https://example\\.org/[a-z]{1,9}"))
        .prop_map(|(date, recipient, url)| PrintedCopy { date, recipient, url })
}

fn list() -> impl Strategy<Value = MedicationList> {
    let head = (prop::option::of(identifier()), patient(), date_time(), prop::option::of(professional()));
    let sources = prop::option::of((any::<bool>(), prop::collection::vec(text(), 0..3)));
    let parts = (prop::collection::vec(medicine(), 0..4), prop::collection::vec(printed(), 0..2));
    (head, sources, any::<bool>(), parts).prop_map(
        |((identifier, patient, date, author), sources, nil, (medicines, printed))| {
            let sources = sources
                .map(|(complete, missing)| Sources { complete, missing: if complete { vec![] } else { missing } });
            let mut list =
                MedicationList { identifier, patient, date, author, sources, none: None, medicines, printed };
            list.arrange();
            let may_be_nil =
                list.current().next().is_none() && list.sources.as_ref().is_some_and(|sources| sources.complete);
            list.none = (nil && may_be_nil).then_some(Nothing::NilKnown);
            list
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn a_list_comes_back_as_it_was(list in list()) {
        law(&Concept::MedicationList(Box::new(list)));
    }
}

fn given(json: &str) -> Concept {
    read(ConceptKind::MedicationList, json).unwrap()
}

const TWO: &str = r#"{
    "identifier": {"system": "urn:oid:1.2.752.1", "value": "lista 1"},
    "patient": "19121212-1212", "date": "2026-03-02T08:00",
    "medicines": [
        {"drug": {"text": "Waran 2,5 mg"}, "status": "stopped", "end": "2026-02-01"},
        {"drug": {"text": "Alvedon 500 mg", "atc": "N02BE01"}, "status": "active",
         "dosage": [{"dose": {"value": 0.50, "unit": "tablett"}}]}
    ]}"#;

#[test]
fn a_stopped_medicine_is_a_statement_but_no_entry() {
    let bundle = bundle(&given(TWO));
    let statements = resources(&bundle, "MedicationStatement");
    let lists = resources(&bundle, "List");
    assert_eq!(statements.len(), 2);
    assert_eq!(at(&statements[1], "status"), &Value::from("stopped"));
    assert_eq!(at(&lists[0], "entry").items().len(), 1);
    assert_eq!(at(&lists[0], "code.coding.0.code"), &Value::from("10160-0"));
}

#[test]
fn a_dose_keeps_its_digits() {
    let bundle = bundle(&given(TWO));
    assert!(bundle.to_string().contains(r#""doseQuantity":{"value":0.50,"unit":"tablett"}"#));
}

#[test]
fn a_list_with_an_identifier_replaces_the_earlier_one() {
    let bundle = bundle(&given(TWO));
    let last = bundle.get("entry").unwrap().items().last().unwrap();
    assert_eq!(at(last, "request.method"), &Value::from("PUT"));
    assert_eq!(at(last, "request.url"), &Value::from("List?identifier=urn:oid:1.2.752.1|lista%201"));
    let patient = at(last, "resource.subject");
    assert_eq!(at(patient, "identifier.value"), &Value::from("191212121212"));
}

#[test]
fn an_empty_list_claims_nothing_unless_it_says_so() {
    let empty = r#"{"patient": "191212121212", "date": "2026-03-02", "medicines": []}"#;
    let nil = r#"{"patient": "191212121212", "date": "2026-03-02", "sources": {"complete": true}, "none": "nilknown", "medicines": []}"#;
    let reason = |json| at(&resources(&bundle(&given(json)), "List")[0], "emptyReason.coding.0.code").clone();
    assert_eq!(reason(empty), Value::from("unavailable"));
    assert_eq!(reason(nil), Value::from("nilknown"));
}

#[test]
fn what_has_no_place_is_reported_with_its_expression() {
    let text = bundle(&given(TWO)).to_string().replace(r#""mode":"working""#, r#""mode":"working","title":"Lista""#);
    let (lists, issues) = from_fhir(ConceptKind::MedicationList, &Document::parse(text).unwrap()).unwrap();
    assert_eq!(lists, [given(TWO)]);
    let found: Vec<_> = issues.iter().map(|issue| (issue.rule, issue.place.expression.as_str())).collect();
    assert_eq!(found, [("unmapped-element", "List.title")]);
}

#[test]
fn what_the_patient_may_not_read_is_labelled() {
    let json = TWO.replacen(r#""status": "active""#, r#""approvedForPatient": false, "status": "active""#, 1);
    let statements = resources(&bundle(&given(&json)), "MedicationStatement");
    assert_eq!(at(&statements[0], "meta.security.0.code"), &Value::from("NOPAT"));
    assert_eq!(at(&statements[1], "meta"), &Value::Null);
}

#[test]
fn an_active_medicine_outside_the_list_is_passed_over_aloud() {
    let text = bundle(&given(TWO)).to_string().replace(r#""status":"stopped""#, r#""status":"active""#);
    let (lists, issues) = from_fhir(ConceptKind::MedicationList, &Document::parse(text).unwrap()).unwrap();
    let [Concept::MedicationList(list)] = lists.as_slice() else { panic!("one list") };
    assert_eq!(list.medicines.len(), 1);
    assert_eq!(issues.iter().map(|issue| issue.rule).collect::<Vec<_>>(), ["statement-outside-list"]);
}

#[test]
fn a_list_without_a_known_patient_is_an_error() {
    let text = bundle(&given(TWO)).to_string().replace("191212121212", "191212121213");
    let issues = from_fhir(ConceptKind::MedicationList, &Document::parse(text).unwrap()).unwrap_err();
    assert!(issues.iter().any(|issue| issue.rule == "concept-element-missing"));
    assert!(!format!("{issues:?}").contains("191212"));
}

#[test]
fn a_statement_about_somebody_else_is_left_out_aloud() {
    let text = bundle(&given(TWO)).to_string();
    // The first statement of the Bundle is the listed one.
    let (before, after) = text.split_once("MedicationStatement\"").unwrap();
    let spoilt = format!("{before}MedicationStatement\"{}", after.replacen("191212121212", "189002029800", 2));
    let (lists, issues) = from_fhir(ConceptKind::MedicationList, &Document::parse(spoilt).unwrap()).unwrap();
    let [Concept::MedicationList(list)] = lists.as_slice() else { panic!("one list") };
    assert_eq!(list.current().count(), 0);
    assert_eq!(list.sources.as_ref().map(|sources| sources.complete), Some(false));
    assert!(issues.iter().any(|issue| issue.rule == "other-patient" && issue.is_error()));
}
