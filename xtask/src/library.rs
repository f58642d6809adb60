//! Packs the published definitions, and ours, into the archive that the binary embeds.

mod amend;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use vardbro::fhir::library::Packer;
use vardbro::fhir::{Document, NodeRef};

/// The folders that definitions come from, in the order in which they cover each other.
#[derive(clap::Args)]
pub struct Sources {
    /// The npm package `hl7.fhir.r4.examples` (it carries R4's own definitions), unpacked: the folder with package.json.
    #[arg(long)]
    r4: PathBuf,
    /// The npm package `hl7.terminology.r4`.
    #[arg(long)]
    terminology: PathBuf,
    /// The npm package `hl7.fhir.uv.extensions.r4`.
    #[arg(long)]
    extensions: PathBuf,
    /// The npm package `hl7.fhir.uv.ips`.
    #[arg(long)]
    ips: PathBuf,
    /// The published package `hl7se.fhir.base`.
    #[arg(long)]
    se_base: PathBuf,
    /// Our own definitions, with snapshots.
    #[arg(long, default_value = "profiles")]
    own: PathBuf,
    /// The folder to write `definitions.bin` and `SOURCES.md` to.
    #[arg(long, default_value = "src/fhir/library")]
    out: PathBuf,
}

/// Definitions are of these types.
const KINDS: [&str; 10] = [
    "StructureDefinition",
    "ValueSet",
    "CodeSystem",
    "SearchParameter",
    "OperationDefinition",
    "ConceptMap",
    "Questionnaire",
    "CompartmentDefinition",
    "Library",
    "Measure",
];

/// Reads the folders and writes the archive and the note on where it comes from.
pub fn run(sources: &Sources) -> Result<(), String> {
    let mut packer = Packer::default();
    let mut note = String::from(
        "# Sources of `definitions.bin`\n\n\
         Machine-made; do not edit. It holds the definitions of these packages, without narrative, mappings and explanations, in the order in\n\
         which they cover each other: of several versions of one canonical URL, the last is meant where none is named.\n\n\
         | package | version | licence | files | SHA-256 over the files' SHA-256 in the order of their names |\n|---|---|---|---|---|\n",
    );
    for (folder, is_r4) in [
        (&sources.r4, true),
        (&sources.terminology, false),
        (&sources.extensions, false),
        (&sources.ips, false),
        (&sources.se_base, false),
        (&sources.own, false),
    ] {
        let package = Package::read(folder, is_r4)?;
        for (name, document) in &package.definitions {
            packer.add(document.root()).map_err(|fault| format!("{name}: {fault}"))?;
        }
        note.push_str(&package.row());
    }
    let bytes = packer.finish().map_err(|fault| fault.to_string())?;
    let _ = write!(
        note,
        "\nThe result has {} bytes and the SHA-256 `{}`. Make it anew with the packages unpacked into folders:\n\n```sh\n\
         cargo run -p xtask -- library --r4 DIR --terminology DIR --extensions DIR --ips DIR --se-base DIR\n```\n",
        bytes.len(),
        hex(&Sha256::digest(&bytes))
    );
    write_file(&sources.out.join("definitions.bin"), &bytes)?;
    write_file(&sources.out.join("SOURCES.md"), note.as_bytes())
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|fault| format!("{} can't be written: {fault}", path.display()))
}

struct Package {
    name: String,
    version: String,
    licence: String,
    definitions: BTreeMap<String, Document>,
    hash: String,
}

impl Package {
    fn read(folder: &Path, is_r4: bool) -> Result<Self, String> {
        let mut files = BTreeMap::new();
        collect(folder, &mut files)?;
        let about = files
            .get(&*folder.join("package.json").to_string_lossy())
            .and_then(|bytes| serde_json::from_slice::<serde_json::Value>(bytes).ok());
        let said = |name: &str, otherwise: &str| {
            about.as_ref().and_then(|it| it[name].as_str()).unwrap_or(otherwise).to_owned()
        };
        let mut all = Sha256::new();
        let mut definitions = BTreeMap::new();
        for (name, bytes) in &files {
            all.update(Sha256::digest(bytes));
            let Ok(text) = std::str::from_utf8(bytes) else { continue };
            let Ok(document) = Document::parse(text) else { continue };
            if is_definition(document.root(), is_r4) {
                definitions.insert(name.clone(), amend::amended(document));
            }
        }
        let folder = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Self {
            name: said("name", if folder == "profiles" { "(ours)" } else { "hl7se.fhir.base" }),
            version: said("version", "as in the files"),
            licence: said("license", "CC0-1.0"),
            definitions,
            hash: hex(&all.finalize()),
        })
    }

    fn row(&self) -> String {
        let Self { name, version, licence, definitions, hash } = self;
        format!("| `{name}` | {version} | {licence} | {} | `{hash}` |\n", definitions.len())
    }
}

/// What lies in a folder, in the order of names; nothing where there is no such folder.
pub fn listed(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let fault = |it: std::io::Error| format!("{} can't be read: {it}", folder.display());
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).map_err(fault)?;
    let mut paths = entries.map(|entry| entry.map(|it| it.path())).collect::<Result<Vec<_>, _>>().map_err(fault)?;
    paths.sort();
    Ok(paths)
}

/// Name and text of the JSON files right in a folder; those that describe a package are not among them.
pub fn texts(folder: &Path) -> Result<Vec<(String, String)>, String> {
    let mut files = Vec::new();
    for path in listed(folder)? {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let describes = matches!(name.as_str(), "package.json" | "package-list.json" | ".index.json");
        if path.extension().is_some_and(|it| it == "json") && !describes {
            files.push((
                name,
                fs::read_to_string(&path).map_err(|it| format!("{} can't be read: {it}", path.display()))?,
            ));
        }
    }
    Ok(files)
}

/// The definitions in a folder and those below it, by their path.
pub fn definitions(folder: &Path) -> Result<BTreeMap<String, Document>, String> {
    Ok(Package::read(folder, false)?.definitions)
}

/// The JSON files of a folder and those below it, but for examples, by their path.
fn collect(folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), String> {
    let fault = |path: &Path, fault: std::io::Error| format!("{} can't be read: {fault}", path.display());
    for entry in fs::read_dir(folder).map_err(|it| fault(folder, it))? {
        let path = entry.map_err(|it| fault(folder, it))?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let is_skipped =
            ["example", "examples", "other", "schemas", "agreements"].contains(&name.as_str()) || name.starts_with('.');
        if path.is_dir() && !is_skipped {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|it| it == "json") && !is_skipped {
            files.insert(path.to_string_lossy().into_owned(), fs::read(&path).map_err(|it| fault(&path, it))?);
        }
    }
    Ok(())
}

/// Among R4's definitions lie its examples, which must not pass for definitions.
fn is_definition(resource: NodeRef<'_>, is_r4: bool) -> bool {
    let kind = resource.str_at("resourceType").unwrap_or_default();
    let url = resource.str_at("url").unwrap_or_default();
    let is_standard = url.starts_with("http://hl7.org/fhir/") || url.starts_with("http://terminology.hl7.org/");
    let is_example = url.contains("example") && kind == "StructureDefinition"
        || resource.str_at("id").is_some_and(|id| id.starts_with("example"));
    KINDS.contains(&&*kind) && !url.is_empty() && (!is_r4 || is_standard && !is_example)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
