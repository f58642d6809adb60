//! The one walk over a resource: it knows where it is, and asks each rule family at its place.

use crate::fhir::{Kind, NodeRef, ResourceType};

use super::bundle::BundleEntries;
use super::contained::Scope;
use super::element::{self, Role};
use super::invariant::Invariants;
use super::issues::Issues;
use super::profile::Profiles;
use super::shape::{Content, Family, Member, Present, Shape, Shapes};
use super::{Setting, binding, bundle, cardinality, choice, contained, extension, invariant, reference, resource_type};

/// A walk and what it knows of the surroundings.
pub struct Walk<'a> {
    /// What was found so far.
    pub issues: Issues,
    /// The contained resources of the resource that the walk is in.
    pub scope: Scope<'a>,
    /// The entries of the Bundle that the walk is in.
    pub bundle: Option<BundleEntries<'a>>,
    profiles: Profiles<'a>,
    /// Evaluates invariants.
    pub invariants: Invariants<'a>,
    shapes: &'static Shapes,
}

impl<'a> Walk<'a> {
    /// A walk that starts at `resource`, inside whatever the document has around it.
    pub fn around(resource: NodeRef<'a>, setting: &'a Setting<'a>) -> Self {
        let bundle = std::iter::successors(resource.parent(), NodeRef::parent)
            .find(|outer| outer.str_at("resourceType").as_deref() == Some("Bundle"));
        Self {
            issues: Issues::default(),
            scope: Scope::default(),
            bundle: bundle.map(BundleEntries::of),
            profiles: Profiles::default(),
            invariants: Invariants::new(resource, setting),
            shapes: Shapes::r4(),
        }
    }

    /// The resource that the walk is about.
    pub fn outermost(&mut self, node: NodeRef<'a>, setting: &Setting<'_>) -> Option<ResourceType> {
        let kind = self.resource(node)?;
        if let Some(shape) = self.shapes.resource(kind).filter(|_| setting.must_support) {
            invariant::narrative(node, shape.def, &mut self.issues);
        }
        Some(kind)
    }

    /// A resource that stands for itself: the root, an entry of a Bundle, a parameter.
    pub fn resource(&mut self, node: NodeRef<'a>) -> Option<ResourceType> {
        let kind = resource_type::check(node, &mut self.issues)?;
        let outer_scope = std::mem::replace(&mut self.scope, Scope::of(node));
        if kind.as_str() == "Bundle" {
            let outer_bundle = self.bundle.replace(BundleEntries::of(node));
            self.elements(node, kind);
            bundle::check(node, &mut self.issues);
            self.bundle = outer_bundle;
        } else {
            self.elements(node, kind);
        }
        let scope = std::mem::replace(&mut self.scope, outer_scope);
        scope.check_referenced(&mut self.issues);
        Some(kind)
    }

    fn contained(&mut self, node: NodeRef<'a>) {
        if let Some(kind) = resource_type::check(node, &mut self.issues) {
            contained::check(node, &self.scope, &mut self.issues);
            self.elements(node, kind);
        }
    }

    fn elements(&mut self, node: NodeRef<'a>, kind: ResourceType) {
        if let Some(shape) = self.shapes.resource(kind) {
            self.object(node, shape, true);
        }
    }

    fn object(&mut self, node: NodeRef<'a>, shape: &'static Shape, is_resource: bool) {
        let outside = self.invariants.enter(node, is_resource, &self.issues);
        let mut present = Present::default();
        let mut touched = Present::default();
        for child in node.children() {
            match element::role(child, shape, is_resource, &mut self.issues) {
                Role::Element(member) => {
                    self.once(child, member, shape, &mut touched);
                    present.add(member.ordinal);
                    self.member(child, member);
                }
                Role::Sibling(member) => {
                    self.once(child, member, shape, &mut touched);
                    if has_extension(child) {
                        present.add(member.ordinal);
                    }
                    self.sibling(child, member);
                }
                Role::ResourceType | Role::Refused => {}
            }
        }
        cardinality::required(node, shape, present, &mut self.issues);
        self.invariants.leave(&outside, node, shape.def, &shape.constraints, &mut self.issues);
    }

    /// A choice element that was seen already must have been its own `_name`.
    fn once(&mut self, child: NodeRef<'a>, member: &Member, shape: &Shape, touched: &mut Present) {
        if member.element.is_choice && touched.has(member.ordinal) {
            choice::only_one(child, member, shape, &mut self.issues);
        }
        touched.add(member.ordinal);
    }

    fn member(&mut self, child: NodeRef<'a>, member: &'static Member) {
        cardinality::form(child, member, &mut self.issues);
        if child.kind() == Kind::Array {
            self.items(child, member);
        } else {
            self.value(child, member);
        }
    }

    fn items(&mut self, array: NodeRef<'a>, member: &'static Member) {
        let mut siblings = member.has_sibling.then(|| sibling_items(array, member)).into_iter().flatten();
        for item in array.children() {
            let is_said_beside = siblings.next().is_some_and(|it| it.kind() == Kind::Object);
            if item.kind() != Kind::Null || !is_said_beside {
                self.value(item, member);
            }
        }
    }

    fn value(&mut self, value: NodeRef<'a>, member: &'static Member) {
        if value.kind() == Kind::Null {
            return cardinality::null(value, &mut self.issues);
        }
        match member.content {
            Content::Primitive(primitive) => {
                let is_well_formed = primitive.check(value, &mut self.issues);
                if is_well_formed {
                    self.scope.note(value, primitive);
                    binding::code(value, member, &mut self.issues);
                }
            }
            Content::Object(index) => self.complex(value, self.shapes.get(index), member),
            Content::Resource if member.name == "contained" => self.contained(value),
            Content::Resource => {
                self.resource(value);
            }
        }
        if let Some(constraints) = &member.constraints {
            self.invariants.element(value, member.def, constraints, &mut self.issues);
        }
    }

    fn complex(&mut self, value: NodeRef<'a>, shape: &'static Shape, member: &Member) {
        if !cardinality::object(value, &shape.def.name, &mut self.issues) {
            return;
        }
        if value.children().all(|child| child.key_is("id")) {
            return cardinality::empty(value, &mut self.issues);
        }
        self.object(value, shape, false);
        match shape.family {
            Family::Extension => extension::check(value, &mut self.issues),
            Family::Reference => reference::check(value, member.targets, self),
            Family::Meta => self.profiles.check(value, &mut self.issues),
            Family::Coding => binding::coding(value, member, &mut self.issues),
            Family::CodeableConcept => binding::concept(value, member, &mut self.issues),
            Family::Quantity => binding::quantity(value, member, &mut self.issues),
            Family::Other => {}
        }
    }

    /// The id and extensions of a primitive element, or of each in an array.
    fn sibling(&mut self, child: NodeRef<'a>, member: &'static Member) {
        cardinality::form(child, member, &mut self.issues);
        let value = child.parent().and_then(|parent| parent.get(&member.name));
        element::aligned(child, value, &mut self.issues);
        if child.kind() != Kind::Array {
            return self.sibling_item(child);
        }
        let values = value.map_or(0, |value| value.children().count());
        for item in child.children() {
            // Where both are null, the issue stands at the value.
            if item.kind() != Kind::Null || item.index_in_parent() >= values {
                self.sibling_item(item);
            }
        }
    }

    fn sibling_item(&mut self, item: NodeRef<'a>) {
        let shape = self.shapes.sibling();
        if item.kind() == Kind::Null {
            cardinality::null(item, &mut self.issues);
        } else if cardinality::object(item, &shape.def.name, &mut self.issues) {
            if item.children().next().is_none() {
                return cardinality::empty(item, &mut self.issues);
            }
            self.object(item, shape, false);
        }
    }
}

/// Whether a `_name` member says something in place of a value.
fn has_extension(sibling: NodeRef<'_>) -> bool {
    match sibling.kind() {
        Kind::Array => sibling.children().any(|item| item.get("extension").is_some()),
        _ => sibling.get("extension").is_some(),
    }
}

/// The items of the `_name` array beside an array of primitives.
fn sibling_items<'a>(array: NodeRef<'a>, member: &Member) -> impl Iterator<Item = NodeRef<'a>> + use<'a> {
    let is_sibling = |it: &NodeRef<'_>| it.key().is_some_and(|key| key.strip_prefix('_') == Some(&*member.name));
    let sibling = array.parent().and_then(|object| object.children().find(is_sibling));
    sibling.filter(|it| it.kind() == Kind::Array).into_iter().flat_map(|it| it.children())
}
