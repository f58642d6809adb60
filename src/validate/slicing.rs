//! Which slice an item belongs to ([discriminators](https://hl7.org/fhir/R4/profiling.html#discriminator)).

mod discriminator;
mod way;

use crate::fhir::NodeRef;
use crate::fhir::library::profile::{Discriminator, DiscriminatorKind, Node};

use super::overlay::Overlay;
use super::shape::Member;
use super::walk::Walk;

/// Whether an item belongs to a slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// The definition says nothing that would tell.
    Unknown,
}

impl Answer {
    fn of(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }

    /// Both: no, if one says so.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            _ => Self::Yes,
        }
    }
}

/// Whether an item belongs to a slice of the element that `sliced` lies over.
pub fn belongs<'a>(
    item: NodeRef<'a>,
    known: &'a Member,
    sliced: Overlay<'a>,
    slice: &'a Node,
    walk: &mut Walk<'a>,
) -> Answer {
    let discriminators = sliced.node.slicing.as_ref().map_or(&[][..], |it| &it.discriminators);
    let place = discriminator::Place { item, known, slice: sliced.with(slice) };
    if discriminators.is_empty() {
        return implied(&place, walk);
    }
    discriminators.iter().fold(Answer::Yes, |answer, it| match answer {
        Answer::No => Answer::No,
        so_far => so_far.and(discriminator::holds(it, &place, walk)),
    })
}

/// Choices are told apart by type and extensions by url, whether a profile says so or not.
fn implied<'a>(place: &discriminator::Place<'a>, walk: &mut Walk<'a>) -> Answer {
    let by = |kind, path: &str| Discriminator { kind, path: path.to_owned() };
    match place.slice.node.name.as_str() {
        _ if place.known.element.is_choice => discriminator::holds(&by(DiscriminatorKind::Type, "$this"), place, walk),
        "extension" | "modifierExtension" => discriminator::holds(&by(DiscriminatorKind::Value, "url"), place, walk),
        _ => Answer::Unknown,
    }
}
