//! A profile as the walk sees it: what it asks for beyond the type that it constrains, and nothing else.
//!
//! A [`Profile`] is compiled from the snapshot of a StructureDefinition. What the snapshot repeats from R4's own
//! definition of the type is left out, since the walk checks that anyway.

use std::sync::Arc;

use crate::fhir::path::Expression;
use crate::fhir::{Document, NodeRef};

/// A StructureDefinition, ready for the walk.
#[derive(Debug)]
pub struct Profile {
    /// Canonical URL without version.
    pub url: String,
    /// Its business version; empty where it has none.
    pub version: String,
    /// Its title, or its name.
    pub title: String,
    /// The type that it constrains: `Patient`, `Extension`, `Identifier`.
    pub type_name: String,
    /// Canonical URL of what it derives from; empty for the types at the top.
    pub base: String,
    /// Whether it constrains a type (a profile) and does not define one.
    pub is_constraint: bool,
    /// Abstract ones have no instances of their own.
    pub is_abstract: bool,
    /// For extensions: whether it changes the meaning of its element.
    pub is_modifier: bool,
    /// For extensions: where they may stand.
    pub contexts: Vec<ExtensionContext>,
    /// The root element.
    pub root: Node,
}

/// Where an extension may stand ([context](https://hl7.org/fhir/R4/defining-extensions.html#context)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExtensionContext {
    /// On elements of this path or type: `Patient.name`, `HumanName`, `Element`.
    Element(String),
    /// Inside the extension of this URL.
    Extension(String),
    /// On what a FHIRPath selects.
    Path(String),
}

/// An element of a profile, with what it adds to the type's own definition.
#[derive(Debug, Default)]
pub struct Node {
    /// The element's path: `Patient.identifier`.
    pub path: String,
    /// Its id in the profile: `Patient.identifier:personnummer`.
    pub id: String,
    /// The name without `[x]`; of the root, the type's.
    pub name: String,
    /// `value[x]`, named in JSON with its type.
    pub is_choice: bool,
    /// The slice that it is; empty where it is none.
    pub slice_name: String,
    /// Least number.
    pub min: u32,
    /// Greatest number; `None` is `*`.
    pub max: Option<u32>,
    /// The types that are allowed, where they are fewer or more closely described than the base's; empty: as the base.
    pub types: Vec<NodeType>,
    /// The exact value that it must have.
    pub fixed: Option<Pattern>,
    /// The value that it must contain.
    pub pattern: Option<Pattern>,
    /// Its binding, where it is not the base's.
    pub binding: Option<NodeBinding>,
    /// The invariants beyond the base's.
    pub constraints: Vec<Invariant>,
    /// Systems must be able to deal with it.
    pub must_support: bool,
    /// The greatest number of characters.
    pub max_length: Option<u64>,
    /// The least value.
    pub min_value: Option<Limit>,
    /// The greatest value.
    pub max_value: Option<Limit>,
    /// The path of the element whose content this one has, without `#`; empty where it has its own.
    pub content_reference: String,
    /// How the element's items are told apart into `slices`.
    pub slicing: Option<Slicing>,
    /// The slices in their order.
    pub slices: Vec<Node>,
    /// The elements inside that the profile says something of.
    pub children: Vec<Node>,
}

impl Node {
    /// The child of that name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Whether it asks for anything at all.
    pub(super) fn says_nothing(&self) -> bool {
        let has_value = self.fixed.is_some() || self.pattern.is_some();
        let has_range = self.max_length.is_some() || self.min_value.is_some() || self.max_value.is_some();
        let has_rule = self.binding.is_some() || !self.constraints.is_empty() || self.must_support;
        let has_parts = !self.children.is_empty() || !self.slices.is_empty() || !self.content_reference.is_empty();
        self.min == 0
            && self.max.is_none()
            && self.types.is_empty()
            && !(has_value || has_range || has_rule || has_parts)
    }

    /// The element of an id or path, here or further inside.
    pub fn find(&self, way: &str) -> Option<&Self> {
        if self.id == way || (self.path == way && self.slice_name.is_empty()) {
            return Some(self);
        }
        self.children.iter().chain(&self.slices).find_map(|node| node.find(way))
    }
}

/// A type that an element of a profile may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeType {
    /// `Reference`, `Quantity`, `string`.
    pub name: String,
    /// The profiles of which one must be met; empty: none in particular.
    pub profiles: Vec<String>,
    /// For references: what may be pointed at (types' and profiles' canonical URLs); empty: as the base.
    pub targets: Vec<String>,
    /// How the target may be given: `contained`, `referenced`, `bundled`; empty: any.
    pub aggregation: Vec<String>,
}

/// A binding to a value set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeBinding {
    /// How strong.
    pub strength: Strength,
    /// Canonical URL, with its version where one is given.
    pub value_set: String,
    /// The outermost value set of an extensible or preferred binding (maxValueSet); empty where there is none.
    pub max_value_set: String,
}

/// The strength of a binding ([binding-strength](https://hl7.org/fhir/R4/valueset-binding-strength.html)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are those of the specification")]
pub enum Strength {
    Example,
    Preferred,
    Extensible,
    Required,
}

/// An invariant of a profile.
pub struct Invariant {
    /// Its name, as `ips-pat-1`.
    pub key: String,
    /// Whether breaking it is an error; else it is a warning.
    pub is_error: bool,
    /// What it asks for, in the profile's words.
    pub human: String,
    /// The same in Swedish, where the profile has a translation.
    pub swedish: Option<String>,
    /// The compiled expression, or why it can't be compiled.
    pub expression: Result<Expression, String>,
}

impl std::fmt::Debug for Invariant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.key)
    }
}

/// The least or greatest value of an element.
pub struct Limit {
    /// The limit as texts show it: `0 kg`, `10 a from now`.
    pub text: String,
    /// Whether a value keeps to it, as FHIRPath with the value as `$this`.
    pub expression: Expression,
}

impl std::fmt::Debug for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// How items are told apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slicing {
    /// What is looked at.
    pub discriminators: Vec<Discriminator>,
    /// The slices' order is the items' order.
    pub ordered: bool,
    /// What becomes of items that are in no slice.
    pub rules: SlicingRules,
}

/// Whether items may be in no slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SlicingRules {
    /// They may.
    #[default]
    Open,
    /// They may not.
    Closed,
    /// They may, after all others.
    OpenAtEnd,
}

/// What of an item tells its slice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discriminator {
    /// How it is looked at.
    pub kind: DiscriminatorKind,
    /// Where: a simple FHIRPath from the item, `$this` for itself.
    pub path: String,
}

/// The kinds of discriminator ([discriminator-type](https://hl7.org/fhir/R4/valueset-discriminator-type.html)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the specification")]
pub enum DiscriminatorKind {
    Value,
    Exists,
    Pattern,
    Type,
    Profile,
}

/// A value that a definition gives (fixed, pattern, minValue, maxValue).
#[derive(Clone)]
pub struct Pattern {
    /// Its type: `uri`, `CodeableConcept`.
    pub type_name: String,
    document: Arc<Document>,
}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.type_name)
    }
}

impl Pattern {
    /// A value with its type.
    pub fn new(type_name: impl Into<String>, document: Arc<Document>) -> Self {
        Self { type_name: type_name.into(), document }
    }

    /// The value.
    pub fn value(&self) -> NodeRef<'_> {
        self.document.root()
    }
}
