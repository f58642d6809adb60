//! Values that a profile gives: exactly so (fixed), or at least so (pattern)
//! ([fixed and pattern](https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_)).

use crate::fhir::{Kind, NodeRef};

/// Whether two values say the same: objects whatever their order, numbers by their text.
pub fn equals(value: NodeRef<'_>, given: NodeRef<'_>) -> bool {
    match (value.kind(), given.kind()) {
        (Kind::Object, Kind::Object) => {
            let has_same = |member: NodeRef<'_>| {
                member.key().is_some_and(|key| value.get(&key).is_some_and(|it| equals(it, member)))
            };
            value.children().count() == given.children().count() && given.children().all(has_same)
        }
        (Kind::Array, Kind::Array) => {
            value.children().count() == given.children().count()
                && value.children().zip(given.children()).all(|(a, b)| equals(a, b))
        }
        (Kind::String, Kind::String) => value.as_str() == given.as_str(),
        (a, b) => a == b && value.text() == given.text(),
    }
}

/// Whether a value contains a pattern: every member of it, and for arrays every item somewhere.
pub fn contains(value: NodeRef<'_>, pattern: NodeRef<'_>) -> bool {
    match (value.kind(), pattern.kind()) {
        (Kind::Object, Kind::Object) => pattern
            .children()
            .all(|member| member.key().is_some_and(|key| value.get(&key).is_some_and(|it| contains(it, member)))),
        (Kind::Array, Kind::Array) => {
            pattern.children().all(|wanted| value.children().any(|item| contains(item, wanted)))
        }
        _ => equals(value, pattern),
    }
}

#[cfg(test)]
mod tests {
    use crate::fhir::Document;

    use super::*;

    fn compare(test: fn(NodeRef<'_>, NodeRef<'_>) -> bool, value: &str, given: &str) -> bool {
        test(Document::parse(value).unwrap().root(), Document::parse(given).unwrap().root())
    }

    #[test]
    fn equal_values_say_the_same_in_any_order_and_nothing_more() {
        assert!(compare(equals, r#"{"a":1,"b":["x"]}"#, r#"{"b":["x"],"a":1}"#));
        assert!(!compare(equals, r#"{"a":1,"b":2}"#, r#"{"a":1}"#));
        assert!(!compare(equals, "1.50", "1.5"));
        assert!(compare(equals, r#""\u0061""#, r#""a""#));
    }

    #[test]
    fn a_pattern_leaves_room_for_more() {
        let value = r#"{"coding":[{"system":"s","code":"x"},{"system":"t","code":"y","display":"Y"}],"text":"z"}"#;
        assert!(compare(contains, value, r#"{"coding":[{"system":"t","code":"y"}]}"#));
        assert!(!compare(contains, value, r#"{"coding":[{"system":"s","code":"y"}]}"#));
        assert!(!compare(contains, r#""x""#, r#"{"coding":[]}"#));
    }
}
