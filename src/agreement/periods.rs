//! Sets of instants as disjoint half-open intervals in order.

use jiff::Timestamp;

use crate::fhir::instant::Interval;

/// Intervals that neither overlap nor touch, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Periods(Vec<Interval>);

impl Periods {
    /// All of time.
    pub fn always() -> Self {
        Self(vec![Interval { from: Timestamp::MIN, until: Timestamp::MAX }])
    }

    /// The union of intervals in any order; empty ones are left out.
    pub fn union(intervals: impl IntoIterator<Item = Interval>) -> Self {
        let mut all: Vec<Interval> = intervals.into_iter().filter(|it| it.from < it.until).collect();
        all.sort_unstable();
        let mut merged: Vec<Interval> = Vec::with_capacity(all.len());
        for next in all {
            match merged.last_mut() {
                Some(last) if next.from <= last.until => last.until = last.until.max(next.until),
                _ => merged.push(next),
            }
        }
        Self(merged)
    }

    /// What lies in `bounds` too.
    #[must_use]
    pub fn within(&self, bounds: Interval) -> Self {
        let cut = |it: &Interval| Interval { from: it.from.max(bounds.from), until: it.until.min(bounds.until) };
        Self(self.0.iter().map(cut).filter(|it| it.from < it.until).collect())
    }

    /// What lies in none of `others`.
    #[must_use]
    pub fn without(&self, others: &Self) -> Self {
        let mut left = self.0.clone();
        for hole in &others.0 {
            left = left.iter().flat_map(|it| around(*it, *hole)).collect();
        }
        Self(left)
    }

    /// The interval that holds `at`.
    pub fn at(&self, at: Timestamp) -> Option<Interval> {
        let after = self.0.partition_point(|it| it.from <= at);
        self.0.get(after.checked_sub(1)?).copied().filter(|it| it.contains(at))
    }

    /// The last interval that began at or before `at`.
    pub fn latest(&self, at: Timestamp) -> Option<Interval> {
        let after = self.0.partition_point(|it| it.from <= at);
        self.0.get(after.checked_sub(1)?).copied()
    }

    /// The intervals in order.
    pub fn iter(&self) -> impl Iterator<Item = Interval> + '_ {
        self.0.iter().copied()
    }
}

fn around(it: Interval, hole: Interval) -> impl Iterator<Item = Interval> {
    let before = Interval { from: it.from, until: it.until.min(hole.from) };
    let after = Interval { from: it.from.max(hole.until), until: it.until };
    [before, after].into_iter().filter(|part| part.from < part.until)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn interval(from: i64, until: i64) -> Interval {
        let at = |second| Timestamp::from_second(second).unwrap();
        Interval { from: at(from), until: at(until) }
    }

    fn intervals() -> impl Strategy<Value = Vec<Interval>> {
        prop::collection::vec((0i64..30, 0i64..10).prop_map(|(from, width)| interval(from, from + width)), 0..8)
    }

    proptest! {
        #[test]
        fn sets_behave_as_sets(a in intervals(), b in intervals(), second in 0i64..40) {
            let at = Timestamp::from_second(second).unwrap();
            let holds = |all: &[Interval]| all.iter().any(|it| it.contains(at));
            let (set_a, set_b) = (Periods::union(a.clone()), Periods::union(b.clone()));
            prop_assert_eq!(set_a.at(at).is_some(), holds(&a));
            prop_assert_eq!(set_a.without(&set_b).at(at).is_some(), holds(&a) && !holds(&b));
            let bounds = interval(5, 20);
            prop_assert_eq!(set_a.within(bounds).at(at).is_some(), holds(&a) && bounds.contains(at));
        }

        #[test]
        fn a_union_is_disjoint_and_in_order(a in intervals()) {
            let set = Periods::union(a);
            prop_assert!(set.0.windows(2).all(|pair| pair[0].until < pair[1].from));
        }
    }
}
