//! The day of birth inside a number, and the century that a ten-digit notation leaves out.

use jiff::civil::Date;

use super::IdentityFault;

/// The first year that a number still in use can hold.
const FIRST_YEAR: i16 = 1800;
/// The last year before numbers of this form would have to mean something else.
const LAST_YEAR: i16 = 2099;
/// What a samordningsnummer adds to the day.
pub(super) const COORDINATION: i8 = 60;

/// The day that `YYYYMMDD` names, `added` taken from its day first.
///
/// The century is no part of the check digit, so a mistyped one is caught here or nowhere.
pub(super) fn day(eight: &str, added: i8) -> Result<Date, IdentityFault> {
    let part = |from: usize, until: usize| eight.get(from..until).and_then(|digits| digits.parse::<i16>().ok());
    let (Some(year), Some(month), Some(day)) = (part(0, 4), part(4, 6), part(6, 8)) else {
        return Err(IdentityFault::Form);
    };
    let month = i8::try_from(month).map_err(|_| IdentityFault::Date)?;
    let day = i8::try_from(day).map_err(|_| IdentityFault::Date)?;
    match Date::new(year, month, day - added) {
        Ok(born) if (FIRST_YEAR..=LAST_YEAR).contains(&year) => Ok(born),
        _ => Err(IdentityFault::Date),
    }
}

/// The century of a two-digit year: with `-` the latest year that has begun, with `+` the one a hundred years before
/// (the sign changes at the turn of the year in which the person becomes 100, 18 § folkbokföringslagen 1991:481).
pub(super) fn four_digit_year(two: i16, plus: bool, today: Date) -> i16 {
    let begun = today.year() - (today.year() - two).rem_euclid(100);
    if plus { begun - 100 } else { begun }
}

/// Whether the day is past or is today.
pub(super) fn has_come(born: Date, today: Date) -> Result<(), IdentityFault> {
    if born <= today { Ok(()) } else { Err(IdentityFault::Future) }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_sign_tells_the_century() {
        let today = date(2026, 11, 23);
        let cases = [(26, false, 2026), (26, true, 1926), (27, false, 1927), (12, true, 1912), (10, false, 2010)];
        for (two, plus, year) in cases {
            assert_eq!(four_digit_year(two, plus, today), year, "{two} {plus}");
        }
    }

    #[test]
    fn only_real_days_of_our_centuries_count() {
        assert_eq!(day("20000229", 0), Ok(date(2000, 2, 29)));
        assert_eq!(day("19000289", COORDINATION), Err(IdentityFault::Date));
        for eight in ["19000229", "20261301", "20260100", "29121212", "17991231"] {
            assert_eq!(day(eight, 0), Err(IdentityFault::Date), "{eight}");
        }
    }
}
