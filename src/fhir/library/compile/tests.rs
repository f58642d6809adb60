use crate::fhir::library::Library;

use super::*;

fn compiled(elements: &str) -> Profile {
    let json = format!(
        r#"{{"resourceType":"StructureDefinition","url":"http://a.example/p","name":"P","type":"Observation","derivation":"constraint",
            "snapshot":{{"element":[{{"id":"Observation","path":"Observation","min":0,"max":"*"}},{elements}]}}}}"#
    );
    profile(&Document::parse(json).unwrap(), Library::embedded()).unwrap()
}

#[test]
fn what_the_type_says_already_is_left_out() {
    let profile = compiled(
        r#"{"path":"Observation.status","min":1,"max":"1","type":[{"code":"code"}],
            "binding":{"strength":"required","valueSet":"http://hl7.org/fhir/ValueSet/observation-status|4.0.1"},
            "constraint":[{"key":"ele-1","severity":"error","expression":"hasValue() or (children().count() > id.count())"}]},
           {"path":"Observation.subject","min":1,"max":"1","type":[{"code":"Reference",
            "targetProfile":["http://hl7.org/fhir/StructureDefinition/Patient"]}]}"#,
    );
    let names: Vec<_> = profile.root.children.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["subject"]);
    let subject = &profile.root.children[0];
    assert_eq!((subject.min, subject.max, subject.types[0].targets.len()), (1, None, 1));
}

#[test]
fn slices_stand_beside_their_element_and_reslices_in_their_slice() {
    let profile = compiled(
        r#"{"path":"Observation.category","slicing":{"discriminator":[{"type":"value","path":"coding.code"}],"rules":"closed","ordered":true},"min":1,"max":"*"},
           {"path":"Observation.category","sliceName":"a","min":1,"max":"1"},
           {"path":"Observation.category.text","min":1,"max":"1"},
           {"path":"Observation.category","sliceName":"a/b","min":0,"max":"1"},
           {"path":"Observation.code","min":1,"max":"1","patternCodeableConcept":{"text":"x"}}"#,
    );
    let category = profile.root.child("category").unwrap();
    let slicing = category.slicing.as_ref().unwrap();
    assert!(slicing.ordered && slicing.rules == super::super::profile::SlicingRules::Closed);
    assert_eq!((category.slices.len(), category.slices[0].slices[0].slice_name.as_str()), (1, "a/b"));
    assert_eq!(category.slices[0].child("text").unwrap().min, 1);
    let pattern = profile.root.child("code").unwrap().pattern.as_ref().unwrap();
    assert_eq!((pattern.type_name.as_str(), pattern.value().text()), ("CodeableConcept", r#"{"text":"x"}"#));
}

#[test]
fn a_choice_named_by_its_type_is_a_slice_of_the_choice() {
    let profile = compiled(
        r#"{"path":"Observation.valueQuantity","min":1,"max":"1","type":[{"code":"Quantity"}]},
           {"path":"Observation.valueQuantity.code","min":1,"max":"1","fixedCode":"kg"}"#,
    );
    let value = profile.root.child("value").unwrap();
    assert!(value.is_choice && value.slices[0].types[0].name == "Quantity");
    assert_eq!(value.slices[0].child("code").unwrap().fixed.as_ref().unwrap().value().text(), "\"kg\"");
}

#[test]
fn what_does_not_hang_together_is_told() {
    let read = |json: &str| profile(&Document::parse(json).unwrap(), Library::embedded()).unwrap_err();
    let broken = r#"{"type":"Patient","snapshot":{"element":[{"path":"Patient"},{"path":"Patient.name.family"}]}}"#;
    assert!(read(broken).contains("Patient.name.family"));
    assert!(read(r#"{"type":"Patientt","snapshot":{"element":[{"path":"Patient"}]}}"#).contains("R4 does not have"));
}
