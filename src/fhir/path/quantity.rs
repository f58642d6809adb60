//! Quantities: a value and a unit, which is a UCUM code or a calendar word in the singular.

use std::borrow::Cow;
use std::cmp::Ordering;

use rust_decimal::Decimal;

use crate::fhir::tree::NodeRef;
use crate::fhir::value::Value;

use super::Item;
use super::compare::rounds_alike;
use super::item::decimal;
use super::ucum::Unit;

/// The system of UCUM codes.
pub(super) const UCUM: &str = "http://unitsofmeasure.org";

/// The singular of a calendar word.
pub(super) fn calendar_unit(word: &str) -> Option<&'static str> {
    const WORDS: [&str; 8] = ["year", "month", "week", "day", "hour", "minute", "second", "millisecond"];
    WORDS.into_iter().find(|singular| word.strip_prefix(singular).is_some_and(|rest| rest.is_empty() || rest == "s"))
}

/// A FHIR Quantity as a System.Quantity; one with a comparator stands for no one value and is none.
pub(super) fn from_node(node: NodeRef<'_>) -> Option<Item<'_>> {
    let value = decimal(node.get("value")?.as_number()?)?;
    if node.get("comparator").is_some() {
        return None;
    }
    let is_ucum = node.str_at("system").is_some_and(|system| system == UCUM);
    let code = node.str_at("code").filter(|_| is_ucum);
    let unit = code.or_else(|| node.str_at("unit")).unwrap_or(Cow::Borrowed("1"));
    Some(Item::Quantity(value, unit))
}

/// A FHIR Quantity.
pub(super) fn to_value(value: Decimal, unit: &str) -> Value {
    let code = match unit {
        "year" => "a",
        "month" => "mo",
        "week" => "wk",
        "day" => "d",
        "hour" => "h",
        "minute" => "min",
        "second" => "s",
        "millisecond" => "ms",
        code => code,
    };
    let value = Value::Number(value.to_string());
    Value::object().with("value", value).with("unit", unit).with("system", UCUM).with("code", code)
}

/// As `toString()` writes it and `toQuantity()` reads it.
pub(super) fn text(value: Decimal, unit: &str) -> String {
    match calendar_unit(unit) {
        Some(word) => format!("{value} {word}"),
        None => format!("{value} '{unit}'"),
    }
}

/// Reads `4 days`, `10 'mg'` or `1.5`.
pub(super) fn parse(text: &str) -> Option<(Decimal, String)> {
    let text = text.trim();
    let end = text.find(|c: char| !matches!(c, '0'..='9' | '.' | '+' | '-')).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number = number.strip_prefix('+').unwrap_or(number);
    let is_number = number.starts_with(|c: char| c.is_ascii_digit() || c == '-') && !number.ends_with('.');
    let value = is_number.then(|| number.parse().ok())??;
    let unit = match unit.trim() {
        "" => "1".to_owned(),
        quoted if quoted.starts_with('\'') => {
            let code = quoted.strip_prefix('\'')?.strip_suffix('\'')?;
            (!code.is_empty() && !code.contains('\'')).then(|| code.to_owned())?
        }
        word => calendar_unit(word)?.to_owned(),
    };
    Some((value, unit))
}

/// Whether quantities of the two units can be compared.
pub(super) fn are_comparable(a: &str, b: &str) -> bool {
    a == b || ratio(a, b).is_some()
}

/// By what a value in unit `from` is multiplied to be one in unit `to`.
fn ratio(from: &str, to: &str) -> Option<Decimal> {
    let (from, to) = (Unit::parse(from)?, Unit::parse(to)?);
    if from.dimensions != to.dimensions {
        return None;
    }
    from.factor.checked_div(to.factor)
}

/// The values in one common unit, the smaller of the two, so that the digits stay.
fn in_common(a: (Decimal, &str), b: (Decimal, &str)) -> Option<(Decimal, Decimal)> {
    if a.1 == b.1 {
        return Some((a.0, b.0));
    }
    let ratio = ratio(a.1, b.1)?;
    if ratio >= Decimal::ONE {
        Some((a.0.checked_mul(ratio)?, b.0))
    } else {
        Some((a.0, b.0.checked_mul(self::ratio(b.1, a.1)?)?))
    }
}

/// How they are ordered; `None` where the units do not tell.
pub(super) fn compare(a: (Decimal, &str), b: (Decimal, &str)) -> Option<Ordering> {
    let (a, b) = in_common(a, b)?;
    Some(a.cmp(&b))
}

/// Whether they are the same to the least precision given; a year is then as good as an `a`.
pub(super) fn are_equivalent(a: (Decimal, &str), b: (Decimal, &str)) -> bool {
    let (unit_a, unit_b) = (definite(a.1), definite(b.1));
    if unit_a == unit_b {
        return rounds_alike(a.0, b.0);
    }
    // Into the larger unit, where the least precise of the two values says how much is compared.
    match ratio(unit_a, unit_b) {
        Some(r) if r >= Decimal::ONE => in_unit(b.0, unit_b, unit_a).is_some_and(|b| rounds_alike(a.0, b)),
        Some(_) => in_unit(a.0, unit_a, unit_b).is_some_and(|a| rounds_alike(a, b.0)),
        None => false,
    }
}

/// The value in another unit of the same dimensions.
pub(super) fn in_unit(value: Decimal, from: &str, to: &str) -> Option<Decimal> {
    if from == to { Some(value) } else { value.checked_mul(ratio(from, to)?) }
}

fn definite(unit: &str) -> &str {
    match unit {
        "year" => "a",
        "month" => "mo",
        other => other,
    }
}

/// The sum (or, with a negative sign, the difference) in the unit of the first.
pub(super) fn add(a: (Decimal, &str), b: (Decimal, &str), sign: Decimal) -> Option<Decimal> {
    let b = if a.1 == b.1 { b.0 } else { in_unit(b.0, b.1, a.1)? };
    a.0.checked_add(b.checked_mul(sign)?)
}

/// The value in base units, for sorting.
pub(super) fn in_base_units(value: Decimal, unit: &str) -> Option<Decimal> {
    value.checked_mul(Unit::parse(unit)?.factor)
}

/// The unit of a product.
pub(super) fn product_unit(a: &str, b: &str) -> String {
    match (a, b) {
        ("1", other) | (other, "1") => other.to_owned(),
        _ => format!("{}.{}", grouped(a), grouped(b)),
    }
}

/// The unit of a quotient.
pub(super) fn quotient_unit(a: &str, b: &str) -> String {
    match (a, b) {
        _ if a == b => "1".to_owned(),
        (_, "1") => a.to_owned(),
        _ => format!("{a}/{}", grouped(b)),
    }
}

/// A compound unit in brackets, so that what stands before it applies to all of it.
fn grouped(unit: &str) -> Cow<'_, str> {
    if unit.contains(['.', '/']) { format!("({unit})").into() } else { unit.into() }
}
