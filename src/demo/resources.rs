//! The small parts of resources that no concept makes.

use crate::concept::Identifier;
use crate::concept::systems::{HSA, LM};
use crate::fhir::Value;

/// The systems' own names for things in the demo.
pub(super) const OWN: &str = "https://vardbro.example/fhir/sid/demo";

/// A resource under an id of ours.
pub(super) fn resource(kind: &str, id: &str) -> Value {
    Value::object().with("resourceType", kind).with("id", id)
}

/// The name of a concept, which is also its id.
pub(super) fn own(value: impl Into<String>) -> Option<Identifier> {
    Some(Identifier { system: OWN.to_owned(), value: value.into() })
}

pub(super) fn coding(system: &str, code: &str) -> Value {
    Value::object().with("system", system).with("code", code)
}

/// A CodeableConcept of one coding.
pub(super) fn code(system: &str, code: &str) -> Value {
    Value::object().with("coding", [coding(system, code)])
}

/// A CodeableConcept of one of the product's own codes.
pub(super) fn local(code: &str) -> Value {
    self::code(LM, code)
}

/// A Reference to `Type/id`.
pub(super) fn refer(kind: &str, id: &str) -> Value {
    Value::object().with("reference", format!("{kind}/{id}"))
}

pub(super) fn identifier(system: &str, value: &str) -> Value {
    Value::object().with("system", system).with("value", value)
}

pub(super) fn hsa_identifier(value: &str) -> Value {
    identifier(HSA, value)
}

/// A work telephone.
pub(super) fn phone(number: &str) -> Value {
    Value::object().with("system", "phone").with("value", number).with("use", "work")
}
