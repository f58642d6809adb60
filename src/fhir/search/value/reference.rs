//! References and uris in the index.

use super::super::super::reference::Reference;
use super::super::super::tree::NodeRef;
use super::super::IndexValue;
use super::{Add, Element, pair};

pub(super) const URIS: &[&str] = &["uri", "url", "canonical", "oid", "uuid"];

/// A Reference: the resource of ours that it names, or the text of a foreign one; its identifier beside that.
pub(super) fn reference(element: &Element<'_>, base: &str, add: Add<'_>) {
    let text = element.node.str_at("reference");
    let parsed = text.as_deref().map(|text| Reference::parse(text, base));
    if !may_point_at(element, parsed.as_ref()) {
        return;
    }
    match parsed {
        Some(Reference::Local(key, _)) => add(IndexValue::Reference(key)),
        Some(Reference::Urn(text) | Reference::Foreign(text)) => add(IndexValue::Uri(text)),
        Some(Reference::Contained(_) | Reference::Conditional(..)) | None => {}
    }
    if let Some(identifier) = element.node.get("identifier") {
        pair(identifier, "value", add);
    }
}

/// Whether the reference can be one to the wanted type: by its text, else by its `type`; one that says neither can.
fn may_point_at(element: &Element<'_>, parsed: Option<&Reference>) -> bool {
    let Some(target) = element.target else { return true };
    match parsed {
        Some(Reference::Local(key, _)) => key.kind.as_str() == target,
        Some(Reference::Conditional(kind, _)) => kind.as_str() == target,
        Some(Reference::Foreign(url)) if names_a_type(url) => segment_before_id(url) == Some(target),
        _ => element.node.str_at("type").is_none_or(|it| it == target),
    }
}

fn names_a_type(url: &str) -> bool {
    segment_before_id(url).and_then(super::super::super::ResourceType::parse).is_some()
}

/// `Patient` of `https://other.example/fhir/Patient/1`.
fn segment_before_id(url: &str) -> Option<&str> {
    url.split("/_history/").next()?.rsplit('/').nth(1)
}

/// A canonical that is searched as a reference: as a uri, and as a resource of ours where it names one.
pub(super) fn canonical(node: NodeRef<'_>, base: &str, add: Add<'_>) {
    uri(node, add);
    if let Some(Reference::Local(key, _)) = node.as_str().map(|text| Reference::parse(&text, base)) {
        add(IndexValue::Reference(key));
    }
}

/// A uri or canonical; one with a version is found without it too.
pub(super) fn uri(node: NodeRef<'_>, add: Add<'_>) {
    let Some(text) = node.as_str().filter(|text| !text.is_empty()) else { return };
    if let Some((url, _version)) = text.split_once('|') {
        add(IndexValue::Uri(url.to_owned()));
    }
    add(IndexValue::Uri(text.into_owned()));
}
