//! Existence (FHIRPath N1, section 5.1).

use std::collections::HashSet;

use super::super::compare;
use super::super::function::Function;
use super::{Answer, At, EvaluationError, Evaluator, Item, Items, booleans, fail, operators};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("exists", 0, 1, exists),
    Function::new("empty", 0, 0, |_, input| Ok(booleans(Some(input.is_empty())))),
    Function::new("not", 0, 0, |_, input| operators::not(&input)),
    Function::new("all", 1, 1, all),
    Function::new("allTrue", 0, 0, |_, input| every(&input, true)),
    Function::new("allFalse", 0, 0, |_, input| every(&input, false)),
    Function::new("anyTrue", 0, 0, |_, input| some(&input, true)),
    Function::new("anyFalse", 0, 0, |_, input| some(&input, false)),
    Function::new("subsetOf", 1, 1, |at, input| is_subset(at, &input, &at.given(0)?)),
    Function::new("supersetOf", 1, 1, |at, input| is_subset(at, &at.given(0)?, &input)),
    Function::new("count", 0, 0, |_, input| Ok(i64::try_from(input.len()).map(Item::Integer).into_iter().collect())),
    Function::new("distinct", 0, 0, |at, input| distinct(at.evaluator, input)),
    Function::new("isDistinct", 0, 0, is_distinct),
];

fn exists<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let Some(criteria) = at.argument(0) else { return Ok(booleans(Some(!input.is_empty()))) };
    for (index, item) in input.iter().enumerate() {
        if at.holds(criteria, index, item)? {
            return Ok(booleans(Some(true)));
        }
    }
    Ok(booleans(Some(false)))
}

fn all<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let Some(criteria) = at.argument(0) else { return Ok(Vec::new()) };
    for (index, item) in input.iter().enumerate() {
        if !at.holds(criteria, index, item)? {
            return Ok(booleans(Some(false)));
        }
    }
    Ok(booleans(Some(true)))
}

/// The Booleans of a collection that must hold nothing else.
fn truths(input: &[Item<'_>]) -> Result<Vec<bool>, EvaluationError> {
    let truth = |item: &Item<'_>| match item.to_system().as_ref() {
        Item::Boolean(value) => Ok(*value),
        _ => fail("every item must be a Boolean"),
    };
    input.iter().map(truth).collect()
}

fn every<'a>(input: &[Item<'a>], wanted: bool) -> Answer<'a> {
    Ok(booleans(Some(truths(input)?.into_iter().all(|value| value == wanted))))
}

fn some<'a>(input: &[Item<'a>], wanted: bool) -> Answer<'a> {
    Ok(booleans(Some(truths(input)?.into_iter().any(|value| value == wanted))))
}

fn is_subset<'a>(at: &At<'_, 'a>, part: &[Item<'a>], whole: &[Item<'a>]) -> Answer<'a> {
    at.evaluator.charge(part.len().saturating_mul(whole.len()))?;
    Ok(booleans(Some(part.iter().all(|item| contains(whole, item)))))
}

/// Whether an equal item is among them.
pub(super) fn contains(items: &[Item<'_>], item: &Item<'_>) -> bool {
    items.iter().any(|other| compare::equal(item, other) == Some(true))
}

fn is_distinct<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let count = input.len();
    Ok(booleans(Some(distinct(at.evaluator, input)?.len() == count)))
}

/// The first of each group of equal items, in order.
pub(super) fn distinct<'a>(evaluator: &Evaluator<'a>, items: Items<'a>) -> Answer<'a> {
    if items.len() > 8
        && let Some(texts) = items.iter().map(Item::string).collect::<Option<Vec<_>>>()
    {
        evaluator.charge(items.len())?;
        let mut seen = HashSet::new();
        return Ok(items.into_iter().zip(texts).filter_map(|(item, text)| seen.insert(text).then_some(item)).collect());
    }
    let mut kept: Items<'a> = Vec::with_capacity(items.len());
    for item in items {
        evaluator.charge(kept.len())?;
        if !contains(&kept, &item) {
            kept.push(item);
        }
    }
    Ok(kept)
}
