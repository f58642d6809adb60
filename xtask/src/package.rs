//! Packs our own definitions as a FHIR package, the same bytes each time.

use std::fs;
use std::path::Path;

use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};
use vardbro::fhir::library::{DefinitionKind, Library, snapshot};
use vardbro::fhir::{Document, NodeRef, Value};

use crate::library::{definitions, listed, texts};

const NAME: &str = "vardbro.laekarmedverkan";
const DEPENDENCIES: &[(&str, &str)] = &[
    ("hl7.fhir.r4.core", "4.0.1"),
    ("hl7.terminology.r4", "7.0.1"),
    ("hl7.fhir.uv.extensions.r4", "5.3.0-ballot-tc1"),
    ("hl7.fhir.uv.ips", "2.0.0"),
    ("hl7se.fhir.base", "1.1.0"),
];

/// Packs the definitions of `profiles` and the valid ones of `examples`; returns the number of files.
pub fn run(profiles: &Path, examples: &Path, out: &Path) -> Result<usize, String> {
    let documents: Vec<Document> = definitions(profiles)?.into_iter().map(|(_, document)| document).collect();
    let library = Library::over(Library::embedded(), documents.iter().cloned());
    let mut files = vec![("package/package.json".to_owned(), format!("{}\n", manifest()))];
    let mut index = Vec::new();
    for document in &documents {
        let root = document.root();
        let text = |name: &str| root.str_at(name).unwrap_or_default().into_owned();
        let name = format!("{}-{}.json", text("resourceType"), text("id"));
        files.push((format!("package/{name}"), format!("{}\n", whole(root, &library)?)));
        index.push(entry(root, &name));
    }
    let index = Value::object().with("index-version", Value::Number("2".into())).with("files", Value::Array(index));
    files.push(("package/.index.json".to_owned(), format!("{index}\n")));
    for folder in listed(examples)? {
        let profile = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        for (name, text) in texts(&folder.join("valid"))? {
            files.push((format!("package/example/{profile}-{name}"), text));
        }
    }
    files.sort();
    let bytes = pack(&files).map_err(|fault| format!("the package can't be packed: {fault}"))?;
    fs::write(out, bytes).map_err(|fault| format!("{} can't be written: {fault}", out.display()))?;
    Ok(files.len())
}

fn manifest() -> Value {
    let dependencies = DEPENDENCIES.iter().fold(Value::object(), |all, (name, version)| all.with(name, *version));
    Value::object()
        .with("name", NAME)
        .with("version", env!("CARGO_PKG_VERSION"))
        .with("type", "IG")
        .with("license", "EUPL-1.2")
        .with("title", "Läkarmedverkan: Vårdbro's profiles")
        .with("description", "The profiles and terminology that Vårdbro adds to FHIR R4, IPS and the Swedish base")
        .with("fhirVersions", Value::Array(vec!["4.0.1".into()]))
        .with("dependencies", dependencies)
}

/// The definition with the snapshot that it lacks.
fn whole(definition: NodeRef<'_>, library: &Library) -> Result<Value, String> {
    let mut value = Value::from_node(definition);
    if DefinitionKind::of(definition) == DefinitionKind::Structure && definition.get("snapshot").is_none() {
        let url = definition.str_at("url").unwrap_or_default();
        let elements = snapshot::generate(definition, library).map_err(|why| format!("{url}: {why}"))?;
        value.set("snapshot", Value::object().with("element", Value::Array(elements)));
    }
    Ok(value)
}

fn entry(definition: NodeRef<'_>, file: &str) -> Value {
    let mut entry = Value::object().with("filename", file);
    for name in ["resourceType", "id", "url", "version", "kind", "type", "supplements"] {
        entry.set(name, definition.str_at(name).map_or(Value::Null, |text| Value::from(&*text)));
    }
    entry
}

/// A tgz without anything of the machine or the hour.
fn pack(files: &[(String, String)]) -> std::io::Result<Vec<u8>> {
    let packed = GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::best());
    let mut builder = Builder::new(packed);
    for (name, text) in files {
        let mut header = Header::new_ustar();
        header.set_entry_type(EntryType::Regular);
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_uid(0);
        header.set_gid(0);
        builder.append_data(&mut header, name, text.as_bytes())?;
    }
    builder.into_inner()?.finish()
}
