//! FHIR packages ([packages](https://hl7.org/fhir/packages.html)): a `package.tgz`, or the files of a folder; and how one
//! is made ready for a library.

use std::io::Read;

use flate2::read::GzDecoder;

use super::archive::Packer;
use super::{DefinitionKind, Library, snapshot};
use crate::fhir::tree::Limits;
use crate::fhir::{Document, NodeRef, Value};

/// A package's content.
#[derive(Debug, Default)]
pub struct Package {
    /// `hl7se.fhir.base`; empty where the files say nothing.
    pub name: String,
    /// `1.1.0`
    pub version: String,
    /// Name and version of the packages that it builds on.
    pub dependencies: Vec<(String, String)>,
    /// The versions of FHIR that it is for.
    pub fhir_versions: Vec<String>,
    /// Its resources, in the order of their files' names.
    pub files: Vec<PackageFile>,
}

/// A file of a package.
#[derive(Debug)]
pub struct PackageFile {
    /// The name inside the package.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Why a package can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PackageFault(pub String);

/// A package made ready.
#[derive(Debug)]
pub struct Prepared {
    /// The archive of its definitions.
    pub archive: Vec<u8>,
    /// What those who run the gateway should know, a line each.
    pub notes: Vec<String>,
}

/// No package has more files, and none of more bytes, or more in all: what claims to have is hostile.
const MOST_FILES: usize = 60_000;
const MOST_BYTES: u64 = 64 << 20;
const MOST_IN_ALL: u64 = 1 << 30;

/// The packages whose definitions are in the binary.
const EMBEDDED: [&str; 6] = [
    "hl7.fhir.r4.core",
    "hl7.fhir.r4.examples",
    "hl7.terminology.r4",
    "hl7.fhir.uv.extensions.r4",
    "hl7.fhir.uv.ips",
    "hl7se.fhir.base",
];

impl Package {
    /// Reads a `package.tgz`. Nothing is written anywhere, so names in it can lead nowhere.
    ///
    /// # Errors
    /// Where it is no gzipped tar, or larger than any package.
    pub fn from_tgz(bytes: &[u8]) -> Result<Self, PackageFault> {
        let fault = |it: std::io::Error| PackageFault(format!("it is no gzipped tar: {it}"));
        let mut archive = tar::Archive::new(GzDecoder::new(bytes).take(MOST_IN_ALL));
        let mut files = Vec::new();
        for entry in archive.entries().map_err(fault)? {
            let entry = entry.map_err(fault)?;
            let name = entry.path().map_err(fault)?.to_string_lossy().into_owned();
            if files.len() >= MOST_FILES {
                return Err(PackageFault("it has too many files".into()));
            }
            if !is_definition_file(&name) {
                continue;
            }
            let mut text = String::new();
            let read = entry.take(MOST_BYTES).read_to_string(&mut text);
            if read.is_ok() {
                files.push(PackageFile { name, text });
            }
        }
        Ok(Self::from_files(files))
    }

    /// The files of a folder, or a single one.
    pub fn from_files(mut files: Vec<PackageFile>) -> Self {
        files.sort_by(|a, b| a.name.cmp(&b.name));
        let about = files.iter().position(|file| file.name.rsplit('/').next() == Some("package.json"));
        let about = about.map(|at| files.remove(at)).and_then(|file| Document::parse(file.text).ok());
        let mut package = Self { files, ..Self::default() };
        if let Some(about) = about {
            package.describe(about.root());
        }
        package
    }

    fn describe(&mut self, about: NodeRef<'_>) {
        let text = |name: &str| about.str_at(name).unwrap_or_default().into_owned();
        (self.name, self.version) = (text("name"), text("version"));
        let dependencies = about.get("dependencies").into_iter().flat_map(|it| it.children());
        let one = |it: NodeRef<'_>| Some((it.key()?.into_owned(), it.as_str().unwrap_or_default().into_owned()));
        self.dependencies = dependencies.filter_map(one).collect();
        let versions = about.list("fhirVersions").chain(about.list("fhir-version-list"));
        self.fhir_versions = versions.filter_map(|it| Some(it.as_str()?.into_owned())).collect();
    }

    /// The definitions, those inside Bundles among them, with notes on files that can't be read.
    pub fn definitions(&self, notes: &mut Vec<String>) -> Vec<Document> {
        let mut found = Vec::new();
        for file in &self.files {
            match Document::parse_within(file.text.as_str(), Limits::default()) {
                Ok(document) if document.root().str_at("resourceType").as_deref() == Some("Bundle") => {
                    let entries = document.root().list("entry").filter_map(|entry| entry.get("resource"));
                    found.extend(entries.filter_map(|it| Document::parse(it.text()).ok()));
                }
                Ok(document) => found.push(document),
                Err(_) => notes.push(format!("{}: the file {} is not JSON and was left out", self.title(), file.name)),
            }
        }
        found.retain(|it| it.root().str_at("url").is_some());
        found
    }

    /// How notes name it.
    pub fn title(&self) -> String {
        match (self.name.as_str(), self.files.first()) {
            ("", Some(file)) => file.name.clone(),
            ("", None) => "(no files)".into(),
            (name, _) => format!("{name} {}", self.version),
        }
    }

    /// Makes the package ready: snapshots where they are missing, and notes on what is missing or can't be used.
    /// `under` holds what it builds on, `loaded` names the packages that are there besides those in the binary.
    ///
    /// # Errors
    /// Where the archive can't be made.
    pub fn prepare(&self, under: &std::sync::Arc<Library>, loaded: &[String]) -> Result<Prepared, PackageFault> {
        let mut notes = self.missing(loaded);
        let definitions = self.definitions(&mut notes);
        let library = Library::over(under, definitions.iter().cloned());
        let mut packer = Packer::default();
        for definition in &definitions {
            let complete = self.completed(definition, &library, &mut notes);
            packer.add(complete.as_ref().unwrap_or(definition).root()).map_err(|it| PackageFault(it.0))?;
        }
        Ok(Prepared { archive: packer.finish().map_err(|it| PackageFault(it.0))?, notes })
    }

    /// What it builds on and is not there, and versions of FHIR that are not ours.
    fn missing(&self, loaded: &[String]) -> Vec<String> {
        let title = self.title();
        let is_there = |name: &String| EMBEDDED.contains(&name.as_str()) || loaded.contains(name);
        let missing = self.dependencies.iter().filter(|(name, _)| !is_there(name));
        let mut notes: Vec<String> =
            missing.map(|(name, version)| format!("{title} needs {name} {version}, which is not loaded")).collect();
        if !self.fhir_versions.is_empty() && !self.fhir_versions.iter().any(|it| it.starts_with("4.0")) {
            notes.push(format!("{title} is for FHIR {}, and this gateway speaks 4.0.1", self.fhir_versions.join(", ")));
        }
        notes
    }

    /// A StructureDefinition with the snapshot that it lacks.
    fn completed(&self, definition: &Document, library: &Library, notes: &mut Vec<String>) -> Option<Document> {
        let root = definition.root();
        if DefinitionKind::of(root) != DefinitionKind::Structure || root.at(&["snapshot", "element"]).is_some() {
            return None;
        }
        match snapshot::generate(root, library) {
            Ok(elements) => {
                let snapshot = Value::object().with("element", Value::Array(elements));
                Some(Value::from_node(root).with("snapshot", snapshot).to_document())
            }
            Err(why) => {
                let url = root.str_at("url").unwrap_or_default();
                notes.push(format!("{}: {url} can't be used: {why}", self.title()));
                None
            }
        }
    }
}

/// `package/X.json`, or a file at the top; not what lies in other folders (examples, pages).
fn is_definition_file(name: &str) -> bool {
    let is_json = name.rsplit('.').next().is_some_and(|it| it.eq_ignore_ascii_case("json"));
    let last = name.rsplit('/').next().unwrap_or(name);
    let folder = name.strip_suffix(last).unwrap_or_default().trim_matches(['/', '.']);
    is_json && !last.starts_with('.') && matches!(folder, "" | "package")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const ABOUT: &str = r#"{"name":"a.example","version":"1.0.0","fhirVersions":["4.0.1"],
        "dependencies":{"hl7.fhir.r4.core":"4.0.1","b.example":"2.0.0"}}"#;
    const PROFILE: &str = r#"{"resourceType":"StructureDefinition","url":"http://a.example/p","version":"1.0.0","type":"Patient",
        "derivation":"constraint","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient",
        "differential":{"element":[{"path":"Patient.name","min":1}]}}"#;

    fn tgz(files: &[(&str, &str)]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, text) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            header.set_mode(0o644);
            builder.append_data(&mut header, name, text.as_bytes()).unwrap();
        }
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(&builder.into_inner().unwrap()).unwrap();
        gz.finish().unwrap()
    }

    #[test]
    fn a_package_becomes_a_library() {
        let bytes =
            tgz(&[("package/package.json", ABOUT), ("package/p.json", PROFILE), ("package/example/x.json", PROFILE)]);
        let package = Package::from_tgz(&bytes).unwrap();
        assert_eq!((package.title().as_str(), package.files.len()), ("a.example 1.0.0", 1));
        let prepared = package.prepare(Library::embedded(), &[]).unwrap();
        assert_eq!(prepared.notes, ["a.example 1.0.0 needs b.example 2.0.0, which is not loaded"]);
        let archive = super::super::Archive::from_bytes(&prepared.archive).unwrap();
        let library = Library::of_archives(Library::embedded(), [std::sync::Arc::new(archive)]);
        assert!(library.structure("http://a.example/p|1.0.0").unwrap().is_ok());
    }

    #[test]
    fn what_can_not_be_used_is_named() {
        let broken = PROFILE.replace("Patient.name", "Patient.nmae");
        let package = Package::from_files(vec![
            PackageFile { name: "p.json".into(), text: broken },
            PackageFile { name: "q.json".into(), text: "{".into() },
        ]);
        let notes = package.prepare(Library::embedded(), &[]).unwrap().notes;
        assert_eq!(notes.len(), 2, "{notes:?}");
        assert!(notes.iter().any(|note| note.contains("nmae")) && notes.iter().any(|note| note.contains("q.json")));
    }

    #[test]
    fn what_is_no_package_is_refused() {
        assert!(Package::from_tgz(b"no gzip").is_err());
        let bytes = tgz(&[("package/package.json", ABOUT)]);
        for cut in 0..bytes.len() {
            let _ = Package::from_tgz(&bytes[..cut]);
        }
    }
}
