//! HSA-id: what the national directory of care calls a person, a unit or a system.

use super::IdentityFault;
use super::text_form::text_form;

/// The longest HSA-id, in characters.
const LONGEST: usize = 31;

/// An HSA-id: `SE`, the organisation's ten digits, a hyphen, and capitals or digits; at most 31 characters.
///
/// The digits' check digit is not asked for: the directory's test organisations have none that agrees.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HsaId(Box<str>);

text_form!(HsaId);

impl HsaId {
    /// Reads an HSA-id; spaces around are no part of it, letters are made capitals.
    ///
    /// # Errors
    /// When the text does not have the form.
    pub fn parse(text: &str) -> Result<Self, IdentityFault> {
        let upper = text.trim().to_ascii_uppercase();
        if is_hsa_id(&upper) { Ok(Self(upper.into())) } else { Err(IdentityFault::HsaId) }
    }

    /// The ten digits of the organisation that issued it.
    pub fn organisation(&self) -> &str {
        self.0.get(2..12).unwrap_or_default()
    }
}

fn is_hsa_id(upper: &str) -> bool {
    let parts = upper.strip_prefix("SE").and_then(|rest| rest.split_once('-'));
    parts.is_some_and(|(organisation, own)| {
        organisation.len() == 10
            && organisation.bytes().all(|byte| byte.is_ascii_digit())
            && !own.is_empty()
            && own.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
            && upper.len() <= LONGEST
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hsa_id_is_brought_to_capitals() {
        let read = HsaId::parse(" se2321000131-p000000123456 ").unwrap();
        assert_eq!(read.value(), "SE2321000131-P000000123456");
        assert_eq!(read.organisation(), "2321000131");
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "",
            "SE2321000131",
            "SE2321000131-",
            "NO2321000131-A",
            "SE232100013-A",
            "SE2321000131-A_B",
            "SE2321000131-Å",
            "SE2321000131-1234567890123456789",
        ] {
            assert_eq!(HsaId::parse(text), Err(IdentityFault::HsaId), "{text}");
        }
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", HsaId::parse("SE2321000131-A1").unwrap()), "HsaId(redacted)");
    }
}
