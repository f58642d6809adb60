//! How often an element stands, and the JSON form of that: arrays, objects and nulls
//! ([JSON](https://hl7.org/fhir/R4/json.html)).

use crate::fhir::{Kind, NodeRef};

use super::issues::Issues;
use super::rules::{
    ARRAY_EMPTY, ARRAY_EXPECTED, ARRAY_UNEXPECTED, CARDINALITY_MIN, JSON_KIND, NULL_VALUE, OBJECT_EMPTY,
};
use super::shape::{Member, Present, Shape};

/// Every required element stands in the object.
pub fn required(object: NodeRef<'_>, shape: &Shape, present: Present, issues: &mut Issues) {
    for ordinal in shape.required.without(present).ordinals() {
        let element = &shape.def.elements[ordinal];
        let suffix = if element.is_choice { "[x]" } else { "" };
        let (owner, name) = (&shape.def.name, &element.name);
        issues.raise(
            &CARDINALITY_MIN,
            object,
            format!("{owner} requires the element {name}{suffix}; add it."),
            format!("{owner} kräver elementet {name}{suffix}; lägg till det."),
        );
    }
}

/// An array, with items, stands where the element may repeat, and nowhere else. No element of R4 is limited to some
/// number above one, so this is all that there is to "too many".
pub fn form(value: NodeRef<'_>, member: &Member, issues: &mut Issues) {
    let name = &member.element.name;
    match (value.kind() == Kind::Array, member.is_list()) {
        (true, true) if value.children().next().is_none() => issues.raise(
            &ARRAY_EMPTY,
            value,
            format!("An array is never empty; leave {name} out where it has no values."),
            format!("En lista är aldrig tom; utelämna {name} när värden saknas."),
        ),
        (false, true) if value.kind() != Kind::Null => issues.raise(
            &ARRAY_EXPECTED,
            value,
            format!("The element {name} may repeat and so is an array in JSON, even with one item; put it into [ ]."),
            format!(
                "Elementet {name} kan upprepas och är därför en lista i JSON, även med ett värde; sätt det inom [ ]."
            ),
        ),
        (true, false) => issues.raise(
            &ARRAY_UNEXPECTED,
            value,
            format!("The element {name} may not repeat; give its value without an array."),
            format!("Elementet {name} får inte upprepas; ange värdet utan lista."),
        ),
        _ => {}
    }
}

/// A null that stands for no value, where there must be one.
pub fn null(value: NodeRef<'_>, issues: &mut Issues) {
    issues.raise(
        &NULL_VALUE,
        value,
        "null is allowed only in an array of primitive values whose sibling with underscore has an object at the same \
         place; leave the element out.",
        "null är tillåtet endast i en lista av primitiva värden vars syskon med understreck har ett objekt på samma \
         plats; utelämna elementet.",
    );
}

/// The value must be a JSON object; `false` where it is not.
pub fn object(value: NodeRef<'_>, type_name: &str, issues: &mut Issues) -> bool {
    let is_object = value.kind() == Kind::Object;
    if !is_object {
        issues.raise(
            &JSON_KIND,
            value,
            format!("The type {type_name} is a JSON object; put its elements into {{ }}."),
            format!("Typen {type_name} är ett JSON-objekt; sätt dess element inom {{ }}."),
        );
    }
    is_object
}

/// The object says no more than its id (ele-1).
pub fn empty(object: NodeRef<'_>, issues: &mut Issues) {
    issues.raise(
        &OBJECT_EMPTY,
        object,
        "An object is never empty, and an id alone says nothing; leave it out or give its content.",
        "Ett objekt är aldrig tomt, och enbart ett id säger inget; utelämna det eller ange dess innehåll.",
    );
}

#[cfg(test)]
mod tests {
    use crate::fhir::Definitions;
    use crate::validate::testing::{found, issue, patient};

    #[test]
    fn a_required_element_that_is_missing_is_named() {
        let json = r#"{"resourceType":"Observation","code":{"text":"x"}}"#;
        assert_eq!(found(json), [("cardinality-min", "".into())]);
        assert!(issue(json).english.contains("element status"));
        let link = patient(r#""link":[{"type":"refer"}]"#);
        assert_eq!(found(&link), [("cardinality-min", "/link/0".into())]);
    }

    #[test]
    fn an_extension_stands_in_for_a_required_primitive() {
        let with = |sibling: &str| {
            found(&format!(r#"{{"resourceType":"Observation","code":{{"text":"x"}},"_status":{sibling}}}"#))
        };
        assert!(with(r#"{"extension":[{"url":"http://a.example","valueCode":"unknown"}]}"#).is_empty());
        assert_eq!(with(r#"{"id":"a"}"#), [("cardinality-min", "".into())]);
    }

    #[test]
    fn arrays_stand_where_elements_repeat_and_nowhere_else() {
        assert_eq!(found(&patient(r#""name":{"family":"A"}"#)), [("array-expected", "/name".into())]);
        assert_eq!(found(&patient(r#""birthDate":["2001"]"#)), [("array-unexpected", "/birthDate".into())]);
        assert_eq!(found(&patient(r#""name":[]"#)), [("array-empty", "/name".into())]);
        assert_eq!(found(&patient(r#""name":[[{"family":"A"}]]"#)), [("json-kind", "/name/0".into())]);
    }

    #[test]
    fn no_element_of_r4_repeats_a_limited_number_of_times() {
        for def in Definitions::r4().types() {
            let limited = def.elements.iter().find(|it| it.max.is_some_and(|max| max > 1) || it.min > 1);
            assert!(limited.is_none(), "{}", def.name);
        }
    }

    #[test]
    fn objects_say_something() {
        assert_eq!(found(&patient(r#""name":[{}]"#)), [("object-empty", "/name/0".into())]);
        assert_eq!(found(&patient(r#""name":[{"id":"a"}]"#)), [("object-empty", "/name/0".into())]);
        assert_eq!(found(&patient(r#""name":["A"]"#)), [("json-kind", "/name/0".into())]);
        assert_eq!(found(&patient(r#""_birthDate":{}"#)), [("object-empty", "/_birthDate".into())]);
    }

    #[test]
    fn null_is_no_value() {
        assert_eq!(found(&patient(r#""birthDate":null"#)), [("null-value", "/birthDate".into())]);
        assert_eq!(found(&patient(r#""name":null"#)), [("null-value", "/name".into())]);
        assert_eq!(found(&patient(r#""name":[null]"#)), [("null-value", "/name/0".into())]);
        assert_eq!(found(&patient(r#""name":[{"given":[null]}]"#)), [("null-value", "/name/0/given/0".into())]);
        assert_eq!(found(&patient(r#""_birthDate":null"#)), [("null-value", "/_birthDate".into())]);
    }
}
