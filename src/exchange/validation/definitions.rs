//! The definitions at hand: those that the gateway was started with, and those that were written to it.
//!
//! A library never changes; when a definition is written or deleted a new one takes its place, and a request that has
//! begun goes on with the one it began with. Which resources changed is noted at their commit, and they are read anew
//! when the library is next asked for: whatever came of the commit, what is on disk counts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use crate::fhir::search::{self, Visibility};
use crate::fhir::{Document, Library, ResourceKey, ResourceType};
use crate::store::{Refused, Store, StoredVersion};

/// The types that become known when they are written.
pub const TYPES: [&str; 4] = ["StructureDefinition", "ValueSet", "CodeSystem", "Questionnaire"];

/// So many are read at once.
const PAGE: u32 = 200;

/// The library of a gateway.
pub struct StoredDefinitions {
    under: Arc<Library>,
    state: RwLock<State>,
    /// What is stored; whoever reads it anew holds this.
    held: tokio::sync::Mutex<Held>,
}

struct State {
    library: Arc<Library>,
    /// Whether everything stored was read once.
    is_loaded: bool,
    /// What changed since.
    changed: BTreeSet<ResourceKey>,
}

#[derive(Default)]
struct Held {
    is_loaded: bool,
    /// With the sequence number of the version: of two with the same URL the later one counts.
    documents: BTreeMap<ResourceKey, (u64, Arc<Document>)>,
}

/// Whether a resource of this type is a definition that becomes known.
pub fn is_definition(kind: ResourceType) -> bool {
    TYPES.contains(&kind.as_str())
}

impl StoredDefinitions {
    /// Over the definitions that the gateway was started with.
    pub fn over(under: Arc<Library>) -> Self {
        let state = State { library: under.clone(), is_loaded: false, changed: BTreeSet::new() };
        Self { under, state: RwLock::new(state), held: tokio::sync::Mutex::default() }
    }

    /// The library as it is now.
    ///
    /// # Errors
    /// Where what is stored can't be read.
    pub async fn library(&self, store: &dyn Store) -> Result<Arc<Library>, Refused> {
        {
            let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
            if state.is_loaded && state.changed.is_empty() {
                return Ok(state.library.clone());
            }
        }
        let mut held = self.held.lock().await;
        let changed: BTreeSet<ResourceKey> = self.take_changed();
        if let Err(refused) = held.read(store, &changed).await {
            self.changed(changed);
            return Err(refused);
        }
        let library = self.library_of(&held);
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.library = library.clone();
        state.is_loaded = true;
        Ok(library)
    }

    /// Notes that these may be others now. Those that are no definitions are left out.
    pub fn changed(&self, keys: impl IntoIterator<Item = ResourceKey>) {
        let mut keys = keys.into_iter().filter(|key| is_definition(key.kind)).peekable();
        if keys.peek().is_some() {
            self.state.write().unwrap_or_else(PoisonError::into_inner).changed.extend(keys);
        }
    }

    /// Whether the gateway was started with a definition of this URL: then that one counts, and not one that is written.
    pub fn is_covered(&self, url: &str) -> bool {
        self.under.knows(url)
    }

    fn take_changed(&self) -> BTreeSet<ResourceKey> {
        std::mem::take(&mut self.state.write().unwrap_or_else(PoisonError::into_inner).changed)
    }

    fn library_of(&self, held: &Held) -> Arc<Library> {
        let is_covered = |document: &Document| document.root().str_at("url").is_none_or(|url| self.is_covered(&url));
        let mut known: Vec<_> = held.documents.values().filter(|(_, document)| !is_covered(document)).collect();
        if known.is_empty() {
            return self.under.clone();
        }
        known.sort_by_key(|(sequence, _)| *sequence);
        Arc::new(Library::over(&self.under, known.into_iter().map(|(_, document)| document.clone())))
    }
}

impl Held {
    async fn read(&mut self, store: &dyn Store, changed: &BTreeSet<ResourceKey>) -> Result<(), Refused> {
        if !self.is_loaded {
            self.documents.clear();
            for kind in TYPES.into_iter().filter_map(ResourceType::parse) {
                self.read_all(store, kind).await?;
            }
            self.is_loaded = true;
            return Ok(());
        }
        let keys: Vec<ResourceKey> = changed.iter().cloned().collect();
        if keys.is_empty() {
            return Ok(());
        }
        let versions = store.read_many(&keys).await?;
        keys.iter().for_each(|key| drop(self.documents.remove(key)));
        versions.into_iter().for_each(|version| self.hold(version));
        Ok(())
    }

    async fn read_all(&mut self, store: &dyn Store, kind: ResourceType) -> Result<(), Refused> {
        let count = PAGE.to_string();
        let Ok(asked) = search::parse(kind, &[("_count".to_owned(), count)], true, "") else { return Ok(()) };
        let mut query = search::Query { visible: Visibility::Everything, total: false, ..asked.query };
        loop {
            let page = store.search(&query).await?;
            page.matches.into_iter().for_each(|version| self.hold(version));
            match page.next {
                Some(next) => query.after = Some(next),
                None => return Ok(()),
            }
        }
    }

    fn hold(&mut self, version: StoredVersion) {
        let document = version.text.and_then(|text| Document::parse(text).ok());
        if let Some(document) = document {
            self.documents.insert(version.key, (version.sequence, Arc::new(document)));
        }
    }
}
