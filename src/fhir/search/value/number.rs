//! Numbers and quantities in the index: the bounds that their written precision implies
//! ([number](https://hl7.org/fhir/R4/search.html#number)).

use super::super::super::tree::NodeRef;
use super::super::IndexValue;
use super::{Add, Element};

const CURRENCIES: &str = "urn:iso:std:iso:4217";

pub(super) fn is_indexable(type_name: &str) -> bool {
    const NUMBERS: &[&str] = &["integer", "positiveInt", "unsignedInt", "decimal"];
    const QUANTITIES: &[&str] = &["Quantity", "Age", "Count", "Distance", "Duration", "Money", "Range"];
    NUMBERS.contains(&type_name) || QUANTITIES.contains(&type_name)
}

pub(super) fn number(element: &Element<'_>, add: Add<'_>) {
    let node = element.node;
    let (bounds, unit) = match element.type_name {
        "Range" => (range(node), ["low", "high"].iter().find_map(|side| node.get(side)).map(unit)),
        "Money" => (node.get("value").and_then(bounds), node.str_at("currency").map(|it| format!("{CURRENCIES}|{it}"))),
        _ if node.get("value").is_some() => (node.get("value").and_then(bounds), Some(unit(node))),
        _ => (bounds(node), None),
    };
    if let Some((low, high)) = bounds {
        add(IndexValue::Number { low, high, unit: unit.unwrap_or_default() });
    }
}

/// A side that is absent is open.
fn range(node: NodeRef<'_>) -> Option<(f64, f64)> {
    let side = |name| node.at(&[name, "value"]).and_then(bounds);
    match (side("low"), side("high")) {
        (None, None) => None,
        (low, high) => Some((low.map_or(f64::MIN, |it| it.0), high.map_or(f64::MAX, |it| it.1))),
    }
}

fn unit(quantity: NodeRef<'_>) -> String {
    match (quantity.str_at("system"), quantity.str_at("code")) {
        (system, Some(code)) => format!("{}|{code}", system.unwrap_or_default()),
        (_, None) => quantity.str_at("unit").unwrap_or_default().into_owned(),
    }
}

/// Half a unit of the last written digit to both sides: `5.40` is from 5.395 to 5.405.
fn bounds(node: NodeRef<'_>) -> Option<(f64, f64)> {
    let text = node.as_number()?;
    let value: f64 = text.parse().ok().filter(|value: &f64| value.is_finite())?;
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let decimals = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let last_digit = exponent.parse::<i32>().ok()?.checked_sub(i32::try_from(decimals).ok()?)?;
    let half = 0.5 * 10_f64.powi(last_digit);
    Some((value - half, value + half))
}
