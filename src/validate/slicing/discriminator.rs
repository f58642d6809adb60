//! One discriminator: what the slice's definition says at its path, and what the item has there.

use crate::fhir::NodeRef;
use crate::fhir::library::Profile;
use crate::fhir::library::profile::{Discriminator, DiscriminatorKind, Node, Strength};
use crate::fhir::terminology::{Coded, Membership};

use super::Answer;
use super::way::{self, Step};
use crate::validate::given;
use crate::validate::overlay::Overlay;
use crate::validate::shape::Member;
use crate::validate::walk::Walk;

/// An item and the slice that it may belong to.
pub struct Place<'a> {
    /// The item.
    pub item: NodeRef<'a>,
    /// The member that it is an item of.
    pub known: &'a Member,
    /// The slice.
    pub slice: Overlay<'a>,
}

/// A value of the item, with its type.
#[derive(Clone, Copy)]
struct Spot<'a> {
    node: NodeRef<'a>,
    type_name: &'a str,
}

/// Definitions do not nest deeper than this where slices are told apart.
const MOST_DEEP: usize = 8;

/// Whether the item has what the slice says at the discriminator's path.
pub fn holds<'a>(discriminator: &Discriminator, place: &Place<'a>, walk: &mut Walk<'a>) -> Answer {
    if discriminator.path == "url"
        && let Some(answer) = by_url(place)
    {
        return answer;
    }
    let Some(steps) = way::steps(&discriminator.path) else { return Answer::Unknown };
    let mut definitions = vec![place.slice];
    let mut spots = vec![Spot { node: place.item, type_name: walk.type_name(place.item, place.known) }];
    for step in &steps {
        definitions = definitions.iter().flat_map(|it| definitions_at(*it, *step, walk)).collect();
        spots = spots.iter().flat_map(|it| spots_at(*it, *step, walk)).collect();
    }
    match discriminator.kind {
        DiscriminatorKind::Value | DiscriminatorKind::Pattern => {
            value(&definitions, &spots, place, steps.last().copied(), walk)
        }
        DiscriminatorKind::Exists => exists(&definitions, &spots),
        DiscriminatorKind::Type => is_type(&definitions, &spots, walk),
        DiscriminatorKind::Profile => conforms(&definitions, &spots, place.item, walk),
    }
}

/// By far the commonest: an extension whose slice names its definition is told by the url alone.
fn by_url(place: &Place<'_>) -> Option<Answer> {
    let node = place.slice.node;
    let mut urls = node.types.iter().filter(|it| it.name == "Extension").flat_map(|it| &it.profiles).peekable();
    if node.child("url").is_some() || urls.peek().is_none() {
        return None;
    }
    let own = place.item.get("url")?.as_str()?;
    Some(Answer::of(urls.any(|url| url.split('|').next() == Some(&*own))))
}

/// Where the definition goes on from an element at a step: to its children, or those of the profiles on its type.
fn definitions_at<'a>(at: Overlay<'a>, step: Step<'_>, walk: &Walk<'a>) -> Vec<Overlay<'a>> {
    match step {
        Step::Name(name) => {
            let own = at.node.child(name).map(|child| at.with(child));
            let found = own.or_else(|| {
                profiles_of(at, walk).find_map(|it| Some(Overlay { node: it.root.child(name)?, profile: it }))
            });
            found.into_iter().flat_map(with_required_slices).collect()
        }
        Step::Extension(url) => {
            let is_it = |slice: &&Node| slice.types.iter().flat_map(|it| &it.profiles).any(|it| it == url);
            let slices = at.node.child("extension").into_iter().flat_map(|it| &it.slices);
            slices.filter(is_it).map(|slice| at.with(slice)).collect()
        }
        Step::OfType(_) => vec![at],
        Step::Resolve => {
            let targets = at.node.types.iter().filter(|it| it.name == "Reference").flat_map(|it| &it.targets);
            targets.filter_map(|url| walk.setting.library.structure(url)?.ok()).map(Overlay::root).collect()
        }
    }
}

/// An element that is sliced itself speaks through the slices that it must have.
fn with_required_slices(element: Overlay<'_>) -> impl Iterator<Item = Overlay<'_>> {
    let slices = element.node.slices.iter().filter(|slice| slice.min > 0);
    std::iter::once(element).chain(slices.map(move |slice| element.with(slice)))
}

fn profiles_of<'a>(at: Overlay<'a>, walk: &Walk<'a>) -> impl Iterator<Item = &'a Profile> {
    let library = walk.setting.library;
    at.node.types.iter().flat_map(|it| &it.profiles).filter_map(|url| library.structure(url)?.ok())
}

fn spots_at<'a>(at: Spot<'a>, step: Step<'_>, walk: &Walk<'a>) -> Vec<Spot<'a>> {
    match step {
        Step::Name(name) => elements(at, name, walk).collect(),
        Step::Extension(url) => {
            elements(at, "extension", walk).filter(|it| it.node.str_at("url").as_deref() == Some(url)).collect()
        }
        Step::OfType(name) => {
            if at.type_name == name {
                vec![at]
            } else {
                Vec::new()
            }
        }
        Step::Resolve => {
            let target = walk.target_of(at.node);
            target.map(|node| Spot { node, type_name: walk.kind_name(node) }).into_iter().collect()
        }
    }
}

fn elements<'a>(at: Spot<'a>, name: &str, walk: &Walk<'a>) -> impl Iterator<Item = Spot<'a>> + use<'a> {
    let found = walk.elements_named(at.node, at.type_name, name).into_iter();
    found.map(|(node, type_name)| Spot { node, type_name })
}

fn value<'a>(
    definitions: &[Overlay<'a>],
    spots: &[Spot<'a>],
    place: &Place<'a>,
    last: Option<Step<'_>>,
    walk: &Walk<'a>,
) -> Answer {
    let mut answer = Answer::Unknown;
    for definition in definitions {
        match says(*definition, spots, walk, 0) {
            Answer::Yes => return Answer::Yes,
            Answer::No => answer = Answer::No,
            Answer::Unknown => {}
        }
    }
    if answer == Answer::Unknown && last == Some(Step::Name("url")) {
        return named_extension(place, spots);
    }
    answer
}

/// An extension whose definition is not at hand is known by the URL that names it.
fn named_extension(place: &Place<'_>, spots: &[Spot<'_>]) -> Answer {
    let mut urls =
        place.slice.node.types.iter().filter(|it| it.name == "Extension").flat_map(|it| &it.profiles).peekable();
    if urls.peek().is_none() {
        return Answer::Unknown;
    }
    let is_it = |url: &String| spots.iter().any(|spot| spot.node.as_str().as_deref() == url.split('|').next());
    Answer::of(urls.any(is_it))
}

/// Whether one of the values is as the definition says: its fixed value or pattern, its value set, or its parts.
fn says<'a>(definition: Overlay<'a>, spots: &[Spot<'a>], walk: &Walk<'a>, depth: usize) -> Answer {
    let node = definition.node;
    if let Some(fixed) = &node.fixed {
        return Answer::of(spots.iter().any(|spot| given::equals(spot.node, fixed.value())));
    }
    if let Some(pattern) = &node.pattern {
        return Answer::of(spots.iter().any(|spot| given::contains(spot.node, pattern.value())));
    }
    if let Some(binding) = node.binding.as_ref().filter(|it| it.strength == Strength::Required) {
        return of_value_set(spots, &binding.value_set, walk);
    }
    if depth < MOST_DEEP { parts(definition, spots, walk, depth) } else { Answer::Unknown }
}

fn parts<'a>(definition: Overlay<'a>, spots: &[Spot<'a>], walk: &Walk<'a>, depth: usize) -> Answer {
    let of_profiles = profiles_of(definition, walk).map(Overlay::root);
    let sources = std::iter::once(definition).chain(of_profiles);
    let children = sources.flat_map(|it| it.node.children.iter().map(move |child| it.with(child)));
    let mut answer = Answer::Unknown;
    for child in children.flat_map(with_required_slices) {
        let inner: Vec<Spot<'a>> =
            spots.iter().flat_map(|spot| spots_at(*spot, Step::Name(&child.node.name), walk)).collect();
        match says(child, &inner, walk, depth + 1) {
            Answer::No if child.node.min > 0 || !inner.is_empty() => return Answer::No,
            Answer::Yes => answer = Answer::Yes,
            _ => {}
        }
    }
    answer
}

fn of_value_set(spots: &[Spot<'_>], value_set: &str, walk: &Walk<'_>) -> Answer {
    let mut answer = Answer::No;
    for spot in spots {
        let codings: Vec<NodeRef<'_>> = match spot.type_name {
            "CodeableConcept" => spot.node.list("coding").collect(),
            _ => vec![spot.node],
        };
        for coding in codings {
            let (system, code) = match coding.as_str() {
                Some(code) => (None, Some(code)),
                None => (coding.str_at("system"), coding.str_at("code")),
            };
            let Some(code) = code else { continue };
            let coded = Coded { system: system.as_deref(), code: &code, ..Coded::default() };
            match walk.setting.library.membership(value_set, coded) {
                Membership::Member => return Answer::Yes,
                Membership::NotMember => {}
                Membership::Unknown(_) => answer = Answer::Unknown,
            }
        }
    }
    answer
}

fn exists(definitions: &[Overlay<'_>], spots: &[Spot<'_>]) -> Answer {
    match definitions.first() {
        Some(it) if it.node.max == Some(0) => Answer::of(spots.is_empty()),
        Some(it) if it.node.min > 0 => Answer::of(!spots.is_empty()),
        _ => Answer::Unknown,
    }
}

fn is_type<'a>(definitions: &[Overlay<'a>], spots: &[Spot<'a>], walk: &Walk<'a>) -> Answer {
    let names: Vec<&str> = definitions.iter().flat_map(|it| type_names(*it)).collect();
    if names.is_empty() {
        return Answer::Unknown;
    }
    let fits =
        |spot: &Spot<'a>| names.iter().any(|name| spot.type_name == *name || walk.descends(spot.type_name, name));
    Answer::of(spots.iter().any(fits))
}

fn type_names<'a>(definition: Overlay<'a>) -> Vec<&'a str> {
    if definition.is_root() {
        return vec![&definition.profile.type_name];
    }
    definition.node.types.iter().map(|it| it.name.as_str()).collect()
}

fn conforms<'a>(definitions: &[Overlay<'a>], spots: &[Spot<'a>], item: NodeRef<'a>, walk: &mut Walk<'a>) -> Answer {
    let mut answer = Answer::Unknown;
    for definition in definitions {
        let is_root = definition.is_root();
        // A slice that names a type and no profile on it is told by the type.
        let bare = definition.node.types.iter().filter(|it| !is_root && it.profiles.is_empty());
        for bare in bare {
            if spots.iter().any(|spot| spot.type_name == bare.name) {
                return Answer::Yes;
            }
            answer = Answer::No;
        }
        let profiles: Vec<&'a Profile> = if is_root {
            vec![definition.profile]
        } else {
            let urls = definition.node.types.iter().flat_map(|it| &it.profiles);
            urls.filter_map(|url| walk.profile(item, url)).collect()
        };
        for profile in profiles {
            let fits = |spot: &Spot<'a>| spot.type_name == profile.type_name;
            if spots.iter().filter(|spot| fits(spot)).any(|spot| walk.conforms(spot.node, profile)) {
                return Answer::Yes;
            }
            answer = Answer::No;
        }
    }
    answer
}
