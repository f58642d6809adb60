use proptest::prelude::*;

use super::*;
use crate::concept::testing::{
    at, bundle, centre, date_time, identifier, law, moment, organisation, patient, professional, resources,
};
use crate::concept::{Concept, ConceptKind, from_fhir, read};
use crate::fhir::{Document, Value};

fn planned() -> impl Strategy<Value = Planned> {
    (moment(), moment(), prop::option::of(date_time())).prop_map(|(a, b, created)| {
        let (start, end) = if a.earliest() <= b.earliest() { (a, b) } else { (b, a) };
        Planned { start, end, created }
    })
}

fn held() -> impl Strategy<Value = Held> {
    let people = || prop::collection::vec(professional(), 0..3);
    let how = (prop::sample::select(RoundClass::ALL), prop::option::of(0..240_u32), any::<bool>());
    (how, planned(), people(), people(), prop::option::of(centre())).prop_map(
        |((class, minutes, open), when, physicians, staff, health_centre)| Held {
            class,
            start: when.start,
            end: (!open).then_some(when.end),
            minutes,
            physicians,
            staff,
            health_centre,
        },
    )
}

fn round() -> impl Strategy<Value = Round> {
    let head = (prop::option::of(identifier()), prop::sample::select(RoundKind::ALL), organisation());
    let parts = prop_oneof![
        planned().prop_map(|planned| (Some(planned), None)),
        held().prop_map(|held| (None, Some(held))),
        (planned(), held()).prop_map(|(planned, held)| (Some(planned), Some(held))),
    ];
    (head, prop::option::of(patient()), parts).prop_map(|((identifier, kind, unit), patient, (planned, held))| Round {
        identifier,
        kind,
        unit,
        patient,
        planned,
        held,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn a_round_comes_back_as_it_was(round in round()) {
        law(&Concept::Round(Box::new(round)));
    }
}

const BOTH: &str = r#"{"kind": "lakarrond", "unit": {"hsaId": "SE2120002627-B1", "name": "Tallbacken"},
    "planned": {"start": "2026-03-02T09:00", "end": "2026-03-02T10:00", "created": "2026-02-01"},
    "held": {"class": "HH", "start": "2026-03-02T09:05", "end": "2026-03-02T10:00", "minutes": 55,
             "physicians": [{"hsaId": "SE2321000222-P1", "profession": "physician"}],
             "staff": [{"hsaId": "SE2120002627-P2", "profession": "nurse"}]}}"#;

#[test]
fn a_held_round_is_a_finished_encounter_with_physician_and_nurse() {
    let bundle = bundle(&read(ConceptKind::Round, BOTH).unwrap());
    let encounter = &resources(&bundle, "Encounter")[0];
    assert_eq!(at(encounter, "status"), &Value::from("finished"));
    assert_eq!(at(encounter, "participant.0.type.0.coding.0.code"), &Value::from("ATND"));
    assert_eq!(at(encounter, "participant.1.type.0.coding.0.code"), &Value::from("PART"));
    assert_eq!(at(encounter, "length.value"), &Value::from(55_u64));
    assert_eq!(at(encounter, "appointment").items().len(), 1);
}

#[test]
fn a_booking_that_was_called_off_is_no_plan() {
    let text = bundle(&read(ConceptKind::Round, BOTH).unwrap()).to_string().replace("\"booked\"", "\"cancelled\"");
    let (rounds, issues) = from_fhir(ConceptKind::Round, &Document::parse(text).unwrap()).unwrap();
    let [Concept::Round(round)] = rounds.as_slice() else { panic!("one round") };
    assert!(round.planned.is_none() && round.held.is_some());
    assert_eq!(issues[0].rule, "status-passed-over");
}

#[test]
fn a_length_in_hours_is_left_over_rather_than_taken_for_minutes() {
    let text = bundle(&read(ConceptKind::Round, BOTH).unwrap()).to_string().replace(r#""code":"min""#, r#""code":"h""#);
    let (rounds, issues) = from_fhir(ConceptKind::Round, &Document::parse(text).unwrap()).unwrap();
    let [Concept::Round(round)] = rounds.as_slice() else { panic!("one round") };
    assert_eq!(round.held.as_ref().unwrap().minutes, None);
    assert_eq!(issues[0].place.expression, "Encounter.length");
}
