//! The resources around a resource, loaded ahead, so that pure code can follow references.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::fhir::path::Resolver;
use crate::fhir::{Document, Reference, ResourceKey, reference};
use crate::store::Refused;

use super::Gateway;
use super::{ownership, relations};

/// Parsed resources by `Type/id`.
#[derive(Default)]
pub struct Neighbourhood {
    documents: BTreeMap<String, Document>,
    base: String,
}

/// Types that are followed: those that say who somebody is and where something belongs.
const FOLLOWED: [&str; 10] = [
    "Consent",
    "HealthcareService",
    "Location",
    "Organization",
    "CareTeam",
    "Patient",
    "Practitioner",
    "PractitionerRole",
    "ServiceRequest",
    "Task",
];

/// How far: CareTeam -> PractitionerRole -> Organization -> partOf -> partOf.
const DEPTH: usize = 4;

impl Neighbourhood {
    /// Loads what `documents` refer to, and what that refers to, as far as [`DEPTH`].
    ///
    /// # Errors
    /// Where the store can't be read.
    pub async fn around(gateway: &Gateway, documents: Vec<(ResourceKey, Document)>) -> Result<Self, Refused> {
        Self::load(gateway, documents, HashMap::new(), |key| FOLLOWED.contains(&key.kind.as_str())).await
    }

    /// What receiving `documents` needs of their surroundings: all of the documents, and what is
    /// [`around`](Self::around) those whose evidence, relations or ownership look through references.
    ///
    /// # Errors
    /// Where the store can't be read.
    pub async fn needed(gateway: &Gateway, documents: Vec<(ResourceKey, Document)>) -> Result<Self, Refused> {
        let looks = |key: &ResourceKey| {
            gateway.evidence.looks_through(key.kind)
                || relations::come_from(key.kind)
                || ownership::is_asked_of(key.kind)
        };
        let (looking, others) = documents.into_iter().partition(|(key, _)| looks(key));
        let others: Vec<(ResourceKey, Document)> = others;
        Self::load(gateway, looking, others.into_iter().collect(), |key| FOLLOWED.contains(&key.kind.as_str())).await
    }

    /// All resources with their names, in the order of these.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Document)> {
        self.documents.iter()
    }

    /// Follows references from `documents`. Those that lead to one `at_hand` take it; what is left of them is there
    /// in the end too, but not followed.
    async fn load(
        gateway: &Gateway,
        documents: Vec<(ResourceKey, Document)>,
        mut at_hand: HashMap<ResourceKey, Document>,
        follow: impl Fn(&ResourceKey) -> bool,
    ) -> Result<Self, Refused> {
        let mut seen: HashSet<ResourceKey> = documents.iter().map(|(key, _)| key.clone()).collect();
        let mut around = Self { documents: BTreeMap::new(), base: gateway.base.to_string() };
        let mut edge = documents;
        for _ in 0..DEPTH {
            let mut wanted = Vec::new();
            while let Some((key, document)) = edge.pop() {
                let new = |it: &ResourceKey| (at_hand.contains_key(it) || follow(it)) && seen.insert(it.clone());
                for target in referred(&document, &gateway.base).into_iter().filter(new).collect::<Vec<_>>() {
                    match at_hand.remove(&target) {
                        Some(document) => edge.push((target, document)),
                        None => wanted.push(target),
                    }
                }
                around.documents.insert(key.to_string(), document);
            }
            if wanted.is_empty() {
                break;
            }
            let versions = gateway.store.read_many(&wanted).await?;
            edge = versions.into_iter().filter_map(|v| Some((v.key, Document::parse(v.text?).ok()?))).collect();
        }
        around.documents.extend(edge.into_iter().chain(at_hand).map(|(key, document)| (key.to_string(), document)));
        Ok(around)
    }

    /// The `Type/id` that a reference means, if it is one of this gateway's.
    pub fn local(&self, reference: &str) -> Option<String> {
        Reference::parse(reference, &self.base).local().map(ToString::to_string)
    }

    /// The resource of that name.
    pub fn get(&self, reference: &str) -> Option<&Document> {
        if let Some(document) = self.documents.get(reference) {
            return Some(document);
        }
        let key = Reference::parse(reference, &self.base).local()?.to_string();
        self.documents.get(&key)
    }
}

impl Resolver for Neighbourhood {
    fn resolve(&self, reference: &str) -> Option<&Document> {
        self.get(reference)
    }
}

fn referred(document: &Document, base: &str) -> Vec<ResourceKey> {
    let local = |text: &str| Reference::parse(text, base).local().cloned();
    reference::nodes(document.root()).into_iter().filter_map(|node| local(&node.as_str()?)).collect()
}
