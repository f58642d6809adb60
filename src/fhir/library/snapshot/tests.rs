use super::*;

fn profile(url: &str, base: &str, kind: &str, elements: &str) -> Document {
    Document::parse(format!(
        r#"{{"resourceType":"StructureDefinition","url":"{url}","type":"{kind}","derivation":"constraint",
            "baseDefinition":"{base}","differential":{{"element":[{elements}]}}}}"#
    ))
    .unwrap()
}

fn library(documents: Vec<Document>) -> Library {
    Library::over(Library::embedded(), documents)
}

fn of(kind: &str, elements: &str) -> Result<Vec<Value>, String> {
    let base = format!("http://hl7.org/fhir/StructureDefinition/{kind}");
    generate(profile("http://a.example/p", &base, kind, elements).root(), Library::embedded())
}

fn at<'v>(elements: &'v [Value], id: &str) -> &'v Value {
    elements.iter().find(|element| element.get("id").and_then(Value::as_str) == Some(id)).unwrap_or(&Value::Null)
}

#[test]
fn what_is_not_said_stays_as_the_base_says() {
    let elements = of("Patient", r#"{"path":"Patient.birthDate","min":1,"mustSupport":true}"#).unwrap();
    let birth_date = at(&elements, "Patient.birthDate").to_string();
    assert!(birth_date.contains(r#""min":1,"max":"1""#) && birth_date.contains(r#""code":"date""#), "{birth_date}");
    assert!(birth_date.contains(r#""mustSupport":true"#), "{birth_date}");
    assert!(elements.len() > 40);
}

#[test]
fn a_slice_has_the_inside_of_its_type() {
    let elements = of(
        "Patient",
        r#"{"path":"Patient.identifier","slicing":{"discriminator":[{"type":"value","path":"system"}],"rules":"open"}},
           {"path":"Patient.identifier","sliceName":"a","max":"1"},
           {"path":"Patient.identifier.system","min":1,"patternUri":"http://a.example"}"#,
    )
    .unwrap();
    let system = at(&elements, "Patient.identifier:a.system").to_string();
    assert!(system.contains(r#""patternUri":"http://a.example""#), "{system}");
    assert!(at(&elements, "Patient.identifier:a").to_string().contains(r#""min":0"#));
    assert!(at(&elements, "Patient.identifier:a.use") != &Value::Null);
    assert!(at(&elements, "Patient.identifier.system") == &Value::Null);
}

#[test]
fn a_choice_named_with_its_type_is_a_slice_by_type() {
    let elements = of("Observation", r#"{"path":"Observation.valueQuantity.unit","min":1}"#).unwrap();
    assert!(at(&elements, "Observation.value[x]").to_string().contains(r#""type":"type","path":"$this""#));
    let slice = at(&elements, "Observation.value[x]:valueQuantity").to_string();
    assert!(slice.contains(r#""type":[{"code":"Quantity"}]"#), "{slice}");
    assert!(at(&elements, "Observation.value[x]:valueQuantity.unit").to_string().contains(r#""min":1"#));
}

#[test]
fn extensions_are_sliced_by_their_url_and_content_is_followed() {
    let elements = of(
        "Observation",
        r#"{"id":"Observation.extension:x","path":"Observation.extension","sliceName":"x"},
           {"id":"Observation.component.referenceRange.text","path":"Observation.component.referenceRange.text","min":1}"#,
    )
    .unwrap();
    assert!(at(&elements, "Observation.extension").to_string().contains(r#""path":"url""#));
    assert!(at(&elements, "Observation.component.referenceRange.low") != &Value::Null);
}

#[test]
fn a_slice_of_a_slice_is_made_like_it() {
    let elements = of(
        "Patient",
        r#"{"path":"Patient.identifier","slicing":{"rules":"open"}},
           {"id":"Patient.identifier:a","path":"Patient.identifier","sliceName":"a","max":"3","short":"A"},
           {"id":"Patient.identifier:b","path":"Patient.identifier","sliceName":"b"},
           {"id":"Patient.identifier:a/c","path":"Patient.identifier","sliceName":"a/c","max":"1"}"#,
    )
    .unwrap();
    let ids: Vec<_> = elements.iter().filter_map(|element| element.get("sliceName")?.as_str()).collect();
    assert_eq!(ids, ["a", "a/c", "b"]);
    assert!(at(&elements, "Patient.identifier:a/c").to_string().contains(r#""short":"A""#));
}

#[test]
fn each_fault_is_named() {
    let fault = of(
        "Patient",
        r#"{"path":"Patient.nickname"},{"path":"Patient.birthDate","max":"*"},{"path":"Patient.active","type":[{"code":"string"}]},
           {"path":"Patient.name","sliceName":"a"},{"path":"Patient.link.other","min":0}"#,
    );
    assert_eq!(
        fault.unwrap_err(),
        "Patient.nickname: the base has no such element; Patient.birthDate: its max * is more than the base's 1; \
         Patient.active: the base does not allow the type string; Patient.name: slices, but nothing says how they are told apart; \
         Patient.link.other: its min 0 is less than the base's 1"
    );
}

#[test]
fn bases_are_generated_too_and_circles_are_seen() {
    let patient = "http://hl7.org/fhir/StructureDefinition/Patient";
    let a = profile("http://a.example/a", patient, "Patient", r#"{"path":"Patient.name","min":1}"#);
    let b = profile("http://a.example/b", "http://a.example/a", "Patient", "");
    let library = library(vec![a, b.clone()]);
    let elements = generate(b.root(), &library).unwrap();
    assert!(at(&elements, "Patient.name").to_string().contains(r#""min":1"#));

    let c = profile("http://a.example/c", "http://a.example/d", "Patient", "");
    let d = profile("http://a.example/d", "http://a.example/c", "Patient", "");
    let library = self::library(vec![c.clone(), d]);
    assert_eq!(generate(c.root(), &library).unwrap_err(), "http://a.example/d: http://a.example/c derives from itself");
    assert_eq!(generate(b.root(), Library::embedded()).unwrap_err(), "http://a.example/a is not at hand");
}

#[test]
fn names_of_a_choice_leave_the_types_that_they_name() {
    let elements =
        of("Observation", r#"{"path":"Observation.valueQuantity","min":1},{"path":"Observation.valueString"}"#)
            .unwrap();
    let choice = at(&elements, "Observation.value[x]").to_string();
    assert!(choice.contains(r#""type":[{"code":"Quantity"},{"code":"string"}]"#), "{choice}");
    assert!(choice.contains(r#""rules":"closed""#) && choice.contains(r#""min":0"#), "{choice}");
    let single = of(
        "Observation",
        r#"{"path":"Observation.value[x]","type":[{"code":"Quantity"}]},{"path":"Observation.valueQuantity.unit","min":1}"#,
    );
    assert!(at(&single.unwrap(), "Observation.value[x].unit").to_string().contains(r#""min":1"#));
}

#[test]
fn what_is_sliced_is_there_as_often_as_its_slices_must_be() {
    let elements = of(
        "Patient",
        r#"{"path":"Patient.identifier","slicing":{"rules":"open"}},
           {"path":"Patient.identifier","sliceName":"a","min":1},{"path":"Patient.identifier","sliceName":"b","min":1}"#,
    );
    assert!(at(&elements.unwrap(), "Patient.identifier").to_string().contains(r#""min":2"#));
}
