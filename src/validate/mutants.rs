//! Spoilt resources: from valid ones, thousands that each have one known fault at one known place.
//!
//! A kind of fault is one small function that goes through the typed places of an original ([`place`]) and spoils what
//! it can. What comes out depends on the originals alone, so a fault that is not found can be made again.

mod codes;
mod invariants;
mod place;
mod primitives;
mod profiles;
mod resources;
mod structure;
mod syntax;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::fhir::{Document, Issue, Library};

use super::Setting;

/// A valid resource to spoil.
pub struct Original {
    /// What it is called in reports.
    pub name: String,
    value: Value,
}

/// A spoilt resource and what must be found in it.
#[derive(Debug, Clone)]
pub struct Mutant {
    /// The kind of fault, as `unknown-element`.
    pub kind: &'static str,
    /// The original's name.
    pub original: String,
    /// The JSON text.
    pub text: String,
    /// One of these must be found.
    pub faults: Vec<Fault>,
}

/// What is found where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The rule's name.
    pub rule: &'static str,
    /// The key of the invariant; empty for other rules.
    pub key: &'static str,
    /// JSON pointer.
    pub pointer: String,
}

/// What spoils an original in one way, wherever it can.
type Spoil = fn(&Original, &Library, &mut Vec<Mutant>);

/// The kinds of fault, family by family.
const KINDS: &[&[Spoil]] = &[
    structure::KINDS,
    primitives::KINDS,
    codes::KINDS,
    resources::KINDS,
    invariants::KINDS,
    profiles::KINDS,
    syntax::KINDS,
];

impl Original {
    /// A resource as JSON text; `None` where it is none.
    pub fn parse(name: impl Into<String>, json: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(json).ok()?;
        value.get("resourceType")?;
        Some(Self { name: name.into(), value })
    }

    /// The resource with a claim that it meets a profile.
    #[must_use]
    pub fn claiming(mut self, profile: &str) -> Self {
        let members = self.value.as_object_mut();
        if let Some(meta) = members.map(|members| members.entry("meta").or_insert_with(|| json!({}))) {
            meta["profile"] = json!([profile]);
        }
        self
    }

    /// Resources of types that the originals of a caller may lack, so that more invariants can be broken.
    pub fn samples() -> impl Iterator<Item = Self> {
        let samples = invariants::SAMPLES.iter();
        samples.filter_map(|json| Self::parse(format!("sample {}", json.get(17..40).unwrap_or_default()), json))
    }

    /// The text of the resource after some edits: what stands at a pointer is replaced, put in or (`None`) taken out.
    fn edited(&self, edits: &[(&str, Option<Value>)]) -> Option<String> {
        let mut value = self.value.clone();
        for (pointer, new) in edits {
            edit(&mut value, pointer, new.clone())?;
        }
        Some(value.to_string())
    }

    /// Adds a mutant with one edit.
    fn spoil(&self, out: &mut Vec<Mutant>, kind: &'static str, edit: (&str, Option<Value>), faults: Vec<Fault>) {
        self.spoil_all(out, kind, &[edit], faults);
    }

    fn spoil_all(
        &self,
        out: &mut Vec<Mutant>,
        kind: &'static str,
        edits: &[(&str, Option<Value>)],
        faults: Vec<Fault>,
    ) {
        if let Some(text) = self.edited(edits) {
            out.push(Mutant { kind, original: self.name.clone(), text, faults });
        }
    }
}

fn edit(value: &mut Value, pointer: &str, new: Option<Value>) -> Option<()> {
    let (parent, name) = pointer.rsplit_once('/')?;
    match (value.pointer_mut(parent)?, new) {
        (Value::Object(members), Some(new)) => drop(members.insert(name.to_owned(), new)),
        (Value::Object(members), None) => drop(members.shift_remove(name)?),
        (Value::Array(items), Some(new)) => *items.get_mut(name.parse::<usize>().ok()?)? = new,
        (Value::Array(items), None) => {
            let index = name.parse::<usize>().ok().filter(|index| *index < items.len())?;
            items.remove(index);
        }
        _ => return None,
    }
    Some(())
}

impl Fault {
    fn new(rule: &'static str, pointer: impl Into<String>) -> Self {
        Self { rule, key: "", pointer: pointer.into() }
    }

    /// One of several rules at a place.
    fn any(rules: &[&'static str], pointer: &str) -> Vec<Self> {
        rules.iter().map(|rule| Self::new(rule, pointer)).collect()
    }

    fn is(&self, issue: &Issue) -> bool {
        let key = issue.constraint.as_deref().and_then(|it| it.rsplit('#').next()).unwrap_or_default();
        issue.rule == self.rule && issue.place.pointer == self.pointer && (self.key.is_empty() || key == self.key)
    }
}

impl Mutant {
    /// Whether one of the faults is found, by parsing and validating.
    pub fn is_found(&self, setting: &Setting<'_>) -> bool {
        match Document::parse(self.text.as_str()) {
            Ok(document) => {
                let issues = super::resource(&document, setting).issues;
                issues.iter().any(|issue| self.faults.iter().any(|fault| fault.is(issue)))
            }
            Err(found) => found.iter().any(|it| self.faults.iter().any(|fault| fault.rule == it.rule)),
        }
    }
}

/// All mutants of the originals that differ from them and from each other.
pub fn all(originals: &[Original], library: &Library) -> Vec<Mutant> {
    let mut found = Vec::new();
    for original in originals {
        for spoil in KINDS.iter().flat_map(|family| family.iter()) {
            spoil(original, library, &mut found);
        }
    }
    let mut texts: HashSet<String> = originals.iter().map(|original| original.value.to_string()).collect();
    found.retain(|mutant| texts.insert(mutant.text.clone()));
    found
}
