//! Code systems and value sets: whether a code exists, what it is called, and which value sets it is in.

use super::NodeRef;
use super::library::Library;

/// A CodeSystem's codes.
pub struct CodeSystem;

/// A ValueSet's rules.
pub struct ValueSet;

impl CodeSystem {
    /// Reads a CodeSystem resource.
    pub fn read(_resource: NodeRef<'_>) -> Self {
        Self
    }
}

impl ValueSet {
    /// Reads a ValueSet resource.
    pub fn read(_resource: NodeRef<'_>) -> Self {
        Self
    }
}

/// A code with what stands beside it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Coded<'a> {
    /// The system; `None` for elements of type `code`, which have none.
    pub system: Option<&'a str>,
    /// The version of the system.
    pub version: Option<&'a str>,
    /// The code.
    pub code: &'a str,
    /// What is shown.
    pub display: Option<&'a str>,
}

/// Whether a code is in a value set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Membership {
    /// It is.
    Member,
    /// It is not.
    NotMember,
    /// The content at hand does not tell.
    Unknown(Unknown),
}

/// Why something of terminology is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unknown {
    /// The value set of this URL is not at hand.
    ValueSet(String),
    /// The codes of this system are not at hand, or only a part of them.
    System(String),
    /// The value set of this URL is too large, or asks for something that we can't compute.
    Rule(String),
}

/// What is known of a code in its system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeStatus {
    /// It exists.
    Exists {
        /// Whether it is in use no more.
        is_inactive: bool,
        /// Whether it only groups others and is no value.
        is_abstract: bool,
        /// Whether the display that was given is one of its own; `None` where none was given or none is known.
        display_fits: Option<bool>,
        /// The display in its system.
        display: Option<String>,
    },
    /// The system does not have it.
    Missing,
    /// The content at hand does not tell.
    Unknown(Unknown),
}

impl Library {
    /// Whether a code is in a value set (canonical URL, with or without version).
    pub fn membership(&self, value_set: &str, _coded: Coded<'_>) -> Membership {
        Membership::Unknown(Unknown::ValueSet(value_set.to_owned()))
    }

    /// What is known of a code in its system.
    pub fn code_status(&self, coded: Coded<'_>) -> CodeStatus {
        CodeStatus::Unknown(Unknown::System(coded.system.unwrap_or_default().to_owned()))
    }
}
