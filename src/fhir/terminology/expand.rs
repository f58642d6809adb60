//! A value set as a list.

use super::Unknown;
use crate::fhir::Library;

/// So many codes are listed at most.
pub const MOST: usize = 50_000;

/// A code of a value set, with what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concept {
    /// Its system.
    pub system: String,
    /// The code.
    pub code: String,
    /// What the value set or the system calls it; empty where none does.
    pub display: String,
}

/// Why a value set can't be listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotExpandable {
    /// Content is missing, or a rule can't be followed.
    Unknown(Unknown),
    /// It has so many codes.
    TooLarge(usize),
}

impl Library {
    /// All codes of a value set (canonical URL, with or without version), in the order of its rules.
    ///
    /// # Errors
    /// Why they can't be listed.
    pub fn expand(&self, value_set: &str) -> Result<Vec<Concept>, NotExpandable> {
        let members = self.members(value_set);
        let members = members.ok_or_else(|| NotExpandable::Unknown(Unknown::ValueSet(value_set.to_owned())))?;
        let Some(table) = members.0.listed() else {
            let why = members.0.why_not_listed().cloned();
            return Err(NotExpandable::Unknown(why.unwrap_or_else(|| Unknown::Rule(value_set.to_owned()))));
        };
        if table.len() > MOST {
            return Err(NotExpandable::TooLarge(table.len()));
        }
        let of_system = |system: &str, code: &str| Some(self.code_system(system)?.find(code)?.display().to_owned());
        let concepts = table.rows().map(|row| {
            let own = row.displays().next().map(str::to_owned);
            let display = own.or_else(|| of_system(row.system(), row.code())).unwrap_or_default();
            Concept { system: row.system().to_owned(), code: row.code().to_owned(), display }
        });
        Ok(concepts.collect())
    }
}
