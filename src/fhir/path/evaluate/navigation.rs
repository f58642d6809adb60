//! From an element to those inside it (FHIRPath N1, "Path selection", "Tree navigation"; FHIR R4, "JSON").
//!
//! An element is the JSON value of its name; a primitive may instead, or as well, have a `_name` sibling with its id
//! and extensions. The item is then the value where there is one, and the sibling where not.

use crate::fhir::definitions::{ElementDef, TypeDef, TypeKind};
use crate::fhir::tree::{Kind, NodeRef};

use super::super::function::Function;
use super::super::types;
use super::{Answer, At, Evaluator, Item, Items, fail};

pub(super) const FUNCTIONS: &[Function] =
    &[Function::new("children", 0, 0, children), Function::new("descendants", 0, 0, descendants)];

type Definition = Option<&'static TypeDef>;

/// An element as an item, with the type that its place in the document gives it.
pub(in super::super) fn located(node: NodeRef<'_>) -> Item<'_> {
    let mut way = Vec::new();
    let mut at = node;
    while at.get("resourceType").is_none() {
        let Some(parent) = at.parent() else { break };
        way.extend(at.key());
        at = parent;
    }
    let mut definition = Item::resource(at).definition();
    for key in way.iter().rev() {
        let name = key.strip_prefix('_').unwrap_or(key);
        definition = definition.and_then(|d| element_of_key(d, name)).and_then(|(e, suffix)| type_of(e, suffix));
    }
    match Item::resource(node) {
        Item::Node { definition: None, .. } => Item::of_type(node, definition),
        resource => resource,
    }
}

impl<'a> Evaluator<'a> {
    /// `%rootResource`: the resource that contains `%resource`, or that itself where none does.
    pub(super) fn root_resource(&self) -> NodeRef<'a> {
        let list = self.resource.parent().map(|it| if it.kind() == Kind::Array { it } else { self.resource });
        let container = list.filter(|list| list.key_is("contained")).and_then(|list| list.parent());
        container.unwrap_or(self.resource)
    }

    /// The name that an expression begins with: the type of the item itself, or an element.
    pub(super) fn first_name(&self, name: &str, input: &[Item<'a>]) -> Answer<'a> {
        if name.starts_with(|c: char| c.is_ascii_uppercase()) {
            let mut found = Vec::new();
            for item in input {
                if item.definition().is_some_and(|d| d.name == name || types::descends_by_name(d, name)) {
                    found.push(item.clone());
                }
            }
            return Ok(found);
        }
        self.members(name, input)
    }

    /// The elements `name` of all items, in order.
    pub(super) fn members(&self, name: &str, input: &[Item<'a>]) -> Answer<'a> {
        let mut out = Vec::new();
        for item in input {
            match item {
                Item::Node { node, definition, .. } => member(*node, *definition, name, &mut out),
                Item::Type { namespace, name: of } if name == "namespace" || name == "name" => {
                    out.push(Item::String((if name == "name" { of } else { namespace }).to_owned().into()));
                }
                Item::Quantity(value, _) if name == "value" => out.push(Item::Decimal(*value)),
                Item::Quantity(_, unit) if name == "unit" || name == "code" => out.push(Item::String(unit.clone())),
                _ => {}
            }
        }
        self.charge(out.len() + 1)?;
        Ok(out)
    }
}

/// The elements `name` of one element.
pub(super) fn member<'a>(node: NodeRef<'a>, definition: Definition, name: &str, out: &mut Items<'a>) {
    if definition.is_some_and(|d| d.kind == TypeKind::Primitive) {
        if let Some(more) = companion(node) {
            member_of_object(more, types::definition("Element"), name, out);
        }
        return;
    }
    member_of_object(node, definition, name, out);
}

fn member_of_object<'a>(node: NodeRef<'a>, definition: Definition, name: &str, out: &mut Items<'a>) {
    let Some(kind) = definition else { return named_member(node, name, None, out) };
    let Some(element) = kind.elements.iter().find(|element| element.name == name) else { return };
    if !element.is_choice {
        return named_member(node, name, type_of(element, ""), out);
    }
    let chosen = node.children().find_map(|child| {
        let key = child.key()?;
        let suffix = key.strip_prefix('_').unwrap_or(&key).strip_prefix(name)?;
        let kind = type_of(element, Some(suffix).filter(|s| !s.is_empty())?)?;
        Some((key.strip_prefix('_').unwrap_or(&key).to_owned(), kind))
    });
    if let Some((key, kind)) = chosen {
        named_member(node, &key, Some(kind), out);
    }
}

/// The element of a definition that a JSON key names, with the type that the key ends with, if it is a choice.
fn element_of_key<'k>(definition: &'static TypeDef, key: &'k str) -> Option<(&'static ElementDef, &'k str)> {
    definition.elements.iter().find_map(|element| {
        let suffix = key.strip_prefix(element.name.as_str())?;
        let is_it = if element.is_choice { type_of(element, suffix).is_some() } else { suffix.is_empty() };
        is_it.then_some((element, suffix))
    })
}

/// The type of an element: the only one, or for a choice that which the key ends with.
fn type_of(element: &'static ElementDef, suffix: &str) -> Definition {
    if !element.is_choice {
        return element.types.first().and_then(|only| types::definition(&only.name));
    }
    let chosen = element.types.iter().find(|kind| {
        let mut letters = kind.name.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        suffix.strip_prefix(|c| Some(c) == first) == Some(letters.as_str()) && !suffix.is_empty()
    });
    chosen.and_then(|kind| types::definition(&kind.name))
}

/// The member of that very name, its items where it is an array, with what only the `_name` sibling holds.
fn named_member<'a>(node: NodeRef<'a>, name: &str, definition: Definition, out: &mut Items<'a>) {
    let is_primitive = definition.is_none_or(|d| d.kind == TypeKind::Primitive);
    match node.get(name) {
        Some(array) if array.kind() == Kind::Array => {
            for item in array.children() {
                push_value(item, definition, is_primitive, out);
            }
        }
        Some(value) => push_value(value, definition, is_primitive, out),
        None if is_primitive => {
            let Some(more) = sibling(node, name) else { return };
            match more.kind() {
                Kind::Array => out.extend(more.children().filter(is_object).map(|m| Item::of_type(m, definition))),
                Kind::Object => out.push(Item::of_type(more, definition)),
                _ => {}
            }
        }
        None => {}
    }
}

fn is_object(node: &NodeRef<'_>) -> bool {
    node.kind() == Kind::Object
}

fn push_value<'a>(value: NodeRef<'a>, definition: Definition, is_primitive: bool, out: &mut Items<'a>) {
    match value.kind() {
        // In an array of primitives `null` keeps the place of an item that has extensions alone.
        Kind::Null if is_primitive => out.extend(companion(value).map(|more| Item::of_type(more, definition))),
        Kind::Null => {}
        // A contained resource, an entry's, a parameter's: the resource says itself what it is.
        Kind::Object if definition.is_none_or(|d| d.name == "Resource" || d.is_abstract) => {
            match Item::resource(value) {
                Item::Node { definition: None, .. } => out.push(Item::of_type(value, definition)),
                resource => out.push(resource),
            }
        }
        _ => out.push(Item::of_type(value, definition)),
    }
}

/// The `_name` member of an object.
fn sibling<'a>(node: NodeRef<'a>, name: &str) -> Option<NodeRef<'a>> {
    node.children().find(|child| child.key().is_some_and(|key| key.strip_prefix('_') == Some(name)))
}

/// The object with the id and extensions of a primitive.
pub(super) fn companion(node: NodeRef<'_>) -> Option<NodeRef<'_>> {
    if node.kind() == Kind::Object {
        return Some(node);
    }
    let parent = node.parent()?;
    if let Some(key) = node.key() {
        return sibling(parent, &key).filter(is_object);
    }
    let list = sibling(parent.parent()?, &parent.key()?)?;
    list.children().nth(node.index_in_parent()).filter(is_object)
}

/// All elements inside one, in the document's order.
pub(super) fn push_children<'a>(item: &Item<'a>, out: &mut Items<'a>) {
    let Item::Node { node, definition, .. } = item else { return };
    let is_primitive = definition.is_some_and(|d| d.kind == TypeKind::Primitive);
    let (node, definition) = if is_primitive {
        let Some(more) = companion(*node) else { return };
        (more, types::definition("Element"))
    } else {
        (*node, *definition)
    };
    for child in node.children() {
        let Some(key) = child.key() else { continue };
        let name = key.strip_prefix('_').unwrap_or(&key);
        // A `_name` beside its `name` is part of that element.
        if name == "resourceType" || (name.len() < key.len() && node.get(name).is_some()) {
            continue;
        }
        match definition {
            None => named_member(node, name, None, out),
            Some(kind) => {
                if let Some((element, suffix)) = element_of_key(kind, name) {
                    named_member(node, name, type_of(element, suffix), out);
                }
            }
        }
    }
}

fn children<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let mut out = Vec::new();
    for item in &input {
        push_children(item, &mut out);
    }
    at.evaluator.charge(out.len())?;
    Ok(out)
}

/// `repeat(children())` without the search for repetitions: a tree has none.
fn descendants<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let mut out = Vec::new();
    let mut level = input;
    // A document is at most so deep, or it would not have been parsed.
    for _ in 0..1_000 {
        let mut next = Vec::new();
        for item in &level {
            push_children(item, &mut next);
        }
        if next.is_empty() {
            return Ok(out);
        }
        at.evaluator.charge(next.len())?;
        out.extend(next.iter().cloned());
        level = next;
    }
    fail("the document nests too deep")
}

impl Item<'_> {
    /// The definition of the type of an element.
    pub(in super::super) fn definition(&self) -> Definition {
        match self {
            Item::Node { definition, .. } => *definition,
            _ => None,
        }
    }
}
