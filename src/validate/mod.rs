//! What is wrong with a resource, where, and by which rule; all of it at once.
//!
//! One [walk] goes through a resource as the lossless tree, with R4's definition of each type
//! ([validation](https://hl7.org/fhir/R4/validation.html)) and, laid over it, what profiles ask for at each place. Each
//! rule family is a file of its own, and every issue goes through the table in [`rules`].

mod around;
mod attachment;
mod binding;
mod bundle;
mod cardinality;
mod choice;
mod coding;
mod contained;
mod element;
mod extension;
mod given;
mod invariant;
mod issues;
mod lenient;
mod markup;
pub mod mutants;
#[cfg(test)]
mod mutation;
mod narrative;
#[cfg(test)]
mod official;
mod overlay;
mod place;
mod primitive;
mod profile;
#[cfg(test)]
mod published;
mod reference;
mod resource_type;
mod resources;
pub mod rules;
mod shape;
mod slicing;
mod suggest;
#[cfg(test)]
mod testing;
mod walk;

pub use lenient::is_lenient;

use jiff::Timestamp;

use crate::fhir::outcome::Place;
use crate::fhir::path::{NoResolver, Resolver};
use crate::fhir::{Document, Issue, Library, NodeRef, ResourceType};

pub use issues::MOST_QUESTIONS;

use walk::Walk;

/// What a resource is held against, and what may be asked on the way.
#[derive(Clone, Copy)]
pub struct Setting<'s> {
    /// The definitions at hand.
    pub library: &'s Library,
    /// Canonical URLs of the profiles that are asked for, besides those that the resource claims in `meta.profile`.
    pub profiles: &'s [String],
    /// What `now()` says in invariants.
    pub now: Timestamp,
    /// Finds what references lead to outside the document.
    pub resolver: &'s dyn Resolver,
    /// Whether elements that must be supported and are not there are told, as information, and a narrative that best
    /// practice recommends, as a warning.
    pub must_support: bool,
    /// Whether codes that the library can't judge are gathered as questions for another service.
    pub asks: bool,
    /// How many `conformsTo()` this validation is inside of.
    pub nested: u8,
}

impl<'s> Setting<'s> {
    /// No profiles but those claimed; references outside the document lead nowhere.
    pub fn new(library: &'s Library, now: Timestamp) -> Self {
        Self { library, profiles: &[], now, resolver: &NoResolver, must_support: false, asks: false, nested: 0 }
    }
}

/// A code about which the library does not know enough: another terminology service may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeQuestion {
    /// Its place among the issues of the report: the one that says that it was not checked.
    pub issue: usize,
    /// Where the code stands.
    pub place: Place,
    /// The value set that it must be in; empty where only the system and display are asked.
    pub value_set: String,
    /// The code's system; empty for elements of type `code`.
    pub system: String,
    /// The version of the system; empty where none is given.
    pub version: String,
    /// The code.
    pub code: String,
    /// What is shown; empty where nothing is.
    pub display: String,
    /// Whether its absence from the value set is an error; else it is a warning.
    pub is_required: bool,
}

/// What the structural stage found in a resource.
#[derive(Debug)]
pub struct Report {
    /// Everything found, worst or not, at most 200 and one that says there are more.
    pub issues: Vec<Issue>,
    /// The resource's type, if it names one of R4.
    pub kind: Option<ResourceType>,
    /// Codes that the library can't judge.
    pub questions: Vec<CodeQuestion>,
}

impl Report {
    /// Whether nothing stops the resource from being accepted.
    pub fn is_valid(&self) -> bool {
        !self.issues.iter().any(Issue::is_error)
    }
}

/// A document that holds one resource without structural errors; only [`validate`] makes it.
#[derive(Debug)]
pub struct ValidatedResource {
    document: Document,
    kind: ResourceType,
    warnings: Vec<Issue>,
}

impl ValidatedResource {
    /// The document as it was received.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The resource's type.
    pub fn kind(&self) -> ResourceType {
        self.kind
    }

    /// What is worth knowing and no error.
    pub fn warnings(&self) -> &[Issue] {
        &self.warnings
    }

    /// The document and the warnings, for the next stage.
    pub fn into_parts(self) -> (Document, Vec<Issue>) {
        (self.document, self.warnings)
    }
}

/// Checks the resource that a document holds.
pub fn resource(document: &Document, setting: &Setting<'_>) -> Report {
    resource_at(document.root(), setting)
}

/// Checks a resource inside a document, as the resource of a Bundle's entry. Places are told from the document's root;
/// a Bundle around it tells which references resolve, and a transaction around it allows references by search.
pub fn resource_at(node: NodeRef<'_>, setting: &Setting<'_>) -> Report {
    let mut walk = Walk::around(node, setting);
    let kind = walk.outermost(node);
    let questions = walk.issues.take_questions();
    Report { issues: walk.issues.finish(node), kind, questions }
}

/// Checks a document and lets it through if it has no errors and is of the expected type (any, where none is given).
///
/// # Errors
/// All issues, warnings among them, if at least one is an error.
pub fn validate(
    document: Document,
    expected: Option<ResourceType>,
    setting: &Setting<'_>,
) -> Result<ValidatedResource, Vec<Issue>> {
    let mut walk = Walk::around(document.root(), setting);
    let kind = walk.outermost(document.root());
    if let (Some(expected), Some(_)) = (expected.filter(|_| kind != expected), kind) {
        resource_type::unexpected(document.root(), expected, &mut walk.issues);
    }
    let issues = walk.issues.finish(document.root());
    match kind {
        Some(kind) if !issues.iter().any(Issue::is_error) => Ok(ValidatedResource { document, kind, warnings: issues }),
        _ => Err(issues),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting() -> Setting<'static> {
        Setting::new(Library::embedded(), Timestamp::UNIX_EPOCH)
    }

    fn document(json: &str) -> Document {
        Document::parse(json).unwrap()
    }

    #[test]
    fn a_valid_document_becomes_a_validated_resource_with_its_warnings() {
        let json = r#"{"resourceType":"Patient","meta":{"profile":["http://a.example/p"]}}"#;
        let validated = validate(document(json), ResourceType::parse("Patient"), &setting()).unwrap();
        assert_eq!(validated.kind().as_str(), "Patient");
        assert_eq!(validated.document().text(), json);
        assert_eq!(validated.warnings().len(), 1);
    }

    #[test]
    fn another_type_than_expected_is_refused() {
        let issues =
            validate(document(r#"{"resourceType":"Patient"}"#), ResourceType::parse("List"), &setting()).unwrap_err();
        assert_eq!((issues[0].rule, issues[0].place.pointer.as_str()), ("resource-type-unexpected", "/resourceType"));
    }

    #[test]
    fn all_issues_are_told_at_once() {
        let report = resource(
            &document(r#"{"resourceType":"Patient","gender":"x","nmae":1,"birthDate":"2026-02-30"}"#),
            &setting(),
        );
        assert!(!report.is_valid());
        assert_eq!(report.issues.len(), 3);
    }

    #[test]
    fn an_entry_alone_knows_the_bundle_around_it() {
        let json = r#"{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Flag",
            "status":"active","code":{"text":"x"},"subject":{"reference":"Patient?identifier=a|b"},"x":1}}]}"#;
        let document = document(json);
        let entry = document.root().get("entry").unwrap().children().next().unwrap().get("resource").unwrap();
        let report = resource_at(entry, &setting());
        assert_eq!(report.issues.len(), 1);
        assert_eq!(report.issues[0].place.pointer, "/entry/0/resource/x");
        assert_eq!(report.issues[0].place.expression, "Bundle.entry[0].resource.x");
    }
}
