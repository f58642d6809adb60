//! Which rule a text broke. The text itself is never part of it: it may be a person's number, mistyped by one digit.

use std::fmt;

/// Why a text is not the number it was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdentityFault {
    /// Too short, too long, or a character where none may be.
    Form,
    /// Ten digits where it can't be told which century they mean.
    Century,
    /// The digits name no day of the calendar.
    Date,
    /// The day of birth has not come yet.
    Future,
    /// The last digit does not agree with the others.
    CheckDigit,
    /// The number is of another kind than its system says.
    Kind,
    /// A system that holds no numbers of people.
    System,
    /// Not the form of an HSA-id.
    HsaId,
    /// Not the form of an organisationsnummer.
    Organisation,
}

impl IdentityFault {
    /// The stable name of the rule that was broken, for an issue's `rule`.
    pub fn rule(self) -> &'static str {
        match self {
            Self::Form => "identity-form",
            Self::Century => "identity-century",
            Self::Date => "identity-date",
            Self::Future => "identity-future",
            Self::CheckDigit => "identity-check-digit",
            Self::Kind => "identity-kind",
            Self::System => "identity-system",
            Self::HsaId => "hsa-id-form",
            Self::Organisation => "organisation-number-form",
        }
    }

    /// What to change, in English.
    pub fn english(self) -> &'static str {
        match self {
            Self::Form => "Write the identity number with twelve characters, as YYYYMMDDNNNN.",
            Self::Century => "Write the year of the identity number with four digits: its century can't be told.",
            Self::Date => "The identity number holds a date that does not exist: correct its first eight digits.",
            Self::Future => "The identity number holds a day of birth that has not come yet: correct its date.",
            Self::CheckDigit => "The check digit of the identity number is wrong: one of its digits is mistyped.",
            Self::Kind => "The identity number is not of the kind that its system says: correct one of the two.",
            Self::System => "This system holds no personnummer, samordningsnummer or reservnummer: name one that does.",
            Self::HsaId => {
                "Write the HSA-id as SE, the ten digits of the organisation, a hyphen and letters A-Z or digits; at most 31 characters."
            }
            Self::Organisation => {
                "Write the organisation number with ten digits, the third at least 2, and its right check digit."
            }
        }
    }

    /// What to change, in Swedish.
    pub fn swedish(self) -> &'static str {
        match self {
            Self::Form => "Skriv identitetsnumret med tolv tecken, som ÅÅÅÅMMDDNNNN.",
            Self::Century => {
                "Skriv identitetsnumrets år med fyra siffror: det går inte att avgöra vilket sekel det är."
            }
            Self::Date => "Identitetsnumret innehåller ett datum som inte finns: rätta de åtta första siffrorna.",
            Self::Future => "Identitetsnumrets födelsedag har inte inträffat än: rätta datumet.",
            Self::CheckDigit => "Identitetsnumrets kontrollsiffra stämmer inte: någon siffra är felskriven.",
            Self::Kind => "Identitetsnumret är inte av det slag som dess system anger: rätta det ena av dem.",
            Self::System => {
                "Systemet innehåller inga personnummer, samordningsnummer eller reservnummer: ange ett som gör det."
            }
            Self::HsaId => {
                "Skriv HSA-id som SE, organisationens tio siffror, bindestreck och bokstäver A-Z eller siffror; högst 31 tecken."
            }
            Self::Organisation => {
                "Skriv organisationsnumret med tio siffror, den tredje minst 2, och rätt kontrollsiffra."
            }
        }
    }
}

impl fmt::Display for IdentityFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.english())
    }
}

impl std::error::Error for IdentityFault {}
