//! From an element to those inside it (FHIRPath N1, "Path selection", "Tree navigation"; FHIR R4, "JSON").
//!
//! An element is the JSON value of its name; a primitive may instead, or as well, have a `_name` sibling with its id
//! and extensions. The item is then the value where there is one, and the sibling where not.

use std::sync::LazyLock;

use crate::fhir::definitions::{TypeDef, TypeKind};
use crate::fhir::tree::{Kind, NodeRef};

use super::super::function::Function;
use super::super::member::{Definition, Meaning, Name, element_of_key, element_type, type_of};
use super::super::types;
use super::{Answer, At, EvaluationError, Evaluator, Item, Items, fail};

pub(super) const FUNCTIONS: &[Function] =
    &[Function::new("children", 0, 0, children), Function::new("descendants", 0, 0, descendants)];

/// `extension`, which every element may have.
pub(super) static EXTENSION: LazyLock<Name> = LazyLock::new(|| Name::new("extension"));

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
    pub(super) fn first_name(&self, name: &Name, input: &[Item<'a>]) -> Answer<'a> {
        if !is_type(name) {
            return self.members(name, input, usize::MAX);
        }
        let is_of = |item: &&Item<'a>| {
            item.definition().is_some_and(|d| d.name == *name.text || types::descends_by_name(d, &name.text))
        };
        Ok(input.iter().filter(is_of).cloned().collect())
    }

    /// The elements `name` of all items, in order; the first `most` of them.
    pub(super) fn members(&self, name: &Name, input: &[Item<'a>], most: usize) -> Answer<'a> {
        let mut out = Vec::new();
        for item in input {
            if out.len() >= most {
                break;
            }
            members_of(item, name, most, &mut out);
        }
        self.charge(out.len() + input.len())?;
        Ok(out)
    }

    /// Whether any of the items has an element `name`.
    pub(super) fn has_member(&self, name: &Name, input: &[Item<'a>]) -> Result<bool, EvaluationError> {
        self.charge(input.len() + 1)?;
        Ok(input.iter().any(|item| match item {
            Item::Node { node, definition, .. } => has_member(*node, *definition, name),
            other => {
                let mut out = Vec::new();
                members_of(other, name, 1, &mut out);
                !out.is_empty()
            }
        }))
    }
}

/// Whether a name means a type, where an expression begins with it.
pub(super) fn is_type(name: &Name) -> bool {
    name.text.starts_with(|c: char| c.is_ascii_uppercase())
}

fn members_of<'a>(item: &Item<'a>, name: &Name, most: usize, out: &mut Items<'a>) {
    match (item, &*name.text) {
        (Item::Node { node, definition, .. }, _) => member(*node, *definition, name, most, out),
        (Item::Type { name: of, .. }, "name") => out.push(Item::String((*of).into())),
        (Item::Type { namespace, .. }, "namespace") => out.push(Item::String((*namespace).into())),
        (Item::Quantity(value, _), "value") => out.push(Item::Decimal(*value)),
        (Item::Quantity(_, unit), "unit" | "code") => out.push(Item::String(unit.clone())),
        _ => {}
    }
}

/// The object that holds the members of an element, and its type: of a primitive the `_name` beside it.
fn object_of<'a>(node: NodeRef<'a>, definition: Definition) -> Option<(NodeRef<'a>, Definition)> {
    if definition.is_some_and(|d| d.kind == TypeKind::Primitive) {
        return Some((companion(node)?, element_type()));
    }
    Some((node, definition))
}

/// The elements `name` of one element, until there are `most`.
pub(super) fn member<'a>(node: NodeRef<'a>, definition: Definition, name: &Name, most: usize, out: &mut Items<'a>) {
    let Some((node, definition)) = object_of(node, definition) else { return };
    let Some(kind) = definition else { return named_member(node, &name.text, None, most, out) };
    name.meant(kind, |meaning| match meaning {
        Meaning::None => {}
        Meaning::One(definition) => named_member(node, &name.text, *definition, most, out),
        Meaning::Choice(choices) => {
            if let Some((key, kind)) = chosen(node, choices) {
                named_member(node, key, Some(*kind), most, out);
            }
        }
    });
}

/// Whether one element has an element `name`.
fn has_member(node: NodeRef<'_>, definition: Definition, name: &Name) -> bool {
    let Some((node, definition)) = object_of(node, definition) else { return false };
    let Some(kind) = definition else { return has_named(node, &name.text, None) };
    name.meant(kind, |meaning| match meaning {
        Meaning::None => false,
        Meaning::One(definition) => has_named(node, &name.text, *definition),
        Meaning::Choice(choices) => chosen(node, choices).is_some_and(|(key, kind)| has_named(node, key, Some(*kind))),
    })
}

/// Which of the members that may give a choice the object has.
fn chosen<'m>(node: NodeRef<'_>, choices: &'m [(String, &'static TypeDef)]) -> Option<&'m (String, &'static TypeDef)> {
    node.children().find_map(|child| {
        let key = child.key()?;
        let name = key.strip_prefix('_').unwrap_or(&key);
        choices.iter().find(|(json_name, _)| json_name == name)
    })
}

/// Whether [`named_member`] finds anything.
fn has_named(node: NodeRef<'_>, name: &str, definition: Definition) -> bool {
    let is_primitive = definition.is_none_or(|d| d.kind == TypeKind::Primitive);
    let is_there = |value: NodeRef<'_>| value.kind() != Kind::Null || is_primitive && companion(value).is_some();
    match node.get(name) {
        Some(array) if array.kind() == Kind::Array => array.children().any(is_there),
        Some(value) => is_there(value),
        None if is_primitive => sibling(node, name).is_some_and(|more| match more.kind() {
            Kind::Array => more.children().any(|item| is_object(&item)),
            kind => kind == Kind::Object,
        }),
        None => false,
    }
}

/// The member of that very name, its items where it is an array, with what only the `_name` sibling holds.
fn named_member<'a>(node: NodeRef<'a>, name: &str, definition: Definition, most: usize, out: &mut Items<'a>) {
    let is_primitive = definition.is_none_or(|d| d.kind == TypeKind::Primitive);
    match node.get(name) {
        Some(array) if array.kind() == Kind::Array => {
            for item in array.children() {
                if out.len() >= most {
                    return;
                }
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
    let Some((node, definition)) = object_of(*node, *definition) else { return };
    for child in node.children() {
        let Some(key) = child.key() else { continue };
        let name = key.strip_prefix('_').unwrap_or(&key);
        // A `_name` beside its `name` is part of that element.
        if name == "resourceType" || (name.len() < key.len() && node.get(name).is_some()) {
            continue;
        }
        match definition {
            None => named_member(node, name, None, usize::MAX, out),
            Some(kind) => {
                if let Some((element, suffix)) = element_of_key(kind, name) {
                    named_member(node, name, type_of(element, suffix), usize::MAX, out);
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
