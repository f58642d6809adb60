//! Definitions from outside: FHIR packages, folders and files, made ready once and kept in a cache.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::fhir::Library;
use crate::fhir::library::{Archive, Package, PackageFile};

/// The library of these paths over the embedded one, and notes for those who run the gateway, a line each. A path is a
/// `package.tgz`, a folder (an unpacked package, or definitions), or a file with a definition or a Bundle of them.
/// Packages that others build on come first, whatever the order of the paths.
///
/// # Errors
/// What can't be read, in one line.
pub fn load(paths: &[PathBuf], cache: Option<&Path>) -> Result<(Arc<Library>, Vec<String>), String> {
    let mut packages = paths.iter().map(|path| Source::read(path)).collect::<Result<Vec<_>, _>>()?;
    let mut notes = Vec::new();
    let mut library = Library::embedded().clone();
    let loaded: Vec<String> = packages.iter().map(|source| source.package.name.clone()).collect();
    let mut chain = Sha256::new().chain_update(env!("CARGO_PKG_VERSION")).finalize();
    while let Some(at) = next(&packages) {
        let source = packages.remove(at);
        chain = Sha256::new().chain_update(chain).chain_update(source.hash).finalize();
        let (archive, more) = source.ready(&library, &loaded, cache, &hex(&chain))?;
        library = Arc::new(Library::of_archives(&library, [archive]));
        notes.extend(more);
    }
    Ok((library, notes))
}

/// The first package that builds on none of the others; where they build on each other, the first.
fn next(packages: &[Source]) -> Option<usize> {
    let names: BTreeSet<&str> = packages.iter().map(|source| source.package.name.as_str()).collect();
    let is_free = |source: &Source| {
        let own = &source.package.name;
        !source.package.dependencies.iter().any(|(name, _)| name != own && names.contains(name.as_str()))
    };
    packages.iter().position(is_free).or((!packages.is_empty()).then_some(0))
}

struct Source {
    path: PathBuf,
    package: Package,
    hash: [u8; 32],
}

impl Source {
    fn read(path: &Path) -> Result<Self, String> {
        let fault = |it: &dyn std::fmt::Display| format!("{}: {it}", path.display());
        let package = if path.is_dir() {
            Package::from_files(folder(path)?)
        } else {
            let bytes = fs::read(path).map_err(|it| fault(&it))?;
            if bytes.starts_with(&[0x1f, 0x8b]) {
                Package::from_tgz(&bytes).map_err(|it| fault(&it))?
            } else {
                let text = String::from_utf8(bytes).map_err(|_| fault(&"it is neither a package nor JSON"))?;
                Package::from_files(vec![PackageFile { name: name(path), text }])
            }
        };
        let hash =
            |hash: Sha256, file: &PackageFile| hash.chain_update(&file.name).chain_update([0]).chain_update(&file.text);
        let hash = package.files.iter().fold(Sha256::new(), hash).finalize().into();
        Ok(Self { path: path.to_owned(), package, hash })
    }

    /// The archive from the cache, or made now and put there. A cache that can't be read or written is no fault.
    fn ready(
        &self,
        under: &Arc<Library>,
        loaded: &[String],
        cache: Option<&Path>,
        key: &str,
    ) -> Result<(Arc<Archive>, Vec<String>), String> {
        let file = cache.map(|folder| folder.join(format!("{key}.definitions")));
        if let Some(found) = file.as_deref().and_then(cached) {
            return Ok(found);
        }
        let fault = |it: &dyn std::fmt::Display| format!("{}: {it}", self.path.display());
        let prepared = self.package.prepare(under, loaded).map_err(|it| fault(&it))?;
        let archive = Archive::from_bytes(&prepared.archive).map_err(|it| fault(&it))?;
        if let Some(file) = &file {
            keep(file, &prepared.archive, &prepared.notes);
        }
        Ok((Arc::new(archive), prepared.notes))
    }
}

fn cached(file: &Path) -> Option<(Arc<Archive>, Vec<String>)> {
    let archive = Archive::from_bytes(&fs::read(file).ok()?).ok()?;
    let notes = fs::read_to_string(file.with_extension("notes")).ok()?;
    Some((Arc::new(archive), notes.lines().map(str::to_owned).collect()))
}

/// The notes go first: an archive without them is made anew.
fn keep(file: &Path, archive: &[u8], notes: &[String]) {
    let written = file.parent().map_or(Ok(()), fs::create_dir_all);
    let written = written.and_then(|()| fs::write(file.with_extension("notes"), notes.join("\n")));
    let part = file.with_extension("part");
    let written = written.and_then(|()| fs::write(&part, archive)).and_then(|()| fs::rename(&part, file));
    if let Err(fault) = written {
        tracing::warn!(%fault, "a package could not be put into the cache");
    }
}

/// The JSON files of a folder; of an unpacked package, those in its folder `package`.
fn folder(path: &Path) -> Result<Vec<PackageFile>, String> {
    let inner = path.join("package");
    let path = if inner.join("package.json").is_file() { inner.as_path() } else { path };
    let fault = |it: std::io::Error| format!("{}: {it}", path.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(fault)? {
        let file = entry.map_err(fault)?.path();
        let is_json = file.extension().is_some_and(|it| it == "json") && !name(&file).starts_with('.');
        if is_json && file.is_file() {
            let text = fs::read_to_string(&file).map_err(|it| format!("{}: {it}", file.display()))?;
            files.push(PackageFile { name: name(&file), text });
        }
    }
    Ok(files)
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOME: &str = r#"{"resourceType":"ValueSet","url":"http://a.example/v","version":"1"}"#;

    #[test]
    fn folders_and_files_are_loaded_in_the_order_of_their_needs_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            path
        };
        let about =
            |name: &str, needs: &str| format!(r#"{{"name":"{name}","version":"1","dependencies":{{"{needs}":"1"}}}}"#);
        write("above/package.json", &about("above", "below"));
        write("below/package.json", &about("below", "nowhere"));
        write("below/v.json", SOME);
        let profile = r#"{"resourceType":"StructureDefinition","url":"http://a.example/NAME","type":"Patient","derivation":"constraint",
            "baseDefinition":"BASE","differential":{"element":[{"path":"Patient.name","min":1}]}}"#;
        write("above/p.json", &profile.replace("NAME", "p").replace("BASE", "http://a.example/q"));
        write(
            "below/q.json",
            &profile.replace("NAME", "q").replace("BASE", "http://hl7.org/fhir/StructureDefinition/Patient"),
        );
        let cache = folder.path().join("cache");
        let paths = [folder.path().join("above"), folder.path().join("below")];
        for _ in 0..2 {
            let (library, notes) = load(&paths, Some(&cache)).unwrap();
            assert_eq!(notes, ["below 1 needs nowhere 1, which is not loaded"]);
            assert!(
                library.structure("http://a.example/p").unwrap().is_ok()
                    && library.value_set("http://a.example/v").is_some()
            );
        }
        let kept: Vec<_> = fs::read_dir(&cache).unwrap().map(|it| it.unwrap().path()).collect();
        assert_eq!(kept.len(), 4);
        kept.iter().for_each(|file| fs::write(file, "broken").unwrap());
        assert!(load(&paths, Some(&cache)).unwrap().0.structure("http://a.example/p").unwrap().is_ok());
    }

    #[test]
    fn what_is_not_there_is_named() {
        assert!(load(&[PathBuf::from("/nowhere/p.tgz")], None).unwrap_err().starts_with("/nowhere/p.tgz"));
    }
}
