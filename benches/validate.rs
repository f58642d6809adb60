//! How fast a resource is held against everything: `cargo bench --bench validate [-- EXAMPLES] [--quick]`.
//!
//! On one thread, from the parsed tree to the issues: a MedicationStatement with our profile, Bundles of it that double in
//! size, and, where EXAMPLES names the unpacked npm package `hl7.fhir.r4.examples`, its largest files. Before that, the
//! start: reading all definitions that are needed for the first verdict, and the memory that they take.

mod measure;

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use vardbro::fhir::{Document, Library};
use vardbro::validate::{Setting, resource};

use measure::load::alone;
use measure::table::Table;
use measure::{Effort, Failure, now};

const PROFILES: [&str; 3] = ["profiles/CodeSystem", "profiles/ValueSet", "profiles/StructureDefinition"];
const STATEMENT: &str = include_str!("../fixtures/profiles/lm-medication-statement/valid/plain.json");
const PROFILE: &str = "https://vardbro.example/fhir/StructureDefinition/lm-medication-statement";

/// So many of the largest examples are measured.
const LARGEST: usize = 8;

#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
fn main() -> Result<(), Failure> {
    let examples = std::env::args().skip(1).find(|argument| !argument.starts_with("--")).map(PathBuf::from);
    let effort = Effort::of_arguments();
    let begun = now();
    let library = library()?;
    let text = statement()?.to_string();
    let statement = parse(&text)?;
    let first = resource(&statement, &setting(&library));
    if !first.is_valid() {
        return Err(format!("{:?}", first.issues).into());
    }
    println!("first verdict {:?} after the start, {} of memory at most", begun.elapsed(), most_memory());
    let mut table = Table::default();
    table.heading("on one thread, parsed and validated");
    measure_text(
        &format!("MedicationStatement with our profile, {} bytes", text.len()),
        &text,
        &library,
        effort,
        &mut table,
    )?;
    bundles(&library, effort, &mut table)?;
    if let Some(folder) = examples {
        largest(&folder, &library, effort, &mut table)?;
    }
    print!("{table}");
    println!("{} of memory at most", most_memory());
    Ok(())
}

/// The definitions in the binary and those of `profiles/`.
fn library() -> Result<Library, Failure> {
    let mut documents = Vec::new();
    for folder in PROFILES {
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))? {
            documents.push(parse(&fs::read_to_string(entry?.path())?)?);
        }
    }
    Ok(Library::over(Library::embedded(), documents))
}

fn parse(text: &str) -> Result<Document, Failure> {
    Document::parse(text).map_err(|faults| format!("{faults:?}").into())
}

fn setting(library: &Library) -> Setting<'_> {
    Setting::new(library, Timestamp::UNIX_EPOCH)
}

fn measure_text(what: &str, text: &str, library: &Library, effort: Effort, table: &mut Table) -> Result<(), Failure> {
    let document = parse(text)?;
    let setting = setting(library);
    let issues = resource(&document, &setting).issues.len();
    let parsed = alone(effort.stretch, || drop(black_box(Document::parse(text))));
    let validated = alone(effort.stretch, || drop(black_box(resource(&document, &setting))));
    table.row(format!("{what}: parse"), parsed);
    table.noted(format!("{what}: validate"), validated, format!("{issues} issues"));
    Ok(())
}

/// A MedicationStatement that claims our profile.
fn statement() -> Result<serde_json::Value, Failure> {
    let mut statement: serde_json::Value = serde_json::from_str(STATEMENT)?;
    statement["meta"] = serde_json::json!({"profile": [PROFILE]});
    Ok(statement)
}

/// A collection of so many MedicationStatements.
fn bundle(entries: usize) -> Result<String, Failure> {
    let statement = statement()?;
    let entry = |number: usize| {
        let mut statement = statement.clone();
        statement["id"] = format!("m{number}").into();
        let url = format!("https://a.example/fhir/MedicationStatement/m{number}");
        serde_json::json!({"fullUrl": url, "resource": statement})
    };
    let entries: Vec<_> = (0..entries).map(entry).collect();
    Ok(serde_json::json!({"resourceType": "Bundle", "type": "collection", "entry": entries}).to_string())
}

/// Time grows with size and no faster: the rows show it.
fn bundles(library: &Library, effort: Effort, table: &mut Table) -> Result<(), Failure> {
    for entries in [125, 250, 500, 1000, 2000] {
        let text = bundle(entries)?;
        let what = format!("Bundle of {entries} of them, {} kB", text.len() / 1000);
        measure_text(&what, &text, library, effort, table)?;
    }
    Ok(())
}

fn largest(folder: &Path, library: &Library, effort: Effort, table: &mut Table) -> Result<(), Failure> {
    table.heading("the largest examples of R4");
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        files.push((entry.metadata()?.len(), entry.path()));
    }
    files.sort();
    let names = |it: &&(u64, PathBuf)| it.1.extension().is_some_and(|it| it == "json");
    for (size, path) in files.iter().rev().filter(names).take(effort.of(LARGEST, 1)) {
        let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
        measure_text(&format!("{name}, {} kB", size / 1000), &fs::read_to_string(path)?, library, effort, table)?;
    }
    Ok(())
}

/// The most memory that the process had, as Linux tells it.
fn most_memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "an unknown amount".to_owned(), |line| line.trim().to_owned())
}
