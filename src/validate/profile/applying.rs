//! From canonical URLs to profiles.

use crate::fhir::{NodeRef, ResourceType};

use crate::validate::overlay::{self, Overlay};
use crate::validate::rules::{
    PROFILE_ABSTRACT, PROFILE_NOT_REQUESTED, PROFILE_TYPE_DIFFERS, PROFILE_UNKNOWN, PROFILE_UNUSABLE, Rule,
};
use crate::validate::walk::Walk;

/// Adds the profiles that a resource claims in `meta.profile`.
pub fn claimed<'a>(resource: NodeRef<'a>, kind: ResourceType, overlays: &mut Vec<Overlay<'a>>, walk: &mut Walk<'a>) {
    let Some(meta) = resource.get("meta") else { return };
    for (node, url) in meta.list("profile").filter_map(|node| Some((node, node.as_str()?))) {
        one(node, &url, kind, &PROFILE_UNKNOWN, overlays, walk);
    }
}

/// Adds the profiles that the setting asks for.
pub fn requested<'a>(resource: NodeRef<'a>, kind: ResourceType, overlays: &mut Vec<Overlay<'a>>, walk: &mut Walk<'a>) {
    for url in walk.setting.profiles {
        one(resource, url, kind, &PROFILE_NOT_REQUESTED, overlays, walk);
    }
}

fn one<'a>(
    node: NodeRef<'a>,
    url: &str,
    kind: ResourceType,
    if_unknown: &Rule,
    overlays: &mut Vec<Overlay<'a>>,
    walk: &mut Walk<'a>,
) {
    match walk.setting.library.structure(url) {
        None if walk.told.first(url) => walk.issues.raise(
            if_unknown,
            node,
            format!("The profile {url} is not among the definitions at hand, so it was not checked."),
            format!("Profilen {url} finns inte bland de tillgängliga definitionerna och kontrollerades därför inte."),
        ),
        Some(Err(why)) if walk.told.first(url) => walk.issues.raise(
            &PROFILE_UNUSABLE,
            node,
            format!("The profile {url} can't be used, so it was not checked: {why}."),
            format!("Profilen {url} kan inte användas och kontrollerades därför inte: {why}."),
        ),
        Some(Ok(profile)) if !walk.is_kind(kind, &profile.type_name) => walk.issues.raise(
            &PROFILE_TYPE_DIFFERS,
            node,
            format!(
                "The profile {url} is for {}, and this resource is a {kind}; claim a profile for {kind}.",
                profile.type_name
            ),
            format!(
                "Profilen {url} är för {}, och denna resurs är en {kind}; ange en profil för {kind}.",
                profile.type_name
            ),
        ),
        Some(Ok(profile)) => {
            if profile.is_abstract && profile.is_constraint && walk.told.first(&format!("abstract {url}")) {
                walk.issues.raise(
                    &PROFILE_ABSTRACT,
                    node,
                    format!("The profile {url} is abstract: it is meant to be derived from; claim a profile that derives from it."),
                    format!("Profilen {url} är abstrakt: den är avsedd att härledas från; ange en profil som är härledd från den."),
                );
            }
            overlay::add(overlays, Overlay::root(profile));
        }
        _ => {}
    }
}
