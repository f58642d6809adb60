//! Operators between expressions.

use std::cmp::Ordering;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::super::syntax::{Expr, Operator};
use super::super::{compare, quantity};
use super::conversion::text_of;
use super::{
    Answer, EvaluationError, Evaluator, Item, Items, Scope, at_most_one, boolean, booleans, combining, fail, valued,
};

type Truth = Result<Option<bool>, EvaluationError>;

impl<'a> Evaluator<'a> {
    /// Operators of one precedence, from left to right.
    pub(super) fn chain(&self, first: &Expr, rest: &[(Operator, Expr)], scope: &Scope<'_, 'a>) -> Answer<'a> {
        if let Some(value) = self.logic(first, rest, scope)? {
            return Ok(booleans(value));
        }
        let mut left = self.evaluate(first, scope)?;
        for (operator, right) in rest {
            let right = self.operand(right, scope)?;
            left = self.binary(*operator, left, &right)?;
        }
        Ok(left)
    }

    /// The truth of a chain whose operators give Booleans, without collections in between; `None` for the others.
    pub(super) fn logic(
        &self,
        first: &Expr,
        rest: &[(Operator, Expr)],
        scope: &Scope<'_, 'a>,
    ) -> Result<Option<Option<bool>>, EvaluationError> {
        match rest {
            [(Operator::And | Operator::Or | Operator::Xor | Operator::Implies, _), ..] => {
                let mut truth = self.condition(first, scope)?;
                for (operator, right) in rest {
                    truth = self.connect(*operator, truth, right, scope)?;
                }
                Ok(Some(truth))
            }
            [(operator, right)] if operator.precedence() < Operator::Union.precedence() => {
                let left = self.operand(first, scope)?;
                let right = self.operand(right, scope)?;
                self.relate(*operator, &left, &right).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Three-valued logic; the right side is not looked at where the left one decides.
    fn connect(&self, operator: Operator, left: Option<bool>, right: &Expr, scope: &Scope<'_, 'a>) -> Truth {
        match (operator, left) {
            (Operator::And, Some(false)) => return Ok(Some(false)),
            (Operator::Or, Some(true)) | (Operator::Implies, Some(false)) => return Ok(Some(true)),
            _ => {}
        }
        let right = self.condition(right, scope)?;
        Ok(match (operator, left, right) {
            (Operator::And, _, Some(false)) => Some(false),
            (Operator::Or | Operator::Implies, _, Some(true)) => Some(true),
            (_, None, _) | (_, _, None) => None,
            (Operator::Xor, Some(left), Some(right)) => Some(left != right),
            // What is left was decided by neither side: `true and true`, `false or false`, `true implies false`.
            (operator, ..) => Some(operator == Operator::And),
        })
    }

    fn binary(&self, operator: Operator, left: Items<'a>, right: &[Item<'a>]) -> Answer<'a> {
        match operator {
            Operator::Union => combining::union(self, left, right),
            Operator::Concatenate => self.concatenate(&left, right),
            Operator::Add | Operator::Subtract => self.arithmetic(operator, &left, right),
            Operator::Multiply | Operator::Divide | Operator::IntegerDivide | Operator::Modulo => {
                self.arithmetic(operator, &left, right)
            }
            _ => Ok(booleans(self.relate(operator, &left, right)?)),
        }
    }

    /// Equality, order and membership.
    fn relate(&self, operator: Operator, left: &[Item<'a>], right: &[Item<'a>]) -> Truth {
        Ok(match operator {
            Operator::Equal => self.equal(left, right)?,
            Operator::NotEqual => self.equal(left, right)?.map(|equal| !equal),
            Operator::Equivalent => Some(self.equivalent(left, right)?),
            Operator::NotEquivalent => Some(!self.equivalent(left, right)?),
            Operator::In => self.membership(left, right)?,
            Operator::Contains => self.membership(right, left)?,
            Operator::Less => ordered(left, right)?.map(Ordering::is_lt),
            Operator::LessOrEqual => ordered(left, right)?.map(Ordering::is_le),
            Operator::Greater => ordered(left, right)?.map(Ordering::is_gt),
            Operator::GreaterOrEqual => ordered(left, right)?.map(Ordering::is_ge),
            _ => return fail("this operator gives no Boolean"),
        })
    }

    fn equal(&self, left: &[Item<'a>], right: &[Item<'a>]) -> Truth {
        if left.is_empty() || right.is_empty() {
            return Ok(None);
        }
        if left.len() != right.len() {
            return Ok(Some(false));
        }
        self.charge(left.len())?;
        let mut equal = Some(true);
        for (a, b) in left.iter().zip(right) {
            match compare::equal(a, b) {
                Some(true) => {}
                Some(false) => return Ok(Some(false)),
                None => equal = None,
            }
        }
        Ok(equal)
    }

    fn equivalent(&self, left: &[Item<'a>], right: &[Item<'a>]) -> Result<bool, EvaluationError> {
        self.charge(left.len().saturating_mul(right.len()))?;
        Ok(compare::matches_in_any_order(left, right, compare::equivalent))
    }

    fn membership(&self, item: &[Item<'a>], collection: &[Item<'a>]) -> Truth {
        let Some(item) = at_most_one(item)? else { return Ok(None) };
        self.charge(collection.len())?;
        Ok(Some(collection.iter().any(|other| compare::equal(item, other) == Some(true))))
    }

    /// `&`: an empty side counts as an empty string.
    fn concatenate(&self, left: &[Item<'a>], right: &[Item<'a>]) -> Answer<'a> {
        let side = |items: &[Item<'a>]| match valued(items)? {
            None => Ok(String::new()),
            Some(item) => match item.string() {
                Some(text) => Ok(text.into_owned()),
                None => text_of(item).map_or_else(|| fail("`&` takes strings"), Ok),
            },
        };
        self.text(side(left)? + &side(right)?)
    }

    fn arithmetic(&self, operator: Operator, left: &[Item<'a>], right: &[Item<'a>]) -> Answer<'a> {
        let (Some(left), Some(right)) = (valued(left)?, valued(right)?) else { return Ok(Vec::new()) };
        let (left, right) = (left.to_system(), right.to_system());
        let result = match (left.as_ref(), right.as_ref()) {
            (Item::String(a), Item::String(b)) if operator == Operator::Add => {
                return self.text(format!("{a}{b}"));
            }
            (Item::Integer(a), Item::Integer(b)) if operator != Operator::Divide => integers(operator, *a, *b),
            (Item::Quantity(a, unit_a), Item::Quantity(b, unit_b)) => quantities(operator, (*a, unit_a), (*b, unit_b))?,
            (Item::Quantity(a, unit), b) if number(b).is_some() => {
                quantities(operator, (*a, unit), (number(b).unwrap_or_default(), "1"))?
            }
            (a, Item::Quantity(b, unit)) if number(a).is_some() => {
                quantities(operator, (number(a).unwrap_or_default(), "1"), (*b, unit))?
            }
            (time, Item::Quantity(amount, unit)) => return plus_duration(operator, time, *amount, unit),
            (a, b) => match (number(a), number(b)) {
                (Some(a), Some(b)) => decimals(operator, a, b),
                _ => return fail("the operator does not take these types"),
            },
        };
        Ok(result.into_iter().collect())
    }
}

fn ordered(left: &[Item<'_>], right: &[Item<'_>]) -> Result<Option<Ordering>, EvaluationError> {
    let (Some(left), Some(right)) = (valued(left)?, valued(right)?) else { return Ok(None) };
    compare::order(left, right).or_else(|()| fail("values of these types have no order"))
}

/// The number that an item is.
pub(super) fn number(item: &Item<'_>) -> Option<Decimal> {
    match item {
        Item::Integer(value) => Some(Decimal::from(*value)),
        Item::Decimal(value) => Some(*value),
        _ => None,
    }
}

/// Empty where the result cannot be shown or the divisor is zero.
fn integers<'a>(operator: Operator, a: i64, b: i64) -> Option<Item<'a>> {
    let result = match operator {
        Operator::Add => a.checked_add(b),
        Operator::Subtract => a.checked_sub(b),
        Operator::Multiply => a.checked_mul(b),
        Operator::IntegerDivide => a.checked_div(b),
        Operator::Modulo => a.checked_rem(b),
        _ => None,
    };
    result.map(Item::Integer)
}

fn decimals<'a>(operator: Operator, a: Decimal, b: Decimal) -> Option<Item<'a>> {
    match operator {
        Operator::Add => a.checked_add(b).map(Item::Decimal),
        Operator::Subtract => a.checked_sub(b).map(Item::Decimal),
        Operator::Multiply => a.checked_mul(b).map(Item::Decimal),
        Operator::Divide => a.checked_div(b).map(|n| Item::Decimal(n.normalize())),
        Operator::IntegerDivide => a.checked_div(b).and_then(|n| n.trunc().to_i64()).map(Item::Integer),
        Operator::Modulo => a.checked_rem(b).map(Item::Decimal),
        _ => None,
    }
}

fn quantities<'a>(
    operator: Operator,
    a: (Decimal, &str),
    b: (Decimal, &str),
) -> Result<Option<Item<'a>>, EvaluationError> {
    let (value, unit) = match operator {
        Operator::Add => (quantity::add(a, b, Decimal::ONE), a.1.to_owned()),
        Operator::Subtract => (quantity::add(a, b, Decimal::NEGATIVE_ONE), a.1.to_owned()),
        Operator::Multiply => (a.0.checked_mul(b.0), quantity::product_unit(a.1, b.1)),
        Operator::Divide => (a.0.checked_div(b.0), quantity::quotient_unit(a.1, b.1)),
        _ => return fail("quantities have no `div` and `mod`"),
    };
    if unit.len() > 256 {
        return fail("a unit grows too long");
    }
    Ok(value.map(|value| Item::Quantity(value, unit.into())))
}

/// Date and time arithmetic.
fn plus_duration<'a>(operator: Operator, time: &Item<'a>, amount: Decimal, unit: &str) -> Answer<'a> {
    let sign = match operator {
        Operator::Add => Decimal::ONE,
        Operator::Subtract => Decimal::NEGATIVE_ONE,
        _ => return fail("dates and times can be added to and subtracted from"),
    };
    let Some(at) = compare::temporal(time) else { return fail("the operator does not take these types") };
    let Some(amount) = amount.checked_mul(sign) else { return Ok(Vec::new()) };
    if !at.takes(unit) {
        return fail("dates and times take calendar durations");
    }
    Ok(at.plus(amount, unit).map(|sum| with_text(time, sum.to_string())).into_iter().collect())
}

/// A date or time of the same kind with another text.
fn with_text<'a>(time: &Item<'_>, text: String) -> Item<'a> {
    match time {
        Item::Date(_) => Item::Date(text.into()),
        Item::Time(_) => Item::Time(text.into()),
        _ => Item::DateTime(text.into()),
    }
}

/// A minus sign.
pub(super) fn negate<'a>(operand: &[Item<'a>]) -> Answer<'a> {
    let Some(item) = valued(operand)? else { return Ok(Vec::new()) };
    Ok(match item.to_system().as_ref() {
        Item::Integer(value) => value.checked_neg().map(Item::Integer).into_iter().collect(),
        Item::Decimal(value) => vec![Item::Decimal(-*value)],
        Item::Quantity(value, unit) => vec![Item::Quantity(-*value, unit.clone())],
        _ => return fail("only numbers and quantities have a sign"),
    })
}

/// A plus sign.
pub(super) fn plus(operand: Items<'_>) -> Answer<'_> {
    negate(&operand)?;
    Ok(operand)
}

/// What `not()` says.
pub(super) fn not<'a>(input: &[Item<'a>]) -> Answer<'a> {
    Ok(booleans(boolean(input)?.map(|value| !value)))
}
