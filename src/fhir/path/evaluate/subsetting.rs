//! Subsetting (FHIRPath N1, section 5.3) and `sort`.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::super::compare::temporal;
use super::super::function::Function;
use super::super::quantity;
use super::super::syntax::Expr;
use super::operators::number;
use super::{Answer, At, EvaluationError, Item, Items, at_most_one, combining, fail};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("single", 0, 0, |_, input| {
        at_most_one(&input)?;
        Ok(input)
    }),
    Function::new("first", 0, 0, |_, input| Ok(input.into_iter().take(1).collect())),
    Function::new("last", 0, 0, |_, mut input| Ok(input.pop().into_iter().collect())),
    Function::new("tail", 0, 0, |_, input| Ok(input.into_iter().skip(1).collect())),
    Function::new("skip", 1, 1, |at, input| Ok(input.into_iter().skip(amount(at)?).collect())),
    Function::new("take", 1, 1, |at, input| Ok(input.into_iter().take(amount(at)?).collect())),
    Function::new("intersect", 1, 1, combining::intersect),
    Function::new("exclude", 1, 1, combining::exclude),
    Function::new("sort", 0, 8, sort),
];

/// The argument as a number of items; less than none is none.
fn amount(at: &At<'_, '_>) -> Result<usize, EvaluationError> {
    match at.integer(0)? {
        Some(number) => Ok(usize::try_from(number.max(0)).unwrap_or(usize::MAX)),
        None => fail("a number of items is missing"),
    }
}

/// What items are sorted by; an empty key stands before all others.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(Decimal),
    Text(String),
    /// The first instant that it may mean, in nanoseconds.
    Moment(i128),
}

impl Key {
    fn of(item: &Item<'_>) -> Option<Self> {
        match item.to_system().as_ref() {
            Item::Quantity(value, unit) => quantity::in_base_units(*value, unit).map(Self::Number),
            Item::String(text) => Some(Self::Text(text.clone().into_owned())),
            other => match number(other) {
                Some(value) => Some(Self::Number(value)),
                None => temporal(other).map(|time| Self::Moment(time.nanos())),
            },
        }
    }
}

/// Sorts by the items, or by keys of them; a minus sign before a key turns its order around.
fn sort<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let mut keyed = Vec::with_capacity(input.len());
    for (index, item) in input.into_iter().enumerate() {
        keyed.push((keys(at, index, &item)?, item));
    }
    at.evaluator.charge(keyed.len().saturating_mul(20))?;
    keyed.sort_by(|(a, _), (b, _)| compare_keys(at, a, b));
    Ok(keyed.into_iter().map(|(_, item)| item).collect())
}

fn keys<'a>(at: &At<'_, 'a>, index: usize, item: &Item<'a>) -> Result<Vec<Option<Key>>, EvaluationError> {
    let key = |item: &Item<'a>| Key::of(item).map_or_else(|| fail("the keys to sort by have no order"), Ok);
    if at.call.arguments.is_empty() {
        return Ok(vec![Some(key(item)?)]);
    }
    let mut keys = Vec::new();
    for argument in &at.call.arguments {
        let expression = if let Expr::Negate(inner) = argument { inner } else { argument };
        keys.push(at_most_one(&at.project(expression, index, item)?)?.map(key).transpose()?);
    }
    Ok(keys)
}

fn compare_keys(at: &At<'_, '_>, a: &[Option<Key>], b: &[Option<Key>]) -> Ordering {
    let orders = a.iter().zip(b).enumerate().map(|(position, (a, b))| match at.argument(position) {
        Some(Expr::Negate(_)) => b.cmp(a),
        _ => a.cmp(b),
    });
    orders.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}
