//! The JSON Schemas of the concepts: embedded, compiled once, and their errors in our words.
//!
//! The schema library reads numbers as floats, so the value that it looks at is thrown away afterwards; the concept
//! itself is read from the text.

use std::sync::OnceLock;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use serde_json::Value as Json;

use super::issue::{fault, nearest, place};
use super::kind::ConceptKind;
use crate::fhir::{Document, Issue, IssueCode, NodeRef};

/// The JSON Schema (draft 2020-12) of a kind's JSON form.
pub fn schema(kind: ConceptKind) -> &'static str {
    match kind {
        ConceptKind::MedicationList => include_str!("../../profiles/schemas/medication-list.json"),
        ConceptKind::NamedContact => include_str!("../../profiles/schemas/named-contact.json"),
        ConceptKind::Sip => include_str!("../../profiles/schemas/sip.json"),
        ConceptKind::Round => include_str!("../../profiles/schemas/round.json"),
        ConceptKind::Enrolment => include_str!("../../profiles/schemas/enrolment.json"),
        ConceptKind::Unit => include_str!("../../profiles/schemas/unit.json"),
    }
}

/// A schema ready to use.
pub(super) struct Compiled {
    /// The schema as JSON, for the checks that it names.
    pub(super) json: Json,
    validator: Validator,
}

/// The compiled schema of a kind.
pub(super) fn compiled(kind: ConceptKind) -> &'static Compiled {
    static ALL: OnceLock<Vec<Compiled>> = OnceLock::new();
    &ALL.get_or_init(|| ConceptKind::ALL.iter().map(|kind| compile(*kind)).collect())[kind as usize]
}

fn compile(kind: ConceptKind) -> Compiled {
    #[expect(clippy::expect_used, reason = "the schemas are part of the binary and a test compiles them all")]
    let json: Json = serde_json::from_str(schema(kind)).expect("an embedded schema is JSON");
    #[expect(clippy::expect_used, reason = "the schemas are part of the binary and a test compiles them all")]
    let validator = jsonschema::draft202012::new(&json).expect("an embedded schema compiles");
    Compiled { json, validator }
}

/// Everything in which a document departs from the schema of its kind.
pub(super) fn validate(kind: ConceptKind, document: &Document) -> Vec<Issue> {
    let instance: Json = match serde_json::from_str(document.text()) {
        Ok(instance) => instance,
        Err(_) => return vec![unreadable(document.root())],
    };
    let errors = compiled(kind).validator.iter_errors(&instance);
    errors.flat_map(|error| issues_of(&error, document)).collect()
}

/// What neither tree nor schema could fault and still can't be read, as a number beyond all measure.
pub(super) fn unreadable(node: NodeRef<'_>) -> Issue {
    fault(
        node,
        IssueCode::Structure,
        "concept-unreadable",
        "A number is too large, or has decimals where only whole numbers fit.",
        "Ett tal är för stort, eller har decimaler där bara heltal får stå.",
    )
}

fn issues_of(error: &ValidationError<'_>, document: &Document) -> Vec<Issue> {
    let node = nearest(document, error.instance_path().as_str());
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            unexpected.iter().map(|name| unknown_member(node, name)).collect()
        }
        ValidationErrorKind::Required { property } => vec![missing(node, property.as_str().unwrap_or_default())],
        kind => {
            let (code, english, swedish) = words(kind);
            vec![fault(node, code, rule(kind), &english, &swedish)]
        }
    }
}

fn unknown_member(parent: NodeRef<'_>, name: &str) -> Issue {
    fault(
        parent.get(name).unwrap_or(parent),
        IssueCode::Structure,
        "schema-unknown-member",
        "The concept has no member of this name: remove it, or correct its spelling.",
        "Begreppet har inget fält med det namnet: ta bort det eller rätta stavningen.",
    )
}

fn missing(parent: NodeRef<'_>, name: &str) -> Issue {
    Issue::error(
        IssueCode::Required,
        "schema-required",
        format!("The member `{name}` is missing: add it."),
        format!("Fältet `{name}` saknas: lägg till det."),
    )
    .at(place(parent))
}

fn rule(kind: &ValidationErrorKind) -> &'static str {
    match kind {
        ValidationErrorKind::Type { .. } => "schema-type",
        ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. } => "schema-enum",
        ValidationErrorKind::Pattern { .. } => "schema-pattern",
        ValidationErrorKind::MinLength { .. } | ValidationErrorKind::MinItems { .. } => "schema-empty",
        ValidationErrorKind::MaxLength { .. } | ValidationErrorKind::MaxItems { .. } => "schema-too-long",
        ValidationErrorKind::Minimum { .. }
        | ValidationErrorKind::Maximum { .. }
        | ValidationErrorKind::ExclusiveMinimum { .. }
        | ValidationErrorKind::ExclusiveMaximum { .. } => "schema-range",
        ValidationErrorKind::MinProperties { .. } => "schema-empty",
        ValidationErrorKind::UniqueItems => "schema-repeated",
        _ => "schema-combination",
    }
}

fn words(kind: &ValidationErrorKind) -> (IssueCode, String, String) {
    match kind {
        ValidationErrorKind::Type { kind } => wrong_type(kind),
        ValidationErrorKind::Enum { options } => one_of(options),
        ValidationErrorKind::Constant { expected_value } => one_of(expected_value),
        ValidationErrorKind::Pattern { pattern } => (
            IssueCode::Value,
            format!("The value does not have the form that is asked for here ({pattern})."),
            format!("Värdet har inte den form som krävs här ({pattern})."),
        ),
        ValidationErrorKind::MinLength { .. }
        | ValidationErrorKind::MinItems { .. }
        | ValidationErrorKind::MinProperties { .. } => said(
            IssueCode::Value,
            "This is empty: fill it in or leave it out.",
            "Detta är tomt: fyll i det eller utelämna det.",
        ),
        ValidationErrorKind::MaxLength { limit } | ValidationErrorKind::MaxItems { limit } => (
            IssueCode::TooLong,
            format!("This is too long: at most {limit} is allowed."),
            format!("Detta är för långt: högst {limit} tillåts."),
        ),
        ValidationErrorKind::Minimum { limit } | ValidationErrorKind::ExclusiveMinimum { limit } => {
            bound("small", "litet", limit)
        }
        ValidationErrorKind::Maximum { limit } | ValidationErrorKind::ExclusiveMaximum { limit } => {
            bound("large", "stort", limit)
        }
        ValidationErrorKind::UniqueItems => said(
            IssueCode::Duplicate,
            "The same value stands here twice: remove one.",
            "Samma värde står här två gånger: ta bort det ena.",
        ),
        _ => said(
            IssueCode::Structure,
            "These members do not go together: see the schema for which of them may stand beside each other.",
            "De här fälten går inte ihop: se schemat för vilka som får stå bredvid varandra.",
        ),
    }
}

fn said(code: IssueCode, english: &str, swedish: &str) -> (IssueCode, String, String) {
    (code, english.to_owned(), swedish.to_owned())
}

/// The options are the schema's own words, never the sender's.
fn one_of(options: &Json) -> (IssueCode, String, String) {
    (IssueCode::CodeInvalid, format!("Use one of {options}."), format!("Använd något av {options}."))
}

fn bound(english: &str, swedish: &str, limit: &Json) -> (IssueCode, String, String) {
    (
        IssueCode::Value,
        format!("The number is too {english}: the limit is {limit}."),
        format!("Talet är för {swedish}: gränsen är {limit}."),
    )
}

fn wrong_type(kind: &TypeKind) -> (IssueCode, String, String) {
    let name = match kind {
        TypeKind::Single(one) => one.to_string(),
        TypeKind::Multiple(many) => many.iter().map(|one| one.to_string()).collect::<Vec<_>>().join(" / "),
    };
    (IssueCode::Structure, format!("Write a JSON {name} here."), format!("Skriv ett JSON-värde av typen {name} här."))
}
