//! A page of a search.

use super::StoredVersion;
use crate::fhir::search::Cursor;

/// A page of matches.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Matches in order.
    pub matches: Vec<StoredVersion>,
    /// What includes added.
    pub included: Vec<StoredVersion>,
    /// The number of all matches, where it was asked for.
    pub total: Option<u64>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<Cursor>,
}
