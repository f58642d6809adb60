//! Reservnummer: what care calls a person whose number is not known, until it is.
//!
//! The form is kept loose: eight digits, then four of `0-9A-Z` with at least one letter. The stricter pattern in
//! circulation (HL7 Sweden's unreleased branch) uses a class intersection that few engines read, and refuses the
//! published example 20210325K069. The eight digits need be no day of birth, nor of our time (22950606-FH20).

use super::systems::PersonSystem;
use super::{IdentityFault, notation};

/// A national or a region's own reservnummer.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reservnummer {
    system: PersonSystem,
    value: Box<str>,
}

impl Reservnummer {
    /// Reads a national reservnummer.
    ///
    /// # Errors
    /// When the text does not have the form.
    pub fn parse(text: &str) -> Result<Self, IdentityFault> {
        Self::parse_in(PersonSystem::Reservnummer, text)
    }

    /// Reads a reservnummer of the register that issued it: the same characters in another register are another person.
    ///
    /// # Errors
    /// When the text does not have the form, or the system holds no reservnummer.
    pub fn parse_in(system: PersonSystem, text: &str) -> Result<Self, IdentityFault> {
        Self::of_twelve(system, &notation::twelve(text, None)?)
    }

    pub(super) fn of_twelve(system: PersonSystem, twelve: &str) -> Result<Self, IdentityFault> {
        if !system.holds_reservnummer() {
            return Err(IdentityFault::Kind);
        }
        let last = twelve.get(8..).ok_or(IdentityFault::Form)?;
        if notation::all_digits(last) { Err(IdentityFault::Kind) } else { Ok(Self { system, value: twelve.into() }) }
    }

    /// The register that issued it.
    pub fn system(&self) -> PersonSystem {
        self.system
    }

    /// The twelve characters; the only way out of the type.
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl std::fmt::Debug for Reservnummer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reservnummer(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_examples_are_read() {
        for (text, value) in
            [("98240301AA06", "98240301AA06"), ("20210325K069", "20210325K069"), ("22950606-FH20", "22950606FH20")]
        {
            assert_eq!(Reservnummer::parse(text).unwrap().value(), value);
        }
    }

    #[test]
    fn digits_alone_are_no_reservnummer() {
        assert_eq!(Reservnummer::parse("191212121212"), Err(IdentityFault::Kind));
    }

    #[test]
    fn a_local_number_is_not_the_national_one_of_the_same_characters() {
        let local = Reservnummer::parse_in(PersonSystem::ReservnummerVasterbotten, "19890715R910").unwrap();
        assert_ne!(local, Reservnummer::parse("19890715R910").unwrap());
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Reservnummer::parse("98240301AA06").unwrap()), "Reservnummer(redacted)");
    }
}
