use proptest::prelude::*;

use super::*;
use crate::concept::testing::{at, bundle, centre, law, period, resources, text};
use crate::concept::{Concept, ConceptKind, read_with_warnings};
use crate::fhir::Value;

fn hours() -> impl Strategy<Value = Hours> {
    let span = prop::option::of(("[01][0-9]:[0-5][0-9]", "2[0-3]:[0-5][0-9]"));
    (prop::sample::subsequence(Weekday::ALL, 1..7), span).prop_map(|(days, span)| Hours {
        days,
        start: span.as_ref().and_then(|(start, _)| TimeOfDay::parse(start)),
        end: span.as_ref().and_then(|(_, end)| TimeOfDay::parse(end)),
    })
}

fn number() -> impl Strategy<Value = String> {
    "0[0-9]{2}-[0-9]{3} [0-9]{2}"
}

fn affiliation() -> impl Strategy<Value = Affiliation> {
    let on_call = (number(), prop::collection::vec(hours(), 0..3)).prop_map(|(phone, hours)| OnCall { phone, hours });
    let numbers = (prop::option::of(number()), prop::option::of(number()), prop::option::of(on_call));
    (centre(), prop::option::of(period()), numbers).prop_map(
        |(health_centre, period, (direct_number, acute_number, on_call))| Affiliation {
            health_centre,
            period,
            direct_number,
            acute_number,
            on_call,
        },
    )
}

fn address() -> impl Strategy<Value = Address> {
    (prop::option::of(text()), prop::option::of("[1-9][0-9]{2} [0-9]{2}"), text())
        .prop_map(|(street, postal_code, city)| Address { street, postal_code, city: Some(city) })
}

fn unit() -> impl Strategy<Value = Unit> {
    let head = ("SE2120002627-U[0-9]{1,2}", text(), prop::sample::select(CareForm::ALL));
    let whose = (prop::option::of(text()), prop::option::of("[0-9]{4}"));
    let rest = (prop::option::of(0..200_u32), prop::option::of(number()), prop::option::of(address()));
    (head, whose, rest, prop::collection::vec(affiliation(), 0..2)).prop_map(
        |((hsa, name, care_form), (kommun, code), (places, phone, address), affiliations)| Unit {
            hsa_id: Hsa::parse(&hsa).unwrap(),
            name,
            care_form,
            municipality: Municipality { hsa_id: Hsa::parse("SE2120002627-0000").unwrap(), name: kommun, code },
            places,
            phone,
            address,
            affiliations,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn a_unit_comes_back_as_it_was(unit in unit()) {
        law(&Concept::Unit(Box::new(unit)));
    }
}

const HOME: &str = r#"{"hsaId": "SE2120002627-B1", "name": "Tallbacken", "careForm": "sarskilt-boende",
    "municipality": {"hsaId": "SE2120002627-0000", "name": "Umeå kommun", "code": "2480"}, "places": 40,
    "affiliations": [
        {"healthCentre": {"hsaId": "SE2321000222-HC01"}, "period": {"start": "2020-01-01", "end": "2025-12-31"}},
        {"healthCentre": {"hsaId": "SE2321000222-HC02"}, "period": {"start": "2026-01-01"}, "directNumber": "090-785 11 11"}]}"#;

#[test]
fn a_direct_number_is_a_service_that_the_halsocentral_provides_for_the_place() {
    let (unit, _) = read_with_warnings(ConceptKind::Unit, HOME).unwrap();
    let bundle = bundle(&unit);
    let service = &resources(&bundle, "HealthcareService")[0];
    assert_eq!(at(service, "type.0.coding.0.code"), &Value::from("direktlinje-kommun"));
    assert_eq!(at(service, "telecom.0.value"), &Value::from("090-785 11 11"));
    assert_eq!(at(service, "coverageArea").items().len(), 1);
    assert_eq!(resources(&bundle, "OrganizationAffiliation").len(), 2);
}

#[test]
fn a_unit_has_one_halsocentral_at_a_time() {
    let issues = read_with_warnings(ConceptKind::Unit, &HOME.replace("2025-12-31", "2026-01-01")).unwrap_err();
    assert_eq!(issues.iter().map(|issue| issue.rule).collect::<Vec<_>>(), ["affiliation-twice"]);
    assert_eq!(issues[0].place.pointer, "/affiliations/1");
}
