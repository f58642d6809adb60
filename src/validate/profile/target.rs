//! What a profile asks of a reference: the types and profiles that it may lead to, and how the target is given.

use crate::fhir::library::profile::NodeType;
use crate::fhir::{NodeRef, ResourceType};

use crate::validate::overlay::Overlay;
use crate::validate::rules::{REFERENCE_AGGREGATION, REFERENCE_PROFILE, REFERENCE_TARGET};
use crate::validate::walk::Walk;

/// Checks a Reference whose target, as far as the text tells it, is of `kind`.
pub fn check<'a>(value: NodeRef<'a>, kind: Option<ResourceType>, overlays: &[Overlay<'a>], walk: &mut Walk<'a>) {
    for overlay in overlays {
        let Some(described) = overlay.node.types.iter().find(|it| it.name == "Reference") else { continue };
        aggregation(value, described, *overlay, walk);
        if !described.targets.is_empty() {
            targets(value, kind, &described.targets, *overlay, walk);
        }
    }
}

fn aggregation<'a>(value: NodeRef<'a>, described: &NodeType, overlay: Overlay<'a>, walk: &mut Walk<'a>) {
    let Some(text) = value.str_at("reference").filter(|_| !described.aggregation.is_empty()) else { return };
    let how = if text.starts_with('#') {
        "contained"
    } else if walk.target_of(value).is_some() {
        "bundled"
    } else {
        "referenced"
    };
    if described.aggregation.iter().any(|it| it == how || (how == "bundled" && it == "referenced")) {
        return;
    }
    let (name, allowed) = (overlay.name(), described.aggregation.join(", "));
    walk.issues.raise(
        &REFERENCE_AGGREGATION,
        value,
        format!(
            "The profile {name} allows the target of this reference only as {allowed}, and it is {how}; give it so."
        ),
        format!("Profilen {name} tillåter referensens mål endast som {allowed}, och det är {how}; ange det så."),
    );
}

fn targets<'a>(
    value: NodeRef<'a>,
    kind: Option<ResourceType>,
    urls: &'a [String],
    overlay: Overlay<'a>,
    walk: &mut Walk<'a>,
) {
    let node = walk.target_of(value);
    let kind = kind.or_else(|| node.and_then(|node| ResourceType::parse(&node.str_at("resourceType")?)));
    let Some(kind) = kind else { return };
    let profiles: Vec<_> = urls.iter().map(|url| walk.setting.library.structure(url).and_then(Result::ok)).collect();
    // A target that is not at hand may allow any type.
    let fits =
        |profile: &Option<&crate::fhir::library::Profile>| profile.is_none_or(|it| walk.is_kind(kind, &it.type_name));
    let of_kind: Vec<_> = profiles.into_iter().filter(fits).collect();
    if of_kind.is_empty() {
        return wrong_target(value, kind, urls, overlay, walk);
    }
    let Some(node) = node else { return };
    let conforms = of_kind.iter().any(|profile| profile.is_none_or(|it| !it.is_constraint || walk.conforms(node, it)));
    if !conforms {
        let (name, urls) = (overlay.name(), urls.join(", "));
        walk.issues.raise(
            &REFERENCE_PROFILE,
            value,
            format!("The profile {name} asks that this reference leads to a resource that meets one of {urls}, and its target meets none; correct the target."),
            format!("Profilen {name} kräver att referensen leder till en resurs som uppfyller någon av {urls}, och målet uppfyller ingen; rätta målet."),
        );
    }
}

fn wrong_target<'a>(
    value: NodeRef<'a>,
    kind: ResourceType,
    urls: &[String],
    overlay: Overlay<'a>,
    walk: &mut Walk<'a>,
) {
    let place = value.get("reference").unwrap_or(value);
    let (name, urls) = (overlay.name(), urls.join(", "));
    walk.issues.raise(
        &REFERENCE_TARGET,
        place,
        format!("The profile {name} allows no reference to a {kind} here; refer to one of: {urls}."),
        format!("Profilen {name} tillåter ingen referens till {kind} här; hänvisa till någon av: {urls}."),
    );
}
