//! Combining collections (FHIRPath N1, sections 5.3 and 5.4).

use super::super::function::Function;
use super::existence::{contains, distinct};
use super::{Answer, At, Evaluator, Item, Items};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("union", 1, 1, |at, input| union(at.evaluator, input, &at.given(0)?)),
    Function::new("combine", 1, 1, combine),
];

/// Both collections, equal items once.
pub(super) fn union<'a>(evaluator: &Evaluator<'a>, mut left: Items<'a>, right: &[Item<'a>]) -> Answer<'a> {
    left.extend_from_slice(right);
    distinct(evaluator, left)
}

fn combine<'a>(at: &At<'_, 'a>, mut input: Items<'a>) -> Answer<'a> {
    input.extend_from_slice(&at.given(0)?);
    at.evaluator.charge(input.len())?;
    Ok(input)
}

/// The items that are in both, once each.
pub(super) fn intersect<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let other = at.given(0)?;
    at.evaluator.charge(input.len().saturating_mul(other.len()))?;
    distinct(at.evaluator, input.into_iter().filter(|item| contains(&other, item)).collect())
}

/// The items that are not in the other, repetitions included.
pub(super) fn exclude<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let other = at.given(0)?;
    at.evaluator.charge(input.len().saturating_mul(other.len()))?;
    Ok(input.into_iter().filter(|item| !contains(&other, item)).collect())
}
