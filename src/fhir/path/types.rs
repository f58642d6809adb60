//! FHIR types and System types (FHIRPath N1, "Types and Reflection"; FHIR R4, "Using FHIRPath").

use crate::fhir::definitions::{Definitions, TypeDef, TypeKind};

use super::{EvaluationError, Item};

/// The namespace that FHIRPath's own types live in.
pub(super) const SYSTEM: &str = "System";
/// The namespace that the types of the definitions live in.
pub(super) const FHIR: &str = "FHIR";

const SYSTEM_TYPES: [&str; 8] = ["Boolean", "String", "Integer", "Decimal", "Date", "DateTime", "Time", "Quantity"];

/// The type after `is`, `as` or `ofType`.
#[derive(Debug, Clone, Copy)]
pub(super) struct TypeSpecifier {
    fhir: Option<&'static TypeDef>,
    system: Option<&'static str>,
    is_known: bool,
}

impl TypeSpecifier {
    /// `FHIR.Patient` or `System.String`.
    pub(super) fn qualified(namespace: &str, name: &str) -> Self {
        match namespace {
            FHIR => Self::new(definition(name), None, false),
            SYSTEM => Self::new(None, system_type(name), true),
            _ => Self::new(None, None, false),
        }
    }

    /// A bare name means the FHIR type, the System type, or either (`Quantity`).
    pub(super) fn unqualified(name: &str) -> Self {
        Self::new(definition(name), system_type(name), false)
    }

    fn new(fhir: Option<&'static TypeDef>, system: Option<&'static str>, is_known: bool) -> Self {
        Self { fhir, system, is_known: is_known || fhir.is_some() || system.is_some() }
    }

    /// Whether the item is of the type or of one that specialises it.
    pub(super) fn holds(&self, item: &Item<'_>) -> Result<bool, EvaluationError> {
        self.check()?;
        Ok(match item {
            Item::Node { definition, .. } => match (*definition, self.fhir) {
                (Some(kind), Some(ancestor)) => descends_from(kind, ancestor),
                _ => false,
            },
            _ => self.system.is_some_and(|name| name == system_name(item)),
        })
    }

    /// As [`TypeSpecifier::holds`], but a primitive must be of the very type: a `code` is not cast to `string`.
    pub(super) fn casts(&self, item: &Item<'_>) -> Result<bool, EvaluationError> {
        self.check()?;
        Ok(match (item, self.fhir) {
            (Item::Node { definition: Some(kind), .. }, Some(wanted)) if kind.kind == TypeKind::Primitive => {
                kind.name == wanted.name
            }
            _ => self.holds(item)?,
        })
    }

    fn check(&self) -> Result<(), EvaluationError> {
        if self.is_known { Ok(()) } else { Err(EvaluationError("the type is not known".into())) }
    }
}

/// The definition of a type by its name.
pub(super) fn definition(name: &str) -> Option<&'static TypeDef> {
    Definitions::r4().type_named(name)
}

fn system_type(name: &str) -> Option<&'static str> {
    SYSTEM_TYPES.into_iter().find(|known| *known == name)
}

/// Whether `kind` is `ancestor` or specialises it.
pub(super) fn descends_from(kind: &'static TypeDef, ancestor: &TypeDef) -> bool {
    let mut at = Some(kind);
    // No R4 type is more than five steps below Element or Resource.
    for _ in 0..8 {
        match at {
            Some(kind) if kind.name == ancestor.name => return true,
            Some(kind) => at = definition(&kind.base),
            None => return false,
        }
    }
    false
}

/// The name of an item's System type; for a node the one that its value would have is not asked here.
pub(super) fn system_name(item: &Item<'_>) -> &'static str {
    match item {
        Item::Node { .. } | Item::Type { .. } => "Any",
        Item::Boolean(_) => "Boolean",
        Item::Integer(_) => "Integer",
        Item::Decimal(_) => "Decimal",
        Item::String(_) => "String",
        Item::Date(_) => "Date",
        Item::DateTime(_) => "DateTime",
        Item::Time(_) => "Time",
        Item::Quantity(..) => "Quantity",
    }
}

/// Whether `kind` specialises the type of that name.
pub(super) fn descends_by_name(kind: &'static TypeDef, name: &str) -> bool {
    definition(name).is_some_and(|ancestor| descends_from(kind, ancestor))
}
