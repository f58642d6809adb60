use proptest::prelude::*;

use super::*;
use crate::concept::testing::{at, bundle, identifier, law, organisation, patient, period, professional, resources};
use crate::concept::{Concept, ConceptKind, from_fhir, read as read_json};
use crate::fhir::Document;

fn contact() -> impl Strategy<Value = Contact> {
    let kinds: Vec<_> = ContactKind::ALL.iter().copied().filter(|kind| *kind != ContactKind::Physician).collect();
    (prop::sample::select(kinds), professional(), prop::option::of(period())).prop_map(|(kind, who, period)| Contact {
        kind,
        who,
        period,
    })
}

fn named_contact() -> impl Strategy<Value = NamedContact> {
    let head =
        (prop::option::of(identifier()), patient(), prop::option::of(period()), prop::option::of(organisation()));
    let physician = (professional(), prop::option::of(period())).prop_map(|(who, period)| Contact {
        kind: ContactKind::Physician,
        who,
        period,
    });
    let substitutes = prop::collection::vec((professional(), period()), 0..3);
    (head, physician, prop::collection::vec(contact(), 0..3), substitutes).prop_map(
        |((identifier, patient, period, organisation), physician, mut contacts, substitutes)| {
            contacts.insert(0, physician);
            let substitutes = substitutes.into_iter().map(|(who, period)| Substitute { who, period }).collect();
            NamedContact { identifier, patient, period, organisation, contacts, substitutes }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn a_named_contact_comes_back_as_it_was(contact in named_contact()) {
        law(&Concept::NamedContact(Box::new(contact)));
    }
}

const PHYSICIAN: &str = r#"{"patient": "19121212-1212", "contacts": [{"kind": "physician-contact",
    "who": {"hsaId": "SE2321000222-P1", "given": "Anna", "family": "Berg", "profession": "physician",
            "unit": {"hsaId": "SE2321000222-HC01", "name": "Ersboda hälsocentral"}, "phone": "090-785 00 00"},
    "period": {"start": "2026-01-01"}}]}"#;

#[test]
fn a_physician_contact_is_inera_code_2_with_a_role_that_has_a_phone() {
    let concept = read_json(ConceptKind::NamedContact, PHYSICIAN).unwrap();
    let bundle = bundle(&concept);
    let team = &resources(&bundle, "CareTeam")[0];
    let role = &resources(&bundle, "PractitionerRole")[0];
    assert_eq!(at(team, "category.0.coding.0.code"), &Value::from("fast-kontakt"));
    assert_eq!(at(team, "participant.0.role.0.coding.0.code"), &Value::from("2"));
    assert_eq!(at(role, "code.0.coding.0.code"), &Value::from("309343006"));
    assert_eq!(at(role, "telecom.0.value"), &Value::from("090-785 00 00"));
}

#[test]
fn a_role_is_created_only_once_and_never_overwrites() {
    let bundle = bundle(&read_json(ConceptKind::NamedContact, PHYSICIAN).unwrap());
    let entries = bundle.get("entry").unwrap().items();
    let role = entries.iter().find(|e| at(e, "resource.resourceType") == &Value::from("PractitionerRole")).unwrap();
    assert_eq!(at(role, "request.method"), &Value::from("POST"));
    let condition = at(role, "request.ifNoneExist").as_str().unwrap();
    assert!(condition.starts_with("identifier=https://vardbro.example/fhir/sid/role|"), "{condition}");
}

#[test]
fn a_team_that_is_not_active_is_passed_over() {
    let bundle = bundle(&read_json(ConceptKind::NamedContact, PHYSICIAN).unwrap());
    let text = bundle.to_string().replacen(r#""status":"active""#, r#""status":"inactive""#, 1);
    let (found, issues) = from_fhir(ConceptKind::NamedContact, &Document::parse(text).unwrap()).unwrap();
    assert_eq!(found, []);
    assert_eq!(issues[0].rule, "status-passed-over");
}

#[test]
fn a_dangling_member_is_an_error_that_says_where() {
    let bundle = bundle(&read_json(ConceptKind::NamedContact, PHYSICIAN).unwrap());
    let team = resources(&bundle, "CareTeam").remove(0);
    let issues = from_fhir(ConceptKind::NamedContact, &team.to_document()).unwrap_err();
    assert!(issues.iter().any(|issue| issue.place.expression == "CareTeam.participant[0]"), "{issues:?}");
}
