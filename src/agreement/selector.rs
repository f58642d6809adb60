//! Which evidence an obligation asks for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::evidence::Evidence;

/// One name or several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Names {
    /// One.
    One(String),
    /// Any of several.
    Several(Vec<String>),
}

impl Names {
    /// The names in the order of the file.
    pub fn as_slice(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names) => names,
        }
    }
}

/// Evidence of some kinds that meets all of the conditions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selector {
    /// The kinds, any of them.
    pub kind: Names,
    /// Carries one of these codes; empty asks for none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<String>,
    /// Carries all of these parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
    /// Carries none of these parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<String>,
    /// Each named part has one of the values.
    #[serde(default, rename = "where", skip_serializing_if = "BTreeMap::is_empty")]
    pub having: BTreeMap<String, Vec<String>>,
    /// Counts only while one of the subject's own facts leads to an organisation that it involves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub through: Vec<Link>,
}

/// A step from the subject to an organisation: the unit's affiliation leads to its hälsocentral.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The kind of the subject's own evidence.
    pub kind: String,
    /// The part of it that holds the organisation's reference.
    pub part: String,
}

impl Selector {
    /// The kinds asked for.
    pub fn kinds(&self) -> &[String] {
        self.kind.as_slice()
    }

    /// Whether evidence of one of the kinds meets the other conditions ([`Selector::through`] is judged by the caller).
    pub fn admits(&self, evidence: &Evidence) -> bool {
        (self.codes.is_empty() || self.codes.iter().any(|code| evidence.codes.contains(code)))
            && self.parts.iter().all(|part| evidence.parts.contains_key(part))
            && !self.without.iter().any(|part| evidence.parts.contains_key(part))
            && self.having.iter().all(|(part, values)| evidence.parts.get(part).is_some_and(|it| values.contains(it)))
    }
}
