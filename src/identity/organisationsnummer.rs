//! Organisationsnummer: what a region, a municipality or a company is called (lagen 1974:174 om identitetsbeteckning).

use super::text_form::text_form;
use super::{IdentityFault, luhn, notation};

/// An organisationsnummer: ten digits, the third at least 2 (so it is nobody's personnummer), the right check digit.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrganisationsNumber(Box<str>);

text_form!(OrganisationsNumber);

impl OrganisationsNumber {
    /// Reads ten digits, or twelve that begin with 16, with or without a hyphen before the last four.
    ///
    /// # Errors
    /// When it has another form, its third digit is 0 or 1, or the check digit is wrong.
    pub fn parse(text: &str) -> Result<Self, IdentityFault> {
        let ten = ten_digits(text.trim()).ok_or(IdentityFault::Organisation)?;
        let not_a_date = ten.as_bytes().get(2).is_some_and(|third| *third >= b'2');
        if not_a_date && luhn::agrees(&ten) { Ok(Self(ten.into())) } else { Err(IdentityFault::Organisation) }
    }
}

fn ten_digits(text: &str) -> Option<String> {
    let (rest, last) = text.split_at_checked(text.len().checked_sub(4)?)?;
    let rest = rest.strip_suffix('-').unwrap_or(rest);
    let first = match rest.len() {
        6 => rest,
        8 => rest.strip_prefix("16")?,
        _ => return None,
    };
    (notation::all_digits(first) && notation::all_digits(last)).then(|| format!("{first}{last}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notation_becomes_ten_digits() {
        for text in ["5565594230", "556559-4230", "165565594230", "16556559-4230", " 556559-4230 "] {
            assert_eq!(OrganisationsNumber::parse(text).unwrap().value(), "5565594230", "{text}");
        }
    }

    #[test]
    fn other_numbers_are_refused() {
        for text in ["", "5565594231", "1212121212", "191212121212", "55655942300", "556559+4230", "55-65594230"] {
            assert_eq!(OrganisationsNumber::parse(text), Err(IdentityFault::Organisation), "{text}");
        }
    }
}
