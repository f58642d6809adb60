//! Faults against the profiles that a resource claims.

use serde_json::{Value, json};

use crate::fhir::library::profile::{Node, Profile};
use crate::fhir::{Kind, Library, NodeRef};

use super::{Fault, Mutant, Original, Spoil};

pub(super) const KINDS: &[Spoil] = &[required_by_profile, fixed_value, pattern, doubled_slice, too_many];

/// The rules by which something is missing.
const MISSING: &[&str] = &["profile-min", "slice-min", "cardinality-min", "object-empty"];

/// An element of a profile at a place of the resource where it is met, outside slices.
struct Met<'l> {
    node: &'l Node,
    /// JSON pointer of the object that has it.
    object: String,
    /// JSON pointer of the member.
    pointer: String,
    /// The member; of an array all of it.
    value: Value,
}

fn profile<'l>(original: &Original, library: &'l Library) -> Option<&'l Profile> {
    library.structure(original.value.pointer("/meta/profile/0")?.as_str()?)?.ok()
}

fn met<'l>(original: &Original, library: &'l Library) -> Vec<Met<'l>> {
    let mut found = Vec::new();
    if let Some(profile) = profile(original, library) {
        go_down(&profile.root, &original.value, String::new(), &mut found);
    }
    found
}

/// No deeper than the profile.
fn go_down<'l>(node: &'l Node, value: &Value, pointer: String, found: &mut Vec<Met<'l>>) {
    for child in node.children.iter().filter(|child| !child.is_choice) {
        let Some(member) = value.get(&child.name) else { continue };
        let at = format!("{pointer}/{}", child.name);
        found.push(Met { node: child, object: pointer.clone(), pointer: at.clone(), value: member.clone() });
        if let Some(items) = member.as_array() {
            for (index, item) in items.iter().enumerate() {
                go_down(child, item, format!("{at}/{index}"), found);
            }
        } else {
            go_down(child, member, at, found);
        }
    }
}

fn required_by_profile(original: &Original, library: &Library, out: &mut Vec<Mutant>) {
    for it in met(original, library).iter().filter(|it| it.node.min > 0) {
        let faults = Fault::any(MISSING, &it.object);
        original.spoil(out, "required-by-profile", (&it.pointer, None), faults);
    }
}

fn plain(node: NodeRef<'_>) -> Value {
    serde_json::from_str(node.text()).unwrap_or_default()
}

/// The places of the values of a member.
fn items(it: &Met<'_>) -> Vec<String> {
    match &it.value {
        Value::Array(items) => (0..items.len()).map(|index| format!("{}/{index}", it.pointer)).collect(),
        _ => vec![it.pointer.clone()],
    }
}

fn fixed_value(original: &Original, library: &Library, out: &mut Vec<Mutant>) {
    for it in met(original, library) {
        let Some(fixed) = it.node.fixed.as_ref().filter(|fixed| fixed.value().kind() == Kind::String) else { continue };
        let other = format!("{}x", plain(fixed.value()).as_str().unwrap_or_default());
        for at in items(&it) {
            let faults = Fault::any(&["profile-fixed"], &at);
            original.spoil(out, "fixed-value", (&at, Some(json!(other))), faults);
        }
    }
}

/// Each string inside the pattern becomes another one.
fn pattern(original: &Original, library: &Library, out: &mut Vec<Mutant>) {
    for it in met(original, library) {
        let Some(pattern) = &it.node.pattern else { continue };
        for at in items(&it) {
            let mut wrong = original.value.pointer(&at).cloned().unwrap_or_default();
            change_strings(&mut wrong);
            let faults =
                [Fault::any(&["profile-pattern"], &at), Fault::any(&["profile-pattern"], &format!("{at}/coding"))];
            if pattern.value().kind() == Kind::Object {
                original.spoil(out, "pattern", (&at, Some(wrong)), faults.concat());
            }
        }
    }
}

fn change_strings(value: &mut Value) {
    match value {
        Value::String(text) => text.push('x'),
        Value::Array(items) => items.iter_mut().for_each(change_strings),
        Value::Object(members) => members.values_mut().for_each(change_strings),
        _ => {}
    }
}

/// An item of an array of which a slice may have one only.
fn doubled_slice(original: &Original, library: &Library, out: &mut Vec<Mutant>) {
    for it in met(original, library) {
        let Some(items) = it.value.as_array() else { continue };
        for slice in it.node.slices.iter().filter(|slice| slice.max == Some(1)) {
            let Some(item) = items.iter().find(|item| is_of_slice(item, slice)) else { continue };
            let mut more = items.clone();
            more.push(item.clone());
            let places = [&it.object, &it.pointer, &format!("{}/{}", it.pointer, items.len())];
            let faults = places.iter().flat_map(|at| Fault::any(&["slice-max", "profile-max"], at)).collect();
            original.spoil(out, "doubled-slice", (&it.pointer, Some(more.into())), faults);
        }
    }
}

/// Whether an item has the fixed values and patterns of a slice; a slice without any tells nothing.
fn is_of_slice(item: &Value, slice: &Node) -> bool {
    let mut told = 0;
    let fits = fits(item, slice, &mut told);
    fits && told > 0
}

fn fits(item: &Value, node: &Node, told: &mut usize) -> bool {
    let value = node.fixed.as_ref().or(node.pattern.as_ref());
    if let Some(value) = value {
        *told += 1;
        if !contains(item, &plain(value.value())) {
            return false;
        }
    }
    node.children.iter().all(|child| match item.get(&child.name) {
        Some(inner) => fits(inner, child, told),
        None => child.fixed.is_none() && child.pattern.is_none(),
    })
}

fn contains(value: &Value, pattern: &Value) -> bool {
    match (value, pattern) {
        (Value::Object(value), Value::Object(pattern)) => {
            pattern.iter().all(|(name, part)| value.get(name).is_some_and(|it| contains(it, part)))
        }
        (Value::Array(items), Value::Array(parts)) => {
            parts.iter().all(|part| items.iter().any(|item| contains(item, part)))
        }
        _ => value == pattern,
    }
}

fn too_many(original: &Original, library: &Library, out: &mut Vec<Mutant>) {
    for it in met(original, library) {
        let Some((most, items)) = it.node.max.zip(it.value.as_array()) else { continue };
        let Some(first) = items.first() else { continue };
        let more: Vec<Value> = (0..=most).map(|_| first.clone()).collect();
        let last = format!("{}/{most}", it.pointer);
        let faults = [&it.object, &it.pointer, &last].iter().flat_map(|at| Fault::any(&["profile-max"], at)).collect();
        original.spoil(out, "too-many", (&it.pointer, Some(more.into())), faults);
    }
}
