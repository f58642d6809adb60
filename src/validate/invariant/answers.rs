//! What invariants ask beyond the document: value sets from the library, the rest from whoever gave the setting.

use crate::fhir::path::{Item, Resolver};
use crate::fhir::terminology::{Coded, Membership};
use crate::fhir::{Document, Library, NodeRef};
use crate::validate::Setting;
use crate::validate::walk::Walk;

/// So deep `conformsTo` leads to profiles that ask it again.
const MOST_NESTED: u8 = 3;

impl Resolver for Setting<'_> {
    fn resolve(&self, reference: &str) -> Option<&Document> {
        self.resolver.resolve(reference)
    }

    fn member_of(&self, coded: &Item<'_>, value_set: &str) -> Option<bool> {
        member_of(self.library, coded, value_set).or_else(|| self.resolver.member_of(coded, value_set))
    }

    fn conforms_to(&self, element: NodeRef<'_>, profile: &str) -> Option<bool> {
        // An expression may ask for the very profile that it stands in.
        if self.nested >= MOST_NESTED {
            return None;
        }
        let Some(Ok(definition)) = self.library.structure(profile) else {
            return self.resolver.conforms_to(element, profile);
        };
        let inside = Setting { profiles: &[], nested: self.nested + 1, ..*self };
        Some(Walk::around(element, &inside).conforms(element, definition))
    }
}

/// Whether a code, Coding, Quantity or CodeableConcept is in a value set, as far as the library knows.
fn member_of(library: &Library, coded: &Item<'_>, value_set: &str) -> Option<bool> {
    match (coded.as_node(), coded.fhir_type_name()) {
        (Some(concept), "CodeableConcept") => {
            let answers: Vec<_> = concept.list("coding").map(|it| coding(library, it, value_set)).collect();
            let is_member = answers.contains(&Some(true));
            (is_member || !answers.contains(&None)).then_some(is_member)
        }
        (Some(node), "Coding" | "Quantity") => coding(library, node, value_set),
        _ => known(&library.membership(value_set, Coded { code: &coded.as_text()?, ..Coded::default() })),
    }
}

fn coding(library: &Library, coding: NodeRef<'_>, value_set: &str) -> Option<bool> {
    let [system, version, code, display] = ["system", "version", "code", "display"].map(|name| coding.str_at(name));
    let coded = Coded {
        system: Some(system.as_deref().unwrap_or_default()),
        version: version.as_deref(),
        code: code.as_deref().unwrap_or_default(),
        display: display.as_deref(),
    };
    known(&library.membership(value_set, coded))
}

fn known(membership: &Membership) -> Option<bool> {
    match membership {
        Membership::Member => Some(true),
        Membership::NotMember => Some(false),
        Membership::Unknown(_) => None,
    }
}
