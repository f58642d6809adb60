//! The items of one element together: how many there are, and which slice each belongs to.

use crate::fhir::library::profile::{Node, SlicingRules};
use crate::fhir::{Kind, NodeRef};

use crate::validate::overlay::{self, Overlay};
use crate::validate::rules::{PROFILE_MAX, SLICE_MAX, SLICE_ORDER, SLICE_UNDECIDABLE, SLICE_UNMATCHED};
use crate::validate::shape::Member;
use crate::validate::slicing::{self, Answer};
use crate::validate::walk::Walk;

use super::absent::{slice_missing, too_few};

/// Whether any of the overlays tells items apart.
pub fn is_sliced(overlays: &[Overlay<'_>]) -> bool {
    overlays.iter().any(|overlay| !overlay.node.slices.is_empty() || overlay.node.slicing.is_some())
}

/// Counts the items of a member, sorts them into slices, and says what is asked of each item.
pub fn assign<'a>(
    member: NodeRef<'a>,
    items: &[NodeRef<'a>],
    known: &'a Member,
    overlays: &[Overlay<'a>],
    walk: &mut Walk<'a>,
) -> Vec<Vec<Overlay<'a>>> {
    let mut assigned = vec![overlays.to_vec(); items.len()];
    for overlay in overlays {
        count(member, items, *overlay, walk);
        if is_sliced(std::slice::from_ref(overlay)) {
            slice(member, items, known, *overlay, &mut assigned, walk);
        }
    }
    assigned
}

fn count<'a>(member: NodeRef<'a>, items: &[NodeRef<'a>], overlay: Overlay<'a>, walk: &mut Walk<'a>) {
    let (node, count) = (overlay.node, items.len());
    if (count as u64) < u64::from(node.min) {
        too_few(member.parent().unwrap_or(member), overlay, count, walk);
    }
    if let Some(max) = node.max.filter(|max| count as u64 > u64::from(*max)) {
        let first_too_many = items.get(max as usize).copied().unwrap_or(member);
        let (place, name) = (if max == 0 { member } else { first_too_many }, overlay.name());
        walk.issues.raise_constraint(
            &PROFILE_MAX,
            place,
            format!("The profile {name} allows the element {} at most {max} time(s), and it is here {count}; remove what is too much.", node.name),
            format!("Profilen {name} tillåter elementet {} högst {max} gång(er), och det finns {count}; ta bort det som är för mycket.", node.name),
            overlay.cited(),
        );
    }
}

/// The slices of one overlay, while items are sorted into them.
struct Sorting<'a> {
    overlay: Overlay<'a>,
    /// How many items each slice has.
    counts: Vec<u32>,
    /// The last slice that an item was in.
    last: usize,
    /// Whether an item was in no slice.
    was_unmatched: bool,
}

fn slice<'a>(
    member: NodeRef<'a>,
    items: &[NodeRef<'a>],
    known: &'a Member,
    overlay: Overlay<'a>,
    assigned: &mut [Vec<Overlay<'a>>],
    walk: &mut Walk<'a>,
) {
    let slices = &overlay.node.slices;
    let mut sorting = Sorting { overlay, counts: vec![0; slices.len()], last: 0, was_unmatched: false };
    for (item, asked) in items.iter().zip(assigned) {
        match find(*item, known, overlay, walk) {
            Some(at) => sorting.matched(*item, at, asked, walk),
            None => sorting.unmatched(*item, walk),
        }
        if let Some(inner) =
            asked.last().copied().filter(|last| overlay.node.slices.iter().any(|it| std::ptr::eq(it, last.node)))
        {
            reslice(*item, known, inner, asked, walk);
        }
    }
    for (slice, count) in slices.iter().zip(&sorting.counts) {
        if *count < slice.min {
            slice_missing(member.parent().unwrap_or(member), overlay.with(slice), *count as usize, walk);
        }
    }
}

/// The first slice that the item belongs to.
fn find<'a>(item: NodeRef<'a>, known: &'a Member, overlay: Overlay<'a>, walk: &mut Walk<'a>) -> Option<usize> {
    let mut undecidable = None;
    for (at, slice) in overlay.node.slices.iter().enumerate() {
        match slicing::belongs(item, known, overlay, slice, walk) {
            Answer::Yes => return Some(at),
            Answer::No => {}
            Answer::Unknown => undecidable = undecidable.or(Some(slice)),
        }
    }
    if let Some(slice) = undecidable {
        tell_undecidable(item, overlay, slice, walk);
    }
    overlay.node.slices.iter().position(|slice| slice.slice_name == "@default")
}

fn tell_undecidable<'a>(item: NodeRef<'a>, overlay: Overlay<'a>, slice: &Node, walk: &mut Walk<'a>) {
    let (url, name) = (&overlay.profile.url, &slice.slice_name);
    if walk.told.first(&format!("undecidable {url} {name}")) {
        walk.issues.raise(
            &SLICE_UNDECIDABLE,
            item,
            format!(
                "The profile {url} does not say what tells the slice {name} apart, so items were not sorted into it."
            ),
            format!(
                "Profilen {url} anger inte vad som skiljer ut delmängden {name}, så inga värden har förts till den."
            ),
        );
    }
}

/// A slice may be sliced again.
fn reslice<'a>(
    item: NodeRef<'a>,
    known: &'a Member,
    slice: Overlay<'a>,
    asked: &mut Vec<Overlay<'a>>,
    walk: &mut Walk<'a>,
) {
    let inner = slice.node.slices.iter().find(|it| slicing::belongs(item, known, slice, it, walk) == Answer::Yes);
    if let Some(inner) = inner {
        overlay::add(asked, slice.with(inner));
    }
}

impl<'a> Sorting<'a> {
    fn matched(&mut self, item: NodeRef<'a>, at: usize, asked: &mut Vec<Overlay<'a>>, walk: &mut Walk<'a>) {
        let Some(slice) = self.overlay.node.slices.get(at) else { return };
        let slicing = self.overlay.node.slicing.as_ref();
        overlay::add(asked, self.overlay.with(slice));
        if let Some(count) = self.counts.get_mut(at) {
            *count += 1;
            if slice.max.is_some_and(|max| *count == max + 1) {
                self.too_many(item, slice, walk);
            }
        }
        let is_back = slicing.is_some_and(|it| it.ordered) && at < self.last;
        let is_late = self.was_unmatched && slicing.is_some_and(|it| it.rules == SlicingRules::OpenAtEnd);
        if is_back || is_late {
            self.out_of_order(item, walk);
        }
        self.last = self.last.max(at);
    }

    fn unmatched(&mut self, item: NodeRef<'a>, walk: &mut Walk<'a>) {
        self.was_unmatched = true;
        let is_closed = self.overlay.node.slicing.as_ref().is_some_and(|it| it.rules == SlicingRules::Closed);
        // The type of a choice that is not allowed is told as that.
        if !is_closed
            || (self.overlay.node.is_choice && item.kind() != Kind::Null && !self.overlay.node.types.is_empty())
        {
            return;
        }
        let (url, names) = (&self.overlay.profile.url, self.names());
        walk.issues.raise(
            &SLICE_UNMATCHED,
            item,
            format!("The profile {url} allows here only items of its slices ({names}), and this one is in none; correct or remove it."),
            format!("Profilen {url} tillåter här endast värden i dess delmängder ({names}), och detta är inte i någon; rätta eller ta bort det."),
        );
    }

    fn names(&self) -> String {
        let names: Vec<&str> = self.overlay.node.slices.iter().take(12).map(|it| it.slice_name.as_str()).collect();
        names.join(", ")
    }

    fn too_many(&self, item: NodeRef<'a>, slice: &'a Node, walk: &mut Walk<'a>) {
        let (url, name, max) = (&self.overlay.profile.url, &slice.slice_name, slice.max.unwrap_or(0));
        walk.issues.raise_constraint(
            &SLICE_MAX,
            item,
            format!("The profile {url} allows the slice {name} at most {max} time(s); remove this item or one of the others."),
            format!("Profilen {url} tillåter delmängden {name} högst {max} gång(er); ta bort detta värde eller något av de andra."),
            self.overlay.with(slice).cited(),
        );
    }

    fn out_of_order(&self, item: NodeRef<'a>, walk: &mut Walk<'a>) {
        let (url, names) = (&self.overlay.profile.url, self.names());
        walk.issues.raise(
            &SLICE_ORDER,
            item,
            format!("The profile {url} asks for its slices in the order {names}; move this item."),
            format!("Profilen {url} kräver delmängderna i ordningen {names}; flytta detta värde."),
        );
    }
}
