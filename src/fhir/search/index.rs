//! What of a resource goes into the index.

use super::super::ResourceType;
use super::super::tree::{Document, Kind, NodeRef};
use super::plan::{Looks, Path, plans};
use super::value::{self, Element};
use super::{IndexRow, IndexValue};

/// How many rows back a repeated value is looked for.
const LOOK_BACK: usize = 64;

/// What a resource puts into the index, each value of a parameter once. `base` is this gateway's FHIR base without a
/// slash at its end. Elements that can't be indexed are left out.
pub fn index(document: &Document, kind: ResourceType, base: &str) -> Vec<IndexRow> {
    let mut rows = Vec::new();
    for plan in plans(kind) {
        let first = rows.len();
        let mut add = |value| {
            let row = IndexRow { parameter: &plan.parameter.code, value };
            // Looking back is quadratic: far back it is left to the store, which keeps each value once.
            let recent = first.max(rows.len().saturating_sub(LOOK_BACK));
            if !rows[recent..].contains(&row) {
                rows.push(row);
            }
        };
        match &plan.looks {
            Looks::Presence(paths) => add(presence(paths, document.root())),
            Looks::Values(paths) => {
                for path in paths {
                    let mut found = |node| {
                        let element = Element { node, type_name: path.type_name, target: path.target.as_deref() };
                        value::add(&element, plan.parameter.kind, base, &mut add);
                    };
                    path.visit(document.root(), &mut found);
                }
            }
        }
    }
    rows
}

fn presence(paths: &[Path], resource: NodeRef<'_>) -> IndexValue {
    let mut present = false;
    for path in paths {
        path.visit(resource, &mut |node| present |= node.kind() != Kind::Null && node.as_bool() != Some(false));
    }
    IndexValue::Token { system: String::new(), code: present.to_string() }
}
