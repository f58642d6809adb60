//! Samordningsnummer: as a personnummer, with 60 added to the day (2 kap. lagen 2022:1697 om samordningsnummer).

use jiff::civil::Date;

use super::text_form::text_form;
use super::{IdentityFault, birth, luhn, notation};

/// A samordningsnummer: twelve digits, a real day plus 60 (61 to 91), the right check digit over the day as written.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Samordningsnummer(Box<str>);

text_form!(Samordningsnummer);

impl Samordningsnummer {
    /// Reads twelve digits, with or without a hyphen before the last four.
    ///
    /// # Errors
    /// The rule that the text broke; ten digits have no century here ([`Samordningsnummer::parse_on`]).
    pub fn parse(text: &str) -> Result<Self, IdentityFault> {
        Self::of_twelve(&notation::twelve(text, None)?).map(|(number, _)| number)
    }

    /// Reads any notation, ten digits included: their century follows from the separator and the day of today.
    ///
    /// # Errors
    /// The rule that the text broke; a day of birth after `today` is one.
    pub fn parse_on(text: &str, today: Date) -> Result<Self, IdentityFault> {
        let (number, born) = Self::of_twelve(&notation::twelve(text, Some(today))?)?;
        birth::has_come(born, today).map(|()| number)
    }

    pub(super) fn of_twelve(twelve: &str) -> Result<(Self, Date), IdentityFault> {
        let (eight, _) = twelve.split_at_checked(8).ok_or(IdentityFault::Form)?;
        let ten = twelve.get(2..).filter(|ten| notation::all_digits(ten)).ok_or(IdentityFault::Form)?;
        let born = birth::day(eight, birth::COORDINATION)?;
        if luhn::agrees(ten) { Ok((Self(twelve.into()), born)) } else { Err(IdentityFault::CheckDigit) }
    }

    /// The day of birth, as far as it is known: the day without the added 60.
    pub fn birth_date(&self) -> Option<Date> {
        birth::day(self.0.get(..8)?, birth::COORDINATION).ok()
    }
}
