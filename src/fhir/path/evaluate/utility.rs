//! Utility functions (FHIRPath N1, section 5.9): `trace`, the current date and time, `iif`, `defineVariable`.

use jiff::Zoned;
use jiff::tz::TimeZone;

use super::super::function::Function;
use super::{Answer, At, EvaluationError, Evaluator, Item, Items, Scope, at_most_one, fail, variables};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("trace", 1, 2, trace),
    Function::new("now", 0, 0, |at, _| Ok(vec![Item::DateTime(shown(at.evaluator, "%Y-%m-%dT%H:%M:%S%.3f%:z")?)])),
    Function::new("today", 0, 0, |at, _| Ok(vec![Item::Date(shown(at.evaluator, "%Y-%m-%d")?)])),
    Function::new("timeOfDay", 0, 0, |at, _| Ok(vec![Item::Time(shown(at.evaluator, "%H:%M:%S%.3f")?)])),
    Function::new("iif", 2, 3, iif),
    Function::new("defineVariable", 1, 2, variables::define_variable),
];

/// Tells nobody, since what it would tell may be personal data; its arguments are evaluated all the same.
fn trace<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    if at.string(0)?.is_none() {
        return fail("`trace` needs a name");
    }
    if let Some(projection) = at.argument(1) {
        for (index, item) in input.iter().enumerate() {
            at.project(projection, index, item)?;
        }
    }
    Ok(input)
}

/// The evaluation's instant in Stockholm; the same throughout the evaluation.
fn shown(evaluator: &Evaluator<'_>, format: &str) -> Result<std::borrow::Cow<'static, str>, EvaluationError> {
    let Ok(zone) = TimeZone::get("Europe/Stockholm") else { return fail("the time zone is not known") };
    Ok(Zoned::new(evaluator.now, zone).strftime(format).to_string().into())
}

/// Only the branch that is taken is evaluated; `$this` is the input.
fn iif<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    at_most_one(&input)?;
    let scope = Scope { this: &input, ..at.scope.clone() };
    let (Some(criterion), Some(success)) = (at.argument(0), at.argument(1)) else { return Ok(Vec::new()) };
    let branch = match at.evaluator.condition(criterion, &scope)? {
        Some(true) => Some(success),
        _ => at.argument(2),
    };
    branch.map_or_else(|| Ok(Vec::new()), |branch| at.evaluator.evaluate(branch, &scope))
}
