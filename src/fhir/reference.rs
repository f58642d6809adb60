//! Names of resources: `Patient/123`, its parts, and the ways in which senders write it.

use std::fmt;

use super::definitions::ResourceType;
use super::tree::NodeRef;

/// A logical id: 1 to 64 of `A-Z a-z 0-9 - .` ([id](https://hl7.org/fhir/R4/datatypes.html#id)).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceId(Box<str>);

impl ResourceId {
    /// Checks the form.
    pub fn parse(text: &str) -> Option<Self> {
        let fits =
            (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
        fits.then(|| Self(text.into()))
    }

    /// The id's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One resource of this gateway: its type and id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceKey {
    /// The type.
    pub kind: ResourceType,
    /// The logical id.
    pub id: ResourceId,
}

impl ResourceKey {
    /// A key of its two parts.
    pub fn new(kind: ResourceType, id: ResourceId) -> Self {
        Self { kind, id }
    }

    /// Reads `Type/id`, and nothing more around it.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once('/')?;
        Some(Self { kind: ResourceType::parse(kind)?, id: ResourceId::parse(id)? })
    }
}

impl fmt::Display for ResourceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.id)
    }
}

/// What the text of a `Reference.reference` points at ([references](https://hl7.org/fhir/R4/references.html)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// A resource of this gateway, perhaps at a version.
    Local(ResourceKey, Option<u64>),
    /// `#id` inside the same resource; `#` alone is the resource itself.
    Contained(String),
    /// `urn:uuid:` or `urn:oid:`, meaningful inside its Bundle.
    Urn(String),
    /// `Type?query`, allowed only in a transaction.
    Conditional(ResourceType, String),
    /// Anything else: an absolute URL of somebody else, or a text that we can't read.
    Foreign(String),
}

impl Reference {
    /// Reads a reference; `base` is this gateway's FHIR base without a slash at its end (absolute URLs below it are local).
    pub fn parse(text: &str, base: &str) -> Self {
        if let Some(id) = text.strip_prefix('#') {
            return Self::Contained(id.to_owned());
        }
        if text.starts_with("urn:") {
            return Self::Urn(text.to_owned());
        }
        let relative = match text.strip_prefix(base) {
            Some(rest) if !base.is_empty() => rest.strip_prefix('/').unwrap_or(text),
            _ => text,
        };
        Self::relative(relative).unwrap_or_else(|| Self::Foreign(text.to_owned()))
    }

    fn relative(text: &str) -> Option<Self> {
        if let Some((kind, query)) = text.split_once('?') {
            return Some(Self::Conditional(ResourceType::parse(kind)?, query.to_owned()));
        }
        let (name, version) = match text.split_once("/_history/") {
            Some((name, version)) => (name, Some(version.parse().ok()?)),
            None => (text, None),
        };
        Some(Self::Local(ResourceKey::parse(name)?, version))
    }

    /// The local resource, if it is one.
    pub fn local(&self) -> Option<&ResourceKey> {
        match self {
            Self::Local(key, _) => Some(key),
            _ => None,
        }
    }
}

/// Every `reference` string below a node.
pub fn nodes(node: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    let mut found = Vec::new();
    let mut open = vec![node];
    while let Some(at) = open.pop() {
        for child in at.children() {
            if child.key_is("reference") && child.as_str().is_some() {
                found.push(child);
            } else {
                open.push(child);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://vardbro.example/fhir";

    fn local(name: &str, version: Option<u64>) -> Reference {
        Reference::Local(ResourceKey::parse(name).expect("a key"), version)
    }

    #[test]
    fn ids_have_the_form_of_fhir() {
        for good in ["1", "a-B.9", &"x".repeat(64)] {
            assert_eq!(ResourceId::parse(good).map(|id| id.to_string()).as_deref(), Some(good));
        }
        for bad in ["", "a/b", "a_b", "å", "a b", &"x".repeat(65)] {
            assert_eq!(ResourceId::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_lies_below_our_base_is_local() {
        assert_eq!(Reference::parse("Patient/1", BASE), local("Patient/1", None));
        assert_eq!(Reference::parse("https://vardbro.example/fhir/Patient/1", BASE), local("Patient/1", None));
        assert_eq!(Reference::parse("Patient/1/_history/7", BASE), local("Patient/1", Some(7)));
        assert_eq!(Reference::parse("Patient/1", "").local(), ResourceKey::parse("Patient/1").as_ref());
    }

    #[test]
    fn what_we_can_not_name_is_foreign() {
        let foreign = [
            "https://vardbro.example/fhirx/Patient/1",
            "https://other.example/fhir/Patient/1",
            "Nothing/1",
            "Patient/",
            "Patient/1/2",
            "Patient/1/_history/x",
            "/Patient/1",
            "",
        ];
        for text in foreign {
            assert_eq!(Reference::parse(text, BASE), Reference::Foreign(text.into()), "{text}");
        }
    }

    #[test]
    fn the_other_forms_are_told_apart() {
        assert_eq!(Reference::parse("#a", BASE), Reference::Contained("a".into()));
        assert_eq!(Reference::parse("urn:uuid:1", BASE), Reference::Urn("urn:uuid:1".into()));
        let patient = ResourceType::parse("Patient").expect("a type");
        let conditional = Reference::Conditional(patient, "identifier=a|b/c".into());
        assert_eq!(Reference::parse("Patient?identifier=a|b/c", BASE), conditional);
    }
}
