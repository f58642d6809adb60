//! Published examples: FHIR resources as JSON files in a folder, in an order in which they can be loaded.
//!
//! A folder is read with all that is below it; an npm package keeps its resources in `package/`, beside files that are
//! no resources (`package.json`, `.index.json`), which are passed over like everything else that is none.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use crate::fhir::{Document, Reference, ResourceKey};

/// A resource of a file.
#[derive(Debug)]
pub struct Example {
    /// Where it stood.
    pub file: PathBuf,
    /// Its type and id.
    pub key: ResourceKey,
    /// The resource.
    pub document: Document,
}

/// What a folder holds.
#[derive(Debug, Default)]
pub struct Examples {
    /// The resources; each comes after those that it refers to, as far as there is such an order.
    pub resources: Vec<Example>,
    /// Files that are JSON by name and no resource with an id: what was wrong with them is said by validating them.
    pub passed_over: Vec<PathBuf>,
}

/// Reads the resources in a folder and all that is below it, in the order of their paths where nothing else decides.
///
/// Of two files with the same type and id the first is kept. Patients come first of all.
///
/// # Errors
/// Where a folder or file can't be read.
pub fn read(folder: &Path) -> io::Result<Examples> {
    let mut files = Vec::new();
    json_files(folder, &mut files)?;
    files.sort_unstable();
    let (mut examples, mut seen) = (Examples::default(), HashSet::new());
    for file in files {
        match example(&file, std::fs::read(&file)?) {
            Some(example) if seen.insert(example.key.clone()) => examples.resources.push(example),
            _ => examples.passed_over.push(file),
        }
    }
    examples.resources = ordered(examples.resources);
    Ok(examples)
}

fn json_files(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            json_files(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
    Ok(())
}

fn example(file: &Path, bytes: Vec<u8>) -> Option<Example> {
    let document = Document::parse(String::from_utf8(bytes).ok()?).ok()?;
    let root = document.root();
    let key = ResourceKey::parse(&format!("{}/{}", root.str_at("resourceType")?, root.str_at("id")?))?;
    Some(Example { file: file.to_owned(), key, document })
}

/// Patients first, then each after those that it refers to; where they refer to each other in a circle, the order of
/// the files stands.
fn ordered(examples: Vec<Example>) -> Vec<Example> {
    let (patients, others): (Vec<_>, Vec<_>) =
        examples.into_iter().partition(|example| example.key.kind.as_str() == "Patient");
    let mut waiting: HashSet<ResourceKey> = others.iter().map(|example| example.key.clone()).collect();
    let mut left: Vec<(Example, Vec<ResourceKey>)> =
        others.into_iter().map(|example| (references(&example), example)).map(|(to, example)| (example, to)).collect();
    let mut ordered = patients;
    while !left.is_empty() {
        let is_ready = |to: &[ResourceKey]| !to.iter().any(|key| waiting.contains(key));
        let (ready, rest): (Vec<_>, Vec<_>) = left.into_iter().partition(|(_, to)| is_ready(to));
        left = rest;
        if ready.is_empty() {
            ordered.extend(left.drain(..).map(|(example, _)| example));
        }
        for (example, _) in ready {
            waiting.remove(&example.key);
            ordered.push(example);
        }
    }
    ordered
}

/// What a resource refers to, itself left out.
fn references(example: &Example) -> Vec<ResourceKey> {
    let mut found = Vec::new();
    let mut open = vec![example.document.root()];
    while let Some(node) = open.pop() {
        for child in node.children() {
            let text = child.as_str().filter(|_| child.key_is("reference"));
            found.extend(
                text.and_then(|text| Reference::parse(&text, "").local().cloned()).filter(|key| *key != example.key),
            );
            open.push(child);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        folder
    }

    fn keys(examples: &Examples) -> Vec<String> {
        examples.resources.iter().map(|example| example.key.to_string()).collect()
    }

    #[test]
    fn what_is_referred_to_comes_first_and_patients_before_all() {
        let folder = folder(&[
            (
                "package/a.json",
                r#"{"resourceType":"Observation","id":"a","subject":{"reference":"Patient/p"},"encounter":{"reference":"Encounter/e"}}"#,
            ),
            (
                "package/b.json",
                r#"{"resourceType":"Encounter","id":"e","serviceProvider":{"reference":"Organization/o"}}"#,
            ),
            ("package/sub/c.json", r#"{"resourceType":"Organization","id":"o"}"#),
            (
                "package/sub/d.json",
                r#"{"resourceType":"Patient","id":"p","managingOrganization":{"reference":"Organization/o"}}"#,
            ),
        ]);
        let examples = read(folder.path()).unwrap();
        assert_eq!(keys(&examples), ["Patient/p", "Organization/o", "Encounter/e", "Observation/a"]);
    }

    #[test]
    fn a_circle_keeps_the_order_of_the_files() {
        let folder = folder(&[
            ("1.json", r#"{"resourceType":"Organization","id":"x","partOf":{"reference":"Organization/y"}}"#),
            ("2.json", r#"{"resourceType":"Organization","id":"y","partOf":{"reference":"Organization/x"}}"#),
        ]);
        assert_eq!(keys(&read(folder.path()).unwrap()), ["Organization/x", "Organization/y"]);
    }

    #[test]
    fn what_is_no_resource_is_passed_over() {
        let folder = folder(&[
            ("package.json", r#"{"name":"hl7.example"}"#),
            ("broken.json", r#"{"resourceType":"Patient","id":"#),
            ("nameless.json", r#"{"resourceType":"Patient"}"#),
            ("kept.json", r#"{"resourceType":"Patient","id":"p"}"#),
            ("later.json", r#"{"resourceType":"Patient","id":"p","active":true}"#),
            ("readme.txt", "no JSON"),
        ]);
        let examples = read(folder.path()).unwrap();
        assert_eq!(keys(&examples), ["Patient/p"]);
        assert_eq!(examples.passed_over.len(), 4);
        assert!(examples.resources[0].file.ends_with("kept.json"));
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        assert!(read(Path::new("/nonexistent/vardbro")).is_err());
    }
}
