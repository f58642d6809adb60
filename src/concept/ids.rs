//! Who: the patient, practitioners and organisations by their Swedish numbers, and business identifiers.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::identity::{HsaId, PersonId};

/// The patient: one string in JSON, in any notation with a century; written as its twelve characters, and a region's
/// own reservnummer as `system|value`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Patient(pub PersonId);

impl Patient {
    /// Reads any notation of personnummer, samordningsnummer or reservnummer, or `system|value`.
    pub fn parse(text: &str) -> Option<Self> {
        PersonId::parse_token(text).ok().map(Self)
    }

    /// Reads a number of the system that is named by URI or OID.
    pub fn parse_as(system: &str, value: &str) -> Option<Self> {
        PersonId::parse_as(system, value).ok().map(Self)
    }
}

/// An HSA-id in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hsa(pub HsaId);

impl Hsa {
    /// Reads an HSA-id.
    pub fn parse(text: &str) -> Option<Self> {
        HsaId::parse(text).ok().map(Self)
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        self.0.value()
    }
}

/// A business identifier: what the sender calls the thing, so that the same thing sent again replaces it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identifier {
    /// URI of the name space.
    pub system: String,
    /// The name in it.
    pub value: String,
}

impl fmt::Debug for Identifier {
    /// Senders have been seen to use a personnummer as the value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identifier({}|..)", self.system)
    }
}
