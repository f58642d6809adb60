//! A ValueSet's rules ([ValueSet](https://hl7.org/fhir/R4/valueset.html)), as they were read.

use crate::fhir::{Kind, NodeRef};

/// A ValueSet's rules.
#[derive(Debug, Default)]
pub struct ValueSet {
    /// Its canonical URL without version.
    pub url: Box<str>,
    /// Its version; empty where it has none.
    pub version: Box<str>,
    /// Its title, or its name.
    pub title: Box<str>,
    /// `draft`, `active`, `retired` or `unknown`.
    pub status: Box<str>,
    /// What is in it; `None` where it has no `compose`.
    pub(super) compose: Option<Compose>,
    /// A ready list of its codes.
    pub(super) expansion: Option<Expansion>,
}

#[derive(Debug, Default)]
pub(super) struct Compose {
    /// `inactive: false`: codes that are in use no more are left out.
    pub(super) leaves_out_inactive: bool,
    pub(super) include: Box<[Clause]>,
    pub(super) exclude: Box<[Clause]>,
}

/// An include or exclude: what all of its parts choose.
#[derive(Debug, Default)]
pub(super) struct Clause {
    /// Empty where it speaks of value sets only.
    pub(super) system: Box<str>,
    pub(super) version: Box<str>,
    pub(super) concepts: Box<[Listed]>,
    pub(super) filters: Box<[Filter]>,
    pub(super) value_sets: Box<[Box<str>]>,
}

/// A code that a value set names itself.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) code: Box<str>,
    /// Its display and designations, for this value set.
    pub(super) displays: Box<[Box<str>]>,
}

#[derive(Debug)]
pub(super) struct Filter {
    pub(super) property: Box<str>,
    pub(super) op: Box<str>,
    pub(super) value: Box<str>,
}

#[derive(Debug, Default)]
pub(super) struct Expansion {
    /// Whether it says that there are more codes than it holds.
    pub(super) is_partial: bool,
    /// (system, code); those that only group others are not among them.
    pub(super) codes: Box<[(Box<str>, Listed)]>,
}

impl ValueSet {
    /// Reads a ValueSet resource; what is missing in it is missing here.
    pub fn read(resource: NodeRef<'_>) -> Self {
        Self {
            url: text(resource, "url"),
            version: text(resource, "version"),
            title: if resource.get("title").is_some() { text(resource, "title") } else { text(resource, "name") },
            status: text(resource, "status"),
            compose: resource.get("compose").map(Compose::read),
            expansion: resource.get("expansion").map(Expansion::read),
        }
    }

    /// The systems that it names codes of, each with whether it takes all that is left by filters or more: for
    /// telling which content is missing.
    pub fn systems(&self) -> impl Iterator<Item = &str> {
        let clauses = self.compose.iter().flat_map(|compose| &compose.include);
        clauses.map(|clause| &*clause.system).filter(|system| !system.is_empty())
    }
}

impl Compose {
    fn read(node: NodeRef<'_>) -> Self {
        Self {
            leaves_out_inactive: node.get("inactive").and_then(|it| it.as_bool()) == Some(false),
            include: node.list("include").map(Clause::read).collect(),
            exclude: node.list("exclude").map(Clause::read).collect(),
        }
    }
}

impl Clause {
    fn read(node: NodeRef<'_>) -> Self {
        Self {
            system: text(node, "system"),
            version: text(node, "version"),
            concepts: node.list("concept").map(Listed::read).collect(),
            filters: node.list("filter").map(Filter::read).collect(),
            value_sets: node.list("valueSet").filter_map(|it| Some(Box::from(it.as_str()?))).collect(),
        }
    }
}

impl Listed {
    fn read(node: NodeRef<'_>) -> Self {
        let designations = node.list("designation").filter_map(|it| it.str_at("value"));
        let displays = node.str_at("display").into_iter().chain(designations).map(Box::from).collect();
        Self { code: text(node, "code"), displays }
    }
}

impl Filter {
    fn read(node: NodeRef<'_>) -> Self {
        Self { property: text(node, "property"), op: text(node, "op"), value: text(node, "value") }
    }
}

impl Expansion {
    /// Reads the codes at every depth of the expansion.
    fn read(node: NodeRef<'_>) -> Self {
        let mut codes = Vec::new();
        let mut levels: Vec<_> = contained(node).map(|it| it.children()).into_iter().collect();
        while let Some(siblings) = levels.last_mut() {
            let Some(item) = siblings.next() else {
                levels.pop();
                continue;
            };
            let is_group = item.get("abstract").and_then(|it| it.as_bool()) == Some(true);
            if item.get("code").is_some() && !is_group {
                codes.push((text(item, "system"), Listed::read(item)));
            }
            levels.extend(contained(item).map(|it| it.children()));
        }
        let total = node.get("total").and_then(|it| it.as_number()?.parse::<usize>().ok());
        let is_page = total.is_some_and(|total| total > codes.len()) || node.get("offset").is_some();
        let is_unclosed = node.list("extension").any(|it| {
            it.str_at("url").as_deref() == Some("http://hl7.org/fhir/StructureDefinition/valueset-unclosed")
                && it.get("valueBoolean").and_then(|it| it.as_bool()) == Some(true)
        });
        Self { is_partial: is_page || is_unclosed, codes: codes.into() }
    }
}

fn text(node: NodeRef<'_>, name: &str) -> Box<str> {
    node.str_at(name).unwrap_or_default().into()
}

/// The array of what lies under an expansion or an item of it.
fn contained<'a>(node: NodeRef<'a>) -> Option<NodeRef<'a>> {
    node.get("contains").filter(|it| it.kind() == Kind::Array)
}
