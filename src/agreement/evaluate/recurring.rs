//! [`Recurring`]: at least so many in every window.
//!
//! A calendar window counts against the bearer when it is over and the duty held all through it; the one that is
//! running is due. Where the parties have agreed on several weeks together, any so many weeks in a row are a window.

use jiff::Timestamp;
use jiff::civil::Date;

use super::super::calendar::{day_start, local_date};
use super::super::rule::{Recurring, Window};
use super::super::span::Span;
use super::super::verdict::State;
use super::case::{Case, Fact};
use super::reason::{Finding, Reason, by};

pub(super) struct PreparedRecurring<'a> {
    rule: &'a Recurring,
    events: Vec<Event<'a>>,
    agreed: Vec<Fact<'a>>,
}

struct Event<'a> {
    fact: Fact<'a>,
    /// The number of its week or month; 0 for a rolling window.
    number: i64,
    /// When a rolling window forgets it.
    forgotten: Timestamp,
}

impl<'a> PreparedRecurring<'a> {
    pub(super) fn new(rule: &'a Recurring, case: &Case<'a>) -> Self {
        let events = case.select(&rule.evidence).into_iter().map(|fact| Event::new(fact, rule.window)).collect();
        let agreed = rule.agreed.as_ref().map(|it| case.select(it)).unwrap_or_default();
        Self { rule, events, agreed }
    }

    pub(super) fn judge(&self, case: &Case<'a>, at: Timestamp) -> Finding<'a> {
        match self.rule.window {
            Window::Rolling(span) => self.judge_rolling(span, case, at),
            Window::Weeks(length) => self.judge_calendar(Unit::Week, length, case, at),
            Window::Months(length) => self.judge_calendar(Unit::Month, length, case, at),
        }
    }

    pub(super) fn instants(&self, case: &Case<'a>, out: &mut Vec<Timestamp>) {
        match self.rule.window {
            Window::Rolling(span) => self.rolling_instants(span, case, out),
            Window::Weeks(length) => self.calendar_instants(Unit::Week, length, case, out),
            Window::Months(length) => self.calendar_instants(Unit::Month, length, case, out),
        }
    }

    fn judge_rolling(&self, span: Span, case: &Case<'a>, at: Timestamp) -> Finding<'a> {
        let counted: Vec<&Event> = self.known(at).filter(|it| at < it.forgotten).collect();
        let first_ends = span.after(case.owed_since(at));
        let deadline = self.full_until(&counted).max(first_ends);
        let state = match self.rule.first_due {
            _ if counted.len() >= self.needed() => State::Fulfilled,
            Some(ahead) if at < ahead.before(first_ends) => State::NotApplicable,
            _ => by(first_ends, at),
        };
        self.finding(state, &counted, deadline, at)
    }

    /// When too few of those that count now are left in a rolling window.
    fn full_until(&self, counted: &[&Event<'a>]) -> Timestamp {
        let mut ends: Vec<Timestamp> = counted.iter().map(|it| it.forgotten).collect();
        ends.sort_unstable();
        let spare = ends.len().checked_sub(self.needed());
        spare.and_then(|spare| ends.get(spare).copied()).unwrap_or(Timestamp::MIN)
    }

    fn judge_calendar(&self, unit: Unit, length: u16, case: &Case<'a>, at: Timestamp) -> Finding<'a> {
        let length = self.length_at(length, at);
        let now = unit.number(at);
        let counted: Vec<&Event> = self.known(at).filter(|it| it.number > now - length && it.number <= now).collect();
        let before = self.known(at).filter(|it| it.number >= now - length && it.number < now).count();
        let owed_before = case.owed_since(at) <= unit.start(now - length);
        let deadline = unit.start(now + 1);
        let state = if counted.len() >= self.needed() {
            State::Fulfilled
        } else if before >= self.needed() || !owed_before {
            State::Due
        } else {
            State::Overdue
        };
        self.finding(state, &counted, deadline, at)
    }

    fn finding(&self, state: State, counted: &[&Event<'a>], deadline: Timestamp, at: Timestamp) -> Finding<'a> {
        let last = self.known(at).last().map(|it| it.fact);
        let mut evidence: Vec<_> = counted.iter().map(|it| it.fact.evidence).collect();
        if evidence.is_empty() {
            evidence.extend(last.map(|it| it.evidence));
        }
        let (count, needed) = (counted.len(), self.needed());
        Finding::new(state, evidence, Reason::Counted { count, needed, last: last.map(|it| it.from), deadline })
    }

    fn known(&self, at: Timestamp) -> impl Iterator<Item = &Event<'a>> {
        self.events[..self.events.partition_point(|it| it.fact.from <= at)].iter()
    }

    fn needed(&self) -> usize {
        self.rule.at_least as usize
    }

    /// How many weeks or months make a window at `at`: what was agreed locally, else what the clause says.
    fn length_at(&self, length: u16, at: Timestamp) -> i64 {
        let agreed = self.agreed.iter().rfind(|fact| fact.holds(at)).and_then(agreed_length);
        agreed.unwrap_or(i64::from(length))
    }

    fn rolling_instants(&self, span: Span, case: &Case<'a>, out: &mut Vec<Timestamp>) {
        out.extend(self.events.iter().flat_map(|it| [it.fact.from, it.forgotten]));
        for period in case.duty.iter() {
            let first_ends = span.after(period.from);
            out.push(first_ends);
            out.extend(self.rule.first_due.map(|ahead| ahead.before(first_ends)));
        }
    }

    fn calendar_instants(&self, unit: Unit, length: u16, case: &Case<'a>, out: &mut Vec<Timestamp>) {
        out.extend(self.events.iter().map(|it| it.fact.from));
        out.extend(self.agreed.iter().flat_map(|it| [it.from, it.until]));
        let mut lengths: Vec<i64> = self.agreed.iter().filter_map(agreed_length).collect();
        lengths.push(i64::from(length));
        lengths.sort_unstable();
        lengths.dedup();
        let mut numbers: Vec<i64> = case.duty.iter().map(|it| unit.number(it.from)).collect();
        numbers.extend(self.events.iter().map(|it| it.number));
        numbers.dedup();
        let mut boundaries: Vec<i64> = numbers.iter().map(|number| number + 1).collect();
        for length in lengths {
            boundaries.extend(numbers.iter().flat_map(|number| [number + length, number + length + 1]));
        }
        boundaries.sort_unstable();
        boundaries.dedup();
        out.extend(boundaries.into_iter().map(|number| unit.start(number)));
    }
}

impl<'a> Event<'a> {
    fn new(fact: Fact<'a>, window: Window) -> Self {
        let (number, forgotten) = match window {
            // What is dated with a day counts through the same day of its last year or month.
            Window::Rolling(span) => (0, span.after(rolling_end(&fact))),
            Window::Weeks(_) => (Unit::Week.number(fact.from), Timestamp::MAX),
            Window::Months(_) => (Unit::Month.number(fact.from), Timestamp::MAX),
        };
        Self { fact, number, forgotten }
    }
}

/// An event that lasted counts from its end.
fn rolling_end(fact: &Fact<'_>) -> Timestamp {
    let end = fact.as_of();
    if end == Timestamp::MAX { fact.from } else { end }
}

fn agreed_length(fact: &Fact<'_>) -> Option<i64> {
    fact.evidence.amount.filter(|length| (1..=520).contains(length))
}

#[derive(Clone, Copy)]
enum Unit {
    Week,
    Month,
}

impl Unit {
    /// The number of the week or month that `at` lies in, counted from a fixed one.
    fn number(self, at: Timestamp) -> i64 {
        let day = local_date(at);
        match self {
            Self::Week => (days_from_first_monday(day)).div_euclid(7),
            Self::Month => i64::from(day.year()) * 12 + i64::from(day.month()) - 1,
        }
    }

    /// The first instant of that week or month.
    fn start(self, number: i64) -> Timestamp {
        let day = match self {
            Self::Week => FIRST_MONDAY.checked_add(jiff::Span::new().try_weeks(number).unwrap_or_default()).ok(),
            Self::Month => first_of_month(number),
        };
        day.map_or(Timestamp::MAX, day_start)
    }
}

const FIRST_MONDAY: Date = Date::constant(1900, 1, 1);

fn days_from_first_monday(day: Date) -> i64 {
    day.duration_since(FIRST_MONDAY).as_hours() / 24
}

fn first_of_month(number: i64) -> Option<Date> {
    let year = i16::try_from(number.div_euclid(12)).ok()?;
    let month = i8::try_from(number.rem_euclid(12) + 1).ok()?;
    Date::new(year, month, 1).ok()
}
