//! What a delivery tells of: of each resource that changed, the newest version there is.
//!
//! A delivery names the versions that caused it. When it is sent they may be old: it waited for its receiver, or was a
//! dead letter that somebody replays after later ones went through. Receivers apply what arrives in the order in which it
//! arrives, so the newest version goes in place of an older one, and a deletion in place of what was deleted. A receiver
//! may be told the same version twice; it never ends with an older state than the one it had.

use crate::fhir::ResourceKey;
use crate::store::{Refused, Store, StoredVersion};

/// One change of a delivery.
#[derive(Debug, Clone)]
pub struct Content {
    /// What is sent: the newest version.
    pub newest: StoredVersion,
    /// The version that the delivery names, where it is another.
    pub named: Option<StoredVersion>,
}

impl Content {
    /// The versions that permission is needed for.
    pub fn versions(&self) -> impl Iterator<Item = &StoredVersion> {
        std::iter::once(&self.newest).chain(&self.named)
    }
}

/// Reads the contents of a list of changes, in its order. A resource that the store does not have is left out.
///
/// # Errors
/// When the store can't be read.
pub async fn read(store: &dyn Store, changes: &[(ResourceKey, u64)]) -> Result<Vec<Content>, Refused> {
    let keys: Vec<_> = changes.iter().map(|(key, _)| key.clone()).collect();
    let newest = store.read_many(&keys).await?;
    let mut contents = Vec::with_capacity(changes.len());
    for (key, number) in changes {
        let Some(newest) = newest.iter().find(|version| version.key == *key).cloned() else { continue };
        let named = if newest.version == *number { None } else { store.read_version(key, *number).await? };
        contents.push(Content { newest, named });
    }
    Ok(contents)
}
