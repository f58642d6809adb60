//! A rule with its evidence looked up, ready to be judged at any instant.

use jiff::Timestamp;

use super::super::rule::Rule;
use super::super::verdict::State;
use super::case::Case;
use super::fresh::PreparedFresh;
use super::present::PreparedPresent;
use super::reason::{Finding, Reason};
use super::recurring::PreparedRecurring;
use super::things::PreparedThings;
use super::within::PreparedWithin;

pub(super) enum Prepared<'a> {
    Present(PreparedPresent<'a>),
    Fresh(PreparedFresh<'a>),
    Recurring(PreparedRecurring<'a>),
    Within(PreparedWithin<'a>),
    Things(PreparedThings<'a>),
    All(Vec<Prepared<'a>>),
}

impl<'a> Prepared<'a> {
    pub(super) fn new(rule: &'a Rule, case: &Case<'a>) -> Self {
        match rule {
            Rule::Present(rule) => Self::Present(PreparedPresent::new(rule, case)),
            Rule::Fresh(rule) => Self::Fresh(PreparedFresh::new(rule, case)),
            Rule::Recurring(rule) => Self::Recurring(PreparedRecurring::new(rule, case)),
            Rule::Within(rule) => Self::Within(PreparedWithin::new(rule, case)),
            Rule::Shared(rule) => Self::Things(PreparedThings::shared(rule, case)),
            Rule::Complete(rule) => Self::Things(PreparedThings::complete(rule, case)),
            Rule::All(rules) => Self::All(rules.iter().map(|rule| Self::new(rule, case)).collect()),
        }
    }

    /// The state at `at`, by the evidence with a time no later than that.
    pub(super) fn judge(&self, case: &Case<'a>, at: Timestamp) -> Finding<'a> {
        match self {
            Self::Present(rule) => rule.judge(case, at),
            Self::Fresh(rule) => rule.judge(case, at),
            Self::Recurring(rule) => rule.judge(case, at),
            Self::Within(rule) => rule.judge(at),
            Self::Things(rule) => rule.judge(case, at),
            Self::All(rules) => worst(rules.iter().map(|rule| rule.judge(case, at))),
        }
    }

    /// Adds every instant at which the state can change by itself, besides those of the duty.
    pub(super) fn instants(&self, case: &Case<'a>, out: &mut Vec<Timestamp>) {
        match self {
            Self::Present(rule) => rule.instants(case, out),
            Self::Fresh(rule) => rule.instants(case, out),
            Self::Recurring(rule) => rule.instants(case, out),
            Self::Within(rule) => rule.instants(out),
            Self::Things(rule) => rule.instants(case, out),
            Self::All(rules) => rules.iter().for_each(|rule| rule.instants(case, out)),
        }
    }
}

/// The finding that weighs most, with the evidence of all that came to the same state.
fn worst<'a>(findings: impl Iterator<Item = Finding<'a>>) -> Finding<'a> {
    let nothing = Finding::not_applicable(Reason::NothingAsked);
    findings.fold(nothing, |mut worst, mut next| {
        if weight(next.state) > weight(worst.state) {
            return next;
        }
        if next.state == worst.state {
            worst.evidence.append(&mut next.evidence);
        }
        worst
    })
}

fn weight(state: State) -> u8 {
    match state {
        State::NotApplicable => 0,
        State::Fulfilled => 1,
        State::Due => 2,
        State::NotDeterminable => 3,
        State::Overdue => 4,
    }
}
