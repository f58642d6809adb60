//! What a profile asks of one value: its type, the value that is given, its limits.

use crate::fhir::library::profile::{Limit, NodeType};
use crate::fhir::path::{Context, Item};
use crate::fhir::{Kind, NodeRef};

use crate::validate::given;
use crate::validate::overlay::{self, Overlay};
use crate::validate::rules::{
    PROFILE_FIXED, PROFILE_LIMIT, PROFILE_MAX_LENGTH, PROFILE_NONE_FITS, PROFILE_PATTERN, PROFILE_TYPE, PROFILE_UNKNOWN,
};
use crate::validate::walk::Walk;

/// Checks a value of a type against what the overlays of its element ask for.
pub fn at_value<'a>(value: NodeRef<'a>, type_name: &str, overlays: &[Overlay<'a>], walk: &mut Walk<'a>) {
    for overlay in overlays {
        let node = overlay.node;
        if !node.types.is_empty() && !allows(&node.types, type_name, walk) {
            wrong_type(value, *overlay, walk);
        }
        if let Some(fixed) = node.fixed.as_ref().filter(|fixed| !given::equals(value, fixed.value())) {
            differs(value, *overlay, fixed.value(), true, walk);
        }
        if let Some(pattern) = node.pattern.as_ref().filter(|pattern| !given::contains(value, pattern.value())) {
            differs(value, *overlay, pattern.value(), false, walk);
        }
        if let Some(max) = node.max_length.filter(|max| is_longer(value, *max)) {
            too_long(value, *overlay, max, walk);
        }
        for limit in node.min_value.iter().chain(&node.max_value) {
            keeps_to(value, type_name, *overlay, limit, walk);
        }
    }
}

/// The profiles on a value's type become overlays of what is inside; of several, the first that it conforms to.
pub fn types<'a>(
    value: NodeRef<'a>,
    type_name: &str,
    overlays: &[Overlay<'a>],
    inner: &mut Vec<Overlay<'a>>,
    walk: &mut Walk<'a>,
) {
    for overlay in overlays {
        let Some(chosen) = overlay.node.types.iter().find(|it| it.name == type_name && !it.profiles.is_empty()) else {
            continue;
        };
        match &chosen.profiles[..] {
            [only] => inner.extend(walk.profile(value, only).map(Overlay::root)),
            several => one_of(value, several, *overlay, inner, walk),
        }
    }
    let mut seen: Vec<Overlay<'a>> = Vec::with_capacity(inner.len());
    inner.drain(..).for_each(|one| overlay::add(&mut seen, one));
    *inner = seen;
}

fn one_of<'a>(
    value: NodeRef<'a>,
    urls: &'a [String],
    overlay: Overlay<'a>,
    inner: &mut Vec<Overlay<'a>>,
    walk: &mut Walk<'a>,
) {
    let profiles: Vec<_> = urls.iter().filter_map(|url| walk.profile(value, url)).collect();
    let found = profiles.iter().find(|profile| walk.conforms(value, profile)).copied();
    match found {
        Some(profile) => inner.push(Overlay::root(profile)),
        None if profiles.len() == urls.len() => {
            let (name, urls) = (overlay.name(), urls.join(", "));
            walk.issues.raise(
                &PROFILE_NONE_FITS,
                value,
                format!("The profile {name} asks for one of {urls} here, and this meets none of them; correct it to meet one."),
                format!("Profilen {name} kräver här någon av {urls}, och detta uppfyller ingen av dem; rätta det så att någon uppfylls."),
            );
        }
        None => {}
    }
}

impl<'a> Walk<'a> {
    /// A profile that a definition names; if it is not at hand, that is told.
    pub fn profile(&mut self, at: NodeRef<'a>, url: &str) -> Option<&'a crate::fhir::library::Profile> {
        match self.setting.library.structure(url) {
            Some(Ok(profile)) => Some(profile),
            _ => {
                if self.told.first(url) {
                    self.issues.raise(
                        &PROFILE_UNKNOWN,
                        at,
                        format!("The profile {url} is not among the definitions at hand, so it was not checked."),
                        format!("Profilen {url} finns inte bland de tillgängliga definitionerna och kontrollerades därför inte."),
                    );
                }
                None
            }
        }
    }
}

fn allows(types: &[NodeType], type_name: &str, walk: &Walk<'_>) -> bool {
    types.iter().any(|it| {
        let is_structural =
            matches!(it.name.as_str(), "BackboneElement" | "Element" | "Resource" | "DomainResource" | "xhtml");
        is_structural || it.name == type_name || walk.descends(type_name, &it.name)
    })
}

fn wrong_type<'a>(value: NodeRef<'a>, overlay: Overlay<'a>, walk: &mut Walk<'a>) {
    let names: Vec<&str> = overlay.node.types.iter().map(|it| it.name.as_str()).collect();
    let (name, names) = (overlay.name(), names.join(", "));
    walk.issues.raise_constraint(
        &PROFILE_TYPE,
        value,
        format!("The profile {name} allows here only the type(s) {names}; use one of them."),
        format!("Profilen {name} tillåter här endast typen/typerna {names}; använd någon av dem."),
        overlay.cited(),
    );
}

fn differs<'a>(value: NodeRef<'a>, overlay: Overlay<'a>, given: NodeRef<'_>, is_fixed: bool, walk: &mut Walk<'a>) {
    let (name, given) = (overlay.name(), shortened(given.text()));
    let rule = if is_fixed { &PROFILE_FIXED } else { &PROFILE_PATTERN };
    let (exactly, exakt) = if is_fixed { ("exactly", "exakt") } else { ("at least", "minst") };
    walk.issues.raise_constraint(
        rule,
        value,
        format!("The profile {name} asks here for {exactly} {given}; change the value."),
        format!("Profilen {name} kräver här {exakt} {given}; ändra värdet."),
        overlay.cited(),
    );
}

/// A definition's value, not the sender's, so it may be shown.
fn shortened(text: &str) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match flat.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", &flat[..end]),
        None => flat,
    }
}

fn is_longer(value: NodeRef<'_>, max: u64) -> bool {
    value.kind() == Kind::String && value.as_str().is_some_and(|text| text.chars().count() as u64 > max)
}

fn too_long<'a>(value: NodeRef<'a>, overlay: Overlay<'a>, max: u64, walk: &mut Walk<'a>) {
    let name = overlay.name();
    walk.issues.raise(
        &PROFILE_MAX_LENGTH,
        value,
        format!("The profile {name} allows at most {max} characters here; shorten the text."),
        format!("Profilen {name} tillåter högst {max} tecken här; korta texten."),
    );
}

fn keeps_to<'a>(value: NodeRef<'a>, type_name: &str, overlay: Overlay<'a>, limit: &Limit, walk: &mut Walk<'a>) {
    let context = Context { resource: walk.resource_node, now: walk.setting.now, resolver: walk.setting.resolver };
    let item = Item::element(value, type_name);
    // What can't be compared (units that don't convert) is a fault as well: it does not keep to the limit.
    if limit.expression.is_true_of(&context, &item).unwrap_or(false) {
        return;
    }
    let (name, text) = (overlay.name(), &limit.text);
    walk.issues.raise(
        &PROFILE_LIMIT,
        value,
        format!("The profile {name} has the limit {text} here, and the value is beyond it; correct the value."),
        format!("Profilen {name} har gränsen {text} här, och värdet ligger utanför; rätta värdet."),
    );
}
