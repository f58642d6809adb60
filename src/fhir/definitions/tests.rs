use super::*;

fn element<'a>(type_name: &str, name: &str) -> &'a ElementDef {
    Definitions::r4().type_named(type_name).and_then(|def| def.element(name)).expect("the element is defined")
}

fn type_names(element: &ElementDef) -> Vec<&str> {
    element.types.iter().map(|it| it.name.as_str()).collect()
}

#[test]
fn every_concrete_resource_type_of_r4_is_there_and_no_other() {
    let names: Vec<_> = Definitions::r4().resource_types().iter().map(|kind| kind.as_str()).collect();
    assert_eq!(names.len(), 146);
    assert!(names.is_sorted());
    assert!(ResourceType::parse("Patient").is_some());
    for foreign in ["DomainResource", "Resource", "SubscriptionStatus", "MetadataResource", "patient", ""] {
        assert!(ResourceType::parse(foreign).is_none(), "{foreign}");
    }
}

#[test]
fn elements_carry_cardinality_and_flags() {
    let name = element("Patient", "name");
    assert_eq!((name.min, name.max, name.is_summary, type_names(name)), (0, None, true, vec!["HumanName"]));
    let active = element("Patient", "active");
    assert_eq!((active.max, active.is_modifier), (Some(1), true));
    assert_eq!(element("Bundle", "type").min, 1);
}

#[test]
fn a_choice_element_lists_its_types() {
    let value = element("Observation", "value");
    assert!(value.is_choice);
    assert_eq!(
        type_names(value),
        "Quantity CodeableConcept string boolean integer Range Ratio SampledData time dateTime Period"
            .split(' ')
            .collect::<Vec<_>>()
    );
}

#[test]
fn a_content_reference_names_the_backbone_type_it_points_at() {
    assert_eq!(type_names(element("Bundle.entry", "link")), ["Bundle.link"]);
    assert_eq!(type_names(element("TestReport.teardown.action", "operation")), ["TestReport.setup.action.operation"]);
    assert_eq!(Definitions::r4().type_named("Bundle.link").map(|def| def.kind), Some(TypeKind::Backbone));
}

#[test]
fn every_type_that_an_element_names_is_defined_and_every_backbone_type_is_reached() {
    for def in Definitions::r4().types() {
        for name in def.elements.iter().flat_map(|element| &element.types).map(|it| &it.name) {
            assert!(Definitions::r4().type_named(name).is_some(), "{} names {name}", def.name);
        }
        if let (TypeKind::Backbone, Some((parent, name))) = (def.kind, def.name.rsplit_once('.')) {
            assert_eq!(type_names(element(parent, name)), [&def.name]);
        }
    }
}

#[test]
fn inherited_elements_are_part_of_a_type() {
    let patient: Vec<_> = Definitions::r4().type_named("Patient").unwrap().elements.iter().map(|e| &e.name).collect();
    assert_eq!(
        patient[..8],
        ["id", "meta", "implicitRules", "language", "text", "contained", "extension", "modifierExtension"]
    );
    assert_eq!(type_names(element("Patient", "id")), ["id"]);
    assert_eq!(type_names(element("Patient.contact", "id")), ["string"]);
    assert_eq!(type_names(element("Extension", "url")), ["uri"]);
}

#[test]
fn a_type_that_others_extend_keeps_to_r4() {
    let meta: Vec<_> = Definitions::r4().type_named("Meta").unwrap().elements.iter().map(|e| e.name.as_str()).collect();
    assert_eq!(meta, ["id", "extension", "versionId", "lastUpdated", "source", "profile", "security", "tag"]);
    assert!(Definitions::r4().type_named("ResearchStudy.label").is_none());
    assert_eq!(type_names(element("Bundle.entry.response", "outcome")), ["Resource"]);
    assert!(element("EvidenceVariable.characteristic", "definition").is_choice);
}

#[test]
fn references_name_their_targets_and_any_is_empty() {
    let provider = &element("Patient", "generalPractitioner").types[0];
    assert_eq!(provider.targets, ["Organization", "Practitioner", "PractitionerRole"]);
    assert!(element("List.entry", "item").types[0].targets.is_empty());
}

#[test]
fn a_required_binding_has_its_codes() {
    let binding = element("Patient", "gender").binding.as_ref().unwrap();
    assert_eq!(binding.strength, "required");
    let codes = Definitions::r4().codes(&binding.value_set).unwrap();
    let expected =
        ["female", "male", "other", "unknown"].map(|c| ("http://hl7.org/fhir/administrative-gender".into(), c.into()));
    assert_eq!(codes.codes, expected);
    assert!(codes.has_code("male") && !codes.has_code("Male"));
    assert!(codes.has("http://hl7.org/fhir/administrative-gender", "male") && !codes.has("", "male"));
}

#[test]
fn nested_codes_count_and_open_value_sets_are_absent() {
    let codes = |name: &str| Definitions::r4().codes(&format!("http://hl7.org/fhir/ValueSet/{name}"));
    assert!(codes("condition-clinical").unwrap().has_code("recurrence"));
    assert!(codes("resource-types").unwrap().has_code("MedicationStatement"));
    assert!(codes("all-types").unwrap().has_code("HumanName"));
    assert!(codes("mimetypes").is_none());
    assert!(codes("ucum-units").is_none());
}

#[test]
fn constraints_stand_once_at_the_type_or_at_the_element() {
    let keys = |of: &[Constraint]| of.iter().map(|c| c.key.clone()).collect::<Vec<_>>();
    let r4 = Definitions::r4();
    assert!(keys(&r4.type_named("Patient").unwrap().constraints).contains(&"dom-2".to_owned()));
    assert!(keys(&r4.type_named("Patient.contact").unwrap().constraints).contains(&"pat-1".to_owned()));
    assert!(keys(&element("Patient", "contact").constraints).is_empty());
    assert!(keys(&r4.type_named("Timing.repeat").unwrap().constraints).contains(&"tim-1".to_owned()));
    assert!(keys(&element("Narrative", "div").constraints).contains(&"txt-1".to_owned()));
}

#[test]
fn search_parameters_include_the_inherited_and_only_their_own_part_of_a_union() {
    let list = ResourceType::parse("List").unwrap();
    let parameter = |code: &str| Definitions::r4().search_parameter(list, code).unwrap();
    assert_eq!(parameter("_lastUpdated").kind, SearchKind::Date);
    assert_eq!(parameter("patient").expression, "List.subject.where(resolve() is Patient)");
    assert_eq!(parameter("code").kind, SearchKind::Token);
    assert!(Definitions::r4().search_parameter(list, "clinical-status").is_none());
}

#[test]
fn the_patient_compartment_names_parameters_that_exist() {
    let r4 = Definitions::r4();
    let statement = ResourceType::parse("MedicationStatement").unwrap();
    assert_eq!(r4.patient_compartment(statement), ["subject"]);
    assert!(r4.patient_compartment(ResourceType::parse("Organization").unwrap()).is_empty());
    for kind in r4.resource_types() {
        for code in r4.patient_compartment(*kind) {
            assert!(r4.search_parameter(*kind, code).is_some(), "{kind} {code}");
        }
    }
}

#[test]
fn primitives_know_their_pattern() {
    let id = Definitions::r4().type_named("id").unwrap();
    assert_eq!((id.kind, id.pattern.as_deref()), (TypeKind::Primitive, Some(r"[A-Za-z0-9\-\.]{1,64}")));
    assert_eq!(element("string", "value").max_length, Some(1_048_576));
}

#[test]
fn a_quantity_may_have_a_comparator_though_simple_quantity_may_not() {
    let quantity = Definitions::r4().type_named("Quantity").unwrap();
    assert_eq!(quantity.element("comparator").unwrap().max, Some(1));
}
