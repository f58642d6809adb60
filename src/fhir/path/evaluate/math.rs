//! Math (FHIRPath N1, section 5.7): exact where a decimal can be, otherwise to fifteen digits.

use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::super::function::Function;
use super::operators::number;
use super::{Answer, At, EvaluationError, Item, Items, at_most_one, fail};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("abs", 0, 0, |_, input| abs(&input)),
    Function::new("ceiling", 0, 0, |at, input| whole(at, &input, |n| n.ceil())),
    Function::new("floor", 0, 0, |at, input| whole(at, &input, |n| n.floor())),
    Function::new("truncate", 0, 0, |at, input| whole(at, &input, |n| n.trunc())),
    Function::new("round", 0, 1, round),
    Function::new("exp", 0, 0, |at, input| real(at, &input, f64::exp)),
    Function::new("ln", 0, 0, |at, input| real(at, &input, f64::ln)),
    Function::new("sqrt", 0, 0, |at, input| real(at, &input, f64::sqrt)),
    Function::new("log", 1, 1, log),
    Function::new("power", 1, 1, power),
];

/// The one number that the input is.
fn input_number(at: &At<'_, '_>, input: &[Item<'_>]) -> Result<Option<Decimal>, EvaluationError> {
    let Some(item) = at_most_one(input)? else { return Ok(None) };
    match number(&item.to_system()) {
        Some(value) => Ok(Some(value)),
        None => fail(format!("`{}` is for numbers", at.call.function.name)),
    }
}

fn argument_number(at: &At<'_, '_>) -> Result<Option<Decimal>, EvaluationError> {
    let Some(item) = at.system(0)? else { return Ok(None) };
    number(&item).map_or_else(|| fail(format!("`{}` takes a number", at.call.function.name)), |n| Ok(Some(n)))
}

fn abs<'a>(input: &[Item<'a>]) -> Answer<'a> {
    let Some(item) = at_most_one(input)? else { return Ok(Vec::new()) };
    Ok(match item.to_system().as_ref() {
        Item::Integer(value) => value.checked_abs().map(Item::Integer).into_iter().collect(),
        Item::Decimal(value) => vec![Item::Decimal(value.abs())],
        Item::Quantity(value, unit) => vec![Item::Quantity(value.abs(), unit.clone())],
        _ => return fail("`abs` is for numbers"),
    })
}

fn whole<'a>(at: &At<'_, 'a>, input: &[Item<'a>], rounded: fn(Decimal) -> Decimal) -> Answer<'a> {
    let value = input_number(at, input)?.and_then(|value| rounded(value).to_i64());
    Ok(value.map(Item::Integer).into_iter().collect())
}

fn round<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let digits = match at.integer(0)? {
        Some(digits) if digits < 0 => return fail("`round` takes a number of digits from 0"),
        digits => u32::try_from(digits.unwrap_or(0)).unwrap_or(u32::MAX),
    };
    let value = input_number(at, &input)?;
    let rounded = value.map(|n| n.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero));
    Ok(rounded.map(Item::Decimal).into_iter().collect())
}

/// A real number to fifteen digits; empty where there is none, or none that a decimal can hold.
fn decimal<'a>(value: Option<f64>) -> Items<'a> {
    let value = value.filter(|n| n.is_finite()).and_then(Decimal::from_f64);
    value.map(|n| Item::Decimal(n.normalize())).into_iter().collect()
}

fn real<'a>(at: &At<'_, 'a>, input: &[Item<'a>], function: fn(f64) -> f64) -> Answer<'a> {
    Ok(decimal(input_number(at, input)?.and_then(|value| value.to_f64()).map(function)))
}

fn log<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let (Some(value), Some(base)) = (input_number(at, &input)?, argument_number(at)?) else { return Ok(Vec::new()) };
    Ok(decimal(value.to_f64().zip(base.to_f64()).map(|(value, base)| value.ln() / base.ln())))
}

/// Whole powers are exact; an integer to a whole power is an integer.
fn power<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let (Some(base), Some(exponent)) = (input_number(at, &input)?, argument_number(at)?) else {
        return Ok(Vec::new());
    };
    let small = exponent.fract().is_zero().then(|| exponent.to_i32()).flatten().filter(|e| (0..=1_000).contains(e));
    let Some(times) = small else {
        return Ok(decimal(base.to_f64().zip(exponent.to_f64()).map(|(base, exponent)| base.powf(exponent))));
    };
    let product = (0..times).try_fold(Decimal::ONE, |product, _| product.checked_mul(base));
    let is_integer = matches!(at_most_one(&input)?.map(|i| i.to_system().into_owned()), Some(Item::Integer(_)));
    Ok(product
        .and_then(|n| if is_integer { n.to_i64().map(Item::Integer) } else { Some(Item::Decimal(n)) })
        .into_iter()
        .collect())
}
