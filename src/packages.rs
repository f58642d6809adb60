//! Definitions from outside: files and folders of FHIR JSON, over the library in the binary.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::fhir::{Document, Library};

/// The library of these paths over the embedded one, and notes for those who run the gateway, a line each.
///
/// # Errors
/// What can't be read, in one line.
pub fn load(paths: &[PathBuf], _cache: Option<&Path>) -> Result<(Arc<Library>, Vec<String>), String> {
    let mut documents = Vec::new();
    for path in paths {
        files(path)?.iter().try_for_each(|file| read(file).map(|document| documents.push(document)))?;
    }
    if documents.is_empty() {
        return Ok((Library::embedded().clone(), Vec::new()));
    }
    Ok((Arc::new(Library::over(Library::embedded(), documents)), Vec::new()))
}

fn files(path: &Path) -> Result<Vec<PathBuf>, String> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = std::fs::read_dir(path).map_err(|fault| format!("{}: {fault}", path.display()))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|it| it == "json"));
    files.sort();
    Ok(files)
}

fn read(file: &Path) -> Result<Document, String> {
    let text = std::fs::read_to_string(file).map_err(|fault| format!("{}: {fault}", file.display()))?;
    Document::parse(text).map_err(|_| format!("{}: no JSON", file.display()))
}
