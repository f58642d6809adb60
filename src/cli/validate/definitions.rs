//! What the files are held against: packages, profiles that are asked for, and the definitions among the files.

use std::path::Path;
use std::sync::Arc;

use vardbro::fhir::tree::Limits;
use vardbro::fhir::{Document, Library};

use super::files::Input;

/// The definitions at hand and the profiles that are asked for.
pub struct Known {
    /// The definitions.
    pub library: Arc<Library>,
    /// Canonical URLs.
    pub profiles: Vec<String>,
}

/// Resources that others can name by their canonical URL.
const DEFINITIONS: [&str; 10] = [
    "StructureDefinition",
    "ValueSet",
    "CodeSystem",
    "Questionnaire",
    "ConceptMap",
    "NamingSystem",
    "SearchParameter",
    "OperationDefinition",
    "Measure",
    "Library",
];

/// Puts the definitions together.
///
/// # Errors
/// A profile that is not to be had, in one line.
pub fn known(profiles: &[String], base: &Arc<Library>, inputs: &[Input]) -> Result<Known, String> {
    let mut documents: Vec<Document> = inputs.iter().filter_map(definition).collect();
    let mut urls = Vec::with_capacity(profiles.len());
    for profile in profiles {
        if is_url(profile) {
            urls.push(profile.clone());
        } else {
            let (url, document) = from_file(profile)?;
            urls.push(url);
            documents.push(document);
        }
    }
    let library = if documents.is_empty() { base.clone() } else { Arc::new(Library::over(base, documents)) };
    urls.iter().try_for_each(|url| usable(&library, url))?;
    Ok(Known { library, profiles: urls })
}

fn is_url(profile: &str) -> bool {
    profile.contains("://") || profile.starts_with("urn:")
}

/// A file among those to be validated, if it holds a definition. One that can't be read is told of when its turn comes.
fn definition(input: &Input) -> Option<Document> {
    let document = Document::parse_bytes(&input.read().ok()?, Limits::default()).ok()?;
    let kind = document.root().str_at("resourceType")?;
    DEFINITIONS.contains(&kind.as_ref()).then_some(())?;
    Some(document)
}

fn from_file(profile: &str) -> Result<(String, Document), String> {
    let path = Path::new(profile);
    let bytes = std::fs::read(path).map_err(|fault| format!("--profile {profile}: {fault}"))?;
    let document = Document::parse_bytes(&bytes, Limits::default())
        .map_err(|_| format!("--profile {profile}: not a FHIR JSON file"))?;
    let is_profile = document.root().str_at("resourceType").as_deref() == Some("StructureDefinition");
    let url = document.root().str_at("url").filter(|_| is_profile).map(std::borrow::Cow::into_owned);
    let url = url.ok_or_else(|| format!("--profile {profile}: not a StructureDefinition with a url"))?;
    Ok((url, document))
}

fn usable(library: &Library, url: &str) -> Result<(), String> {
    match library.structure(url) {
        Some(Ok(_)) => Ok(()),
        Some(Err(why)) => Err(format!("--profile {url}: can't be used: {why}")),
        None => Err(format!("--profile {url}: not known; give its file, or its package with --package")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(profile: &str) -> String {
        known(&[profile.to_owned()], Library::embedded(), &[]).err().unwrap()
    }

    #[test]
    fn a_profile_that_is_not_to_be_had_is_named_in_one_line() {
        assert!(refused("http://nowhere.example/p").contains("http://nowhere.example/p: not known"));
        assert!(refused("/nowhere/p.json").starts_with("--profile /nowhere/p.json: "));
    }

    #[test]
    fn a_file_that_is_no_profile_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), r#"{"resourceType":"Patient"}"#).unwrap();
        assert!(refused(file.path().to_str().unwrap()).ends_with("not a StructureDefinition with a url"));
    }
}
