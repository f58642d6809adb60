//! One item of a collection, and what it is worth as a System value.

use std::borrow::Cow;
use std::fmt;

use rust_decimal::Decimal;

use crate::fhir::definitions::{TypeDef, TypeKind};
use crate::fhir::tree::{Kind, NodeRef};
use crate::fhir::value::Value;

use super::{evaluate, quantity, types};

/// One item of a FHIRPath collection.
#[derive(Clone)]
pub enum Item<'a> {
    /// An element of a document, with the name of its FHIR type as far as the definitions tell it.
    Node {
        /// The element; for a primitive that is given only by its extensions, the `_name` member.
        node: NodeRef<'a>,
        /// `HumanName`, `code`, `Patient.contact`, ...; empty where the definitions do not know the element.
        type_name: &'static str,
        /// The definition of that type.
        definition: Option<&'static TypeDef>,
    },
    /// A System.Boolean.
    Boolean(bool),
    /// A System.Integer.
    Integer(i64),
    /// A System.Decimal.
    Decimal(Decimal),
    /// A System.String.
    String(Cow<'a, str>),
    /// A System.Date, as its text without `@`.
    Date(Cow<'a, str>),
    /// A System.DateTime, as its text without `@`.
    DateTime(Cow<'a, str>),
    /// A System.Time, as its text without `@T`.
    Time(Cow<'a, str>),
    /// A System.Quantity: value, and unit as a UCUM code or as a calendar word in the singular (`month`).
    Quantity(Decimal, Cow<'a, str>),
    /// What `type()` says.
    Type {
        /// `FHIR` or `System`.
        namespace: &'static str,
        /// The name in that namespace.
        name: &'static str,
    },
}

impl fmt::Debug for Item<'_> {
    /// Says what it is and never what it holds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Item::Node { node, type_name, .. } => write!(f, "{type_name} {node:?}"),
            other => f.write_str(other.fhir_type_name()),
        }
    }
}

impl<'a> Item<'a> {
    /// An element whose type is known, so that nobody needs to find it by the element's place.
    pub fn typed(node: NodeRef<'a>, definition: &'static TypeDef) -> Self {
        Self::of_type(node, Some(definition))
    }

    /// An element with the type that its place in the document gives it.
    pub fn located(node: NodeRef<'a>) -> Self {
        evaluate::located(node)
    }

    /// An element whose type the definitions name.
    pub(super) fn of_type(node: NodeRef<'a>, definition: Option<&'static TypeDef>) -> Self {
        Item::Node { node, type_name: definition.map_or("", |d| d.name.as_str()), definition }
    }

    /// An element whose type is known by its name.
    pub fn element(node: NodeRef<'a>, type_name: &str) -> Self {
        Self::of_type(node, types::definition(type_name))
    }

    /// The resource that `node` is, or the bare element where it names no resource type.
    pub(super) fn resource(node: NodeRef<'a>) -> Self {
        let definition = node.str_at("resourceType").and_then(|name| types::definition(&name));
        Self::of_type(node, definition)
    }

    /// The item as text, if it is a string, a date or a primitive element of such a kind.
    pub fn as_text(&self) -> Option<Cow<'a, str>> {
        match self {
            Item::Node { node, .. } => node.as_str().or_else(|| node.as_number().map(Cow::Borrowed)),
            Item::String(s) | Item::Date(s) | Item::DateTime(s) | Item::Time(s) => Some(s.clone()),
            _ => None,
        }
    }

    /// The element behind the item, if it is one.
    pub fn as_node(&self) -> Option<NodeRef<'a>> {
        match self {
            Item::Node { node, .. } => Some(*node),
            _ => None,
        }
    }

    /// The name of its type in FHIR's terms: `HumanName`, `code`, `Patient`; a System value has that of the FHIR
    /// primitive, a backbone element is `BackboneElement`.
    pub fn fhir_type_name(&self) -> &'static str {
        match self {
            Item::Node { definition: Some(d), .. } if d.kind == TypeKind::Backbone => d.base.as_str(),
            Item::Node { type_name, .. } => type_name,
            Item::Boolean(_) => "boolean",
            Item::Integer(_) => "integer",
            Item::Decimal(_) => "decimal",
            Item::String(_) => "string",
            Item::Date(_) => "date",
            Item::DateTime(_) => "dateTime",
            Item::Time(_) => "time",
            Item::Quantity(..) => "Quantity",
            Item::Type { .. } => "TypeInfo",
        }
    }

    /// The item as FHIR JSON: what stands in a `value[x]` or `resource` of Parameters. An element that is given by its
    /// extensions alone has no value: [`Value::Null`].
    pub fn to_value(&self) -> Value {
        match self {
            Item::Node { .. } if self.is_bare() => Value::Null,
            Item::Node { node, .. } => Value::from_node(*node),
            Item::Boolean(b) => Value::Boolean(*b),
            Item::Integer(n) => Value::from(*n),
            Item::Decimal(n) => Value::Number(n.to_string()),
            Item::String(s) | Item::Date(s) | Item::DateTime(s) | Item::Time(s) => Value::from(s.as_ref()),
            Item::Quantity(value, unit) => quantity::to_value(*value, unit),
            Item::Type { namespace, name } => Value::object().with("namespace", *namespace).with("name", *name),
        }
    }

    /// A primitive element or quantity as the System value that it converts to by itself; anything else as it is.
    pub(super) fn to_system(&self) -> Cow<'_, Item<'a>> {
        match self {
            Item::Node { node, definition, type_name } => {
                system_value(*node, *definition, type_name).map_or(Cow::Borrowed(self), Cow::Owned)
            }
            _ => Cow::Borrowed(self),
        }
    }

    /// The string it is worth, if it is a string.
    pub(super) fn string(&self) -> Option<Cow<'a, str>> {
        match self.to_system().as_ref() {
            Item::String(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// Whether it is a primitive element without a value: one that is given by its extensions alone.
    pub(super) fn is_bare(&self) -> bool {
        match self {
            Item::Node { node, definition: Some(d), .. } => {
                d.kind == TypeKind::Primitive && node.kind() == Kind::Object
            }
            _ => false,
        }
    }

    /// Whether it is a primitive element that has a value, or any System value.
    pub(super) fn has_value(&self) -> bool {
        match self {
            Item::Node { node, definition, .. } => {
                let is_primitive = definition.is_none_or(|d| d.kind == TypeKind::Primitive);
                is_primitive && !matches!(node.kind(), Kind::Object | Kind::Array | Kind::Null)
            }
            _ => true,
        }
    }
}

fn system_value<'a>(node: NodeRef<'a>, definition: Option<&TypeDef>, name: &str) -> Option<Item<'a>> {
    match node.kind() {
        Kind::Boolean => node.as_bool().map(Item::Boolean),
        Kind::Number => number(node.text(), name),
        Kind::String => node.as_str().map(|text| match name {
            "date" => Item::Date(text),
            "dateTime" | "instant" => Item::DateTime(text),
            "time" => Item::Time(text),
            _ => Item::String(text),
        }),
        Kind::Object if definition.is_some_and(|d| d.name == "Quantity" || d.base == "Quantity") => {
            quantity::from_node(node)
        }
        _ => None,
    }
}

fn number(text: &str, type_name: &str) -> Option<Item<'static>> {
    if matches!(type_name, "integer" | "positiveInt" | "unsignedInt" | "")
        && let Ok(value) = text.parse()
    {
        return Some(Item::Integer(value));
    }
    decimal(text).map(Item::Decimal)
}

/// A JSON number with all its digits; `None` where it has more than a Decimal holds.
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    if text.contains(['e', 'E']) {
        return Decimal::from_scientific(text).ok();
    }
    Decimal::from_str_exact(text).ok()
}
