//! Who a resource is about: one of the three kinds of number that care uses for people.

use std::borrow::Cow;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::systems::PersonSystem;
use super::{IdentityFault, Personnummer, Reservnummer, Samordningsnummer, birth, notation};

/// A personnummer, samordningsnummer or reservnummer.
///
/// In JSON it is its twelve characters; a region's own reservnummer is `system|value`, for its characters alone would
/// be read as a national number, and that may be somebody else's.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PersonId {
    /// A personnummer.
    Personnummer(Personnummer),
    /// A samordningsnummer.
    Samordningsnummer(Samordningsnummer),
    /// A reservnummer, national or a region's own.
    Reservnummer(Reservnummer),
}

impl PersonId {
    /// Reads a number and tells its kind from its form: letters make a (national) reservnummer, a day above 60 a
    /// samordningsnummer. A notation without century is refused; [`PersonId::parse_on`] reads it.
    ///
    /// # Errors
    /// The rule that the text broke.
    pub fn parse(text: &str) -> Result<Self, IdentityFault> {
        Self::of_twelve(&notation::twelve(text, None)?).map(|(id, _)| id)
    }

    /// Reads a number in any notation, ten digits included: their century follows from the separator (`+` from the
    /// year in which the person becomes 100) and the day of today in Sweden.
    ///
    /// # Errors
    /// The rule that the text broke; a day of birth after `today` is one.
    pub fn parse_on(text: &str, today: Date) -> Result<Self, IdentityFault> {
        let (id, born) = Self::of_twelve(&notation::twelve(text, Some(today))?)?;
        birth::has_come(born.unwrap_or(today), today).map(|()| id)
    }

    /// Reads a number of the system that is named by URI, `urn:oid:` or bare OID.
    ///
    /// # Errors
    /// The rule that the text broke; a system that holds no people, or holds another kind of number, is one.
    pub fn parse_as(system_or_oid: &str, value: &str) -> Result<Self, IdentityFault> {
        let system = Self::from_system_uri_or_oid(system_or_oid).ok_or(IdentityFault::System)?;
        let twelve = notation::twelve(value, None)?;
        if system.holds_reservnummer() {
            return Reservnummer::of_twelve(system, &twelve).map(Self::Reservnummer);
        }
        let (id, _) = Self::of_twelve(&twelve)?;
        if id.person_system() == system { Ok(id) } else { Err(IdentityFault::Kind) }
    }

    /// The system behind a URI, a `urn:oid:` or a bare OID; `None` when it holds no numbers of people.
    pub fn from_system_uri_or_oid(system_or_oid: &str) -> Option<PersonSystem> {
        PersonSystem::of(system_or_oid)
    }

    /// Reads what [`Serialize`] writes: any notation of [`PersonId::parse`], or `system|value`.
    ///
    /// # Errors
    /// The rule that the text broke.
    pub fn parse_token(text: &str) -> Result<Self, IdentityFault> {
        match text.split_once('|') {
            Some((system, value)) => Self::parse_as(system, value),
            None => Self::parse(text),
        }
    }

    /// The text that [`PersonId::parse_token`] reads back: the twelve characters, after its system where they alone
    /// would be another number.
    pub fn token(&self) -> Cow<'_, str> {
        match self.person_system() {
            PersonSystem::Personnummer | PersonSystem::Samordningsnummer | PersonSystem::Reservnummer => {
                Cow::Borrowed(self.value())
            }
            local => Cow::Owned(format!("{}|{}", local.uri(), self.value())),
        }
    }

    fn of_twelve(twelve: &str) -> Result<(Self, Option<Date>), IdentityFault> {
        if !notation::all_digits(twelve) {
            let number = Reservnummer::of_twelve(PersonSystem::Reservnummer, twelve)?;
            return Ok((Self::Reservnummer(number), None));
        }
        if twelve.get(6..8).is_some_and(|day| day > "60") {
            return Samordningsnummer::of_twelve(twelve).map(|(id, born)| (Self::Samordningsnummer(id), Some(born)));
        }
        Personnummer::of_twelve(twelve).map(|(id, born)| (Self::Personnummer(id), Some(born)))
    }

    /// The system that the number stands in.
    pub fn person_system(&self) -> PersonSystem {
        match self {
            Self::Personnummer(_) => PersonSystem::Personnummer,
            Self::Samordningsnummer(_) => PersonSystem::Samordningsnummer,
            Self::Reservnummer(number) => number.system(),
        }
    }

    /// The URI of the system, as FHIR's `Identifier.system` has it.
    pub fn system(&self) -> &'static str {
        self.person_system().uri()
    }

    /// The twelve characters, as FHIR's `Identifier.value` has them; the only way out of the type.
    pub fn value(&self) -> &str {
        match self {
            Self::Personnummer(number) => number.value(),
            Self::Samordningsnummer(number) => number.value(),
            Self::Reservnummer(number) => number.value(),
        }
    }

    /// The day of birth; a reservnummer need not hold one.
    pub fn birth_date(&self) -> Option<Date> {
        match self {
            Self::Personnummer(number) => number.birth_date(),
            Self::Samordningsnummer(number) => number.birth_date(),
            Self::Reservnummer(_) => None,
        }
    }
}

impl std::fmt::Debug for PersonId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Personnummer(number) => number.fmt(f),
            Self::Samordningsnummer(number) => number.fmt(f),
            Self::Reservnummer(number) => number.fmt(f),
        }
    }
}

impl Serialize for PersonId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.token())
    }
}

impl<'de> Deserialize<'de> for PersonId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse_token(&Cow::<str>::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
