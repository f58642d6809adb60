//! Code systems and value sets: whether a code exists, what it is called, and which value sets it is in; offline, by
//! the definitions at hand.
//!
//! Answers have three values: what the content at hand does not tell is [`Membership::Unknown`], and says why. A value
//! set is made ready at its first question ([`Members`]) and kept; after that a question costs a few hash lookups.

mod code_system;
mod compile;
mod expand;
mod filter;
mod fold;
mod index;
mod set;
mod status;
mod systems;
#[cfg(test)]
mod tests;
mod value_set;

use std::sync::Arc;

use super::library::Library;

pub use code_system::{CodeSystem, ConceptRef, Content};
pub use expand::{Concept, NotExpandable};
pub use set::Members;
pub use status::{CodeStatus, Status};
pub use value_set::ValueSet;

use compile::Compiler;
use set::Said;

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

impl Library {
    /// Whether a code is in a value set (canonical URL, with or without version).
    pub fn membership(&self, value_set: &str, coded: Coded<'_>) -> Membership {
        if let Some(members) = self.members_slot(value_set).and_then(|(_, kept)| kept.get()) {
            return self.judge(members, &coded);
        }
        match self.members(value_set) {
            Some(members) => self.judge(&members, &coded),
            None => Membership::Unknown(Unknown::ValueSet(value_set.to_owned())),
        }
    }

    /// A value set made ready, for asking more of it; `None` where it is not at hand.
    pub fn members(&self, value_set: &str) -> Option<Arc<Members>> {
        Compiler::new(self).of_canonical(value_set)
    }

    /// A value set that is not in the library (one that is contained in a resource, say), made ready.
    pub fn members_of(&self, value_set: &ValueSet) -> Members {
        Members(Compiler::new(self).of(value_set))
    }

    /// Whether a code is in a value set that was made ready by this library.
    pub fn judge(&self, members: &Members, coded: &Coded<'_>) -> Membership {
        match members.0.ask(coded) {
            Said::Yes => Membership::Member,
            Said::Unknown(why) => Membership::Unknown(why.clone()),
            Said::No => match self.missing_version(coded) {
                Some(canonical) => Membership::Unknown(Unknown::System(canonical)),
                None => Membership::NotMember,
            },
        }
    }

    /// The system with its version, if a code names a version of a system of which only others are at hand.
    fn missing_version(&self, coded: &Coded<'_>) -> Option<String> {
        let (system, version) = (coded.system?, coded.version?);
        let canonical = format!("{system}|{version}");
        let is_other = self.code_system(system).is_some_and(|it| !it.version.is_empty());
        (is_other && self.code_system(&canonical).is_none()).then_some(canonical)
    }
}
