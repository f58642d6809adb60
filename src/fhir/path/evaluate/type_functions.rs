//! `is`, `as`, `ofType` and `type` (FHIRPath N1, sections 6.3 and 10).

use super::super::function::Function;
use super::super::syntax::Call;
use super::super::types::{self, TypeSpecifier};
use super::{Answer, At, EvaluationError, Item, Items, at_most_one, booleans, fail};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::of_type("is", |at, input| is(specifier(at.call)?, &input)),
    Function::of_type("as", |at, input| cast(specifier(at.call)?, input)),
    Function::new("type", 0, 0, |_, input| Ok(input.iter().map(type_of).collect())),
];

fn specifier(call: &Call) -> Result<&TypeSpecifier, EvaluationError> {
    call.kind.as_ref().map_or_else(|| fail("the name of a type is missing"), Ok)
}

/// `is`
pub(super) fn is<'a>(kind: &TypeSpecifier, operand: &[Item<'a>]) -> Answer<'a> {
    match at_most_one(operand)? {
        Some(item) => Ok(booleans(Some(kind.holds(item)?))),
        None => Ok(Vec::new()),
    }
}

/// `as`: the specification wants one item, but R4's own search parameters and invariants cast whole collections.
pub(super) fn cast<'a>(kind: &TypeSpecifier, operand: Items<'a>) -> Answer<'a> {
    let mut kept = Vec::with_capacity(operand.len());
    for item in operand {
        if kind.casts(&item)? {
            kept.push(item);
        }
    }
    // An unknown type is an error even where there is nothing to cast.
    kind.casts(&Item::Boolean(true))?;
    Ok(kept)
}

/// `ofType`
pub(super) fn of_type<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    cast(specifier(at.call)?, input)
}

fn type_of<'a>(item: &Item<'a>) -> Item<'a> {
    match item {
        Item::Node { .. } => Item::Type { namespace: types::FHIR, name: item.fhir_type_name() },
        other => Item::Type { namespace: types::SYSTEM, name: types::system_name(other) },
    }
}
