//! The definitions turned around for the walk: from the name of a JSON member to what may stand there.
//!
//! Compiled once from [`Definitions`]; choice elements are spelled out (`valueString`, `valueQuantity`, ...), types
//! are linked by index, required bindings carry their codes. The walk then allocates nothing.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use crate::fhir::definitions::{CodeSet, ElementDef, ElementType, TypeDef, TypeKind};
use crate::fhir::{Definitions, ResourceType};

use super::invariant::Constraints;
use super::primitive::Primitive;

/// Every type of R4 as the walk sees it.
pub struct Shapes {
    shapes: Vec<Shape>,
    resources: HashMap<ResourceType, usize>,
    names: HashMap<&'static str, usize>,
    element: usize,
}

/// A type whose values are JSON objects.
pub struct Shape {
    /// Its definition.
    pub def: &'static TypeDef,
    /// Its members, sorted by name.
    members: Vec<Member>,
    /// The elements that must be there.
    pub required: Present,
    /// The rules of its own that it has.
    pub family: Family,
    /// Its invariants.
    pub constraints: Constraints,
}

/// The types that have rules of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    Extension,
    Reference,
    Coded,
    Attachment,
    Other,
}

/// A JSON member that an object may have.
pub struct Member {
    /// Its name, for choices with the type: `deceasedBoolean`.
    pub name: Cow<'static, str>,
    /// The element that it gives.
    pub element: &'static ElementDef,
    /// The place of the element in its type.
    pub ordinal: usize,
    /// The name of its type, as the definitions have it: `Patient.contact` for a backbone element.
    pub type_name: &'static str,
    /// What stands there.
    pub content: Content,
    /// The codes of a required binding that can be enumerated.
    pub codes: Option<Codes>,
    /// For references: the types it may point at; empty is any.
    pub targets: &'static [String],
    /// The profiles on its type, as that of SimpleQuantity.
    pub profiles: &'static [String],
    /// Whether `_name` may stand beside it. Attributes of the XML form (`Element.id`, `Extension.url`) and XHTML have none.
    pub has_sibling: bool,
    /// The element's invariants, beyond those of its types; of most there are none.
    pub constraints: Option<Constraints>,
    /// The definition of what stands there.
    pub def: Option<&'static TypeDef>,
}

impl Member {
    /// Whether it is an array.
    pub fn is_list(&self) -> bool {
        self.element.max.is_none_or(|max| max > 1)
    }
}

/// What a member holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// A scalar with a format.
    Primitive(Primitive),
    /// An object of a type, by its index in [`Shapes`].
    Object(usize),
    /// A resource of whatever type.
    Resource,
}

/// The codes of a required binding.
pub struct Codes {
    /// With their systems.
    pub set: &'static CodeSet,
    /// Without their systems, sorted.
    bare: Vec<&'static str>,
}

impl Codes {
    /// Whether the code is among them, whatever its system.
    pub fn has_code(&self, code: &str) -> bool {
        self.bare.binary_search(&code).is_ok()
    }

    /// The codes without their systems, sorted.
    pub fn bare(&self) -> &[&'static str] {
        &self.bare
    }
}

/// A set of elements of one type, by ordinal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Present(u128);

impl Present {
    /// Puts an element in.
    pub fn add(&mut self, ordinal: usize) {
        self.0 |= 1 << ordinal;
    }

    /// Whether an element is in it.
    pub fn has(self, ordinal: usize) -> bool {
        self.0 >> ordinal & 1 == 1
    }

    /// Those that are not in `other`.
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The ordinals in it.
    pub fn ordinals(self) -> impl Iterator<Item = usize> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let ordinal = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(ordinal)
        })
    }
}

impl Shapes {
    /// The shapes of R4, compiled at the first call.
    pub fn r4() -> &'static Self {
        static R4: LazyLock<Shapes> = LazyLock::new(|| Shapes::compile(Definitions::r4()));
        &R4
    }

    /// The shape at an index of [`Content::Object`].
    pub fn get(&self, index: usize) -> &Shape {
        &self.shapes[index]
    }

    /// The shape of a resource type.
    pub fn resource(&self, kind: ResourceType) -> Option<&Shape> {
        self.resources.get(&kind).map(|index| &self.shapes[*index])
    }

    /// The shape of a type by its name, as `HumanName` or `Patient.contact`.
    pub fn named(&self, name: &str) -> Option<&Shape> {
        self.names.get(name).map(|index| &self.shapes[*index])
    }

    /// The index of [`Shapes::sibling`].
    pub fn sibling_index(&self) -> usize {
        self.element
    }

    /// The shape of `_name` members: id and extension.
    pub fn sibling(&self) -> &Shape {
        &self.shapes[self.element]
    }

    fn compile(definitions: &'static Definitions) -> Self {
        let types = || definitions.types().iter().filter(|def| def.kind != TypeKind::Primitive);
        let index: HashMap<&'static str, usize> =
            types().enumerate().map(|(at, def)| (def.name.as_str(), at)).collect();
        let shapes: Vec<Shape> = types().map(|def| Shape::compile(def, definitions, &index)).collect();
        let kinds = definitions.resource_types().iter();
        let resources = kinds.filter_map(|kind| Some((*kind, *index.get(kind.as_str())?))).collect();
        let element = index.get("Element").copied().unwrap_or_default();
        Self { shapes, resources, names: index, element }
    }
}

impl Shape {
    /// The member of that name.
    pub fn member(&self, name: &str) -> Option<&Member> {
        let at = self.members.binary_search_by(|member| member.name.as_ref().cmp(name)).ok()?;
        Some(&self.members[at])
    }

    /// Its members, sorted by name.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    fn compile(def: &'static TypeDef, definitions: &'static Definitions, index: &HashMap<&str, usize>) -> Self {
        let mut members = Vec::with_capacity(def.elements.len());
        let mut required = Present::default();
        for (ordinal, element) in def.elements.iter().enumerate() {
            if element.min > 0 {
                required.add(ordinal);
            }
            members.extend(element.types.iter().filter_map(|it| {
                Some(Member {
                    name: json_name(element, it),
                    element,
                    ordinal,
                    type_name: &it.name,
                    content: content(it, index)?,
                    codes: codes(element, definitions),
                    targets: &it.targets,
                    profiles: &it.profiles,
                    has_sibling: has_sibling(def, element, it),
                    constraints: (!element.constraints.is_empty()).then(|| Constraints::of(def, &element.constraints)),
                    def: definitions.type_named(&it.name),
                })
            }));
        }
        members.sort_by(|a, b| a.name.cmp(&b.name));
        Self {
            def,
            members,
            required,
            family: Family::of(&def.name),
            constraints: Constraints::of(def, &def.constraints),
        }
    }
}

impl Family {
    fn of(type_name: &str) -> Self {
        match type_name {
            "Extension" => Self::Extension,
            "Reference" => Self::Reference,
            "Coding" | "CodeableConcept" | "Quantity" | "Age" | "Count" | "Distance" | "Duration" => Self::Coded,
            "Attachment" => Self::Attachment,
            _ => Self::Other,
        }
    }
}

fn json_name(element: &'static ElementDef, element_type: &ElementType) -> Cow<'static, str> {
    if !element.is_choice {
        return Cow::Borrowed(&element.name);
    }
    let (first, rest) = element_type.name.split_at(1);
    Cow::Owned(format!("{}{}{rest}", element.name, first.to_ascii_uppercase()))
}

fn content(element_type: &ElementType, index: &HashMap<&str, usize>) -> Option<Content> {
    if element_type.name == "Resource" {
        return Some(Content::Resource);
    }
    let primitive = Primitive::named(&element_type.name).map(Content::Primitive);
    primitive.or_else(|| index.get(element_type.name.as_str()).copied().map(Content::Object))
}

fn has_sibling(def: &TypeDef, element: &ElementDef, element_type: &ElementType) -> bool {
    let is_attribute = def.kind != TypeKind::Resource && element.name == "id"
        || def.name == "Extension" && element.name == "url"
        || element_type.name == "xhtml";
    Primitive::named(&element_type.name).is_some() && !is_attribute
}

fn codes(element: &'static ElementDef, definitions: &'static Definitions) -> Option<Codes> {
    let binding = element.binding.as_ref().filter(|binding| binding.strength == "required")?;
    let set = definitions.codes(&binding.value_set)?;
    let mut bare: Vec<&str> = set.codes.iter().map(|(_, code)| code.as_str()).collect();
    bare.sort_unstable();
    bare.dedup();
    Some(Codes { set, bare })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_element_has_a_member_for_each_type() {
        let patient = Shapes::r4().resource(ResourceType::parse("Patient").unwrap()).unwrap();
        let deceased = patient.member("deceasedBoolean").unwrap();
        assert_eq!(deceased.ordinal, patient.member("deceasedDateTime").unwrap().ordinal);
        assert!(patient.member("deceased").is_none());
    }

    #[test]
    fn no_type_has_more_elements_than_a_set_holds_and_every_member_has_a_content() {
        for def in Definitions::r4().types().iter().filter(|def| def.kind != TypeKind::Primitive) {
            assert!(def.elements.len() <= 128, "{}", def.name);
            let shape = Shapes::r4().shapes.iter().find(|shape| shape.def.name == def.name).unwrap();
            assert_eq!(
                shape.members.len(),
                def.elements.iter().map(|it| it.types.len()).sum::<usize>(),
                "{}",
                def.name
            );
        }
    }

    #[test]
    fn attributes_of_the_xml_form_have_no_sibling() {
        let shapes = Shapes::r4();
        let patient = shapes.resource(ResourceType::parse("Patient").unwrap()).unwrap();
        assert!(patient.member("id").unwrap().has_sibling);
        assert!(patient.member("birthDate").unwrap().has_sibling);
        assert!(!patient.member("name").unwrap().has_sibling);
        assert!(!shapes.sibling().member("id").unwrap().has_sibling);
    }
}
