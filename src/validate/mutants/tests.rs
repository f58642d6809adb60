use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use crate::validate;

use super::*;

/// At least so many mutants there are.
const LEAST: usize = 5_000;

/// Our profiles; the folder of an example is named as its profile.
const OURS: &str = "https://vardbro.example/fhir/StructureDefinition";

/// The definitions in the binary and over them those of `profiles/`, as they are written.
fn library() -> &'static Library {
    static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles");
        let folders = ["CodeSystem", "ValueSet", "StructureDefinition"];
        let files = folders.iter().flat_map(|folder| fs::read_dir(root.join(folder)).unwrap());
        let documents = files.map(|entry| Document::parse(fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap());
        Library::over(Library::embedded(), documents)
    });
    &LIBRARY
}

fn setting() -> Setting<'static> {
    Setting::new(library(), jiff::Timestamp::UNIX_EPOCH)
}

/// The valid resources of the repository: of types, of profiles, and the samples.
fn originals() -> Vec<Original> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut files: Vec<_> = fs::read_dir(root.join("valid")).unwrap().map(|entry| entry.unwrap().path()).collect();
    for profile in fs::read_dir(root.join("profiles")).unwrap() {
        files.extend(
            fs::read_dir(profile.unwrap().path().join("valid")).into_iter().flatten().map(|it| it.unwrap().path()),
        );
    }
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        let original = Original::parse(&*name, &fs::read_to_string(path).unwrap())?;
        let profile = name.strip_prefix("profiles/").and_then(|name| name.split('/').next());
        Some(match profile {
            Some(profile) => original.claiming(&format!("{OURS}/{profile}")),
            None => original,
        })
    };
    files.iter().filter_map(read).chain(Original::samples()).collect()
}

#[test]
fn the_originals_are_valid() {
    for original in originals() {
        let document = Document::parse(original.value.to_string()).unwrap();
        let issues = validate::resource(&document, &setting()).issues;
        let errors: Vec<_> = issues.iter().filter(|issue| issue.is_error()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", original.name);
    }
}

/// Which of them are not found, judged by two threads.
fn missed(mutants: &[Mutant]) -> Vec<&Mutant> {
    let (left, right) = mutants.split_at(mutants.len() / 2);
    let judge = |half: &[Mutant]| half.iter().map(|it| it.is_found(&setting())).collect::<Vec<bool>>();
    let found = std::thread::scope(|scope| {
        let other = scope.spawn(|| judge(right));
        let mut found = judge(left);
        found.extend(other.join().unwrap());
        found
    });
    mutants.iter().zip(found).filter(|(_, found)| !found).map(|(mutant, _)| mutant).collect()
}

#[test]
#[expect(clippy::print_stderr, reason = "the table of kinds")]
fn every_mutant_is_found_at_its_place() {
    let mutants = all(&originals(), library());
    let missed = missed(&mutants);
    let mut table = BTreeMap::<&str, (usize, usize)>::new();
    mutants.iter().for_each(|mutant| table.entry(mutant.kind).or_default().0 += 1);
    missed.iter().for_each(|mutant| table.entry(mutant.kind).or_default().1 += 1);
    for (kind, (all, missed)) in &table {
        eprintln!("{kind:<32} {all:>6} {missed:>6} missed");
    }
    eprintln!("{:<32} {:>6} {:>6} missed", "", mutants.len(), missed.len());
    let shown = |it: &&Mutant| format!("{} of {}: {:?}", it.kind, it.original, it.faults);
    assert!(missed.is_empty(), "{}", missed.iter().map(shown).take(40).collect::<Vec<_>>().join("\n"));
    assert!(mutants.len() >= LEAST, "{}", mutants.len());
}

#[test]
fn the_same_originals_give_the_same_mutants() {
    let texts = || all(&originals()[..3], library()).into_iter().map(|it| it.text).collect::<Vec<_>>();
    assert_eq!(texts(), texts());
}
