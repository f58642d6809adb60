//! The snapshot of a StructureDefinition, from its differential and what it derives from
//! ([snapshots](https://hl7.org/fhir/R4/profiling.html#snapshot)).
//!
//! The base's snapshot becomes a tree. Each element of the differential is looked up there, by its path and the slices
//! that stand around it; where the base has not unfolded a data type, the type's own snapshot is put in. Then what the
//! differential says is merged in, and the tree is written out as a list.

mod merge;
mod place;
#[cfg(test)]
mod tests;
mod tree;

use super::{DefinitionKind, Library};
use crate::fhir::{NodeRef, Value};

use self::place::Steps;
use self::tree::Element;

/// So many definitions derive from each other at most; this ends circles.
const MOST_DEEP: usize = 16;

/// The elements of the snapshot of a definition that has a differential, in order, as ElementDefinitions.
///
/// # Errors
/// Why there can be none, in one line: the base is not at hand, an element that the base does not have, ...
pub fn generate(definition: NodeRef<'_>, library: &Library) -> Result<Vec<Value>, String> {
    Ok(snapshot(definition, &Sources { library, depth: 0 })?.into_list())
}

/// Where snapshots of other definitions come from.
#[derive(Clone, Copy)]
struct Sources<'l> {
    library: &'l Library,
    /// How many definitions lead here.
    depth: usize,
}

fn snapshot(definition: NodeRef<'_>, sources: &Sources<'_>) -> Result<Element, String> {
    let base = definition.str_at("baseDefinition").ok_or("it has neither a snapshot nor a baseDefinition")?;
    let base = sources.tree(&base)?;
    let mut root = base.clone();
    let stated = definition.at(&["differential", "element"]);
    let mut steps = Steps::default();
    for element in stated.into_iter().flat_map(|list| list.children()) {
        let element = Value::from_node(element);
        let way = steps.of(&element)?;
        let target = place::find(&mut root, &base, &way, &element, sources)?;
        merge::merge(target, &element)?;
    }
    Ok(root)
}

impl Sources<'_> {
    /// The tree of a definition's snapshot, generated where it has none.
    fn tree(&self, canonical: &str) -> Result<Element, String> {
        let document = self.library.document(DefinitionKind::Structure, canonical);
        let root = document.ok_or_else(|| format!("{canonical}, from which it derives, is not at hand"))?.root();
        if let Some(elements) = root.at(&["snapshot", "element"]) {
            return tree::build(elements.children().map(Value::from_node));
        }
        if self.depth >= MOST_DEEP {
            return Err(format!("{canonical} derives from itself"));
        }
        snapshot(root, &Self { depth: self.depth + 1, ..*self })
    }
}
