//! What profiles ask for at one place of the walk: an element of a profile, laid over the element that is there.
//!
//! The walk carries a list of these. At a type's own definition the list is empty, and nothing is paid for profiles.

use crate::fhir::NodeRef;
use crate::fhir::library::Profile;
use crate::fhir::library::profile::Node;

use super::shape::Member;

/// An element of a profile.
#[derive(Debug, Clone, Copy)]
pub struct Overlay<'a> {
    /// The element.
    pub node: &'a Node,
    /// The profile that it is part of.
    pub profile: &'a Profile,
}

impl<'a> Overlay<'a> {
    /// The root of a profile.
    pub fn root(profile: &'a Profile) -> Self {
        Self { node: &profile.root, profile }
    }

    /// Whether it is the root of its profile.
    pub fn is_root(&self) -> bool {
        std::ptr::eq(self.node, &self.profile.root)
    }

    /// Another element of the same profile.
    pub fn with(self, node: &'a Node) -> Self {
        Self { node, ..self }
    }

    /// The element as issues cite it: the profile's URL, `#`, and its id there.
    pub fn cited(&self) -> String {
        format!("{}#{}", self.profile.url, if self.node.id.is_empty() { &self.node.path } else { &self.node.id })
    }

    /// How texts name it: the profile's URL, and the slice where it is one.
    pub fn name(&self) -> String {
        if self.node.slice_name.is_empty() {
            self.profile.url.clone()
        } else {
            format!("{} (slice {})", self.profile.url, self.node.slice_name)
        }
    }
}

/// Adds one, unless it is there.
pub fn add<'a>(overlays: &mut Vec<Overlay<'a>>, one: Overlay<'a>) {
    if !overlays.iter().any(|it| std::ptr::eq(it.node, one.node)) {
        overlays.push(one);
    }
}

/// What the overlays of an object ask of one of its members.
pub fn of_member<'a>(overlays: &[Overlay<'a>], member: &Member) -> Vec<Overlay<'a>> {
    let mut found = Vec::new();
    for overlay in overlays {
        for child in overlay.node.children.iter().filter(|child| child.name == member.element.name) {
            add(&mut found, overlay.with(child));
            let referred = &child.content_reference;
            if let Some(content) =
                Some(referred).filter(|it| !it.is_empty()).and_then(|it| overlay.profile.root.find(it))
            {
                add(&mut found, overlay.with(content));
            }
        }
    }
    found
}

/// Whether an object has the element: its member, or what stands beside it with an underscore and says something.
pub fn is_present(object: NodeRef<'_>, element: &Node) -> bool {
    object.children().any(|child| {
        let Some(key) = child.key() else { return false };
        let name = key.strip_prefix('_').unwrap_or(&key);
        match name.strip_prefix(element.name.as_str()) {
            Some("") => !element.is_choice && (name.len() == key.len() || says_something(child)),
            Some(suffix) => element.is_choice && suffix.starts_with(|c: char| c.is_ascii_uppercase()),
            None => false,
        }
    })
}

fn says_something(sibling: NodeRef<'_>) -> bool {
    sibling.get("extension").is_some() || sibling.children().any(|item| item.get("extension").is_some())
}
