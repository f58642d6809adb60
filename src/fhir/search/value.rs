//! From an element of a FHIR type to indexed values, one table a parameter type
//! ([search parameter types](https://hl7.org/fhir/R4/search.html#ptypes)).

mod number;
mod reference;

use std::borrow::Cow;

use super::super::definitions::SearchKind;
use super::super::instant::Interval;
use super::super::tree::NodeRef;
use super::{IndexValue, fold};

/// A value that a plan found.
pub(super) struct Element<'a> {
    pub(super) node: NodeRef<'a>,
    /// Its FHIR type.
    pub(super) type_name: &'a str,
    /// For references: only those to this type.
    pub(super) target: Option<&'a str>,
}

/// Where the values go.
type Add<'f> = &'f mut dyn FnMut(IndexValue);

const STRINGS: &[&str] = &["string", "markdown", "code", "id", "uri", "url", "canonical", "oid", "uuid"];
const TOKENS: &[&str] = &["boolean", "Coding", "CodeableConcept", "Identifier", "ContactPoint"];
const DATES: &[&str] = &["date", "dateTime", "instant", "Period", "Timing"];
const NAMES: &[&str] = &["HumanName", "Address"];

/// Whether values of a FHIR type can be indexed under a parameter of that kind.
pub(super) fn is_indexable(kind: SearchKind, type_name: &str) -> bool {
    match kind {
        SearchKind::Token => STRINGS.contains(&type_name) || TOKENS.contains(&type_name),
        SearchKind::Date => DATES.contains(&type_name),
        SearchKind::Reference => type_name == "Reference" || reference::URIS.contains(&type_name),
        SearchKind::Uri => reference::URIS.contains(&type_name),
        SearchKind::String => STRINGS.contains(&type_name) || NAMES.contains(&type_name),
        SearchKind::Number | SearchKind::Quantity => number::is_indexable(type_name),
        SearchKind::Composite | SearchKind::Special => false,
    }
}

/// Adds the values of one element.
pub(super) fn add(element: &Element<'_>, kind: SearchKind, base: &str, add: Add<'_>) {
    match kind {
        SearchKind::Token => token(element, add),
        SearchKind::Date => dates(element, add),
        SearchKind::Reference if element.type_name == "Reference" => reference::reference(element, base, add),
        SearchKind::Reference => reference::canonical(element.node, base, add),
        SearchKind::Uri => reference::uri(element.node, add),
        SearchKind::String => strings(element, add),
        SearchKind::Number | SearchKind::Quantity => number::number(element, add),
        SearchKind::Composite | SearchKind::Special => {}
    }
}

fn token(element: &Element<'_>, add: Add<'_>) {
    let node = element.node;
    match element.type_name {
        "CodeableConcept" => node.list("coding").for_each(|coding| pair(coding, "code", add)),
        "Coding" => pair(node, "code", add),
        "Identifier" => pair(node, "value", add),
        // The system of a ContactPoint is no namespace (phone, email).
        "ContactPoint" => add_token(None, node.str_at("value"), add),
        "boolean" => add_token(None, node.as_bool().map(|it| if it { "true".into() } else { "false".into() }), add),
        _ => add_token(None, node.as_str(), add),
    }
}

/// A system and the member that holds the code.
fn pair(node: NodeRef<'_>, code: &str, add: Add<'_>) {
    add_token(node.str_at("system"), node.str_at(code), add);
}

fn add_token(system: Option<Cow<'_, str>>, code: Option<Cow<'_, str>>, add: Add<'_>) {
    if let Some(code) = code.filter(|code| !code.is_empty()) {
        add(IndexValue::Token { system: system.unwrap_or_default().into_owned(), code: code.into_owned() });
    }
}

fn dates(element: &Element<'_>, add: Add<'_>) {
    match element.type_name {
        "Period" => period(element.node).into_iter().for_each(|it| add(IndexValue::Date(it))),
        "Timing" => {
            let events = element.node.list("event").filter_map(interval);
            let bounds = element.node.at(&["repeat", "boundsPeriod"]).and_then(period);
            events.chain(bounds).for_each(|it| add(IndexValue::Date(it)));
        }
        _ => interval(element.node).into_iter().for_each(|it| add(IndexValue::Date(it))),
    }
}

fn interval(node: NodeRef<'_>) -> Option<Interval> {
    Interval::of(&node.as_str()?)
}

/// A side that is there and can't be read makes the period unknown, not open.
fn period(node: NodeRef<'_>) -> Option<Interval> {
    let side = |name| match node.get(name) {
        Some(it) => interval(it).map(Some),
        None => Some(None),
    };
    Interval::spanning(side("start")?, side("end")?)
}

fn strings(element: &Element<'_>, add: Add<'_>) {
    let parts: &[&str] = match element.type_name {
        "HumanName" => &["text", "family", "given", "prefix", "suffix"],
        "Address" => &["text", "line", "city", "district", "state", "postalCode", "country"],
        _ => return text(element.node, add),
    };
    parts.iter().flat_map(|part| element.node.list(part)).for_each(|part| text(part, add));
}

fn text(node: NodeRef<'_>, add: Add<'_>) {
    if let Some(exact) = node.as_str().filter(|exact| !exact.trim().is_empty()) {
        add(IndexValue::Text { folded: fold(&exact), exact: exact.into_owned() });
    }
}
