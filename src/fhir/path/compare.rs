//! Equality, equivalence and order of items (FHIRPath N1, "Equality" and "Comparison").

use std::cmp::Ordering;

use rust_decimal::Decimal;

use crate::fhir::tree::{Kind, NodeRef};

use super::item::decimal;
use super::temporal::{Temporal, TemporalKind};
use super::{Item, quantity};

/// `=` of two items: `None` where partial dates or units leave it open.
pub(super) fn equal(a: &Item<'_>, b: &Item<'_>) -> Option<bool> {
    let (a, b) = (a.to_system(), b.to_system());
    match (a.as_ref(), b.as_ref()) {
        (Item::Node { node: a, .. }, Item::Node { node: b, .. }) => Some(a == b || same_tree(*a, *b)),
        (Item::Boolean(a), Item::Boolean(b)) => Some(a == b),
        (Item::String(a), Item::String(b)) => Some(a == b),
        (Item::Type { namespace: n, name: a }, Item::Type { namespace: m, name: b }) => Some(n == m && a == b),
        (a, b) => match (Numeric::of(a), Numeric::of(b)) {
            (Some(a), Some(b)) => a.equal(&b),
            (None, None) => equal_times(a, b),
            _ => Some(false),
        },
    }
}

fn equal_times(a: &Item<'_>, b: &Item<'_>) -> Option<bool> {
    match (temporal(a), temporal(b)) {
        (Some(a), Some(b)) if (a.kind == TemporalKind::Time) == (b.kind == TemporalKind::Time) => {
            a.compare(&b).map(Ordering::is_eq)
        }
        _ => Some(false),
    }
}

/// A number or a quantity.
enum Numeric<'i> {
    Number(Decimal),
    Quantity(Decimal, &'i str),
}

impl<'i> Numeric<'i> {
    fn of(item: &'i Item<'_>) -> Option<Self> {
        match item {
            Item::Integer(n) => Some(Self::Number(Decimal::from(*n))),
            Item::Decimal(n) => Some(Self::Number(*n)),
            Item::Quantity(value, unit) => Some(Self::Quantity(*value, unit)),
            _ => None,
        }
    }

    /// A number beside a quantity is one of unit `1`.
    fn parts(&self) -> (Decimal, &'i str) {
        match self {
            Self::Number(value) => (*value, "1"),
            Self::Quantity(value, unit) => (*value, unit),
        }
    }

    fn equal(&self, other: &Self) -> Option<bool> {
        self.compare(other).map(Ordering::is_eq)
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => Some(a.cmp(b)),
            _ => quantity::compare(self.parts(), other.parts()),
        }
    }
}

/// A date or time as its parts.
pub(super) fn temporal(item: &Item<'_>) -> Option<Temporal> {
    match item {
        Item::Date(text) => Temporal::parse(TemporalKind::Date, text),
        Item::DateTime(text) => Temporal::parse(TemporalKind::DateTime, text),
        Item::Time(text) => Temporal::parse(TemporalKind::Time, text),
        _ => None,
    }
}

/// The order of two items: `Err` where their types have none, `Ok(None)` where it is left open.
pub(super) fn order(a: &Item<'_>, b: &Item<'_>) -> Result<Option<Ordering>, ()> {
    let (a, b) = (a.to_system(), b.to_system());
    match (a.as_ref(), b.as_ref()) {
        (Item::String(a), Item::String(b)) => Ok(Some(a.cmp(b))),
        (a, b) => match (Numeric::of(a), Numeric::of(b), temporal(a), temporal(b)) {
            (Some(a), Some(b), ..) => Ok(a.compare(&b)),
            (.., Some(a), Some(b)) if (a.kind == TemporalKind::Time) == (b.kind == TemporalKind::Time) => {
                Ok(a.compare(&b))
            }
            _ => Err(()),
        },
    }
}

/// `~` of two items.
pub(super) fn equivalent(a: &Item<'_>, b: &Item<'_>) -> bool {
    let (a, b) = (a.to_system(), b.to_system());
    match (a.as_ref(), b.as_ref()) {
        (Item::Node { node: a, .. }, Item::Node { node: b, .. }) => a == b || similar_tree(*a, *b),
        (Item::String(a), Item::String(b)) => similar_text(a, b),
        (Item::Quantity(a, unit_a), Item::Quantity(b, unit_b)) => quantity::are_equivalent((*a, unit_a), (*b, unit_b)),
        (a, b) => match (Numeric::of(a), Numeric::of(b)) {
            (Some(Numeric::Number(a)), Some(Numeric::Number(b))) => rounds_alike(a, b),
            _ => equal(a, b).unwrap_or(false),
        },
    }
}

/// Whether two numbers are the same, rounded to the fewer decimals of the two.
pub(super) fn rounds_alike(a: Decimal, b: Decimal) -> bool {
    let (a, b) = (a.normalize(), b.normalize());
    let digits = a.scale().min(b.scale());
    a.round_dp(digits) == b.round_dp(digits)
}

/// Without regard to case, and with all white space alike.
fn similar_text(a: &str, b: &str) -> bool {
    let folded = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    a == b || folded(a) == folded(b)
}

/// Equal content: members in any order, items in theirs. The depth is bounded by that of the documents.
fn same_tree(a: NodeRef<'_>, b: NodeRef<'_>) -> bool {
    match (a.kind(), b.kind()) {
        (Kind::Object, Kind::Object) => same_members(a, b, same_tree),
        (Kind::Array, Kind::Array) => {
            a.children().count() == b.children().count() && a.children().zip(b.children()).all(|(a, b)| same_tree(a, b))
        }
        (Kind::Number, Kind::Number) => same_number(a, b),
        (Kind::String, Kind::String) => a.as_str() == b.as_str(),
        (left, right) => left == right && a.text() == b.text(),
    }
}

fn same_members<'a>(a: NodeRef<'a>, b: NodeRef<'a>, same: fn(NodeRef<'a>, NodeRef<'a>) -> bool) -> bool {
    a.children().count() == b.children().count()
        && a.children().all(|member| member.key().and_then(|key| b.get(&key)).is_some_and(|other| same(member, other)))
}

fn same_number(a: NodeRef<'_>, b: NodeRef<'_>) -> bool {
    a.text() == b.text() || decimal(a.text()).is_some_and(|value| decimal(b.text()) == Some(value))
}

/// Equivalent content: as [`same_tree`], but items in any order, text without case, numbers rounded.
fn similar_tree<'a>(a: NodeRef<'a>, b: NodeRef<'a>) -> bool {
    match (a.kind(), b.kind()) {
        (Kind::Object, Kind::Object) => same_members(a, b, similar_tree),
        (Kind::Array, Kind::Array) => {
            let (a, b): (Vec<_>, Vec<_>) = (a.children().collect(), b.children().collect());
            matches_in_any_order(&a, &b, |a, b| similar_tree(*a, *b))
        }
        (Kind::Number, Kind::Number) => match (decimal(a.text()), decimal(b.text())) {
            (Some(a), Some(b)) => rounds_alike(a, b),
            _ => a.text() == b.text(),
        },
        (Kind::String, Kind::String) => similar_text(&a.as_str().unwrap_or_default(), &b.as_str().unwrap_or_default()),
        (left, right) => left == right && a.text() == b.text(),
    }
}

/// Whether each of `a` has a partner of its own in `b`.
pub(super) fn matches_in_any_order<T>(a: &[T], b: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    let mut taken = vec![false; b.len()];
    a.len() == b.len()
        && a.iter().all(|left| {
            let partner = b.iter().zip(&taken).position(|(right, taken)| !taken && same(left, right));
            partner.is_some_and(|at| !std::mem::replace(&mut taken[at], true))
        })
}
