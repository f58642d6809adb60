//! [`Within`]: an answer follows each trigger, by a limit if there is one.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::super::calendar::{deadline, next_weekday};
use super::super::evidence::Evidence;
use super::super::rule::{Answer, Limit, Same, When, Within};
use super::super::verdict::State;
use super::case::{Case, Fact};
use super::reason::{Finding, Reason};

pub(super) struct PreparedWithin<'a> {
    triggers: Vec<Trigger<'a>>,
}

struct Trigger<'a> {
    fact: Fact<'a>,
    deadline: Option<Timestamp>,
    answer: Option<(Timestamp, &'a Evidence)>,
    released: Option<Timestamp>,
}

impl<'a> PreparedWithin<'a> {
    pub(super) fn new(rule: &'a Within, case: &Case<'a>) -> Self {
        let answers: Vec<(&Answer, Vec<Fact>)> =
            rule.answers.iter().map(|it| (it, case.select(&it.evidence))).collect();
        let released = rule.released.as_ref().map(|it| case.select(it)).unwrap_or_default();
        let unless = rule.unless.as_ref().map(|it| case.select(it)).unwrap_or_default();
        let owed = case.select(&rule.trigger).into_iter().filter(|it| case.owed_at_or_until(it.from));
        let owed = owed.filter(|it| !unless.iter().any(|other| other.from <= it.as_of()));
        let prepare = |fact: Fact<'a>| Trigger {
            fact,
            deadline: deadline_of(&fact, rule, case),
            answer: answers.iter().filter_map(|(answer, facts)| first(answer, facts, &fact)).min_by_key(|(at, _)| *at),
            released: released.iter().filter_map(|it| standing(it, &fact)).min(),
        };
        Self { triggers: owed.map(prepare).collect() }
    }

    pub(super) fn judge(&self, at: Timestamp) -> Finding<'a> {
        let asked: Vec<&Trigger> = self.triggers.iter().filter(|it| it.asks(at)).collect();
        let open: Vec<&Trigger> = asked.iter().copied().filter(|it| !it.is_answered(at)).collect();
        let late: Vec<&Trigger> = open.iter().copied().filter(|it| it.deadline.is_some_and(|by| by <= at)).collect();
        match (asked.is_empty(), open.is_empty(), late.is_empty()) {
            (true, ..) => Finding::not_applicable(Reason::NothingAsked),
            (_, true, _) => answered(&asked),
            (.., true) => unanswered(State::Due, &open),
            _ => unanswered(State::Overdue, &late),
        }
    }

    pub(super) fn instants(&self, out: &mut Vec<Timestamp>) {
        for it in &self.triggers {
            out.push(it.fact.from);
            out.extend(it.deadline.into_iter().chain(it.released).chain(it.answer.map(|(at, _)| at)));
        }
    }
}

impl Trigger<'_> {
    fn asks(&self, at: Timestamp) -> bool {
        self.fact.from <= at && self.released.is_none_or(|released| released > at)
    }

    fn is_answered(&self, at: Timestamp) -> bool {
        self.answer.is_some_and(|(answered, _)| answered <= at)
    }
}

fn answered<'a>(asked: &[&Trigger<'a>]) -> Finding<'a> {
    let evidence: BTreeSet<_> = asked.iter().filter_map(|it| it.answer).map(|(at, it)| (at, Ordered(it))).collect();
    let evidence = evidence.into_iter().map(|(_, it)| it.0).collect();
    Finding::new(State::Fulfilled, evidence, Reason::Answered { count: asked.len() })
}

fn unanswered<'a>(state: State, open: &[&Trigger<'a>]) -> Finding<'a> {
    let evidence = open.iter().map(|it| it.fact.evidence).collect();
    let oldest = open.iter().map(|it| it.fact.from).min().unwrap_or(Timestamp::MIN);
    let deadline = open.iter().filter_map(|it| it.deadline).min();
    Finding::new(state, evidence, Reason::Open { count: open.len(), oldest, deadline })
}

/// Evidence in the order of its sources.
struct Ordered<'a>(&'a Evidence);

impl PartialEq for Ordered<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.source == other.0.source
    }
}

impl Eq for Ordered<'_> {}

impl PartialOrd for Ordered<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ordered<'_> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.source.cmp(&other.0.source)
    }
}

fn deadline_of(trigger: &Fact<'_>, rule: &Within, case: &Case<'_>) -> Option<Timestamp> {
    let calendar = |name: &str| case.agreement.calendars.get(name);
    // What is dated with a day may have happened at its end.
    let start = trigger.as_of();
    let start = if start == Timestamp::MAX { trigger.from } else { start };
    match rule.limit.as_ref()? {
        Limit::After { span, calendar: None } => Some(span.after(start)),
        Limit::After { span, calendar: Some(name) } => Some(deadline(calendar(name)?, start, *span)),
        Limit::NextWeekday { calendar: name } => Some(next_weekday(calendar(name)?, start)),
        Limit::TriggerEnd => Some(trigger.as_of()).filter(|end| *end < Timestamp::MAX && *end > trigger.from),
    }
}

/// When the first of the facts answers the trigger, and which it is.
fn first<'a>(answer: &Answer, facts: &[Fact<'a>], trigger: &Fact<'a>) -> Option<(Timestamp, &'a Evidence)> {
    let tied = facts.iter().filter(|it| is_tied(answer.same, it.evidence, trigger.evidence));
    let counting = tied.filter_map(|it| Some((counts_from(answer.when, it, trigger)?, it.evidence)));
    counting.min_by_key(|(at, _)| *at)
}

fn is_tied(same: Option<Same>, answer: &Evidence, trigger: &Evidence) -> bool {
    match same {
        None => true,
        Some(Same::Source) => answer.source == trigger.source,
        Some(Same::About) => answer.parts.get("about").is_some_and(|about| *about == trigger.source.to_string()),
        Some(Same::Code) => !answer.codes.is_disjoint(&trigger.codes),
    }
}

fn counts_from(when: When, answer: &Fact<'_>, trigger: &Fact<'_>) -> Option<Timestamp> {
    match when {
        When::After if answer.from >= trigger.from => Some(answer.from),
        When::After => same_day(answer, trigger).then_some(trigger.from),
        When::Standing => standing(answer, trigger),
        When::Before => (answer.from <= happened_by(trigger) && answer.until > trigger.from)
            .then_some(trigger.from.max(answer.from)),
    }
}

fn standing(answer: &Fact<'_>, trigger: &Fact<'_>) -> Option<Timestamp> {
    (answer.until > trigger.from).then(|| answer.from.max(trigger.from))
}

/// The last instant at which the trigger may have happened.
fn happened_by(trigger: &Fact<'_>) -> Timestamp {
    if is_a_day(trigger) { trigger.as_of() } else { trigger.from }
}

/// Something that is dated with a day began before the trigger by its date alone.
fn same_day(answer: &Fact<'_>, trigger: &Fact<'_>) -> bool {
    is_a_day(answer) && answer.as_of() > trigger.from
}

/// A fact that lasts a day (25 hours when clocks go back) is one whose time of day is not known.
fn is_a_day(fact: &Fact<'_>) -> bool {
    let width = fact.as_of().duration_since(fact.from);
    width >= SignedDuration::from_hours(23) && width <= SignedDuration::from_hours(25)
}
