//! Profiles that no resource can meet together: told as such, not as faults of the resource.

use crate::fhir::NodeRef;
use crate::fhir::library::profile::Node;

use crate::validate::given;
use crate::validate::overlay::Overlay;
use crate::validate::rules::PROFILES_CONTRADICT;
use crate::validate::walk::Walk;

/// Compares the profiles of a resource, each with each.
pub fn check<'a>(resource: NodeRef<'a>, overlays: &[Overlay<'a>], walk: &mut Walk<'a>) {
    for (at, one) in overlays.iter().enumerate() {
        for other in overlays.iter().skip(at + 1) {
            let Some(path) = between(one.node, other.node) else { continue };
            let (a, b) = (&one.profile.url, &other.profile.url);
            if walk.told.first(&format!("contradiction {a} {b}")) {
                walk.issues.raise(
                    &PROFILES_CONTRADICT,
                    resource.at(&["meta", "profile"]).unwrap_or(resource),
                    format!("The profiles {a} and {b} contradict each other at {path}: nothing can meet both; claim one of them."),
                    format!("Profilerna {a} och {b} motsäger varandra vid {path}: inget kan uppfylla båda; ange en av dem."),
                );
            }
        }
    }
}

/// The first element at which two profiles exclude each other.
fn between<'n>(one: &'n Node, other: &'n Node) -> Option<&'n str> {
    one.children.iter().find_map(|a| {
        let b = other.child(&a.name)?;
        if is_too_narrow(a, b) || is_too_narrow(b, a) || (a.min.max(b.min) > 0 && excludes(a, b)) {
            return Some(a.path.as_str());
        }
        if a.min > 0 && b.min > 0 { between(a, b) } else { None }
    })
}

fn is_too_narrow(a: &Node, b: &Node) -> bool {
    b.max.is_some_and(|max| a.min > max)
}

fn excludes(a: &Node, b: &Node) -> bool {
    let fixed_differ = matches!((&a.fixed, &b.fixed), (Some(x), Some(y)) if !given::equals(x.value(), y.value()));
    let has_common = |name: &str| b.types.iter().any(|it| it.name == name);
    let types_differ = !a.types.is_empty() && !b.types.is_empty() && !a.types.iter().any(|it| has_common(&it.name));
    fixed_differ || types_differ
}
