//! The one walk over a resource: it knows where it is, and asks each rule family at its place.

use crate::fhir::definitions::TypeDef;
use crate::fhir::{Kind, NodeRef, ResourceType};

use super::bundle::BundleEntries;
use super::contained::Scope;
use super::element::{self, Role};
use super::invariant::Invariants;
use super::issues::Issues;
use super::overlay::{self, Overlay};
use super::profile::{self, Told, Trials};
use super::shape::{Content, Family, Member, Present, Shape, Shapes};
use super::{
    Setting, attachment, bundle, cardinality, choice, coding, contained, extension, invariant, markup, reference,
    resource_type, resources,
};

/// A walk and what it knows of the surroundings.
pub struct Walk<'a> {
    /// What was found so far.
    pub issues: Issues,
    /// What the resource is held against.
    pub setting: &'a Setting<'a>,
    /// The contained resources of the resource that the walk is in.
    pub scope: Scope<'a>,
    /// The entries of the Bundle that the walk is in.
    pub bundle: Option<BundleEntries<'a>>,
    /// The resource that the walk is in; a contained one counts.
    pub resource_node: NodeRef<'a>,
    /// What was told once and is not told again.
    pub told: Told,
    /// What was asked of profiles on the way.
    pub trials: Trials,
    /// Evaluates invariants.
    pub invariants: Invariants<'a>,
    pub(super) shapes: &'static Shapes,
}

impl<'a> Walk<'a> {
    /// A walk that starts at `resource`, inside whatever the document has around it.
    pub fn around(resource: NodeRef<'a>, setting: &'a Setting<'a>) -> Self {
        let bundle = std::iter::successors(resource.parent(), NodeRef::parent)
            .find(|outer| outer.str_at("resourceType").as_deref() == Some("Bundle"));
        Self {
            issues: Issues::default(),
            setting,
            scope: Scope::default(),
            bundle: bundle.map(BundleEntries::of),
            resource_node: resource,
            told: Told::default(),
            trials: Trials::default(),
            invariants: Invariants::new(resource, setting),
            shapes: Shapes::r4(),
        }
    }

    /// The resource that is validated, with the profiles that the setting asks for.
    pub fn outermost(&mut self, node: NodeRef<'a>) -> Option<ResourceType> {
        let mut asked = Vec::new();
        if let Some(kind) = resource_type::of(node) {
            profile::requested(node, kind, &mut asked, self);
        }
        let kind = self.resource(node, asked)?;
        if let Some(shape) = self.shapes.resource(kind).filter(|_| self.setting.must_support) {
            invariant::narrative(node, shape.def, &mut self.issues);
        }
        Some(kind)
    }

    /// A resource that stands for itself: the root, an entry of a Bundle, a parameter. `asked` is what its place asks.
    pub fn resource(&mut self, node: NodeRef<'a>, asked: Vec<Overlay<'a>>) -> Option<ResourceType> {
        let kind = resource_type::check(node, &mut self.issues)?;
        let outer_scope = std::mem::replace(&mut self.scope, Scope::of(node));
        if kind.as_str() == "Bundle" {
            let outer_bundle = self.bundle.replace(BundleEntries::of(node));
            self.elements(node, kind, asked);
            bundle::check(node, &mut self.issues);
            self.bundle = outer_bundle;
        } else {
            self.elements(node, kind, asked);
        }
        let scope = std::mem::replace(&mut self.scope, outer_scope);
        scope.check_referenced(&mut self.issues);
        Some(kind)
    }

    fn contained(&mut self, node: NodeRef<'a>, asked: Vec<Overlay<'a>>) {
        if let Some(kind) = resource_type::check(node, &mut self.issues) {
            contained::check(node, &self.scope, &mut self.issues);
            self.elements(node, kind, asked);
        }
    }

    fn elements(&mut self, node: NodeRef<'a>, kind: ResourceType, mut overlays: Vec<Overlay<'a>>) {
        let Some(shape) = self.shapes.resource(kind) else { return };
        let outer = std::mem::replace(&mut self.resource_node, node);
        profile::claimed(node, kind, &mut overlays, self);
        resources::implied(kind, node, &mut overlays, self);
        if overlays.len() > 1 {
            profile::contradictions(node, &overlays, self);
        }
        self.object(node, shape, true, &overlays);
        resources::check(kind, node, self);
        self.resource_node = outer;
    }

    /// What is held against a profile on the way, for the answer alone.
    pub(super) fn tried(&mut self, value: NodeRef<'a>, overlay: Overlay<'a>) {
        let is_contained = value.parent().is_some_and(|array| array.key_is("contained"));
        if resource_type::of(value).is_some() {
            if is_contained {
                let container = value.parent().and_then(|array| array.parent()).unwrap_or(value);
                self.scope = Scope::of(container);
                self.contained(value, vec![overlay]);
            } else {
                self.resource(value, vec![overlay]);
            }
        } else if let Some(shape) = self.shapes.named(&overlay.profile.type_name) {
            self.object(value, shape, false, &[overlay]);
        }
    }

    fn object(&mut self, node: NodeRef<'a>, shape: &'static Shape, is_resource: bool, overlays: &[Overlay<'a>]) {
        let outside = self.invariants.enter(node, is_resource, &self.issues);
        let mut present = Present::default();
        let mut touched = Present::default();
        for child in node.children() {
            match element::role(child, shape, is_resource, &mut self.issues) {
                Role::Element(member) => {
                    self.once(child, member, shape, &mut touched);
                    present.add(member.ordinal);
                    self.member(child, member, overlays);
                }
                Role::Sibling(member) => {
                    self.once(child, member, shape, &mut touched);
                    if has_extension(child) {
                        present.add(member.ordinal);
                    }
                    self.sibling(child, member, overlays);
                }
                Role::ResourceType | Role::Refused => {}
            }
        }
        cardinality::required(node, shape, present, &mut self.issues);
        if !overlays.is_empty() {
            profile::absent(node, overlays, self);
            self.invariants_of(node, Some(shape.def), is_resource, overlays);
        }
        self.invariants.leave(&outside, node, shape.def, &shape.constraints, &mut self.issues);
    }

    /// A choice element that was seen already must have been its own `_name`.
    fn once(&mut self, child: NodeRef<'a>, member: &Member, shape: &Shape, touched: &mut Present) {
        if member.element.is_choice && touched.has(member.ordinal) {
            choice::only_one(child, member, shape, &mut self.issues);
        }
        touched.add(member.ordinal);
    }

    fn member(&mut self, child: NodeRef<'a>, member: &'static Member, overlays: &[Overlay<'a>]) {
        cardinality::form(child, member, &mut self.issues);
        let asked = if overlays.is_empty() { Vec::new() } else { overlay::of_member(overlays, member) };
        if !asked.is_empty() {
            return self.asked(child, member, &asked);
        }
        if child.kind() == Kind::Array {
            for item in values(child, member) {
                self.value(item, member, &[]);
            }
        } else {
            self.value(child, member, &[]);
        }
    }

    /// A member of which profiles ask something.
    fn asked(&mut self, child: NodeRef<'a>, member: &'static Member, asked: &[Overlay<'a>]) {
        let items: Vec<NodeRef<'a>> =
            if child.kind() == Kind::Array { values(child, member).collect() } else { vec![child] };
        let assigned = profile::assign(child, &items, member, asked, self);
        for (item, overlays) in items.iter().zip(&assigned) {
            self.value(*item, member, overlays);
        }
    }

    fn value(&mut self, value: NodeRef<'a>, member: &'static Member, overlays: &[Overlay<'a>]) {
        if value.kind() == Kind::Null {
            return cardinality::null(value, &mut self.issues);
        }
        match member.content {
            Content::Primitive(primitive) => {
                let is_well_formed = primitive.check(value, &mut self.issues);
                if is_well_formed {
                    self.scope.note(value, primitive);
                    markup::check(value, primitive, &mut self.issues);
                    coding::check(value, member, overlays, self);
                    self.primitive(value, member, overlays);
                }
            }
            Content::Object(index) => self.complex(value, self.shapes.get(index), member, overlays),
            Content::Resource => self.inner_resource(value, member, overlays),
        }
        if let Some(constraints) = &member.constraints {
            self.invariants.element(value, member.def, constraints, &mut self.issues);
        }
    }

    fn primitive(&mut self, value: NodeRef<'a>, member: &'static Member, overlays: &[Overlay<'a>]) {
        if overlays.is_empty() {
            return;
        }
        profile::at_value(value, member.type_name, overlays, self);
        self.invariants_of(value, member.def, false, overlays);
        if overlays.iter().any(|overlay| !overlay.node.children.is_empty()) && !has_companion(value) {
            profile::absent(value, overlays, self);
        }
    }

    /// The invariants that profiles have here. Those of an element that holds a resource are asked in the resource
    /// around it, before this; inside, those of profiles on the resource itself are left.
    fn invariants_of(
        &mut self,
        value: NodeRef<'a>,
        def: Option<&'static TypeDef>,
        is_resource: bool,
        overlays: &[Overlay<'a>],
    ) {
        let is_due = |overlay: &&Overlay<'a>| !is_resource || overlay.is_root();
        for overlay in overlays.iter().filter(|overlay| !overlay.node.constraints.is_empty()).filter(is_due) {
            let (constraints, url) = (&overlay.node.constraints, &overlay.profile.url);
            self.invariants.profile(value, def, constraints, url, &mut self.issues);
        }
    }

    fn inner_resource(&mut self, value: NodeRef<'a>, member: &'static Member, overlays: &[Overlay<'a>]) {
        let mut inner = overlays.to_vec();
        if !overlays.is_empty() {
            let name = self.kind_name(value);
            profile::at_value(value, name, overlays, self);
            let def = resource_type::of(value).and_then(|kind| self.shapes.resource(kind)).map(|shape| shape.def);
            self.invariants_of(value, def, false, overlays);
            profile::type_profiles(value, name, overlays, &mut inner, self);
        }
        if member.name == "contained" {
            self.contained(value, inner);
        } else {
            self.resource(value, inner);
        }
    }

    fn complex(&mut self, value: NodeRef<'a>, shape: &'static Shape, member: &Member, overlays: &[Overlay<'a>]) {
        if !cardinality::object(value, &shape.def.name, &mut self.issues) {
            return;
        }
        if value.children().all(|child| child.key_is("id")) {
            return cardinality::empty(value, &mut self.issues);
        }
        let is_plain = overlays.is_empty() && member.profiles.is_empty() && shape.family != Family::Extension;
        if is_plain {
            self.object(value, shape, false, &[]);
        } else {
            let mut inner = overlays.to_vec();
            // R4 itself names at most one.
            inner.extend(member.profiles.first().and_then(|url| self.profile(value, url)).map(Overlay::root));
            profile::at_value(value, member.type_name, overlays, self);
            profile::type_profiles(value, member.type_name, overlays, &mut inner, self);
            if shape.family == Family::Extension {
                extension::definition(value, &mut inner, self);
            }
            self.object(value, shape, false, &inner);
        }
        match shape.family {
            Family::Extension => extension::check(value, &mut self.issues),
            Family::Reference => reference::check(value, member.targets, overlays, self),
            Family::Coded => coding::check(value, member, overlays, self),
            Family::Attachment => attachment::check(value, &mut self.issues),
            Family::Other => {}
        }
    }

    /// The id and extensions of a primitive element, or of each in an array.
    fn sibling(&mut self, child: NodeRef<'a>, member: &'static Member, overlays: &[Overlay<'a>]) {
        let asked = overlay::of_member(overlays, member);
        cardinality::form(child, member, &mut self.issues);
        let value = child.parent().and_then(|parent| parent.get(&member.name));
        element::aligned(child, value, &mut self.issues);
        if child.kind() != Kind::Array {
            return self.sibling_item(child, &asked);
        }
        let values = value.map_or(0, |value| value.children().count());
        for item in child.children() {
            // Where both are null, the issue stands at the value.
            if item.kind() != Kind::Null || item.index_in_parent() >= values {
                self.sibling_item(item, &asked);
            }
        }
    }

    fn sibling_item(&mut self, item: NodeRef<'a>, overlays: &[Overlay<'a>]) {
        let shape = self.shapes.sibling();
        if item.kind() == Kind::Null {
            cardinality::null(item, &mut self.issues);
        } else if cardinality::object(item, &shape.def.name, &mut self.issues) {
            if item.children().next().is_none() {
                return cardinality::empty(item, &mut self.issues);
            }
            self.object(item, shape, false, overlays);
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

/// Whether a primitive value has an object with its id and extensions beside it.
fn has_companion(value: NodeRef<'_>) -> bool {
    let (array, index) = match value.key() {
        Some(_) => (Some(value), None),
        None => (value.parent(), Some(value.index_in_parent())),
    };
    let sibling = array.and_then(|array| {
        let key = array.key()?;
        array.parent()?.children().find(|it| it.key().is_some_and(|it| it.strip_prefix('_') == Some(&*key)))
    });
    match (sibling, index) {
        (Some(sibling), Some(index)) => sibling.children().nth(index).is_some_and(|it| it.kind() == Kind::Object),
        (Some(sibling), None) => sibling.kind() == Kind::Object,
        _ => false,
    }
}

/// The items of an array, but for nulls that keep the place of what is said beside them.
fn values<'a>(array: NodeRef<'a>, member: &'static Member) -> impl Iterator<Item = NodeRef<'a>> {
    let mut siblings = member.has_sibling.then(|| sibling_items(array, member)).into_iter().flatten();
    array.children().filter(move |item| {
        let is_said_beside = siblings.next().is_some_and(|it| it.kind() == Kind::Object);
        item.kind() != Kind::Null || !is_said_beside
    })
}

/// The items of the `_name` array beside an array of primitives.
fn sibling_items<'a>(array: NodeRef<'a>, member: &Member) -> impl Iterator<Item = NodeRef<'a>> + use<'a> {
    let is_sibling = |it: &NodeRef<'_>| it.key().is_some_and(|key| key.strip_prefix('_') == Some(&*member.name));
    let sibling = array.parent().and_then(|object| object.children().find(is_sibling));
    sibling.filter(|it| it.kind() == Kind::Array).into_iter().flat_map(|it| it.children())
}
