//! Conversion (FHIRPath N1, section 5.5): `toX()` is empty where `convertsToX()` is false.

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::super::function::Function;
use super::super::item::decimal;
use super::super::quantity;
use super::super::temporal::{Temporal, TemporalKind};
use super::{Answer, At, Item, Items, at_most_one, booleans};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("toBoolean", 0, 0, |_, input| convert(&input, to_boolean)),
    Function::new("convertsToBoolean", 0, 0, |_, input| converts(&input, to_boolean)),
    Function::new("toInteger", 0, 0, |_, input| convert(&input, to_integer)),
    Function::new("convertsToInteger", 0, 0, |_, input| converts(&input, to_integer)),
    Function::new("toDecimal", 0, 0, |_, input| convert(&input, to_decimal)),
    Function::new("convertsToDecimal", 0, 0, |_, input| converts(&input, to_decimal)),
    Function::new("toDate", 0, 0, |_, input| convert(&input, to_date)),
    Function::new("convertsToDate", 0, 0, |_, input| converts(&input, to_date)),
    Function::new("toDateTime", 0, 0, |_, input| convert(&input, to_date_time)),
    Function::new("convertsToDateTime", 0, 0, |_, input| converts(&input, to_date_time)),
    Function::new("toTime", 0, 0, |_, input| convert(&input, to_time)),
    Function::new("convertsToTime", 0, 0, |_, input| converts(&input, to_time)),
    Function::new("toString", 0, 0, |_, input| convert(&input, to_string)),
    Function::new("convertsToString", 0, 0, |_, input| converts(&input, to_string)),
    Function::new("toQuantity", 0, 1, |at, input| in_unit(at, convert(&input, to_quantity)?)),
    Function::new("convertsToQuantity", 0, 1, |at, input| {
        let quantity = in_unit(at, convert(&input, to_quantity)?)?;
        Ok(booleans((!input.is_empty()).then_some(!quantity.is_empty())))
    }),
];

type Convert = for<'i, 'a> fn(&'i Item<'a>) -> Option<Item<'a>>;

fn convert<'a>(input: &[Item<'a>], to: Convert) -> Answer<'a> {
    Ok(at_most_one(input)?.and_then(|item| to(item.to_system().as_ref())).into_iter().collect())
}

fn converts<'a>(input: &[Item<'a>], to: Convert) -> Answer<'a> {
    Ok(booleans(at_most_one(input)?.map(|item| to(item.to_system().as_ref()).is_some())))
}

fn to_boolean<'a>(item: &Item<'a>) -> Option<Item<'a>> {
    let value = match item {
        Item::Boolean(value) => *value,
        Item::Integer(0) => false,
        Item::Integer(1) => true,
        Item::Decimal(value) if value.is_zero() => false,
        Item::Decimal(value) if *value == Decimal::ONE => true,
        Item::String(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "1" | "1.0" => true,
            "false" | "f" | "no" | "n" | "0" | "0.0" => false,
            _ => return None,
        },
        _ => return None,
    };
    Some(Item::Boolean(value))
}

fn to_integer<'a>(item: &Item<'a>) -> Option<Item<'a>> {
    match item {
        Item::Integer(value) => Some(Item::Integer(*value)),
        Item::Boolean(value) => Some(Item::Integer(i64::from(*value))),
        Item::String(text) => text.parse().ok().map(Item::Integer),
        _ => None,
    }
}

fn to_decimal<'a>(item: &Item<'a>) -> Option<Item<'a>> {
    match item {
        Item::Decimal(value) => Some(Item::Decimal(*value)),
        Item::Integer(value) => Some(Item::Decimal(Decimal::from(*value))),
        Item::Boolean(value) => Some(Item::Decimal(Decimal::from(i64::from(*value)))),
        Item::String(text) => {
            let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
            let is_plain = digits.starts_with(|c: char| c.is_ascii_digit())
                && digits.ends_with(|c: char| c.is_ascii_digit())
                && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            is_plain.then(|| decimal(text).map(Item::Decimal))?
        }
        _ => None,
    }
}

/// The text where it is a date or time of that kind.
fn read<'a>(kind: TemporalKind, text: &Cow<'a, str>) -> Option<Cow<'a, str>> {
    Temporal::parse(kind, text).map(|_| text.clone())
}

fn to_date<'a>(item: &Item<'a>) -> Option<Item<'a>> {
    match item {
        Item::Date(text) => Some(Item::Date(text.clone())),
        Item::String(text) => read(TemporalKind::Date, text).map(Item::Date),
        Item::DateTime(text) => text.split('T').next().map(|date| Item::Date(date.to_owned().into())),
        _ => None,
    }
}

fn to_date_time<'a>(item: &Item<'a>) -> Option<Item<'a>> {
    match item {
        Item::DateTime(text) | Item::Date(text) => Some(Item::DateTime(text.clone())),
        Item::String(text) => read(TemporalKind::DateTime, text).map(Item::DateTime),
        _ => None,
    }
}

fn to_time<'a>(item: &Item<'a>) -> Option<Item<'a>> {
    match item {
        Item::Time(text) => Some(Item::Time(text.clone())),
        Item::String(text) => read(TemporalKind::Time, text).map(Item::Time),
        _ => None,
    }
}

fn to_string<'a>(item: &Item<'a>) -> Option<Item<'a>> {
    match item {
        Item::String(text) => Some(Item::String(text.clone())),
        other => text_of(other).map(|text| Item::String(text.into())),
    }
}

/// What `toString()` makes of a System value.
pub(super) fn text_of(item: &Item<'_>) -> Option<String> {
    Some(match item.to_system().as_ref() {
        Item::Boolean(value) => value.to_string(),
        Item::Integer(value) => value.to_string(),
        Item::Decimal(value) => value.to_string(),
        Item::String(text) | Item::Date(text) | Item::DateTime(text) | Item::Time(text) => text.clone().into_owned(),
        Item::Quantity(value, unit) => quantity::text(*value, unit),
        Item::Node { .. } | Item::Type { .. } => return None,
    })
}

fn to_quantity<'a>(item: &Item<'a>) -> Option<Item<'a>> {
    let one = Cow::Borrowed("1");
    match item {
        Item::Quantity(value, unit) => Some(Item::Quantity(*value, unit.clone())),
        Item::Integer(value) => Some(Item::Quantity(Decimal::from(*value), one)),
        Item::Decimal(value) => Some(Item::Quantity(*value, one)),
        Item::Boolean(value) => Some(Item::Quantity(Decimal::from(i64::from(*value)), one)),
        Item::String(text) => quantity::parse(text).map(|(value, unit)| Item::Quantity(value, unit.into())),
        _ => None,
    }
}

/// The quantity in the unit that the argument names, if it names one.
fn in_unit<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let Some(unit) = at.string(0)? else { return Ok(input) };
    let unit = quantity::calendar_unit(&unit).map_or(unit, Cow::Borrowed);
    Ok(input
        .into_iter()
        .filter_map(|item| match item {
            Item::Quantity(value, from) => {
                quantity::in_unit(value, &from, &unit).map(|value| Item::Quantity(value, unit.clone()))
            }
            _ => None,
        })
        .collect())
}
