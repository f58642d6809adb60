//! How precise a value is and between which bounds it lies: `precision`, `lowBoundary`, `highBoundary`, `comparable`.

use rust_decimal::{Decimal, RoundingStrategy};

use super::super::function::Function;
use super::super::{compare, quantity};
use super::{Answer, At, Item, Items, at_most_one, booleans, fail};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("precision", 0, 0, |_, input| precision(&input)),
    Function::new("lowBoundary", 0, 1, |at, input| boundary(at, &input, false)),
    Function::new("highBoundary", 0, 1, |at, input| boundary(at, &input, true)),
    Function::new("comparable", 1, 1, comparable),
];

/// The most digits after the point that a bound may be asked for.
const DIGITS: i64 = 28;

fn precision<'a>(input: &[Item<'a>]) -> Answer<'a> {
    let Some(item) = at_most_one(input)? else { return Ok(Vec::new()) };
    let digits = match item.to_system().as_ref() {
        Item::Integer(_) => 0,
        Item::Decimal(value) => i64::from(value.scale()),
        other => match compare::temporal(other) {
            Some(time) => time.digits(),
            None => return fail("`precision` is for numbers, dates and times"),
        },
    };
    Ok(vec![Item::Integer(digits)])
}

fn boundary<'a>(at: &At<'_, 'a>, input: &[Item<'a>], is_high: bool) -> Answer<'a> {
    let Some(item) = at_most_one(input)? else { return Ok(Vec::new()) };
    let digits = at.integer(0)?;
    let bound = match item.to_system().as_ref() {
        Item::Integer(value) => decimal_bound(Decimal::from(*value), digits, is_high).map(Item::Decimal),
        Item::Decimal(value) => decimal_bound(*value, digits, is_high).map(Item::Decimal),
        Item::Quantity(value, unit) => {
            decimal_bound(*value, digits, is_high).map(|value| Item::Quantity(value, unit.clone()))
        }
        other => return time_bound(other, digits, is_high),
    };
    Ok(bound.into_iter().collect())
}

/// Half a unit of the last digit that is given below or above, to so many digits (eight if nothing else is asked).
fn decimal_bound(value: Decimal, digits: Option<i64>, is_high: bool) -> Option<Decimal> {
    let digits = u32::try_from(digits.unwrap_or(8)).ok().filter(|digits| i64::from(*digits) <= DIGITS)?;
    let half = Decimal::try_new(5, value.scale() + 1).ok()?;
    let bound = if is_high { value.checked_add(half) } else { value.checked_sub(half) }?;
    // A value that vanishes at the precision asked for is zero there.
    let vanishes =
        !value.fract().is_zero() && value.trunc_with_scale(digits).is_zero() && value.round_dp(digits).is_zero();
    let strategy = if is_high { RoundingStrategy::ToPositiveInfinity } else { RoundingStrategy::ToNegativeInfinity };
    let mut rounded = if vanishes { Decimal::ZERO } else { bound.round_dp_with_strategy(digits, strategy) };
    rounded.rescale(digits);
    (rounded.scale() == digits).then_some(rounded)
}

fn time_bound<'a>(item: &Item<'a>, digits: Option<i64>, is_high: bool) -> Answer<'a> {
    let Some(time) = compare::temporal(item) else { return fail("there is no boundary of this type") };
    let usual = match item {
        Item::Date(_) => 8,
        Item::Time(_) => 9,
        _ => 17,
    };
    let bound = time.boundary(digits.unwrap_or(usual), is_high);
    Ok(bound
        .map(|bound| match item {
            Item::Date(_) => Item::Date(bound.to_string().into()),
            Item::Time(_) => Item::Time(bound.to_string().into()),
            _ => Item::DateTime(bound.to_string().into()),
        })
        .into_iter()
        .collect())
}

fn comparable<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let (Some(left), Some(right)) = (at_most_one(&input)?, at.system(0)?) else { return Ok(Vec::new()) };
    match (left.to_system().as_ref(), &right) {
        (Item::Quantity(_, a), Item::Quantity(_, b)) => Ok(booleans(Some(quantity::are_comparable(a, b)))),
        _ => fail("`comparable` is for quantities"),
    }
}
