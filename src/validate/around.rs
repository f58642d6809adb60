//! What the walk can be asked of a place: types, elements by name, and what references lead to.

use crate::fhir::definitions::Definitions;
use crate::fhir::{Kind, NodeRef, ResourceType};

use super::shape::{Content, Member};
use super::walk::Walk;

impl<'a> Walk<'a> {
    /// The resource type that a node names; empty where it names none.
    pub fn kind_name(&self, node: NodeRef<'a>) -> &'static str {
        super::resource_type::of(node).map_or("", ResourceType::as_str)
    }

    /// The type of a value of a member.
    pub fn type_name(&self, value: NodeRef<'a>, member: &'a Member) -> &'a str {
        match member.content {
            Content::Resource => self.kind_name(value),
            _ => member.type_name,
        }
    }

    /// The elements of a name inside an object of a type, each item for itself, with their types.
    pub fn elements_named(&self, object: NodeRef<'a>, type_name: &str, name: &str) -> Vec<(NodeRef<'a>, &'static str)> {
        let kind = ResourceType::parse(type_name);
        let shape = kind.and_then(|kind| self.shapes.resource(kind)).or_else(|| self.shapes.named(type_name));
        let Some(shape) = shape else { return Vec::new() };
        let mut found = Vec::new();
        for member in shape.members().iter().filter(|member| member.element.name == name) {
            let Some(value) = object.get(&member.name) else { continue };
            let typed = |node: NodeRef<'a>| match member.content {
                Content::Resource => (node, self.kind_name(node)),
                _ => (node, member.type_name),
            };
            match value.kind() {
                Kind::Array => found.extend(value.children().map(typed)),
                _ => found.push(typed(value)),
            }
        }
        found
    }

    /// Whether a resource type is the one of that name, or specialises it.
    pub fn is_kind(&self, kind: ResourceType, name: &str) -> bool {
        kind.as_str() == name || self.descends(kind.as_str(), name)
    }

    /// Whether a type specialises another one.
    pub fn descends(&self, type_name: &str, ancestor: &str) -> bool {
        let mut at = Definitions::r4().type_named(type_name);
        // No type of R4 is more than five steps below the top.
        for _ in 0..8 {
            match at {
                Some(def) if def.base == ancestor => return true,
                Some(def) => at = Definitions::r4().type_named(&def.base),
                None => return false,
            }
        }
        false
    }

    /// The resource that a Reference leads to, if it is in the document or the setting's resolver has it.
    pub fn target_of(&self, reference: NodeRef<'a>) -> Option<NodeRef<'a>> {
        let text = reference.str_at("reference").or_else(|| reference.as_str())?;
        if let Some(id) = text.strip_prefix('#') {
            return if id.is_empty() { None } else { self.scope.node(id) };
        }
        let bundled = self.bundle.as_ref().and_then(|bundle| bundle.node_of(&text));
        bundled.or_else(|| self.setting.resolver.resolve(&text).map(|document| document.root()))
    }
}
