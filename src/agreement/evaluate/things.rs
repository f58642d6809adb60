//! [`Shared`] and [`Complete`]: each thing that there is carries what it must.

use jiff::Timestamp;

use super::super::periods::Periods;
use super::super::rule::{Complete, Shared};
use super::super::span::Span;
use super::super::verdict::State;
use super::case::{Case, Fact};
use super::present::{grace_ends, held, missing};
use super::reason::{Finding, Reason, by};

pub(super) struct PreparedThings<'a> {
    things: Vec<Thing<'a>>,
    held: Periods,
    required: bool,
    grace: Span,
}

struct Thing<'a> {
    fact: Fact<'a>,
    /// The parts that it lacks.
    lacking: Vec<&'a str>,
    /// From when it is in order in spite of them: it was handed over printed.
    mended: Option<Timestamp>,
}

impl<'a> PreparedThings<'a> {
    pub(super) fn shared(rule: &'a Shared, case: &Case<'a>) -> Self {
        let printed = rule.otherwise.as_ref().map(|it| case.select(it)).unwrap_or_default();
        let things = things(&rule.to, case.select(&rule.evidence), &printed);
        Self { held: held_of(&things), things, required: rule.required, grace: rule.grace }
    }

    pub(super) fn complete(rule: &'a Complete, case: &Case<'a>) -> Self {
        let things = things(&rule.parts, case.select(&rule.evidence), &[]);
        Self { held: held_of(&things), things, required: false, grace: rule.grace }
    }

    pub(super) fn judge(&self, case: &Case<'a>, at: Timestamp) -> Finding<'a> {
        let holding: Vec<&Thing> = self.things.iter().filter(|it| it.fact.holds(at)).collect();
        let wrong: Vec<&Thing> = holding.iter().copied().filter(|it| !it.is_in_order(at)).collect();
        if let Some(first) = wrong.iter().map(|it| self.grace.after(it.fact.from)).min() {
            return lacking(&wrong, first, at);
        }
        match holding.len() {
            0 if self.required => missing(case, &self.held, self.grace, at),
            0 => Finding::not_applicable(Reason::NothingAsked),
            count => {
                let evidence = holding.iter().map(|it| it.fact.evidence).collect();
                Finding::new(State::Fulfilled, evidence, Reason::AllThere { count })
            }
        }
    }

    pub(super) fn instants(&self, case: &Case<'a>, out: &mut Vec<Timestamp>) {
        for thing in &self.things {
            out.extend([thing.fact.from, thing.fact.until, self.grace.after(thing.fact.from)]);
            out.extend(thing.mended);
        }
        grace_ends(case, &self.held, self.grace, out);
    }
}

impl Thing<'_> {
    fn is_in_order(&self, at: Timestamp) -> bool {
        self.lacking.is_empty() || self.mended.is_some_and(|mended| mended <= at)
    }
}

fn lacking<'a>(wrong: &[&Thing<'a>], deadline: Timestamp, at: Timestamp) -> Finding<'a> {
    let mut parts: Vec<&str> = wrong.iter().flat_map(|it| it.lacking.iter().copied()).collect();
    parts.sort_unstable();
    parts.dedup();
    let evidence = wrong.iter().map(|it| it.fact.evidence).collect();
    Finding::new(by(deadline, at), evidence, Reason::Lacking { count: wrong.len(), parts, deadline })
}

fn things<'a>(parts: &'a [String], facts: Vec<Fact<'a>>, printed: &[Fact<'a>]) -> Vec<Thing<'a>> {
    let lacks = |fact: &Fact<'a>, part: &String| !fact.evidence.parts.contains_key(part);
    let thing = |fact: Fact<'a>| Thing {
        lacking: parts.iter().filter(|part| lacks(&fact, part)).map(String::as_str).collect(),
        mended: printed.iter().filter(|it| it.as_of() >= fact.from).map(|it| it.from.max(fact.from)).min(),
        fact,
    };
    facts.into_iter().map(thing).collect()
}

fn held_of(things: &[Thing<'_>]) -> Periods {
    let facts: Vec<Fact<'_>> = things.iter().map(|it| it.fact).collect();
    held(&facts)
}
