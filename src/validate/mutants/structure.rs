//! Faults of structure: elements, cardinality, arrays, nulls, choices.

use serde_json::{Value, json};

use crate::fhir::Library;
use crate::validate::shape::Content;

use super::{Fault, Mutant, Original, Spoil};

pub(super) const KINDS: &[Spoil] = &[
    unknown_element,
    misspelt_element,
    required_missing,
    single_for_array,
    array_for_single,
    empty_array,
    nested_array,
    null_member,
    null_item,
    empty_object,
    only_an_id,
    scalar_for_object,
    object_for_scalar,
    two_choices,
    unknown_choice,
    sibling_of_an_object,
    misaligned_sibling,
    misplaced_resource_type,
];

fn unknown_element(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for object in original.objects() {
        for (name, value) in [("okänt", json!("x")), ("x-extra", json!({"a": 1})), ("comment", json!("x"))] {
            if object.shape.member(name).is_none() {
                let at = object.at(name);
                original.spoil(out, "unknown-element", (&at, Some(value)), vec![Fault::new("element-unknown", &at)]);
            }
        }
    }
}

/// The last letter is doubled.
fn misspelt_element(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for element in original.elements() {
        let wrong = element.pointer.clone() + &element.pointer[element.pointer.len() - 1..];
        let faults = Fault::any(&["element-unknown", "choice-type-unknown"], &wrong);
        let edits = [(&*element.pointer, None), (&*wrong, Some(element.value.clone()))];
        original.spoil_all(out, "misspelt-element", &edits, faults);
    }
}

fn required_missing(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for element in original.elements().into_iter().filter(|element| element.member.element.min > 0) {
        let faults = Fault::any(&["cardinality-min", "object-empty"], &element.object);
        original.spoil(out, "required-missing", (&element.pointer, None), faults);
    }
}

fn single_for_array(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for element in original.elements() {
        if let Some(first) = element.value.as_array().and_then(|items| items.iter().find(|item| !item.is_null())) {
            let faults = vec![Fault::new("array-expected", &element.pointer)];
            original.spoil(out, "single-for-array", (&element.pointer, Some(first.clone())), faults);
        }
    }
}

fn array_for_single(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for element in original.elements().into_iter().filter(|element| !element.value.is_array()) {
        let faults = vec![Fault::new("array-unexpected", &element.pointer)];
        original.spoil(out, "array-for-single", (&element.pointer, Some(json!([element.value]))), faults);
    }
}

fn empty_array(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for element in original.elements() {
        let rule = if element.value.is_array() { "array-empty" } else { "array-unexpected" };
        let faults = vec![Fault::new(rule, &element.pointer)];
        original.spoil(out, "empty-array", (&element.pointer, Some(json!([]))), faults);
    }
}

fn nested_array(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for element in original.elements().into_iter().filter(|element| element.value.is_array()) {
        let faults = Fault::any(&["json-kind", "resource-type-missing"], &format!("{}/0", element.pointer));
        original.spoil(out, "nested-array", (&element.pointer, Some(json!([element.value]))), faults);
    }
}

fn null_member(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for element in original.elements() {
        let faults = vec![Fault::new("null-value", &element.pointer)];
        original.spoil(out, "null", (&element.pointer, Some(Value::Null)), faults);
    }
}

fn null_item(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for element in original.elements() {
        let Some(items) = element.value.as_array() else { continue };
        let mut more = items.clone();
        more.push(Value::Null);
        let faults = vec![Fault::new("null-value", format!("{}/{}", element.pointer, items.len()))];
        original.spoil(out, "null-item", (&element.pointer, Some(more.into())), faults);
    }
}

fn empty_object(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for object in original.objects().iter().skip(1) {
        let rule = if object.is_resource() { "resource-type-missing" } else { "object-empty" };
        let faults = vec![Fault::new(rule, &object.pointer)];
        original.spoil(out, "empty-object", (&object.pointer, Some(json!({}))), faults);
    }
}

fn only_an_id(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    let values = original.singles();
    for single in values.iter().filter(|single| matches!(single.member.content, Content::Object(_))) {
        let faults = vec![Fault::new("object-empty", &single.pointer)];
        original.spoil(out, "only-an-id", (&single.pointer, Some(json!({"id": "a"}))), faults);
    }
}

fn scalar_for_object(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for object in original.objects().iter().skip(1) {
        let rule = if object.is_resource() { "resource-type-missing" } else { "json-kind" };
        for value in [json!("x"), json!(1), json!(true)] {
            let faults = vec![Fault::new(rule, &object.pointer)];
            original.spoil(out, "scalar-for-object", (&object.pointer, Some(value)), faults);
        }
    }
}

fn object_for_scalar(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for single in original.singles() {
        if let Content::Primitive(_) = single.member.content {
            let faults = vec![Fault::new("json-kind", &single.pointer)];
            original.spoil(out, "object-for-scalar", (&single.pointer, Some(json!({"value": "x"}))), faults);
        }
    }
}

/// A choice is given with a second type.
fn two_choices(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for element in original.elements().into_iter().filter(|element| element.member.element.is_choice) {
        let base = &element.member.element.name;
        for (suffix, value) in [
            ("String", json!("x")),
            ("Boolean", json!(true)),
            ("DateTime", json!("2026-03-02")),
            ("Quantity", json!({"value": 1})),
            ("CodeableConcept", json!({"text": "x"})),
            ("Reference", json!({"display": "x"})),
            ("Period", json!({"start": "2026-03-02"})),
        ] {
            let name = format!("{base}{suffix}");
            let has_type = element.member.element.types.iter().any(|it| it.name.eq_ignore_ascii_case(suffix));
            if has_type && name != *element.member.name {
                let at = format!("{}/{name}", element.object);
                let faults = vec![Fault::new("choice-several", &at)];
                original.spoil(out, "two-choices", (&at, Some(value)), faults);
            }
        }
    }
}

fn unknown_choice(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for element in original.elements().into_iter().filter(|element| element.member.element.is_choice) {
        for suffix in ["", "Text", "Patient"] {
            let at = format!("{}/{}{suffix}", element.object, element.member.element.name);
            let edits = [(&*element.pointer, None), (&*at, Some(element.value.clone()))];
            let faults = Fault::any(&["choice-type-unknown", "element-unknown"], &at);
            original.spoil_all(out, "unknown-choice", &edits, faults);
        }
    }
}

fn sibling_of_an_object(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for element in original.elements() {
        if !matches!(element.member.content, Content::Primitive(_)) {
            let at = format!("{}/_{}", element.object, element.member.name);
            let faults = vec![Fault::new("sibling-not-primitive", &at)];
            original.spoil(out, "sibling-of-an-object", (&at, Some(json!({"id": "a"}))), faults);
        }
    }
}

fn misaligned_sibling(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for element in original.elements().into_iter().filter(|element| element.member.has_sibling) {
        if let Some(items) = element.value.as_array() {
            let at = format!("{}/_{}", element.object, element.member.name);
            let more: Vec<Value> = (0..=items.len()).map(|_| json!({"id": "a"})).collect();
            let faults = vec![Fault::new("sibling-misaligned", &at)];
            original.spoil(out, "misaligned-sibling", (&at, Some(more.into())), faults);
        }
    }
}

fn misplaced_resource_type(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for object in original.objects() {
        let at = object.at("resourceType");
        if object.is_resource() {
            let wrong = [
                (Some(json!("Patienten")), "resource-type-unknown", &at),
                (None, "resource-type-missing", &object.pointer),
            ];
            for (value, rule, pointer) in wrong {
                original.spoil(out, "wrong-resource-type", (&at, value), vec![Fault::new(rule, pointer)]);
            }
        } else {
            let faults = vec![Fault::new("resource-type-misplaced", &at)];
            original.spoil(out, "misplaced-resource-type", (&at, Some(json!("Patient"))), faults);
        }
    }
}
