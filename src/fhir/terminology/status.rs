//! What is known of a code in its system.

use super::code_system::{CodeSystem, ConceptRef, Content};
use super::systems::{self, Grammar};
use super::{Coded, Unknown};
use crate::fhir::Library;

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

/// As [`CodeStatus`], with what it was read from and without copies.
pub enum Status<'l> {
    /// The system at hand has it.
    Concept(&'l CodeSystem, ConceptRef<'l>),
    /// The grammar of its system allows it.
    Formed,
    /// The system does not have it: the codes of one at hand, for suggestions, or its grammar.
    Missing(Option<&'l CodeSystem>),
    /// The codes of the system, of this version, are not at hand, or only a part of them.
    Unknown,
}

impl Library {
    /// What is known of a code in its system.
    pub fn code_status(&self, coded: Coded<'_>) -> CodeStatus {
        match self.status(&coded) {
            Status::Concept(_, concept) => CodeStatus::Exists {
                is_inactive: concept.is_inactive() || concept.is_deprecated(),
                is_abstract: concept.is_abstract(),
                display_fits: coded.display.and_then(|display| self.display_fits(&coded, concept, display)),
                display: Some(concept.display()).filter(|it| !it.is_empty()).map(str::to_owned),
            },
            Status::Formed => {
                CodeStatus::Exists { is_inactive: false, is_abstract: false, display_fits: None, display: None }
            }
            Status::Missing(_) => CodeStatus::Missing,
            Status::Unknown => {
                let system = coded.system.unwrap_or_default();
                let canonical = coded.version.map(|version| format!("{system}|{version}"));
                CodeStatus::Unknown(Unknown::System(canonical.unwrap_or_else(|| system.to_owned())))
            }
        }
    }

    /// What is known of a code in its system, without copies.
    pub fn status(&self, coded: &Coded<'_>) -> Status<'_> {
        let Some(url) = coded.system else { return Status::Unknown };
        let versioned = coded.version.map(|version| format!("{url}|{version}"));
        let found = self.code_system(versioned.as_deref().unwrap_or(url)).filter(|it| !it.is_supplement());
        // A system without a version of its own may be any.
        let found = found.or_else(|| self.code_system(url).filter(|it| it.version.is_empty() && !it.is_supplement()));
        let found = found.or_else(|| systems::code_system(url));
        if let Some(system) = found {
            if let Some(concept) = system.find(coded.code) {
                return Status::Concept(system, concept);
            }
            if system.content == Content::Complete {
                return Status::Missing(Some(system));
            }
        }
        match Grammar::of(url).and_then(|grammar| grammar.has(coded.code)) {
            Some(true) => Status::Formed,
            Some(false) => Status::Missing(None),
            None => Status::Unknown,
        }
    }

    /// Whether a display is one of a concept's own, or of those that supplements give it; `None` where none is known.
    pub fn display_fits(&self, coded: &Coded<'_>, concept: ConceptRef<'_>, display: &str) -> Option<bool> {
        let own = concept.fits(display);
        if own == Some(true) {
            return own;
        }
        let added = self.supplements(coded.system?).filter_map(|it| it.find(concept.code())?.fits(display));
        added.chain(own).max()
    }
}
