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
