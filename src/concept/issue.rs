//! Issues at a place of a concept's JSON or of a resource.

use crate::fhir::outcome::Place;
use crate::fhir::tree::SyntaxFault;
use crate::fhir::{Document, Issue, IssueCode, Kind, NodeRef};

/// The place of a node: its pointer, its line and column, and inside a resource its FHIRPath.
pub(super) fn place(node: NodeRef<'_>) -> Place {
    Place { expression: expression(node), pointer: node.pointer(), position: Some(node.position()) }
}

/// An error at a node.
pub(super) fn fault(node: NodeRef<'_>, code: IssueCode, rule: &'static str, english: &str, swedish: &str) -> Issue {
    Issue::error(code, rule, english, swedish).at(place(node))
}

/// The FHIRPath of a node from the innermost resource around it; empty outside of resources.
fn expression(node: NodeRef<'_>) -> String {
    let mut steps: Vec<String> = Vec::new();
    let mut at = node;
    loop {
        if let Some(kind) = at.str_at("resourceType") {
            return steps.iter().rev().fold(kind.into_owned(), |path, step| path + step);
        }
        let Some(parent) = at.parent() else { return String::new() };
        steps.push(match at.key() {
            Some(key) => format!(".{key}"),
            None => format!("[{}]", at.index_in_parent()),
        });
        at = parent;
    }
}

/// The faults of the JSON text itself.
pub(super) fn of_syntax(fault: SyntaxFault) -> Issue {
    let place = Place { expression: String::new(), pointer: fault.pointer, position: Some(fault.position) };
    Issue::error(IssueCode::Structure, fault.rule, fault.english, fault.swedish).at(place)
}

/// The node behind a JSON pointer (RFC 6901), or the deepest one on the way there.
pub(super) fn nearest<'a>(document: &'a Document, pointer: &str) -> NodeRef<'a> {
    let mut at = document.root();
    for step in pointer.split('/').skip(1) {
        let name = step.replace("~1", "/").replace("~0", "~");
        let next = match at.kind() {
            Kind::Array => name.parse().ok().and_then(|index: usize| at.children().nth(index)),
            _ => at.get(&name),
        };
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    at
}
