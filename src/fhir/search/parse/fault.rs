//! What is wrong with a search, in words that never repeat the value.

use super::super::super::definitions::SearchKind;
use super::super::super::outcome::{Issue, IssueCode, Place, Severity};

use super::{MOST_ALTERNATIVES, MOST_FILTERS};

/// The longest name that is shown.
const LONGEST_NAME: usize = 64;

/// A parameter that we do not have.
pub(super) fn unknown(name: &str) -> Box<Issue> {
    issue(
        IssueCode::NotSupported,
        "search-parameter-unknown",
        name,
        "is not supported for this type; remove it, or see the CapabilityStatement for those that are.",
        "stöds inte för denna typ; ta bort den, eller se CapabilityStatement för dem som stöds.",
    )
}

/// The same as a warning, where it was ignored.
pub(super) fn ignored(issue: Box<Issue>) -> Issue {
    let english = format!("{} It was ignored.", issue.english);
    let swedish = format!("{} Den har bortsetts från.", issue.swedish);
    Issue { english, swedish, ..*issue }.with_severity(Severity::Warning)
}

/// A modifier that we do not have, or not for this type of parameter.
pub(super) fn modifier(name: &str) -> Box<Issue> {
    issue(
        IssueCode::NotSupported,
        "search-modifier-unsupported",
        name,
        "has a modifier that is not supported for it; remove what follows the colon.",
        "har en modifierare som inte stöds för den; ta bort det som följer efter kolon.",
    )
}

/// A value whose form is wrong for a parameter of that kind.
pub(super) fn value(name: &str, kind: SearchKind) -> Box<Issue> {
    let (english, swedish) = match kind {
        SearchKind::Date => (
            "Write a date as 2026, 2026-03, 2026-03-02 or 2026-03-02T08:00:00Z, \
             perhaps behind eq, ne, gt, lt, ge, le, sa, eb or ap.",
            "Skriv ett datum som 2026, 2026-03, 2026-03-02 eller 2026-03-02T08:00:00Z, \
             eventuellt efter eq, ne, gt, lt, ge, le, sa, eb eller ap.",
        ),
        SearchKind::Token => (
            "Write code, system|code, |code or system|, with commas between alternatives.",
            "Skriv code, system|code, |code eller system|, med kommatecken mellan alternativ.",
        ),
        SearchKind::Reference => (
            "Write an id, Type/id (of the type in the modifier, if there is one) or an absolute URL.",
            "Skriv ett id, Typ/id (av modifierarens typ, om den finns) eller en absolut URL.",
        ),
        _ => ("Alternatives between commas must not be empty.", "Alternativ mellan kommatecken får inte vara tomma."),
    };
    let (english, swedish) =
        (format!("has a value of the wrong form. {english}"), format!("har ett värde med fel form. {swedish}"));
    issue(IssueCode::Value, "search-value-invalid", name, &english, &swedish)
}

/// More alternatives than a search can have.
pub(super) fn too_many_alternatives(name: &str) -> Box<Issue> {
    issue(
        IssueCode::TooCostly,
        "search-alternatives-too-many",
        name,
        &format!("has more than {MOST_ALTERNATIVES} alternatives; divide them among several searches."),
        &format!("har fler än {MOST_ALTERNATIVES} alternativ; fördela dem på flera sökningar."),
    )
}

/// More filters than a search can have.
pub(super) fn too_many_filters() -> Box<Issue> {
    Box::new(Issue::error(
        IssueCode::TooCostly,
        "search-filters-too-many",
        format!("The search has more than {MOST_FILTERS} parameters that filter; leave some out."),
        format!("Sökningen har fler än {MOST_FILTERS} parametrar som filtrerar; ta bort några."),
    ))
}

/// `:missing` with something else than a truth value.
pub(super) fn missing_value(name: &str) -> Box<Issue> {
    let (english, swedish) = ("must have the value true or false.", "ska ha värdet true eller false.");
    issue(IssueCode::Value, "search-value-invalid", name, english, swedish)
}

/// A parameter about the result whose value we do not have.
pub(super) fn result_value(code: &str) -> Box<Issue> {
    let (english, swedish) = match code {
        "_count" => ("must be a whole number from 0.", "ska vara ett heltal från 0."),
        "_sort" => ("can be _lastUpdated or -_lastUpdated.", "kan vara _lastUpdated eller -_lastUpdated."),
        "_total" => ("can be none, estimate or accurate.", "kan vara none, estimate eller accurate."),
        "_summary" => ("can only be count.", "kan bara vara count."),
        _ => (
            "must be Type:parameter or Type:parameter:Target, \
             with the type that is searched and one of its reference parameters.",
            "ska vara Typ:parameter eller Typ:parameter:Måltyp, \
             med den sökta typen och en av dess referensparametrar.",
        ),
    };
    issue(IssueCode::Value, "search-value-invalid", code, english, swedish)
}

fn issue(code: IssueCode, rule: &'static str, name: &str, english: &str, swedish: &str) -> Box<Issue> {
    let (english_subject, swedish_subject, expression) = match is_showable(name) {
        true => (format!("The parameter {name}"), format!("Parametern {name}"), format!("http.{name}")),
        false => ("A parameter".to_owned(), "En parameter".to_owned(), String::new()),
    };
    let issue =
        Issue::error(code, rule, format!("{english_subject} {english}"), format!("{swedish_subject} {swedish}"));
    Box::new(issue.at(Place { expression, ..Place::default() }))
}

/// Names come from the client: one with digits or signs may be a value that went astray.
fn is_showable(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b':' | b'.');
    name.len() <= LONGEST_NAME && name.bytes().all(is_plain)
}
