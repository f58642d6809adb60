//! The filters of a value set over the concepts of a code system
//! ([filter operators](https://hl7.org/fhir/R4/valueset-filter-operator.html)).

use std::collections::HashSet;

use regex::{Regex, RegexBuilder};

use super::code_system::{Chosen, CodeSystem, ConceptRef};
use super::value_set::Filter;

/// The compiled form of a regular expression takes at most so many bytes.
const REGEX_BYTES: usize = 1 << 18;

/// What a filter asks of a concept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of<'f> {
    /// The concept itself: `concept` or `code`.
    Code,
    Display,
    /// The concepts directly above it.
    Parent,
    /// The concepts directly below it.
    Child,
    /// A property.
    Property(&'f str),
}

/// The concepts that a filter chooses; `None` where it asks for something that is not known here.
pub(super) fn choose(system: &CodeSystem, filter: &Filter) -> Option<Chosen> {
    let of = match &*filter.property {
        "concept" | "code" => Of::Code,
        "display" => Of::Display,
        "parent" => Of::Parent,
        "child" => Of::Child,
        name if system.has_property(name) => Of::Property(name),
        _ => return None,
    };
    match (&*filter.op, of) {
        ("is-a", Of::Code) => Some(below(system, &filter.value, false)),
        ("descendent-of" | "descendant-of", Of::Code) => Some(below(system, &filter.value, true)),
        ("is-not-a", Of::Code) => Some(below(system, &filter.value, false).not()),
        ("generalizes", Of::Code) => {
            Some(system.find(&filter.value).map_or_else(|| none(system), |bottom| system.above(bottom)))
        }
        ("=", _) => Some(by_values(system, of, |value| same_value(system, of, value, &filter.value))),
        ("in", _) => Some(among(system, of, &filter.value)),
        ("not-in", _) => Some(among(system, of, &filter.value).not()),
        ("regex", _) => {
            let regex = whole(&filter.value)?;
            Some(by_values(system, of, |value| regex.is_match(value)))
        }
        ("exists", _) => {
            let exists = by_values(system, of, |value| !value.is_empty());
            match &*filter.value {
                "true" => Some(exists),
                "false" => Some(exists.not()),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A regular expression that a whole text matches, if it is one and not too large.
pub(super) fn whole(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(&format!("^(?:{pattern})$")).size_limit(REGEX_BYTES).dfa_size_limit(REGEX_BYTES).build().ok()
}

fn none(system: &CodeSystem) -> Chosen {
    Chosen::by(system, |_| false)
}

fn below(system: &CodeSystem, top: &str, strictly: bool) -> Chosen {
    system.find(top).map_or_else(|| none(system), |top| system.below(top, strictly))
}

/// Codes are the same as their system says; the truth values and the rest of a property as they are written.
fn same_value(system: &CodeSystem, of: Of<'_>, value: &str, asked: &str) -> bool {
    let folds = matches!(of, Of::Code | Of::Parent | Of::Child) && system.case_sensitive == Some(false);
    value == asked || folds && value.eq_ignore_ascii_case(asked)
}

/// Those of which one value is in a list with commas.
fn among(system: &CodeSystem, of: Of<'_>, list: &str) -> Chosen {
    let asked: HashSet<&str> = list.split(',').map(str::trim).collect();
    by_values(system, of, |value| asked.contains(value))
}

/// Those of which a value holds.
fn by_values(system: &CodeSystem, of: Of<'_>, holds: impl Fn(&str) -> bool) -> Chosen {
    if of == Of::Child {
        return above_some(system, holds);
    }
    Chosen::by(system, |concept| match of {
        Of::Code => holds(concept.code()),
        Of::Display => holds(concept.display()),
        Of::Parent => concept.parents().any(|parent| holds(parent.code())),
        Of::Property(name) => concept.property(name).any(&holds),
        Of::Child => false,
    })
}

/// Those that are directly above one whose code holds.
fn above_some(system: &CodeSystem, holds: impl Fn(&str) -> bool) -> Chosen {
    let children = system.concepts().filter(|child| holds(child.code()));
    let parents: HashSet<u32> = children.flat_map(ConceptRef::parents).map(ConceptRef::number).collect();
    Chosen::by(system, |concept| parents.contains(&concept.number()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::Document;

    fn chosen(property: &str, op: &str, value: &str) -> Option<String> {
        let json = r#"{"content":"complete","property":[{"code":"rare","type":"boolean"},{"code":"kind","type":"code"}],
            "concept":[{"code":"animal","display":"Animal","concept":[
                {"code":"dog","display":"Dog","property":[{"code":"kind","valueCode":"pet"}],
                 "concept":[{"code":"poodle","display":"Poodle"}]},
                {"code":"cat","display":"Cat","property":[{"code":"kind","valueCode":"pet"}]},
                {"code":"lynx","display":"Lynx","property":[{"code":"rare","valueBoolean":true},{"code":"kind","valueCode":"wild"}]}]},
            {"code":"plant","display":"Plant"}]}"#;
        let system = CodeSystem::read(Document::parse(json).unwrap().root());
        let filter = Filter { property: property.into(), op: op.into(), value: value.into() };
        let chosen = choose(&system, &filter)?;
        let codes = system.concepts().filter(|it| chosen.has(it.number())).map(ConceptRef::code);
        Some(codes.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn every_operator_chooses_its_concepts() {
        let table = [
            ("concept", "is-a", "dog", "dog poodle"),
            ("concept", "is-a", "gone", ""),
            ("concept", "descendent-of", "dog", "poodle"),
            ("code", "is-not-a", "animal", "plant"),
            ("concept", "generalizes", "poodle", "animal dog poodle"),
            ("concept", "=", "cat", "cat"),
            ("concept", "in", "cat, plant,gone", "cat plant"),
            ("concept", "not-in", "animal,dog,poodle,lynx", "cat plant"),
            ("code", "regex", "[a-d].*|plan", "animal dog cat"),
            ("display", "regex", "P.*", "poodle plant"),
            ("display", "=", "Cat", "cat"),
            ("kind", "=", "pet", "dog cat"),
            ("kind", "in", "wild,x", "lynx"),
            ("kind", "exists", "false", "animal poodle plant"),
            ("rare", "exists", "true", "lynx"),
            ("rare", "=", "true", "lynx"),
            ("parent", "=", "animal", "dog cat lynx"),
            ("parent", "exists", "false", "animal plant"),
            ("child", "=", "poodle", "dog"),
            ("child", "exists", "true", "animal dog"),
        ];
        for (property, op, value, expected) in table {
            assert_eq!(chosen(property, op, value).as_deref(), Some(expected), "{property} {op} {value}");
        }
    }

    #[test]
    fn what_is_not_known_is_not_answered() {
        assert_eq!(chosen("colour", "=", "red"), None);
        assert_eq!(chosen("concept", "resembles", "dog"), None);
        assert_eq!(chosen("kind", "is-a", "pet"), None);
        assert_eq!(chosen("code", "regex", "("), None);
        assert_eq!(chosen("code", "regex", "(a{1000}){1000}"), None);
    }
}
