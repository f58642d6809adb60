//! One obligation and one subject: when the duty holds, and which facts an obligation's words pick out.

use jiff::Timestamp;

use super::super::document::Agreement;
use super::super::evidence::{Evidence, Subject};
use super::super::facts::Facts;
use super::super::obligation::Obligation;
use super::super::periods::Periods;
use super::super::selector::Selector;
use super::super::vocabulary::{DEATH, ENROLMENT};
use crate::fhir::instant::Interval;

/// What a verdict is about.
pub(super) struct Case<'a> {
    pub(super) agreement: &'a Agreement,
    pub(super) obligation: &'a Obligation,
    pub(super) subject: &'a Subject,
    pub(super) facts: &'a Facts,
    /// When the agreement is in force.
    pub(super) term: Interval,
    /// When the duty holds for the subject.
    pub(super) duty: Periods,
}

/// Evidence that an obligation asks for, while it counts.
#[derive(Clone, Copy)]
pub(super) struct Fact<'a> {
    pub(super) evidence: &'a Evidence,
    /// From when it counts.
    pub(super) from: Timestamp,
    /// Until when it counts; what happened at a point in time counts ever after.
    pub(super) until: Timestamp,
}

impl Fact<'_> {
    /// Whether it counts at `at`.
    pub(super) fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }

    /// The last instant that it may tell of: a list that is dated with a day may have been written at the day's end.
    pub(super) fn as_of(&self) -> Timestamp {
        self.evidence.time.until.max(self.from)
    }
}

impl<'a> Case<'a> {
    pub(super) fn new(
        agreement: &'a Agreement,
        obligation: &'a Obligation,
        subject: &'a Subject,
        facts: &'a Facts,
    ) -> Self {
        let term = agreement.term.interval();
        let mut case = Self { agreement, obligation, subject, facts, term, duty: Periods::default() };
        case.duty = case.covered().within(term).without(&case.agreed_otherwise());
        case
    }

    /// The facts that a selector picks out, by the time from which they count.
    pub(super) fn select(&self, selector: &Selector) -> Vec<Fact<'a>> {
        let mut found = Vec::new();
        for kind in selector.kinds() {
            for evidence in self.facts.of_kind(kind).iter().filter(|it| selector.admits(it)) {
                self.counting(selector, evidence, &mut found);
            }
        }
        found.sort_by_key(|fact| fact.from);
        found
    }

    /// Whether evidence that the rule asks for may be missing though it happened.
    pub(super) fn may_miss_evidence(&self) -> bool {
        let partial = self.facts.partial();
        let asked = self.obligation.rule.selectors();
        asked.iter().flat_map(|it| it.kinds()).any(|kind| partial.covers(kind))
    }

    /// Since when the duty has held without a break, at an instant at which it holds or after it ended.
    pub(super) fn owed_since(&self, at: Timestamp) -> Timestamp {
        self.duty.latest(at).map_or(at, |it| it.from)
    }

    /// Whether the duty holds at `at` or ends just then.
    pub(super) fn owed_at_or_until(&self, at: Timestamp) -> bool {
        self.duty.latest(at).is_some_and(|it| at <= it.until)
    }

    fn counting(&self, selector: &Selector, evidence: &'a Evidence, found: &mut Vec<Fact<'a>>) {
        let lasting = lasting(evidence.time);
        let mut push = |from: Timestamp, until: Timestamp| {
            if from < until {
                found.push(Fact { evidence, from, until });
            }
        };
        if selector.through.is_empty() {
            if Facts::is_own(self.subject, evidence) {
                push(lasting.from, lasting.until);
            }
            return;
        }
        let meant = |it: &&Evidence| serves(evidence, it, self.subject);
        for link in &selector.through {
            let own = self.facts.of_kind(&link.kind).iter().filter(|it| Facts::is_own(self.subject, it)).filter(meant);
            let leading = own.filter(|it| it.parts.get(&link.part).is_some_and(|to| evidence.parties.contains(to)));
            for step in leading {
                let step = lasting_of(step);
                push(lasting.from.max(step.from), lasting.until.min(step.until));
            }
        }
    }

    fn covered(&self) -> Periods {
        match self.subject {
            Subject::Patient { .. } => {
                self.of_care_forms(self.facts.anchors(self.subject)).without(&self.after_death())
            }
            Subject::Unit { .. } if self.obligation.while_enrolled => self.of_care_forms(self.facts.of_kind(ENROLMENT)),
            Subject::Unit { .. } => self.of_care_forms(self.facts.anchors(self.subject)),
            Subject::Pair { .. } | Subject::Agreement { .. } | Subject::Resource { .. } | Subject::Context { .. } => {
                Periods::always()
            }
        }
    }

    fn of_care_forms(&self, anchors: &[Evidence]) -> Periods {
        let forms = &self.obligation.care_forms;
        if forms.is_empty() && !self.obligation.while_enrolled {
            return Periods::always();
        }
        let own = anchors.iter().filter(|it| Facts::is_own(self.subject, it));
        Periods::union(own.filter(|it| forms.is_empty() || !it.codes.is_disjoint(forms)).map(lasting_of))
    }

    fn after_death(&self) -> Periods {
        let deaths = self.facts.of_kind(DEATH).iter().filter(|it| Facts::is_own(self.subject, it));
        Periods::union(deaths.map(|it| Interval { from: it.time.from, until: Timestamp::MAX }))
    }

    fn agreed_otherwise(&self) -> Periods {
        let facts = self.obligation.unless.as_ref().map(|it| self.select(it)).unwrap_or_default();
        Periods::union(facts.iter().map(|it| Interval { from: it.from, until: it.until }))
    }
}

/// What names the units that it serves serves no other.
fn serves(evidence: &Evidence, step: &Evidence, subject: &Subject) -> bool {
    match (&evidence.unit, subject) {
        (None, _) => true,
        (Some(unit), Subject::Unit { reference }) => unit == reference,
        (Some(unit), _) => step.unit.as_ref().is_none_or(|it| it == unit),
    }
}

fn lasting_of(evidence: &Evidence) -> Interval {
    lasting(evidence.time)
}

fn lasting(time: Interval) -> Interval {
    if time.from == time.until { Interval { until: Timestamp::MAX, ..time } } else { time }
}
