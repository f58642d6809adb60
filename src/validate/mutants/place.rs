//! The typed places of a resource.

use serde_json::{Map, Value};

use crate::fhir::ResourceType;
use crate::validate::shape::{Content, Member, Shape, Shapes};

use super::Original;

/// An object and its type.
pub struct Object<'o> {
    /// JSON pointer.
    pub pointer: String,
    /// Its members.
    pub value: &'o Map<String, Value>,
    /// Its type.
    pub shape: &'static Shape,
}

/// A value of an element: of an array, each item.
pub struct Single<'o> {
    /// JSON pointer.
    pub pointer: String,
    /// The value.
    pub value: &'o Value,
    /// The element.
    pub member: &'static Member,
}

/// A member of an object that is an element.
pub struct Element<'o> {
    /// JSON pointer of the object.
    pub object: String,
    /// JSON pointer of the member.
    pub pointer: String,
    /// The value.
    pub value: &'o Value,
    /// The element.
    pub member: &'static Member,
}

impl Object<'_> {
    /// The pointer of a member.
    pub fn at(&self, name: &str) -> String {
        format!("{}/{name}", self.pointer)
    }

    /// Whether it is a resource.
    pub fn is_resource(&self) -> bool {
        self.value.contains_key("resourceType")
    }
}

impl Original {
    /// Its objects, outer ones first.
    pub(super) fn objects(&self) -> Vec<Object<'_>> {
        let mut found = Vec::new();
        resource(&self.value, String::new(), &mut found);
        found
    }

    /// The elements of all objects.
    pub(super) fn elements(&self) -> Vec<Element<'_>> {
        let mut found = Vec::new();
        for object in self.objects() {
            for (name, value) in object.value {
                if let Some(member) = object.shape.member(name) {
                    found.push(Element { object: object.pointer.clone(), pointer: object.at(name), value, member });
                }
            }
        }
        found
    }

    /// The values of all elements.
    pub(super) fn singles(&self) -> Vec<Single<'_>> {
        let mut found = Vec::new();
        for element in self.elements() {
            let (pointer, member) = (&element.pointer, element.member);
            match element.value {
                Value::Array(items) => found.extend(items.iter().enumerate().map(|(index, value)| Single {
                    pointer: format!("{pointer}/{index}"),
                    value,
                    member,
                })),
                value => found.push(Single { pointer: pointer.clone(), value, member }),
            }
        }
        found.retain(|single| !single.value.is_null());
        found
    }
}

fn resource<'o>(value: &'o Value, pointer: String, found: &mut Vec<Object<'o>>) {
    let kind = value.get("resourceType").and_then(Value::as_str).and_then(ResourceType::parse);
    if let Some(shape) = kind.and_then(|kind| Shapes::r4().resource(kind)) {
        object(value, pointer, shape, found);
    }
}

/// No deeper than the nesting that was parsed.
fn object<'o>(value: &'o Value, pointer: String, shape: &'static Shape, found: &mut Vec<Object<'o>>) {
    let Some(members) = value.as_object() else { return };
    found.push(Object { pointer: pointer.clone(), value: members, shape });
    for (name, value) in members {
        let sibling = name.strip_prefix('_').map(|_| Content::Object(Shapes::r4().sibling_index()));
        let Some(content) = shape.member(name).map(|member| member.content).or(sibling) else { continue };
        let items: Vec<(String, &Value)> = match value {
            Value::Array(items) => {
                items.iter().enumerate().map(|(index, it)| (format!("{pointer}/{name}/{index}"), it)).collect()
            }
            single => vec![(format!("{pointer}/{name}"), single)],
        };
        for (pointer, value) in items {
            match content {
                Content::Object(index) => object(value, pointer, Shapes::r4().get(index), found),
                Content::Resource => resource(value, pointer, found),
                Content::Primitive(_) => {}
            }
        }
    }
}
