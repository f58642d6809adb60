//! Numbers for property tests: every valid one, made from a day and a birth number.

use jiff::civil::Date;
use proptest::prelude::*;

use super::luhn;

/// Twelve digits of a day, `added` to it, with the check digit that agrees.
pub(super) fn number(day: Date, added: i8, birth_number: u16) -> String {
    let nine = format!("{:04}{:02}{:02}{birth_number:03}", day.year(), day.month(), day.day() + added);
    let all = (0..10).map(|check| format!("{nine}{check}"));
    all.into_iter().find(|twelve| luhn::agrees(&twelve[2..])).unwrap()
}

/// Any day of birth that a number can hold before 2027.
pub(super) fn days() -> impl Strategy<Value = Date> {
    (0_i32..82_000).prop_map(|days| Date::constant(1802, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap())
}
