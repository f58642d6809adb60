//! The definitions at hand, by canonical URL: structures, value sets, code systems and what else packages bring.
//!
//! A [`Library`] never changes once it is made. It lies over another one, and at the bottom is the one that is embedded
//! in the binary. A definition is kept as its text and read when it is first asked for, so thousands of them cost
//! nothing at start.

mod archive;
mod compile;
mod package;
pub mod profile;
mod slim;
pub mod snapshot;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock, OnceLock};

use super::terminology::{CodeSystem, Members, ValueSet};
use super::{Document, NodeRef};

pub use archive::{Archive, ArchiveFault, Packer};
pub use package::{Package, PackageFault, PackageFile, Prepared};
pub use profile::Profile;

/// The kinds of definition that a library tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum DefinitionKind {
    /// StructureDefinition.
    Structure,
    /// ValueSet.
    ValueSet,
    /// CodeSystem, supplements among them.
    CodeSystem,
    /// Whatever else has a canonical URL: Questionnaire, ConceptMap, SearchParameter, ...
    Other,
}

/// The definitions at hand.
pub struct Library {
    under: Option<Arc<Library>>,
    entries: Vec<Entry>,
    /// URL without version -> its entries; of several, the last is the one that an unversioned canonical means.
    by_url: HashMap<Box<str>, Vec<u32>>,
    /// Code system URL -> its supplements among the entries.
    supplements: HashMap<Box<str>, Vec<u32>>,
    /// (resource type, profile) that implementation guides ask for of every resource.
    globals: Vec<(String, String)>,
    /// The value sets made ready, by the place of their entry in the whole: those below first. They are kept by the
    /// library that was asked, since what they hold depends on all that it has.
    members: OnceLock<Box<[OnceLock<Arc<Members>>]>>,
}

struct Entry {
    kind: DefinitionKind,
    version: Box<str>,
    text: Text,
    document: OnceLock<Option<Arc<Document>>>,
    parsed: OnceLock<Parsed>,
}

/// A definition's text, as it is kept.
enum Text {
    Plain(Arc<Document>),
    Archived { archive: Arc<Archive>, index: u32 },
}

enum Parsed {
    Structure(Result<Box<Profile>, String>),
    ValueSet(Box<ValueSet>),
    CodeSystem(Box<CodeSystem>),
    Other,
}

impl fmt::Debug for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Library({} definitions)", self.entries.len())
    }
}

impl Library {
    /// The library in the binary: FHIR R4, HL7 Terminology, extensions, IPS, the Swedish base, and our own.
    pub fn embedded() -> &'static Arc<Self> {
        static EMBEDDED: LazyLock<Arc<Library>> = LazyLock::new(|| {
            let mut library = Library::empty(None);
            library.extend(archive::embedded());
            Arc::new(library)
        });
        &EMBEDDED
    }

    /// A library with nothing in it, over another one.
    fn empty(under: Option<Arc<Self>>) -> Self {
        let (by_url, supplements, members) = (HashMap::new(), HashMap::new(), OnceLock::new());
        Self { under, entries: Vec::new(), by_url, supplements, globals: Vec::new(), members }
    }

    /// These resources, in their order, over another library. What has no canonical URL is left out.
    pub fn over(under: &Arc<Self>, documents: impl IntoIterator<Item = impl Into<Arc<Document>>>) -> Self {
        let mut library = Self::empty(Some(under.clone()));
        for document in documents {
            library.add_document(document.into());
        }
        library
    }

    /// Archives (packages made ready), in their order, over another library.
    pub fn of_archives(under: &Arc<Self>, archives: impl IntoIterator<Item = Arc<Archive>>) -> Self {
        let mut library = Self::empty(Some(under.clone()));
        archives.into_iter().for_each(|archive| library.extend(archive));
        library
    }

    fn extend(&mut self, archive: Arc<Archive>) {
        for (index, item) in archive.items().iter().enumerate() {
            let text = Text::Archived { archive: archive.clone(), index: u32::try_from(index).unwrap_or(u32::MAX) };
            self.globals.extend(item.globals.iter().cloned());
            self.add(item.kind, &item.url, &item.version, item.supplements.as_deref(), text);
        }
    }

    fn add_document(&mut self, document: Arc<Document>) {
        let root = document.root();
        let Some(url) = root.str_at("url") else { return };
        self.globals.extend(archive::globals(root));
        let kind = DefinitionKind::of(root);
        let version = root.str_at("version").unwrap_or_default();
        let supplemented = root.str_at("supplements").filter(|_| kind == DefinitionKind::CodeSystem);
        self.add(kind, &url, &version, supplemented.as_deref(), Text::Plain(document.clone()));
    }

    fn add(&mut self, kind: DefinitionKind, url: &str, version: &str, supplemented: Option<&str>, text: Text) {
        let index = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        let (document, parsed) = (OnceLock::new(), OnceLock::new());
        self.entries.push(Entry { kind, version: version.into(), text, document, parsed });
        self.by_url.entry(url.into()).or_default().push(index);
        if let Some(system) = supplemented {
            let system = system.split('|').next().unwrap_or(system);
            self.supplements.entry(system.into()).or_default().push(index);
        }
    }

    /// The profile, extension or type of a canonical URL (`url` or `url|version`), ready for the walk; `Err` says why
    /// the definition that is there can't be used.
    pub fn structure(&self, canonical: &str) -> Option<Result<&Profile, &str>> {
        let (library, entry) = self.find(DefinitionKind::Structure, canonical)?;
        match library.parsed(entry, self) {
            Parsed::Structure(Ok(profile)) => Some(Ok(profile)),
            Parsed::Structure(Err(why)) => Some(Err(why)),
            _ => None,
        }
    }

    /// The value set of a canonical URL.
    pub fn value_set(&self, canonical: &str) -> Option<&ValueSet> {
        let (library, entry) = self.find(DefinitionKind::ValueSet, canonical)?;
        match library.parsed(entry, self) {
            Parsed::ValueSet(value_set) => Some(value_set),
            _ => None,
        }
    }

    /// The value set of a canonical URL, and where its members are kept once they are known.
    pub(super) fn members_slot(&self, canonical: &str) -> Option<(&ValueSet, &OnceLock<Arc<Members>>)> {
        let (library, entry) = self.find(DefinitionKind::ValueSet, canonical)?;
        let Parsed::ValueSet(value_set) = library.parsed(entry, self) else { return None };
        let slots = self.members.get_or_init(|| (0..self.count()).map(|_| OnceLock::new()).collect());
        let below = library.under.as_deref().map_or(0, Self::count);
        Some((value_set, slots.get(below + entry)?))
    }

    /// How many entries there are, those below included.
    fn count(&self) -> usize {
        self.entries.len() + self.under.as_deref().map_or(0, Self::count)
    }

    /// The code system of a canonical URL; a supplement is asked for by its own URL.
    pub fn code_system(&self, canonical: &str) -> Option<&CodeSystem> {
        let (library, entry) = self.find(DefinitionKind::CodeSystem, canonical)?;
        match library.parsed(entry, self) {
            Parsed::CodeSystem(system) => Some(system),
            _ => None,
        }
    }

    /// The supplements of a code system (URL without version), from everywhere.
    pub fn supplements<'l>(&'l self, system: &'l str) -> impl Iterator<Item = &'l CodeSystem> {
        std::iter::successors(Some(self), |library| library.under.as_deref()).flat_map(move |library| {
            let found = library.supplements.get(system).map_or(&[][..], Vec::as_slice);
            found.iter().filter_map(move |index| match library.parsed(*index as usize, self) {
                Parsed::CodeSystem(system) => Some(&**system),
                _ => None,
            })
        })
    }

    /// The definition of a canonical URL as a resource: with the elements that the gateway uses, if it comes from an
    /// archive, and as it was received otherwise.
    pub fn document(&self, kind: DefinitionKind, canonical: &str) -> Option<&Document> {
        let (library, entry) = self.find(kind, canonical)?;
        library.entries[entry].document()
    }

    /// Whether anything has this canonical URL.
    pub fn knows(&self, canonical: &str) -> bool {
        use DefinitionKind::{CodeSystem, Other, Structure, ValueSet};
        [Structure, ValueSet, CodeSystem, Other].into_iter().any(|kind| self.find(kind, canonical).is_some())
    }

    /// The profiles that the implementation guides at hand ask for of every resource of a type
    /// ([global](https://hl7.org/fhir/R4/implementationguide-definitions.html#ImplementationGuide.global)).
    pub fn global_profiles<'l>(&'l self, type_name: &'l str) -> impl Iterator<Item = &'l str> {
        let all = std::iter::successors(Some(self), |library| library.under.as_deref());
        let globals = all.flat_map(|library| &library.globals);
        globals.filter(move |(name, _)| name == type_name).map(|(_, profile)| profile.as_str())
    }

    /// The versions at hand of a URL, in the order of loading.
    pub fn versions(&self, kind: DefinitionKind, url: &str) -> Vec<&str> {
        let below = self.under.as_deref().map(|under| under.versions(kind, url)).unwrap_or_default();
        let here = self.by_url.get(url).into_iter().flatten().map(|index| &self.entries[*index as usize]);
        below.into_iter().chain(here.filter(|entry| entry.kind == kind).map(|entry| &*entry.version)).collect()
    }

    /// The library and place of the entry that a canonical means: with a version the one of that version, without one
    /// the last that was loaded.
    fn find(&self, kind: DefinitionKind, canonical: &str) -> Option<(&Self, usize)> {
        let (url, version) = canonical.split_once('|').map_or((canonical, None), |(url, v)| (url, Some(v)));
        let fits = |index: &&u32| {
            let entry = &self.entries[**index as usize];
            entry.kind == kind && version.is_none_or(|version| version_fits(&entry.version, version))
        };
        let here = self.by_url.get(url).and_then(|found| found.iter().rev().find(fits));
        match here {
            Some(index) => Some((self, *index as usize)),
            None => self.under.as_deref()?.find(kind, canonical),
        }
    }

    /// Reads an entry at first need. `whole` is the library that was asked: what an entry derives from is looked up there.
    fn parsed(&self, index: usize, whole: &Self) -> &Parsed {
        let entry = &self.entries[index];
        entry.parsed.get_or_init(|| {
            let Some(document) = entry.document() else {
                return Parsed::Structure(Err("its text can't be read".into()));
            };
            match entry.kind {
                DefinitionKind::Structure => Parsed::Structure(compile::profile(document, whole).map(Box::new)),
                DefinitionKind::ValueSet => Parsed::ValueSet(Box::new(ValueSet::read(document.root()))),
                DefinitionKind::CodeSystem => Parsed::CodeSystem(Box::new(CodeSystem::read(document.root()))),
                DefinitionKind::Other => Parsed::Other,
            }
        })
    }
}

impl Entry {
    fn document(&self) -> Option<&Document> {
        let read = || match &self.text {
            Text::Plain(document) => Some(document.clone()),
            Text::Archived { archive, index } => archive.document(*index as usize).map(Arc::new),
        };
        self.document.get_or_init(read).as_deref()
    }
}

impl DefinitionKind {
    /// The kind of a resource.
    pub fn of(resource: NodeRef<'_>) -> Self {
        match resource.str_at("resourceType").as_deref() {
            Some("StructureDefinition") => Self::Structure,
            Some("ValueSet") => Self::ValueSet,
            Some("CodeSystem") => Self::CodeSystem,
            _ => Self::Other,
        }
    }
}

/// `4.0` fits 4.0.1: a version that is given in part means any that begins with it.
fn version_fits(version: &str, asked: &str) -> bool {
    version == asked || version.strip_prefix(asked).is_some_and(|rest| rest.starts_with('.'))
}
