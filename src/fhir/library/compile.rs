//! From a StructureDefinition to a [`Profile`].
//!
//! The snapshot's flat list becomes a tree (`tree`), each element is read for what the walk needs (`element`), and
//! what R4's own definition of the type says already is left out (`prune`).

mod element;
mod limit;
mod prune;
#[cfg(test)]
mod tests;
mod tree;

use super::profile::ExtensionContext;
use super::{Library, Profile, snapshot};
use crate::fhir::{Definitions, Document, NodeRef, Value};

/// Compiles a StructureDefinition; one without a snapshot gets it from what it derives from, looked up in `library`.
///
/// # Errors
/// Why it can't be used, in one line.
pub fn profile(definition: &Document, library: &Library) -> Result<Profile, String> {
    let root = definition.root();
    let text = |name: &str| root.str_at(name).unwrap_or_default().into_owned();
    let type_name = type_name(&text("type"))?;
    let generated = match root.at(&["snapshot", "element"]) {
        Some(_) => None,
        None => Some(elements_of(&snapshot::generate(root, library)?)?),
    };
    let elements = generated.as_ref().map(Document::root).or_else(|| root.at(&["snapshot", "element"]));
    let first = elements.and_then(|list| list.children().next());
    let is_modifier = first.and_then(|it| it.get("isModifier")?.as_bool()).unwrap_or(false);
    let mut node = tree::build(elements.into_iter().flat_map(|list| list.children()))?;
    prune::root(&mut node, &type_name);
    Ok(Profile {
        url: text("url"),
        version: text("version"),
        title: root.str_at("title").or_else(|| root.str_at("name")).unwrap_or_default().into_owned(),
        base: text("baseDefinition"),
        is_constraint: root.str_at("derivation").as_deref() == Some("constraint"),
        is_abstract: root.get("abstract").and_then(|it| it.as_bool()).unwrap_or(false),
        contexts: contexts(root),
        is_modifier,
        type_name,
        root: node,
    })
}

/// Types of R4 are named in full in some definitions; others (logical models) have no instances here.
fn type_name(stated: &str) -> Result<String, String> {
    let name = stated.strip_prefix("http://hl7.org/fhir/StructureDefinition/").unwrap_or(stated);
    match Definitions::r4().type_named(name) {
        Some(_) => Ok(name.to_owned()),
        None => Err("it constrains a type that FHIR R4 does not have".into()),
    }
}

fn elements_of(elements: &[Value]) -> Result<Document, String> {
    let text: Vec<String> = elements.iter().map(Value::to_string).collect();
    Document::parse(format!("[{}]", text.join(","))).map_err(|_| "its snapshot can't be read".into())
}

fn contexts(root: NodeRef<'_>) -> Vec<ExtensionContext> {
    let read = |context: NodeRef<'_>| {
        let expression = context.str_at("expression")?.into_owned();
        Some(match context.str_at("type").as_deref() {
            Some("extension") => ExtensionContext::Extension(expression),
            Some("fhirpath") => ExtensionContext::Path(expression),
            _ => ExtensionContext::Element(expression),
        })
    };
    root.list("context").filter_map(read).collect()
}
