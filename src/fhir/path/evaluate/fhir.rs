//! The functions that FHIR adds (FHIR R4, "Using FHIRPath", section 2.9.1.5.1).

use std::borrow::Cow;

use crate::fhir::tree::NodeRef;

use super::super::function::Function;
use super::super::member::Name;
use super::super::types;
use super::navigation::{EXTENSION, member};
use super::{Answer, At, Evaluator, Item, Items, at_most_one, booleans, fail};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("extension", 1, 1, extension),
    Function::new("hasValue", 0, 0, |_, input| Ok(booleans(Some(matches!(&input[..], [item] if item.has_value()))))),
    Function::new("getValue", 0, 0, get_value),
    Function::new("resolve", 0, 0, resolve),
    Function::new("memberOf", 1, 1, member_of),
    Function::new("conformsTo", 1, 1, conforms_to),
    Function::new("htmlChecks", 0, 0, html_checks),
    Function::new("htmlChecks2", 0, 0, html_checks),
    Function::new("checkModifiers", 0, 16, check_modifiers),
];

fn extension<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let Some(url) = at.string(0)? else { return Ok(Vec::new()) };
    let mut found = at.evaluator.members(&EXTENSION, &input, usize::MAX)?;
    found.retain(|item| item.as_node().and_then(|node| node.str_at("url")) == Some(url.clone()));
    Ok(found)
}

fn get_value<'a>(_: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let Some(item) = at_most_one(&input)?.filter(|item| item.has_value()) else { return Ok(Vec::new()) };
    Ok(vec![item.to_system().into_owned()])
}

/// The resources that references point at; those that cannot be found are left out.
fn resolve<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let mut found = Vec::new();
    for item in &input {
        at.evaluator.charge(10)?;
        let reference = match item.as_node() {
            Some(node) => node.str_at("reference").or_else(|| item.string()),
            None => item.string(),
        };
        if let Some(reference) = reference {
            found.extend(at.evaluator.resolved(&reference).map(Item::resource));
        }
    }
    Ok(found)
}

impl<'a> Evaluator<'a> {
    fn resolved(&self, reference: &str) -> Option<NodeRef<'a>> {
        if let Some(id) = reference.strip_prefix('#') {
            return self.contained(id);
        }
        self.bundled(reference).or_else(|| self.resolver.resolve(reference).map(|document| document.root()))
    }

    /// A contained resource of the one that holds the node, or that one itself for `#`.
    fn contained(&self, id: &str) -> Option<NodeRef<'a>> {
        let mut at = Some(self.resource);
        while let Some(node) = at {
            let is_container = node.get("resourceType").is_some();
            let is_asked = id.is_empty() && is_container && node.parent().is_none_or(|p| !p.key_is("contained"));
            if is_asked {
                return Some(node);
            }
            if let Some(found) = node.list("contained").find(|inner| inner.str_at("id").as_deref() == Some(id)) {
                return Some(found);
            }
            at = node.parent();
        }
        None
    }

    /// The entry of the Bundle around it whose full URL is the reference, or ends with it where that is relative.
    fn bundled(&self, reference: &str) -> Option<NodeRef<'a>> {
        let root = self.resource.document().root();
        let reference = reference.split("/_history/").next()?;
        if root.str_at("resourceType").as_deref() != Some("Bundle") {
            return None;
        }
        let is_relative = !reference.contains(':');
        let entry = root.list("entry").find(|entry| {
            let url = entry.str_at("fullUrl").unwrap_or(Cow::Borrowed(""));
            let before = url.strip_suffix(reference);
            before.is_some_and(|before| before.is_empty() || (is_relative && before.ends_with('/')))
        })?;
        entry.get("resource")
    }
}

fn member_of<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let (Some(coded), Some(value_set)) = (at_most_one(&input)?, at.string(0)?) else { return Ok(Vec::new()) };
    match at.evaluator.resolver.member_of(coded, &value_set) {
        Some(is_member) => Ok(booleans(Some(is_member))),
        None => fail("whether a code is in the value set is not known"),
    }
}

/// The base definitions say themselves who conforms to them: those of the type.
fn conforms_to<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let (Some(item), Some(profile)) = (at_most_one(&input)?, at.string(0)?) else { return Ok(Vec::new()) };
    let base = profile.strip_prefix("http://hl7.org/fhir/StructureDefinition/").and_then(types::definition);
    if let (Some(base), Some(kind)) = (base, item.definition()) {
        return Ok(booleans(Some(types::descends_from(kind, base))));
    }
    match item.as_node().and_then(|node| at.evaluator.resolver.conforms_to(node, &profile)) {
        Some(conforms) => Ok(booleans(Some(conforms))),
        None => fail("the profile is not known"),
    }
}

/// Elements and attributes that a narrative may hold (FHIR R4, "Narrative", txt-1).
const ELEMENTS: [&str; 52] = [
    "a",
    "abbr",
    "acronym",
    "b",
    "big",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "li",
    "map",
    "area",
    "ol",
    "p",
    "pre",
    "q",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "ul",
    "var",
    "ins",
    "del",
];

fn html_checks<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let Some(text) = at_most_one(&input)?.and_then(Item::string) else { return Ok(Vec::new()) };
    at.evaluator.charge(text.len() / 16)?;
    Ok(booleans(Some(is_narrative(&text))))
}

/// Well-formed, of allowed elements alone, in a `div`, without scripts, and not empty.
fn is_narrative(text: &str) -> bool {
    let mut reader = quick_xml::Reader::from_str(text);
    let (mut depth, mut has_content, mut is_first) = (0_usize, false, true);
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Start(tag)) => {
                if !is_allowed(&tag, is_first) || (depth == 0 && !is_first) {
                    return false;
                }
                (depth, is_first) = (depth + 1, false);
            }
            Ok(quick_xml::events::Event::Empty(tag)) => {
                if is_first || !is_allowed(&tag, is_first) {
                    return false;
                }
                has_content |= tag.local_name().as_ref() == b"img";
            }
            Ok(quick_xml::events::Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(quick_xml::events::Event::Text(text)) => has_content |= !text.iter().all(u8::is_ascii_whitespace),
            Ok(quick_xml::events::Event::GeneralRef(_) | quick_xml::events::Event::CData(_)) => has_content = true,
            Ok(quick_xml::events::Event::Eof) => return depth == 0 && !is_first && has_content,
            Ok(quick_xml::events::Event::Comment(_)) => {}
            Ok(_) | Err(_) => return false,
        }
    }
}

fn is_allowed(tag: &quick_xml::events::BytesStart<'_>, is_first: bool) -> bool {
    let name = tag.local_name();
    let is_known = ELEMENTS.iter().any(|known| known.as_bytes() == name.as_ref());
    let is_in_place = !is_first || name.as_ref() == b"div";
    let attributes = tag.attributes().all(|attribute| {
        attribute.is_ok_and(|attribute| {
            let is_event = attribute.key.as_ref().starts_with(b"on");
            !is_event && !attribute.value.to_ascii_lowercase().starts_with(b"javascript:")
        })
    });
    is_known && is_in_place && attributes
}

/// An error where an element has a modifier extension that the arguments do not name.
fn check_modifiers<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let mut known = Vec::new();
    for index in 0..at.call.arguments.len() {
        known.extend(at.string(index)?);
    }
    let name = Name::new("modifierExtension");
    for item in &input {
        let Some(node) = item.as_node() else { continue };
        let mut modifiers = Vec::new();
        member(node, item.definition(), &name, usize::MAX, &mut modifiers);
        let urls = modifiers.iter().filter_map(|m| m.as_node()?.str_at("url"));
        if urls.into_iter().any(|url| !known.contains(&url)) {
            return fail("an element has a modifier extension that is not understood");
        }
    }
    Ok(input)
}
