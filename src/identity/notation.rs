//! The notations in which senders write a person's number, brought to the twelve characters that are stored.

use jiff::civil::Date;

use super::IdentityFault;
use super::birth::four_digit_year;

/// `19121212-1212`, `191212121212`, and with `today` also `121212-1212`, `121212+1212` and `1212121212`; spaces
/// around are no part of it, letters are made capitals. What comes back is eight digits and four of `0-9A-Z`.
pub(super) fn twelve(text: &str, today: Option<Date>) -> Result<String, IdentityFault> {
    let text = text.trim();
    let (rest, last) = text.len().checked_sub(4).and_then(|at| text.split_at_checked(at)).ok_or(IdentityFault::Form)?;
    let (day, sign) = match rest.strip_suffix(['-', '+']) {
        Some(day) => (day, rest.as_bytes().last().copied()),
        None => (rest, None),
    };
    if !all_digits(day) || !last.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(IdentityFault::Form);
    }
    match day.len() {
        8 if sign != Some(b'+') => Ok(format!("{day}{}", last.to_ascii_uppercase())),
        6 if all_digits(last) => with_century(day, last, sign == Some(b'+'), today),
        _ => Err(IdentityFault::Form),
    }
}

fn with_century(day: &str, last: &str, plus: bool, today: Option<Date>) -> Result<String, IdentityFault> {
    let today = today.ok_or(IdentityFault::Century)?;
    let (two, month_and_day) = day.split_at_checked(2).ok_or(IdentityFault::Form)?;
    let year = four_digit_year(two.parse().map_err(|_| IdentityFault::Form)?, plus, today);
    Ok(format!("{year:04}{month_and_day}{last}"))
}

/// Whether there is nothing but digits in it.
pub(super) fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_notation_becomes_twelve_characters() {
        let today = Some(date(2026, 11, 23));
        for text in ["191212121212", " 19121212-1212\t", "121212+1212"] {
            assert_eq!(twelve(text, today).unwrap(), "191212121212", "{text}");
        }
        for text in ["121212-1212", "1212121212"] {
            assert_eq!(twelve(text, today).unwrap(), "201212121212", "{text}");
        }
        assert_eq!(twelve("22950606-fh20", None).unwrap(), "22950606FH20");
    }

    #[test]
    fn ten_digits_without_a_day_to_go_by_have_no_century() {
        assert_eq!(twelve("121212-1212", None), Err(IdentityFault::Century));
    }

    #[test]
    fn other_notations_are_refused() {
        let today = Some(date(2026, 11, 23));
        for text in ["", "1212", "19121212+1212", "19121212--1212", "1912-1212-1212", "121212AA06", "19121212121å"] {
            assert_eq!(twelve(text, today), Err(IdentityFault::Form), "{text}");
        }
    }
}
