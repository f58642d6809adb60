//! minValue and maxValue ([limits](https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.minValue_x_)):
//! numbers, dates, quantities, and for dates a Duration counted from now.

use super::element::given;
use crate::fhir::NodeRef;
use crate::fhir::library::profile::Limit;
use crate::fhir::path::Expression;

/// Reads `minValue…` or `maxValue…`; `None` where there is none, or one of a type that has no order.
pub fn read(element: NodeRef<'_>, prefix: &str) -> Option<Limit> {
    let is_least = prefix == "minValue";
    let given = given(element, prefix)?;
    let value = given.value();
    let (text, operand) = match given.type_name.as_str() {
        "Duration" => from_now(value, is_least)?,
        "date" => (value.as_str()?.into_owned(), format!("@{}", value.as_str()?)),
        "dateTime" | "instant" => {
            let text = value.as_str()?.into_owned();
            let mark = if text.contains('T') { "" } else { "T" };
            (text.clone(), format!("@{text}{mark}"))
        }
        "time" => (value.as_str()?.into_owned(), format!("@T{}", value.as_str()?)),
        _ if value.as_number().is_some() => (value.text().to_owned(), value.text().to_owned()),
        _ => {
            let (number, code) = (value.get("value")?.as_number()?, value.str_at("code")?);
            (format!("{number} {code}"), format!("{number} '{code}'"))
        }
    };
    let order = if is_least { ">=" } else { "<=" };
    let expression = Expression::parse(&format!("$this {order} {operand}")).ok()?;
    Some(Limit { text, expression })
}

/// A minValueDuration lies so far in the past, a maxValueDuration so far in the future.
fn from_now(value: NodeRef<'_>, is_least: bool) -> Option<(String, String)> {
    let (number, code) = (value.get("value")?.as_number()?, value.str_at("code")?);
    let unit = match code.as_ref() {
        "a" => "years",
        "mo" => "months",
        "wk" => "weeks",
        "d" => "days",
        "h" => "hours",
        "min" => "minutes",
        "s" => "seconds",
        _ => return None,
    };
    let (sign, words) = if is_least { ('-', "before now") } else { ('+', "from now") };
    let now = if matches!(unit, "hours" | "minutes" | "seconds") { "now()" } else { "today()" };
    Some((format!("{number} {unit} {words}"), format!("({now} {sign} {number} {unit})")))
}
