//! Where in the tree an element of a differential belongs.

use std::collections::HashMap;

use super::Sources;
use super::tree::{self, Element};
use crate::fhir::Value;

/// A part of an element's path, with the slice that it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The name, as the path has it.
    pub name: String,
    /// The slice; empty for none.
    pub slice: String,
}

/// Follows a differential: an element inside a slice comes after that slice and is known by its path alone.
#[derive(Default)]
pub struct Steps(HashMap<String, String>);

impl Steps {
    /// The way to an element.
    pub fn of(&mut self, element: &Value) -> Result<Vec<Step>, String> {
        let path = element.get("path").and_then(Value::as_str).ok_or("an element of its differential has no path")?;
        let own = element.get("sliceName").and_then(Value::as_str).unwrap_or_default();
        if path.split('.').count() > super::MOST_DEEP * 2 {
            return Err(format!("{path} nests too deep"));
        }
        self.0.retain(|known, _| !known.starts_with(path) || known.get(path.len()..path.len() + 1) != Some("."));
        self.0.insert(path.to_owned(), own.to_owned());
        let mut so_far = String::new();
        let step = |name: &str| {
            if !so_far.is_empty() {
                so_far.push('.');
            }
            so_far.push_str(name);
            Step { name: name.to_owned(), slice: self.0.get(&so_far).cloned().unwrap_or_default() }
        };
        Ok(path.split('.').map(step).collect())
    }
}

/// The element at the end of a way; slices are made and types unfolded where the way asks for it. References to the
/// content of others are followed in `base`.
pub fn find<'t>(
    root: &'t mut Element,
    base: &Element,
    way: &[Step],
    stated: &Value,
    sources: &Sources<'_>,
) -> Result<&'t mut Element, String> {
    let path = || way.iter().map(|step| step.name.as_str()).collect::<Vec<_>>().join(".");
    let mut at = root;
    for (depth, step) in way.iter().enumerate().skip(1) {
        unfold(at, base, sources)?;
        let (name, shorthand) =
            child_name(at, &step.name).ok_or_else(|| format!("{} is no element of what it derives from", path()))?;
        let slice = if step.slice.is_empty() { shorthand.unwrap_or_default() } else { step.slice.clone() };
        at = at.child_mut(&name).ok_or_else(path)?;
        if !slice.is_empty() {
            let is_last = depth + 1 == way.len();
            at = slice_of(at, &slice, stated, is_last)?;
        }
    }
    Ok(at)
}

/// The child that a name means: itself, or for `valueQuantity` the choice `value[x]` with the slice of that name.
fn child_name(element: &Element, name: &str) -> Option<(String, Option<String>)> {
    let plain = name.trim_end_matches("[x]");
    if let Some(child) = element.children.iter().find(|child| child.name.trim_end_matches("[x]") == plain) {
        return Some((child.name.clone(), None));
    }
    let choice = element.children.iter().find(|child| {
        let suffix = child.name.strip_suffix("[x]").and_then(|choice| name.strip_prefix(choice));
        let types = child.definition.get("type").map_or(&[][..], Value::items);
        suffix.is_some_and(|suffix| types.iter().filter_map(code).any(|code| code.eq_ignore_ascii_case(suffix)))
    })?;
    Some((choice.name.clone(), Some(name.to_owned())))
}

fn code(stated: &Value) -> Option<&str> {
    stated.get("code").and_then(Value::as_str)
}

/// The slice of that name, made from its element where it is new.
fn slice_of<'t>(
    element: &'t mut Element,
    name: &str,
    stated: &Value,
    is_last: bool,
) -> Result<&'t mut Element, String> {
    if !element.slices.iter().any(|slice| slice.slice == name) {
        let around = element
            .slices
            .iter()
            .position(|slice| name.strip_prefix(&slice.slice).is_some_and(|rest| rest.starts_with('/')));
        if let Some(around) = around {
            let slice = element.slices.get_mut(around).ok_or("a slice is missing")?;
            return slice_of(slice, name, stated, is_last);
        }
        declare(element, name)?;
        let mut definition = element.definition.clone();
        if let Value::Object(members) = &mut definition {
            members.retain(|(member, _)| member != "slicing");
        }
        definition.set("min", Value::Number("0".into()));
        if let Some(chosen) = typed(element, name) {
            definition.set("type", Value::Array(vec![chosen]));
        }
        let (element_name, children) = (element.name.clone(), element.children.clone());
        let slice = Element { name: element_name, slice: name.to_owned(), definition, children, slices: Vec::new() };
        tree::into_slices(element, slice);
    }
    let found = element.slices.iter_mut().find(|slice| slice.slice == name);
    found.ok_or_else(|| format!("the slice {name} can't be made"))
}

/// Extensions and choices are sliced in one way only, which need not be said; all others must say it.
fn declare(element: &mut Element, slice: &str) -> Result<(), String> {
    if element.definition.get("slicing").is_some() {
        return Ok(());
    }
    let (kind, path) = match element.name.as_str() {
        "extension" | "modifierExtension" => ("value", "url"),
        name if name.ends_with("[x]") => ("type", "$this"),
        name => return Err(format!("{name} has the slice {slice}, and nothing says what tells its slices apart")),
    };
    let discriminator = Value::object().with("type", kind).with("path", path);
    let slicing = Value::object().with("discriminator", Value::Array(vec![discriminator])).with("rules", "open");
    element.definition.set("slicing", slicing);
    Ok(())
}

/// For the slice `valueQuantity` of `value[x]`: its type.
fn typed(element: &Element, slice: &str) -> Option<Value> {
    let suffix = slice.strip_prefix(element.name.strip_suffix("[x]")?)?;
    let types = element.definition.get("type").map_or(&[][..], Value::items);
    types.iter().find(|it| code(it).is_some_and(|code| code.eq_ignore_ascii_case(suffix))).cloned()
}

/// Puts the elements of an element's type inside it, where they are not there yet.
fn unfold(element: &mut Element, whole: &Element, sources: &Sources<'_>) -> Result<(), String> {
    if !element.children.is_empty() {
        return Ok(());
    }
    if let Some(reference) = element.definition.get("contentReference").and_then(Value::as_str) {
        let reference = reference.rsplit('#').next().unwrap_or_default();
        let referred = by_path(whole, reference).ok_or_else(|| format!("{reference} is no element of it"))?;
        element.children.clone_from(&referred.children);
        if let Value::Object(members) = &mut element.definition {
            members.retain(|(name, _)| name != "contentReference");
        }
        return Ok(());
    }
    let types = element.definition.get("type").map_or(&[][..], Value::items);
    let name = &element.name;
    let [only] = types else {
        return Err(format!("{name} has several types, and it says something of what is inside them"));
    };
    let profiles = only.get("profile").map_or(&[][..], Value::items);
    let canonical = match (profiles, code(only)) {
        ([profile], _) => profile.as_str().unwrap_or_default().to_owned(),
        (_, Some(code)) if code.starts_with("http://hl7.org/fhirpath/") => {
            "http://hl7.org/fhir/StructureDefinition/Element".to_owned()
        }
        (_, Some(code)) => format!("http://hl7.org/fhir/StructureDefinition/{code}"),
        _ => return Err(format!("{name} has no type, and it says something of what is inside")),
    };
    element.children = sources.tree(&canonical)?.children;
    Ok(())
}

fn by_path<'t>(root: &'t Element, path: &str) -> Option<&'t Element> {
    path.split('.').skip(1).try_fold(root, |at, name| at.children.iter().find(|child| child.name == name))
}
