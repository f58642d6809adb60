//! Filtering and projection (FHIRPath N1, section 5.2) and `aggregate` (section 7).

use super::super::function::Function;
use super::{Answer, At, Evaluator, Item, Items, Scope, existence, fail, type_functions};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("where", 1, 1, filter),
    Function::new("select", 1, 1, select),
    Function::new("repeat", 1, 1, repeat),
    Function::of_type("ofType", type_functions::of_type),
    Function::new("aggregate", 1, 2, aggregate),
];

fn filter<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let Some(criteria) = at.argument(0) else { return Ok(Vec::new()) };
    let mut kept = Vec::new();
    for (index, item) in input.into_iter().enumerate() {
        if at.holds(criteria, index, &item)? {
            kept.push(item);
        }
    }
    Ok(kept)
}

fn select<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let Some(projection) = at.argument(0) else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    for (index, item) in input.iter().enumerate() {
        out.extend(at.project(projection, index, item)?);
        at.evaluator.charge(1)?;
    }
    at.evaluator.charge(out.len())?;
    Ok(out)
}

/// Projects what was found again until nothing new is found; equal items count once, so it ends.
fn repeat<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let Some(projection) = at.argument(0) else { return Ok(Vec::new()) };
    let mut found: Items<'a> = Vec::new();
    let mut queue = input;
    while !queue.is_empty() {
        let mut next = Vec::new();
        for (index, item) in queue.iter().enumerate() {
            for result in at.project(projection, index, item)? {
                if is_new(at.evaluator, &found, &result)? {
                    found.push(result.clone());
                    next.push(result);
                }
            }
        }
        queue = next;
    }
    Ok(found)
}

fn is_new<'a>(evaluator: &Evaluator<'a>, found: &[Item<'a>], item: &Item<'a>) -> Result<bool, super::EvaluationError> {
    evaluator.charge(found.len() + 1)?;
    Ok(!existence::contains(found, item))
}

fn aggregate<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let Some(step) = at.argument(0) else { return Ok(Vec::new()) };
    let mut total = at.given(1)?.into_owned();
    for (index, item) in input.iter().enumerate() {
        at.evaluator.charge(total.len() + 1)?;
        let scope = Scope { total: Some(&total), ..at.scope_of(index, item) };
        let next = at.evaluator.evaluate(step, &scope)?;
        total = next;
    }
    if total.len() > 1_000_000 { fail("the total grows too long") } else { Ok(total) }
}
