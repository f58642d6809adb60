//! [`Fresh`]: the evidence is not older than the last change that it must reflect.

use jiff::Timestamp;

use super::super::periods::Periods;
use super::super::rule::Fresh;
use super::super::selector::Selector;
use super::super::verdict::State;
use super::case::{Case, Fact};
use super::present::{grace_ends, missing, missing_since};
use super::reason::{Finding, Reason, by};
use crate::fhir::instant::Interval;

pub(super) struct PreparedFresh<'a> {
    rule: &'a Fresh,
    /// What must be up to date.
    own: Vec<Version<'a>>,
    /// What serves in its stead.
    otherwise: Vec<Version<'a>>,
    /// What makes it moot.
    instead_of: Vec<Version<'a>>,
    /// When there is an up to date version of either kind.
    held: Periods,
}

/// A version of a list, and how long it was up to date.
struct Version<'a> {
    fact: Fact<'a>,
    current: Interval,
    /// The change that ended it, if it was one.
    change: Option<Timestamp>,
}

impl<'a> PreparedFresh<'a> {
    pub(super) fn new(rule: &'a Fresh, case: &Case<'a>) -> Self {
        let mut changes: Vec<Timestamp> = case.select(&rule.after).iter().map(|fact| fact.from).collect();
        changes.sort_unstable();
        let versions = |selector: &Selector| versions(case.select(selector), &changes, rule);
        let own = versions(&rule.evidence);
        let otherwise = rule.otherwise.as_ref().map(versions).unwrap_or_default();
        let instead_of = rule.instead_of.as_ref().map(versions).unwrap_or_default();
        let held = Periods::union(own.iter().chain(&otherwise).map(|it| it.current));
        Self { rule, own, otherwise, instead_of, held }
    }

    pub(super) fn judge(&self, case: &Case<'a>, at: Timestamp) -> Finding<'a> {
        if let Some(it) = current(&self.instead_of, at) {
            return Finding::new(State::NotApplicable, vec![it.fact.evidence], Reason::Moot { as_of: it.fact.from });
        }
        let own = current(&self.own, at).map(|it| (it, false));
        if let Some((it, instead)) = own.or_else(|| current(&self.otherwise, at).map(|it| (it, true))) {
            let reason = Reason::UpToDate { as_of: it.fact.from, instead };
            return Finding::new(State::Fulfilled, vec![it.fact.evidence], reason);
        }
        self.not_current(case, at)
    }

    fn not_current(&self, case: &Case<'a>, at: Timestamp) -> Finding<'a> {
        let known = self.own.iter().rfind(|it| it.fact.from <= at);
        let Some(latest) = known else {
            return missing(case, &self.held, self.rule.grace, at);
        };
        let deadline = self.rule.grace.after(missing_since(case, &self.held, at));
        let reason = Reason::OutOfDate { as_of: latest.fact.from, change: latest.change, deadline };
        Finding::new(by(deadline, at), vec![latest.fact.evidence], reason)
    }

    pub(super) fn instants(&self, case: &Case<'a>, out: &mut Vec<Timestamp>) {
        let all = self.own.iter().chain(&self.otherwise).chain(&self.instead_of);
        out.extend(all.flat_map(|it| [it.fact.from, it.current.until]));
        grace_ends(case, &self.held, self.rule.grace, out);
    }
}

fn versions<'a>(facts: Vec<Fact<'a>>, changes: &[Timestamp], rule: &Fresh) -> Vec<Version<'a>> {
    facts.into_iter().map(|fact| version(fact, changes, rule)).collect()
}

fn version<'a>(fact: Fact<'a>, changes: &[Timestamp], rule: &Fresh) -> Version<'a> {
    let as_of = fact.as_of();
    let change = changes.get(changes.partition_point(|change| *change <= as_of)).copied();
    let aged = rule.within.map_or(Timestamp::MAX, |age| age.after(as_of));
    let until = change.unwrap_or(Timestamp::MAX).min(aged);
    Version { fact, current: Interval { from: fact.from, until }, change: change.filter(|it| *it <= aged) }
}

fn current<'v, 'a>(versions: &'v [Version<'a>], at: Timestamp) -> Option<&'v Version<'a>> {
    versions.iter().rfind(|it| it.current.contains(at))
}
