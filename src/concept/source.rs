//! From FHIR: a Bundle read through elements that remember what was taken.
//!
//! Whatever of a concept's own resources nobody took becomes an information issue, so nothing inbound is lost in
//! silence. That bookkeeping lives here, and the concepts only take.

use std::cell::RefCell;
use std::collections::HashSet;

use super::issue::fault;
use super::time::DateTime;
use crate::fhir::{Document, Issue, IssueCode, Kind, NodeRef, Severity};

mod element;
mod people;

pub(super) use element::El;

/// The resources of a Bundle, what was taken of them, and what was wrong.
pub(super) struct Source<'a> {
    resources: Vec<Entry<'a>>,
    taken: RefCell<HashSet<usize>>,
    issues: RefCell<Vec<Issue>>,
    losses: RefCell<Vec<Issue>>,
}

struct Entry<'a> {
    full_url: String,
    /// `Type/id`, when the resource has an id.
    name: String,
    resource: NodeRef<'a>,
}

impl<'a> Source<'a> {
    /// Reads a Bundle, or a single resource.
    pub(super) fn new(document: &'a Document) -> Self {
        let root = document.root();
        let entry = |node: NodeRef<'a>| node.get("resource").map(|resource| Entry::new(node, resource));
        let resources = match root.str_at("resourceType").as_deref() {
            Some("Bundle") => root.list("entry").filter_map(entry).collect(),
            _ => vec![Entry::new(root, root)],
        };
        Self { resources, taken: RefCell::default(), issues: RefCell::default(), losses: RefCell::default() }
    }

    /// The resources of a type in the Bundle's order.
    pub(super) fn all(&self, kind: &str) -> Vec<El<'_>> {
        let of_kind =
            self.resources.iter().filter(|entry| entry.resource.str_at("resourceType").as_deref() == Some(kind));
        of_kind.map(|entry| El::new(entry.resource, self)).collect()
    }

    pub(super) fn note(&self, issue: Issue) {
        self.issues.borrow_mut().push(issue);
    }

    /// An error that costs the concept a part and not the whole: what is left is given, and the error with it.
    pub(super) fn note_loss(&self, issue: Issue) {
        self.losses.borrow_mut().push(issue);
    }

    /// Reports every element of a resource that was not taken.
    pub(super) fn report_leftovers(&self, resource: El<'_>) {
        for member in resource.node().children() {
            if !SERVERS_OWN.iter().any(|name| member.key_is(name)) {
                self.leftovers(member);
            }
        }
    }

    fn leftovers(&self, node: NodeRef<'_>) {
        if self.taken.borrow().contains(&node.span().start) {
            return;
        }
        if !self.is_touched(node) {
            return self.note(unmapped(node));
        }
        node.children().for_each(|child| self.leftovers(child));
    }

    fn is_touched(&self, node: NodeRef<'_>) -> bool {
        node.children().any(|child| self.taken.borrow().contains(&child.span().start) || self.is_touched(child))
    }

    /// Everything noted so far, split by whether it stops the reading.
    pub(super) fn finish<T>(self, read: T) -> Result<(T, Vec<Issue>), Vec<Issue>> {
        let mut issues = self.issues.into_inner();
        let whole = !issues.iter().any(Issue::is_error);
        issues.extend(self.losses.into_inner());
        if whole { Ok((read, issues)) } else { Err(issues) }
    }

    fn take(&self, node: NodeRef<'_>) {
        self.taken.borrow_mut().insert(node.span().start);
    }

    fn find(&self, reference: &str) -> Option<NodeRef<'a>> {
        let plain = reference.split("/_history/").next().unwrap_or(reference);
        let hit = self.resources.iter().find(|entry| entry.full_url == plain || entry.name == plain);
        hit.or_else(|| self.find_by_condition(plain)).map(|entry| entry.resource)
    }

    /// `Type?identifier=system|value` inside a transaction names a resource of the same Bundle at times.
    fn find_by_condition(&self, reference: &str) -> Option<&Entry<'a>> {
        let (kind, query) = reference.split_once("?identifier=")?;
        let (system, value) = query.split_once('|')?;
        let matches = |id: NodeRef<'_>| {
            id.str_at("system").as_deref() == Some(system) && id.str_at("value").as_deref() == Some(value)
        };
        self.resources.iter().find(|entry| {
            entry.resource.str_at("resourceType").as_deref() == Some(kind)
                && entry.resource.list("identifier").any(matches)
        })
    }
}

/// What a server sets by itself; it says nothing about the matter.
const SERVERS_OWN: [&str; 3] = ["resourceType", "id", "meta"];

impl<'a> Entry<'a> {
    fn new(entry: NodeRef<'a>, resource: NodeRef<'a>) -> Self {
        let kind = resource.str_at("resourceType").unwrap_or_default();
        let name = resource.str_at("id").map(|id| format!("{kind}/{id}")).unwrap_or_default();
        Self { full_url: entry.str_at("fullUrl").unwrap_or_default().into_owned(), name, resource }
    }
}

fn unmapped(node: NodeRef<'_>) -> Issue {
    fault(
        node,
        IssueCode::Informational,
        "unmapped-element",
        "The concept has no place for this element: it is kept in the resource but not in the concept.",
        "Begreppet har ingen plats för detta element: det finns kvar i resursen men inte i begreppet.",
    )
    .with_severity(Severity::Information)
}

fn passed_over(node: NodeRef<'_>) -> Issue {
    fault(
        node,
        IssueCode::Informational,
        "status-passed-over",
        "The status of this resource says that it does not hold (any longer): it was passed over.",
        "Resursens status säger att den inte gäller (längre): den hoppades över.",
    )
    .with_severity(Severity::Information)
}

/// A part of the concept belongs to somebody else. Shown here it could be given to the wrong person.
pub(super) fn other_patient(node: NodeRef<'_>) -> Issue {
    fault(
        node,
        IssueCode::BusinessRule,
        "other-patient",
        "This is about another patient than what refers to it: it was left out. Correct the reference or the subject.",
        "Detta gäller en annan patient än det som hänvisar hit: det utelämnades. Rätta hänvisningen eller patienten.",
    )
}

/// A required element is not there, or can't be read.
pub(super) fn missing(node: NodeRef<'_>, name: &str) -> Issue {
    let english = format!("The concept needs `{name}` here, in a form that can be read.");
    let swedish = format!("Begreppet behöver `{name}` här, i en form som går att läsa.");
    fault(node, IssueCode::Required, "concept-element-missing", &english, &swedish)
}

/// A FHIR dateTime of a string node; a time without offset is not FHIR.
fn date_of(node: NodeRef<'_>) -> Option<DateTime> {
    let text = node.as_str()?;
    let read = DateTime::parse(&text)?;
    (read.as_str() == text).then_some(read)
}

fn bad_value(node: NodeRef<'_>) -> Issue {
    let code = if node.kind() == Kind::String { IssueCode::Value } else { IssueCode::Structure };
    fault(
        node,
        code,
        "concept-value",
        "The concept can't take this value: it is not of the form or among the codes that are allowed here.",
        "Begreppet kan inte ta emot värdet: det har inte den form eller är inte bland de koder som tillåts här.",
    )
}
