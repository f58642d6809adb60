use std::sync::Arc;

use crate::fhir::Document;

use super::*;

fn differential(base: &str, elements: &str) -> Document {
    let json = format!(
        r#"{{"resourceType":"StructureDefinition","url":"http://a.example/p","type":"Patient","baseDefinition":"{base}",
            "derivation":"constraint","differential":{{"element":[{elements}]}}}}"#
    );
    Document::parse(json).unwrap()
}

const PATIENT: &str = "http://hl7.org/fhir/StructureDefinition/Patient";
const OBSERVATION: &str = "http://hl7.org/fhir/StructureDefinition/Observation";

fn generated(base: &str, elements: &str) -> Result<Vec<Value>, String> {
    generate(differential(base, elements).root(), Library::embedded())
}

fn element<'v>(list: &'v [Value], id: &str) -> &'v Value {
    list.iter().find(|it| it.get("id").and_then(Value::as_str) == Some(id)).unwrap_or_else(|| panic!("{id}"))
}

#[test]
fn without_anything_to_say_it_is_the_base() {
    let list = generated(PATIENT, r#"{"path":"Patient","short":"A person"}"#).unwrap();
    let base = Library::embedded().document(DefinitionKind::Structure, PATIENT).unwrap();
    assert_eq!(list.len(), base.root().at(&["snapshot", "element"]).unwrap().children().count());
    assert_eq!(element(&list, "Patient").get("short").and_then(Value::as_str), Some("A person"));
}

#[test]
fn slices_are_made_and_their_types_unfolded() {
    let list = generated(
        PATIENT,
        r#"{"path":"Patient.identifier","slicing":{"discriminator":[{"type":"value","path":"system"}],"rules":"open"}},
           {"path":"Patient.identifier","sliceName":"pnr","min":1,"max":"1"},
           {"path":"Patient.identifier.system","min":1,"fixedUri":"urn:pnr"},
           {"path":"Patient.identifier","sliceName":"other"},
           {"path":"Patient.identifier.system","patternUri":"urn:other"},
           {"path":"Patient.name","min":1}"#,
    )
    .unwrap();
    let ids: Vec<&str> = list.iter().filter_map(|it| it.get("id")?.as_str()).collect();
    assert_eq!(ids.iter().filter(|id| id.starts_with("Patient.identifier:pnr.")).count(), 8);
    let system = element(&list, "Patient.identifier:pnr.system");
    assert_eq!(system.get("fixedUri").and_then(Value::as_str), Some("urn:pnr"));
    assert_eq!(system.get("path").and_then(Value::as_str), Some("Patient.identifier.system"));
    assert!(element(&list, "Patient.identifier:other.system").get("fixedUri").is_none());
    assert_eq!(element(&list, "Patient.identifier:other").get("min"), Some(&Value::Number("0".into())));
    assert!(
        ids.iter().position(|id| *id == "Patient.identifier:other") < ids.iter().position(|id| *id == "Patient.name")
    );
}

#[test]
fn a_choice_by_the_name_of_a_type_becomes_a_slice() {
    let list = generated(OBSERVATION, r#"{"path":"Observation.valueQuantity.code","min":1,"fixedCode":"kg"}"#).unwrap();
    let value = element(&list, "Observation.value[x]:valueQuantity");
    assert_eq!(value.get("type").map(|it| it.items().len()), Some(1));
    assert!(element(&list, "Observation.value[x]").get("slicing").is_some());
    assert_eq!(
        element(&list, "Observation.value[x]:valueQuantity.code").get("fixedCode").and_then(Value::as_str),
        Some("kg")
    );
}

#[test]
fn what_a_base_does_not_allow_is_told() {
    for (elements, word) in [
        (r#"{"path":"Patient.nmae","min":1}"#, "nmae"),
        (r#"{"path":"Patient.active","max":"2"}"#, "active"),
        (r#"{"path":"Patient.birthDate","type":[{"code":"dateTime"}]}"#, "birthDate"),
        (r#"{"path":"Patient.name","sliceName":"official"}"#, "official"),
        (r#"{"path":"Patient.deceased[x].id","min":1}"#, "several types"),
    ] {
        assert!(generated(PATIENT, elements).unwrap_err().contains(word), "{elements}");
    }
    assert!(generated("http://a.example/nowhere", "").unwrap_err().contains("not at hand"));
}

#[test]
fn definitions_that_derive_from_each_other_end() {
    let library = Library::over(Library::embedded(), [differential("http://a.example/p", "")]);
    assert!(generate(differential("http://a.example/p", "").root(), &library).unwrap_err().contains("itself"));
}

#[test]
fn a_profile_without_snapshot_is_compiled_and_checked() {
    let elements = r#"{"path":"Patient.name","min":1},{"path":"Patient.name.family","min":1}"#;
    let library = Arc::new(Library::over(Library::embedded(), [differential(PATIENT, elements)]));
    let profile = library.structure("http://a.example/p").unwrap().unwrap();
    assert_eq!(profile.root.child("name").unwrap().child("family").unwrap().min, 1);
}
