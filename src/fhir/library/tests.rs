use super::*;

fn value_set(url: &str, version: &str) -> Document {
    Document::parse(format!(r#"{{"resourceType":"ValueSet","url":"{url}","version":"{version}"}}"#)).unwrap()
}

fn library(documents: Vec<Document>) -> Library {
    Library::over(&Arc::new(Library::empty(None)), documents)
}

#[test]
fn a_canonical_without_version_means_the_last_that_was_loaded() {
    let library = library(vec![value_set("http://a.example/v", "2"), value_set("http://a.example/v", "1.0.3")]);
    let version = |canonical| library.document(DefinitionKind::ValueSet, canonical)?.root().str_at("version");
    assert_eq!(version("http://a.example/v").as_deref(), Some("1.0.3"));
    assert_eq!(version("http://a.example/v|2").as_deref(), Some("2"));
    assert_eq!(version("http://a.example/v|1.0").as_deref(), Some("1.0.3"));
    assert_eq!(version("http://a.example/v|3"), None);
    assert!(library.structure("http://a.example/v").is_none());
}

#[test]
fn what_lies_below_is_found_unless_it_is_covered() {
    let below = Arc::new(library(vec![value_set("http://a.example/v", "1"), value_set("http://a.example/w", "1")]));
    let above = Library::over(&below, [value_set("http://a.example/v", "2")]);
    assert_eq!(above.versions(DefinitionKind::ValueSet, "http://a.example/v"), ["1", "2"]);
    let version = |canonical| above.document(DefinitionKind::ValueSet, canonical)?.root().str_at("version");
    assert_eq!(version("http://a.example/v").as_deref(), Some("2"));
    assert!(above.knows("http://a.example/w") && !above.knows("http://a.example/x"));
}

/// Logical models and types of other versions have no instances here.
#[test]
fn every_structure_in_the_binary_can_be_used() {
    let library = Library::embedded();
    let mut faults = Vec::new();
    let mut ours = 0;
    for item in archive::embedded().items().iter().filter(|item| item.kind == DefinitionKind::Structure) {
        ours += usize::from(item.url.starts_with("https://vardbro.example/"));
        match library.structure(&format!("{}|{}", item.url, item.version)) {
            Some(Ok(_)) => {}
            Some(Err(why)) if why.contains("R4 does not have") => {}
            Some(Err(why)) => faults.push(format!("{}: {why}", item.url)),
            None => faults.push(format!("{} is not found", item.url)),
        }
    }
    assert!(ours > 50);
    assert_eq!(faults, Vec::<String>::new());
}
