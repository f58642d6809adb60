//! Members that the definitions don't have, and `_name` members
//! ([JSON](https://hl7.org/fhir/R4/json.html#primitive)).

use crate::fhir::{Kind, NodeRef};

use super::issues::Issues;
use super::rules::{ELEMENT_COMMENTS, ELEMENT_UNKNOWN, SIBLING_MISALIGNED, SIBLING_NOT_PRIMITIVE};
use super::shape::{Member, Shape};
use super::{choice, resource_type, suggest};

/// What a member's name says.
pub enum Role<'s> {
    /// An element: `birthDate`.
    Element(&'s Member),
    /// The id and extensions of a primitive element: `_birthDate`.
    Sibling(&'s Member),
    /// `resourceType` at a resource.
    ResourceType,
    /// Nothing that may stand here; an issue was raised.
    Refused,
}

/// What a member of an object of this shape is.
pub fn role<'s>(member: NodeRef<'_>, shape: &'s Shape, is_resource: bool, issues: &mut Issues) -> Role<'s> {
    let name = member.key().unwrap_or_default();
    if let Some(known) = shape.member(&name) {
        return Role::Element(known);
    }
    if name == "resourceType" && is_resource {
        return Role::ResourceType;
    }
    if let Some(known) = name.strip_prefix('_').and_then(|bare| shape.member(bare)) {
        if known.has_sibling {
            return Role::Sibling(known);
        }
        not_primitive(member, known, issues);
    } else {
        refuse(member, &name, shape, issues);
    }
    Role::Refused
}

fn refuse(member: NodeRef<'_>, name: &str, shape: &Shape, issues: &mut Issues) {
    match name {
        "resourceType" => resource_type::misplaced(member, issues),
        "fhir_comments" => issues.raise(
            &ELEMENT_COMMENTS,
            member,
            "fhir_comments is no longer part of FHIR; remove it, or say the same in a note or an extension.",
            "fhir_comments ingår inte längre i FHIR; ta bort den, eller säg samma sak i en anteckning eller extension.",
        ),
        _ => match choice::of_name(name.trim_start_matches('_'), shape) {
            Some(element) => choice::unknown_type(member, element, shape, issues),
            None => unknown(member, name, shape, issues),
        },
    }
}

fn unknown(member: NodeRef<'_>, name: &str, shape: &Shape, issues: &mut Issues) {
    let known = shape.members().iter().map(|member| member.name.as_ref());
    let nearest = if issues.is_full() { None } else { suggest::nearest(name.trim_start_matches('_'), known) };
    let (hint, tips) = match nearest {
        Some(name) => (format!("did you mean {name}?"), format!("menades {name}?")),
        None => (
            "remove it, or send it as an extension.".to_owned(),
            "ta bort det, eller skicka det som en extension.".to_owned(),
        ),
    };
    let owner = &shape.def.name;
    issues.raise(
        &ELEMENT_UNKNOWN,
        member,
        format!("{owner} has no element of this name in FHIR R4; {hint}"),
        format!("{owner} har inget element med detta namn i FHIR R4; {tips}"),
    );
}

fn not_primitive(member: NodeRef<'_>, known: &Member, issues: &mut Issues) {
    let name = &known.name;
    issues.raise(
        &SIBLING_NOT_PRIMITIVE,
        member,
        format!(
            "Only primitive elements with extensions have a member with an underscore; put this into {name} itself."
        ),
        format!("Endast primitiva element med extensions har en medlem med understreck; lägg detta i {name} självt."),
    );
}

/// `name` and `_name`, where both are arrays, are equally long.
pub fn aligned(sibling: NodeRef<'_>, value: Option<NodeRef<'_>>, issues: &mut Issues) {
    let Some(value) = value.filter(|value| value.kind() == Kind::Array && sibling.kind() == Kind::Array) else {
        return;
    };
    if value.children().count() != sibling.children().count() {
        issues.raise(
            &SIBLING_MISALIGNED,
            sibling,
            "This array must be as long as the array of values beside it; fill both up with null.",
            "Denna lista måste vara lika lång som listan med värden bredvid; fyll ut båda med null.",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{found, issue, patient};

    #[test]
    fn an_unknown_element_is_refused_wherever_it_stands() {
        assert_eq!(found(&patient(r#""nmae":[]"#)), [("element-unknown", "/nmae".into())]);
        assert_eq!(found(&patient(r#""name":[{"famly":"A"}]"#)), [("element-unknown", "/name/0/famly".into())]);
        assert_eq!(found(&patient(r#""_nme":{}"#)), [("element-unknown", "/_nme".into())]);
    }

    #[test]
    fn the_nearest_known_name_is_suggested_and_the_unknown_one_not_quoted() {
        let issue = issue(&patient(r#""nmae":[]"#));
        assert_eq!(issue.english, "Patient has no element of this name in FHIR R4; did you mean name?");
        assert_eq!(issue.place.expression, "Patient.nmae");
    }

    #[test]
    fn comments_are_refused() {
        assert_eq!(found(&patient(r#""fhir_comments":["x"]"#)), [("element-comments", "/fhir_comments".into())]);
    }

    #[test]
    fn only_primitives_have_a_sibling() {
        let extension = r#"[{"url":"http://a.example","valueBoolean":true}]"#;
        let json = patient(&format!(r#""_name":[{{"extension":{extension}}}]"#));
        assert_eq!(found(&json), [("sibling-not-primitive", "/_name".into())]);
        assert!(found(&patient(&format!(r#""_birthDate":{{"extension":{extension}}}"#))).is_empty());
    }

    #[test]
    fn siblings_of_arrays_are_aligned_with_nulls() {
        let given = |values: &str, siblings: &str| {
            found(&patient(&format!(r#""name":[{{"given":{values},"_given":{siblings}}}]"#)))
        };
        assert!(
            given(r#"["A",null]"#, r#"[null,{"extension":[{"url":"http://a.example","valueCode":"b"}]}]"#).is_empty()
        );
        assert_eq!(given(r#"["A","B"]"#, r#"[{"id":"a"}]"#), [("sibling-misaligned", "/name/0/_given".into())]);
        assert_eq!(given(r#"["A",null]"#, r#"[{"id":"a"},null]"#), [("null-value", "/name/0/given/1".into())]);
    }
}
