//! [`Present`]: the evidence holds now.

use jiff::Timestamp;

use super::super::periods::Periods;
use super::super::rule::Present;
use super::super::span::Span;
use super::super::verdict::State;
use super::case::{Case, Fact};
use super::reason::{Finding, Reason, by};
use crate::fhir::instant::Interval;

pub(super) struct PreparedPresent<'a> {
    rule: &'a Present,
    facts: Vec<Fact<'a>>,
    held: Periods,
}

impl<'a> PreparedPresent<'a> {
    pub(super) fn new(rule: &'a Present, case: &Case<'a>) -> Self {
        let facts = case.select(&rule.evidence);
        let held = held(&facts);
        Self { rule, facts, held }
    }

    pub(super) fn judge(&self, case: &Case<'a>, at: Timestamp) -> Finding<'a> {
        let holding = self.facts.iter().filter(|fact| fact.holds(at));
        let mut evidence: Vec<_> = holding.map(|fact| fact.evidence).collect();
        evidence.dedup();
        let count = evidence.len();
        if self.rule.at_most.is_some_and(|most| count > most as usize) {
            return Finding::new(State::Overdue, evidence, Reason::TooMany { count });
        }
        match self.held.at(at) {
            Some(stretch) => Finding::new(State::Fulfilled, evidence, Reason::Holds { since: stretch.from }),
            None => missing(case, &self.held, self.rule.grace, at),
        }
    }

    pub(super) fn instants(&self, case: &Case<'a>, out: &mut Vec<Timestamp>) {
        out.extend(self.facts.iter().flat_map(|fact| [fact.from, fact.until]));
        grace_ends(case, &self.held, self.rule.grace, out);
    }
}

/// When any of the facts holds.
pub(super) fn held(facts: &[Fact<'_>]) -> Periods {
    Periods::union(facts.iter().map(|fact| Interval { from: fact.from, until: fact.until }))
}

/// Nothing holds: since the last that did ended, or since the duty began.
pub(super) fn missing<'a>(case: &Case<'a>, held: &Periods, grace: Span, at: Timestamp) -> Finding<'a> {
    let since = missing_since(case, held, at);
    let deadline = grace.after(since);
    Finding::new(by(deadline, at), Vec::new(), Reason::Missing { since, deadline })
}

/// Since when nothing has held, at an instant at which nothing does.
pub(super) fn missing_since(case: &Case<'_>, held: &Periods, at: Timestamp) -> Timestamp {
    let ended = held.latest(at).map_or(Timestamp::MIN, |it| it.until);
    case.owed_since(at).max(ended)
}

/// The instants at which patience ends.
pub(super) fn grace_ends(case: &Case<'_>, held: &Periods, grace: Span, out: &mut Vec<Timestamp>) {
    if !grace.is_zero() {
        out.extend(held.iter().map(|it| grace.after(it.until)));
        out.extend(case.duty.iter().map(|it| grace.after(it.from)));
    }
}
