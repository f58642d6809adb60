//! Which concepts lie under which: by nesting, and by the properties `parent`, `subsumedBy` and `child`.

use super::{CodeSystem, ConceptRef};

/// A choice among the concepts of one code system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Chosen(Vec<bool>);

impl Chosen {
    /// Those for which something holds.
    pub(in super::super) fn by(system: &CodeSystem, holds: impl FnMut(ConceptRef<'_>) -> bool) -> Self {
        Self(system.concepts().map(holds).collect())
    }

    /// Those that are also in another choice.
    pub(in super::super) fn and(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(&other.0).for_each(|(mine, theirs)| *mine &= theirs);
        self
    }

    /// All others.
    pub(in super::super) fn not(mut self) -> Self {
        self.0.iter_mut().for_each(|it| *it = !*it);
        self
    }

    /// Whether a concept is in it.
    pub(in super::super) fn has(&self, number: u32) -> bool {
        self.0.get(number as usize).is_some_and(|it| *it)
    }

    fn put(&mut self, number: u32) -> bool {
        self.0.get_mut(number as usize).is_some_and(|it| !std::mem::replace(it, true))
    }
}

impl CodeSystem {
    /// A concept and all below it; with `strictly`, without itself (unless it lies below itself).
    pub(in super::super) fn below(&self, top: ConceptRef<'_>, strictly: bool) -> Chosen {
        let children = self.children();
        self.reach(top.number, strictly, |number| children.of(number).iter().copied())
    }

    /// A concept and all above it.
    pub(in super::super) fn above(&self, bottom: ConceptRef<'_>) -> Chosen {
        let parents = |number| self.slice(&self.parents, number, |entry| entry.parents).iter().copied();
        self.reach(bottom.number, false, parents)
    }

    fn reach<I: Iterator<Item = u32>>(&self, from: u32, strictly: bool, next: impl Fn(u32) -> I) -> Chosen {
        let mut reached = Chosen(vec![false; self.concepts.len()]);
        if !strictly {
            reached.put(from);
        }
        let mut waiting = vec![from];
        while let Some(number) = waiting.pop() {
            waiting.extend(next(number).filter(|it| reached.put(*it)));
        }
        reached
    }

    /// The parents turned around.
    fn children(&self) -> Children {
        let mut starts = vec![0_u32; self.concepts.len() + 1];
        for parent in &self.parents {
            if let Some(count) = starts.get_mut(*parent as usize + 1) {
                *count += 1;
            }
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let (mut free, mut numbers) = (starts.clone(), vec![0; self.parents.len()]);
        for child in self.concepts() {
            for parent in child.parents() {
                let place = &mut free[parent.number as usize];
                numbers[*place as usize] = child.number;
                *place += 1;
            }
        }
        Children { starts, numbers }
    }
}

struct Children {
    starts: Vec<u32>,
    numbers: Vec<u32>,
}

impl Children {
    fn of(&self, number: u32) -> &[u32] {
        let at = number as usize;
        self.numbers.get(self.starts[at] as usize..self.starts[at + 1] as usize).unwrap_or_default()
    }
}
