//! From concepts to transactions under ids that we choose.
//!
//! A concept's transaction names things by their identifiers and leaves the ids to the server. The demo's ids stand in
//! the README, so here every name becomes `PUT Type/id` and every reference the literal one. What is shared, as a
//! professional's role, is told where it is used first and not again.

use std::collections::{HashMap, HashSet};

use super::Seed;
use super::dice::Dice;
use crate::concept::Concept;
use crate::fhir::Value;

/// Where the entries of the Bundles say that they live.
const BASE: &str = "https://vardbro.example/fhir";

/// Collects the county.
pub(super) struct Bundles {
    /// What names a resource (`List?identifier=system|value`) -> its id, where it is not the value itself.
    names: HashMap<String, String>,
    /// Shared resources that are told already.
    told: HashSet<String>,
    numbers: u64,
    seeds: Vec<Seed>,
}

/// The entries of one Bundle: resources under their ids.
pub(super) type Resources = Vec<Value>;

impl Bundles {
    pub(super) fn new(seed: u64) -> Self {
        let numbers = Dice::new(seed, "bundles", "").between(0, 1 << 32).unsigned_abs();
        Self { names: HashMap::new(), told: HashSet::new(), numbers, seeds: Vec::new() }
    }

    /// Says that what is named so has this id.
    pub(super) fn name(&mut self, kind: &str, (system, value): (&str, &str), id: &str) {
        self.names.insert(format!("{kind}?identifier={system}|{value}"), id.to_owned());
    }

    /// Notes that a shared resource is told by somebody else.
    pub(super) fn told(&mut self, kind: &str, id: &str) {
        self.told.insert(format!("{kind}/{id}"));
    }

    /// The resources of a concept that are not told yet, with their ids.
    pub(super) fn concept(&mut self, concept: &Concept) -> Resources {
        let numbers = &mut self.numbers;
        let mapped = concept.to_fhir(&mut || {
            *numbers += 1;
            format!("00000000-0000-4000-8000-{:012x}", *numbers & 0xffff_ffff_ffff)
        });
        let Some(Value::Array(entries)) = mapped.bundle.get("entry").cloned() else { return Vec::new() };
        let known: HashMap<String, String> = entries.iter().filter_map(|entry| self.named(entry)).collect();
        let mut resources = Vec::new();
        for entry in entries {
            let Some(key) = text(&entry, "fullUrl").and_then(|url| known.get(url)) else { continue };
            let Some(resource) = entry.get("resource") else { continue };
            let is_shared = entry.get("request").is_some_and(|request| request.get("ifNoneExist").is_some());
            if !is_shared || self.told.insert(key.clone()) {
                resources.push(with_id(self.settled(resource, &known), key));
            }
        }
        resources
    }

    /// The `fullUrl` of an entry and the `Type/id` that it becomes.
    fn named(&self, entry: &Value) -> Option<(String, String)> {
        let url = text(entry, "fullUrl")?;
        let kind = text(entry.get("resource")?, "resourceType")?;
        let request = entry.get("request")?;
        let condition = match text(request, "ifNoneExist") {
            Some(condition) => format!("{kind}?{condition}"),
            None => text(request, "url")?.to_owned(),
        };
        let id = self.names.get(&condition).map_or_else(|| last(&condition), |id| id.as_str());
        Some((url.to_owned(), format!("{kind}/{id}")))
    }

    /// A copy whose references name things by id.
    fn settled(&self, value: &Value, known: &HashMap<String, String>) -> Value {
        match value {
            Value::Array(items) => Value::Array(items.iter().map(|item| self.settled(item, known)).collect()),
            Value::Object(members) => Value::Object(
                members.iter().map(|(name, member)| (name.clone(), self.member(name, member, known))).collect(),
            ),
            other => other.clone(),
        }
    }

    fn member(&self, name: &str, value: &Value, known: &HashMap<String, String>) -> Value {
        let Some(reference) = value.as_str().filter(|_| name == "reference") else { return self.settled(value, known) };
        if let Some(key) = known.get(reference) {
            return key.as_str().into();
        }
        let id = self.names.get(reference).zip(reference.split_once('?'));
        id.map_or_else(|| value.clone(), |(id, (kind, _))| format!("{kind}/{id}").into())
    }

    /// Adds a transaction of these resources, if there are any.
    pub(super) fn send(&mut self, caregiver: &'static str, unit: Option<&str>, resources: Resources) {
        if resources.is_empty() {
            return;
        }
        let entries: Vec<Value> = resources.into_iter().map(entry).collect();
        let bundle = Value::object().with("resourceType", "Bundle").with("type", "transaction").with("entry", entries);
        self.seeds.push(Seed { caregiver, unit: unit.map(ToOwned::to_owned), bundle });
    }

    pub(super) fn finish(self) -> Vec<Seed> {
        self.seeds
    }
}

fn entry(resource: Value) -> Value {
    let key = format!(
        "{}/{}",
        text(&resource, "resourceType").unwrap_or_default(),
        text(&resource, "id").unwrap_or_default()
    );
    let request = Value::object().with("method", "PUT").with("url", key.as_str());
    Value::object().with("fullUrl", format!("{BASE}/{key}")).with("resource", resource).with("request", request)
}

/// The resource with its id behind its type.
fn with_id(resource: Value, key: &str) -> Value {
    let Value::Object(mut members) = resource else { return resource };
    let id = key.split_once('/').map_or(key, |(_, id)| id);
    members.insert(1.min(members.len()), ("id".to_owned(), id.into()));
    Value::Object(members)
}

/// What stands behind the last bar: the value of the identifier.
fn last(condition: &str) -> &str {
    condition.rsplit('|').next().unwrap_or(condition)
}

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name).and_then(Value::as_str)
}

/// Those of the resources that are of a type.
pub(super) fn only(resources: Resources, kinds: &[&str]) -> Resources {
    resources
        .into_iter()
        .filter(|resource| text(resource, "resourceType").is_some_and(|kind| kinds.contains(&kind)))
        .collect()
}
