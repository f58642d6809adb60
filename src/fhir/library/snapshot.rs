//! The snapshot of a StructureDefinition, from its differential and what it derives from
//! ([snapshots](https://hl7.org/fhir/R4/profiling.html#snapshot)).
//!
//! The base's elements become a tree; each element of the differential is a way through it. Where the way leads into
//! something that the tree does not hold yet (a slice, the inside of a data type), that is put there first.

mod apply;
mod merge;
#[cfg(test)]
mod tests;
mod tree;

use super::{DefinitionKind, Library};
use crate::fhir::{Document, NodeRef, Value};
use apply::Generator;
use tree::Tree;

/// The longest chain of definitions that derive from one another, or that elements lead into.
const DEEPEST: usize = 16;

/// The elements of the snapshot of a definition that has a differential, in order, as ElementDefinitions.
///
/// # Errors
/// Why there can be none, in one line: the base is not at hand, an element that the base does not have, ...
pub fn generate(definition: NodeRef<'_>, library: &Library) -> Result<Vec<Value>, String> {
    let url = definition.str_at("url").unwrap_or_default();
    Ok(generated(definition, library, &mut vec![url.into_owned()])?.elements())
}

/// `chain` holds the URLs that are being worked on, from the one that was asked for.
fn generated(definition: NodeRef<'_>, library: &Library, chain: &mut Vec<String>) -> Result<Tree, String> {
    let text = |name: &str| definition.str_at(name).unwrap_or_default().into_owned();
    let base = definition.str_at("baseDefinition").ok_or("it names no base")?;
    let mut tree = snapshot_of(&base, library, chain)?;
    let is_new_type = text("derivation") == "specialization";
    if is_new_type {
        tree.root.name = text("type").rsplit('/').next().unwrap_or_default().to_owned();
    }
    let differential: Vec<_> =
        definition.get("differential").into_iter().flat_map(|list| list.list("element")).collect();
    let url = text("url");
    let mut generator = Generator::new(tree, library, chain, &url, is_new_type);
    for element in differential {
        generator.apply(element);
    }
    generator.finish()
}

/// The tree of a definition's snapshot, which is generated where it lacks one.
fn snapshot_of(canonical: &str, library: &Library, chain: &mut Vec<String>) -> Result<Tree, String> {
    let document = find(canonical, library).ok_or_else(|| format!("{canonical} is not at hand"))?;
    let root = document.root();
    let elements = root.get("snapshot").into_iter().flat_map(|list| list.list("element"));
    if let Some(tree) = Tree::read(elements)? {
        return Ok(tree);
    }
    let url = canonical.split('|').next().unwrap_or(canonical);
    if chain.iter().any(|above| above == url) {
        return Err(format!("{url} derives from itself"));
    }
    if chain.len() >= DEEPEST {
        return Err(format!("more than {DEEPEST} definitions derive from one another"));
    }
    chain.push(url.to_owned());
    let tree = generated(root, library, chain).map_err(|why| format!("{url}: {why}"));
    chain.pop();
    tree
}

/// A definition of another version is better than none.
fn find<'l>(canonical: &str, library: &'l Library) -> Option<&'l Document> {
    let document = |canonical| library.document(DefinitionKind::Structure, canonical);
    document(canonical).or_else(|| document(canonical.split('|').next()?))
}
