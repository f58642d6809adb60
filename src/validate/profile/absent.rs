//! What a profile requires and is not there.

use crate::fhir::NodeRef;
use crate::fhir::library::profile::Node;

use crate::validate::overlay::{self, Overlay};
use crate::validate::rules::{MUST_SUPPORT_ABSENT, PROFILE_MIN, SLICE_MIN};
use crate::validate::walk::Walk;

/// Checks an object against the elements that its overlays require; those that are there are counted elsewhere.
pub fn check<'a>(object: NodeRef<'a>, overlays: &[Overlay<'a>], walk: &mut Walk<'a>) {
    for overlay in overlays {
        for child in &overlay.node.children {
            let is_asked_for = child.min > 0 || child.slices.iter().any(|slice| slice.min > 0) || child.must_support;
            if is_asked_for && !overlay::is_present(object, child) {
                missing(object, overlay.with(child), walk);
            }
        }
    }
}

fn missing<'a>(object: NodeRef<'a>, overlay: Overlay<'a>, walk: &mut Walk<'a>) {
    let slices: Vec<&Node> = overlay.node.slices.iter().filter(|slice| slice.min > 0).collect();
    if overlay.node.min > 0 {
        too_few(object, overlay, 0, walk);
    } else if slices.is_empty() {
        must_support(object, overlay, walk);
    }
    for slice in slices {
        slice_missing(object, overlay.with(slice), 0, walk);
    }
}

/// The element stands less often than it must.
pub fn too_few<'a>(object: NodeRef<'a>, overlay: Overlay<'a>, count: usize, walk: &mut Walk<'a>) {
    let (node, name) = (overlay.node, overlay.name());
    walk.issues.raise_constraint(
        &PROFILE_MIN,
        object,
        format!(
            "The profile {name} requires the element {} at least {} time(s), and it is here {count}; add it.",
            node.name, node.min
        ),
        format!(
            "Profilen {name} kräver elementet {} minst {} gång(er), och det finns {count}; lägg till det.",
            node.name, node.min
        ),
        overlay.cited(),
    );
}

/// No item, or too few, belong to a slice.
pub fn slice_missing<'a>(object: NodeRef<'a>, overlay: Overlay<'a>, count: usize, walk: &mut Walk<'a>) {
    let (node, url) = (overlay.node, &overlay.profile.url);
    walk.issues.raise_constraint(
        &SLICE_MIN,
        object,
        format!(
            "The profile {url} requires the slice {} of {} at least {} time(s), and it is here {count}; add an item that belongs to it.",
            node.slice_name, node.name, node.min
        ),
        format!(
            "Profilen {url} kräver delmängden {} av {} minst {} gång(er), och den finns {count}; lägg till ett värde som hör till den.",
            node.slice_name, node.name, node.min
        ),
        overlay.cited(),
    );
}

fn must_support<'a>(object: NodeRef<'a>, overlay: Overlay<'a>, walk: &mut Walk<'a>) {
    if !(walk.setting.must_support && overlay.node.must_support) {
        return;
    }
    let (name, url) = (&overlay.node.name, &overlay.profile.url);
    walk.issues.raise(
        &MUST_SUPPORT_ABSENT,
        object,
        format!("The profile {url} asks systems to support the element {name}, and it is not here; send it where it is known."),
        format!("Profilen {url} begär att system stödjer elementet {name}, och det finns inte här; skicka det när det är känt."),
    );
}
