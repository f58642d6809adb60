use super::*;

#[test]
fn a_path_may_begin_with_the_type() {
    check(&[
        ("Patient.id", "p1"),
        ("Resource.id", "p1"),
        ("DomainResource.id", "p1"),
        ("Observation.id", ""),
        ("name.given", "Anna;Bo;null;Cia"),
        ("name.given.where(hasValue())", "Anna;Bo;Cia"),
        ("nothing", ""),
        ("resourceType", ""),
    ]);
}

#[test]
fn a_choice_is_found_without_its_type() {
    check(&[
        ("deceased", "2026-03-02T08:00:00+01:00"),
        ("deceasedDateTime", ""),
        ("multipleBirth + 1", "3"),
        ("extension('urn:age').value.code", "a"),
    ]);
}

#[test]
fn primitives_have_extensions() {
    check(&[
        ("birthDate.extension('urn:born').value", "1938-02-03"),
        ("gender.exists()", "true"),
        ("gender.hasValue()", "false"),
        ("gender.extension('urn:why').value", "unknown"),
        ("gender.getValue()", ""),
        ("name[1].given.select(hasValue())", "false;true"),
        ("name[1].given.extension('urn:sort').value", "x"),
        ("active.hasValue()", "true"),
    ]);
}

#[test]
fn the_tree_is_walked_in_order() {
    check(&[
        ("name.first().children().count()", "4"),
        ("birthDate.children().url", "urn:born"),
        ("descendants().where($this is Age).value", "41"),
        ("contained.children().where($this is string).count()", "2"),
    ]);
}

#[test]
fn references_are_resolved_where_they_point() {
    let bundle = r#"{"resourceType":"Bundle","entry":[
        {"fullUrl":"http://x/fhir/Patient/1","resource":{"resourceType":"Patient","id":"1"}},
        {"resource":{"resourceType":"Observation","subject":{"reference":"Patient/1"}}}]}"#;
    assert_eq!(evaluated(bundle, "Bundle.entry.resource.subject.resolve().id"), ["1"]);
    assert_eq!(
        evaluated(bundle, "entry.resource.ofType(Observation).subject.where(resolve() is Patient).count()"),
        ["1"]
    );
    check(&[
        ("managingOrganization.resolve().name", "Testboendet"),
        ("managingOrganization.resolve() is Organization", "true"),
        ("'#nothing'.resolve()", ""),
        ("'Patient/2'.resolve()", ""),
    ]);
}

#[test]
fn an_element_gets_its_type_from_its_place() {
    let document = Document::parse(PATIENT).unwrap();
    let context = Context { resource: document.root(), now: now(), resolver: &NoResolver };
    let name = document.root().get("name").unwrap().children().next().unwrap();
    let expression = Expression::parse("$this is HumanName and family.exists() and %resource.id = 'p1'").unwrap();
    assert!(expression.is_true(&context, name).unwrap());
}

#[test]
fn what_only_others_know_is_asked_of_them() {
    check(&[
        ("conformsTo('http://hl7.org/fhir/StructureDefinition/DomainResource')", "true"),
        ("conformsTo('http://hl7.org/fhir/StructureDefinition/Person')", "false"),
        ("conformsTo('urn:unknown')", "error"),
        ("name.use.first().memberOf('urn:unknown')", "error"),
    ]);
}

#[test]
fn narratives_hold_allowed_elements() {
    let checked = |div: &str| evaluated("{}", &format!("'{div}'.htmlChecks()"));
    assert_eq!(checked("<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>a</p><br/></div>"), ["true"]);
    for bad in [
        "<div><script>a</script></div>",
        "<div onclick=\"x\">a</div>",
        "<p>a</p>",
        "<div> </div>",
        "<div>a",
        "<div>a</div><div>b</div>",
    ] {
        assert_eq!(checked(bad), ["false"], "{bad}");
    }
}
