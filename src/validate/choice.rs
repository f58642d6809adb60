//! Choice elements: one of the types that the element has, and one only
//! ([choice of data types](https://hl7.org/fhir/R4/formats.html#choice)).

use crate::fhir::NodeRef;
use crate::fhir::definitions::ElementDef;

use super::issues::Issues;
use super::rules::{CHOICE_SEVERAL, CHOICE_TYPE_UNKNOWN};
use super::shape::{Member, Shape};

/// The choice element that a name seems to mean: `deceasedString` or `deceased` for `deceased[x]`.
pub fn of_name(name: &str, shape: &Shape) -> Option<&'static ElementDef> {
    let means = |element: &&ElementDef| {
        let suffix = name.strip_prefix(element.name.as_str());
        element.is_choice && suffix.is_some_and(|it| it.is_empty() || it.starts_with(char::is_uppercase))
    };
    shape.def.elements.iter().find(means)
}

/// The name has no type, or one that the element doesn't have.
pub fn unknown_type(member: NodeRef<'_>, element: &ElementDef, shape: &Shape, issues: &mut Issues) {
    let names: Vec<&str> =
        shape.members().iter().filter(|it| std::ptr::eq(it.element, element)).map(|it| it.name.as_ref()).collect();
    let names = names.join(", ");
    issues.raise(
        &CHOICE_TYPE_UNKNOWN,
        member,
        format!("The element {}[x] carries its type in its name; use one of: {names}.", element.name),
        format!("Elementet {}[x] bär sin typ i namnet; använd något av: {names}.", element.name),
    );
}

/// The element stands already with another type.
pub fn only_one(member: NodeRef<'_>, known: &Member, shape: &Shape, issues: &mut Issues) {
    let is_other = |earlier: NodeRef<'_>| {
        let name = earlier.key().unwrap_or_default();
        let it = shape.member(&name).or_else(|| shape.member(name.strip_prefix('_')?));
        it.is_some_and(|it| it.ordinal == known.ordinal && it.name != known.name)
    };
    let siblings = member.parent().into_iter().flat_map(|parent| parent.children());
    if siblings.take_while(|it| *it != member).any(is_other) {
        let name = &known.element.name;
        issues.raise(
            &CHOICE_SEVERAL,
            member,
            format!("The element {name}[x] stands here with two types; keep one of them."),
            format!("Elementet {name}[x] står här med två typer; behåll en av dem."),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{found, issue, patient};

    #[test]
    fn the_name_carries_one_of_the_types() {
        for name in ["deceasedString", "deceased", "_deceasedString"] {
            let json = patient(&format!(r#""{name}":true"#));
            assert_eq!(found(&json), [("choice-type-unknown", format!("/{name}"))]);
        }
        assert!(issue(&patient(r#""deceased":true"#)).english.ends_with("deceasedBoolean, deceasedDateTime."));
    }

    #[test]
    fn two_types_are_one_too_many() {
        let json = patient(r#""deceasedBoolean":true,"deceasedDateTime":"2026-01-02""#);
        assert_eq!(found(&json), [("choice-several", "/deceasedDateTime".into())]);
        let json = patient(r#""deceasedBoolean":true,"_deceasedDateTime":{"id":"a"}"#);
        assert_eq!(found(&json), [("choice-several", "/_deceasedDateTime".into())]);
    }

    #[test]
    fn a_value_and_its_sibling_are_one_type() {
        assert!(found(&patient(r#""deceasedBoolean":true,"_deceasedBoolean":{"id":"a"}"#)).is_empty());
    }
}
