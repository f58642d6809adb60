//! The verdict on an obligation at an instant: a pure function of the agreement, the facts and the instant.
//!
//! Evaluation is by the time of the events: what happens after the instant is not known at it, and what is planned is
//! evidence that holds from when it was planned. A rule is first *prepared* for a subject (its evidence looked up,
//! deadlines computed), then judged at the instant, and then at each instant at which its state can change by itself,
//! until it does: so every verdict knows since when and until when it holds.

mod case;
mod fresh;
mod prepared;
mod present;
mod reason;
mod recurring;
mod things;
mod within;
mod words;

use jiff::Timestamp;

use self::case::Case;
use self::prepared::Prepared;
use self::reason::{Finding, Reason};
use super::document::{Agreement, PartyRole};
use super::evidence::Subject;
use super::facts::Facts;
use super::obligation::Obligation;
use super::verdict::{EvidenceReference, State, Verdict};

/// The verdict on one obligation for one subject at an instant.
///
/// For every instant from `at` until the verdict's `until` the state is the same if no other evidence arrives.
pub fn evaluate(
    agreement: &Agreement,
    obligation: &Obligation,
    subject: &Subject,
    facts: &Facts,
    at: Timestamp,
) -> Verdict {
    let case = Case::new(agreement, obligation, subject, facts);
    let prepared = Prepared::new(&obligation.rule, &case);
    let finding = judge(&case, &prepared, at);
    let (since, until) = span(&case, &prepared, finding.state, at);
    verdict(&case, &finding, since, until)
}

/// The obligations of an agreement that are judged for such a subject.
pub fn applicable<'a>(agreement: &'a Agreement, subject: &Subject) -> impl Iterator<Item = &'a Obligation> + use<'a> {
    let subject = subject.clone();
    agreement.obligations.iter().filter(move |it| it.subject.fits(&subject))
}

/// The verdicts on all obligations of the agreements between the parties around a subject.
///
/// An agreement applies where one of its municipalities (or, if it names none, its region) is among the organisations
/// of the facts. An obligation that an agreement beneath it replaces is left out.
pub fn evaluate_all(agreements: &[Agreement], subject: &Subject, facts: &Facts, at: Timestamp) -> Vec<Verdict> {
    let in_force: Vec<&Agreement> = agreements.iter().filter(|it| binds(it, facts)).collect();
    let replaced = |agreement: &Agreement, id: &str| {
        in_force.iter().any(|it| {
            it.under.as_deref() == Some(&agreement.id)
                && it.term.interval().contains(at)
                && it.overrides.iter().any(|other| other == id)
        })
    };
    let duties = in_force.iter().flat_map(|it| applicable(it, subject).map(move |duty| (*it, duty)));
    let owed = duties.filter(|(agreement, duty)| !replaced(agreement, &duty.id));
    owed.map(|(agreement, duty)| evaluate(agreement, duty, subject, facts, at)).collect()
}

fn binds(agreement: &Agreement, facts: &Facts) -> bool {
    let known = |role| {
        let mut parties = agreement.parties.iter().filter(move |party| party.role == role);
        parties.any(|party| facts.organisations().contains(&party.identifier))
    };
    let has_kommuner = agreement.parties.iter().any(|party| party.role == PartyRole::Kommun);
    if has_kommuner { known(PartyRole::Kommun) } else { known(PartyRole::Region) }
}

/// The state at an instant, by what was known then.
fn judge<'a>(case: &Case<'a>, prepared: &Prepared<'a>, at: Timestamp) -> Finding<'a> {
    if !case.term.contains(at) {
        return Finding::not_applicable(Reason::OutsideTerm);
    }
    if case.duty.at(at).is_none() && !(case.obligation.outlasts && case.duty.latest(at).is_some()) {
        return Finding::not_applicable(Reason::NotCovered);
    }
    let finding = prepared.judge(case, at);
    if finding.state == State::Overdue && case.may_miss_evidence() {
        return Finding { state: State::NotDeterminable, reason: Reason::Partial, ..finding };
    }
    finding
}

/// Since when and until when the state is what it is at `at`.
fn span(
    case: &Case<'_>,
    prepared: &Prepared<'_>,
    state: State,
    at: Timestamp,
) -> (Option<Timestamp>, Option<Timestamp>) {
    let instants = instants(case, prepared);
    let later = instants.partition_point(|it| *it <= at);
    let until = instants[later..].iter().copied().find(|it| judge(case, prepared, *it).state != state);
    let mut since = None;
    let mut all_the_same = true;
    for instant in instants[..later].iter().rev() {
        if judge(case, prepared, *instant).state != state {
            all_the_same = false;
            break;
        }
        since = Some(*instant);
    }
    // Before the first instant of all nothing is known, so a state that has always been has no beginning.
    let since = since.filter(|_| !all_the_same || state != State::NotApplicable);
    (since, until)
}

/// The instants at which the state can change by itself, in order.
fn instants(case: &Case<'_>, prepared: &Prepared<'_>) -> Vec<Timestamp> {
    let mut all = Vec::with_capacity(32);
    all.extend([case.term.from, case.term.until]);
    for period in case.duty.iter() {
        all.extend([period.from, period.until]);
    }
    prepared.instants(case, &mut all);
    all.retain(|it| *it > Timestamp::MIN && *it < Timestamp::MAX);
    all.sort_unstable();
    all.dedup();
    all
}

fn verdict(case: &Case<'_>, finding: &Finding<'_>, since: Option<Timestamp>, until: Option<Timestamp>) -> Verdict {
    let obligation = case.obligation;
    let mut evidence: Vec<EvidenceReference> = Vec::with_capacity(finding.evidence.len());
    for fact in &finding.evidence {
        let reference = fact.source.to_string();
        if !evidence.iter().any(|it| it.reference == reference) {
            evidence.push(EvidenceReference { reference });
        }
    }
    Verdict {
        obligation: obligation.id.clone(),
        agreement: case.agreement.id.clone(),
        clause: obligation.clause.clone(),
        quote: obligation.quote.clone(),
        subject: case.subject.to_string(),
        state: finding.state,
        since,
        until,
        evidence,
        basis: obligation.basis,
        explanation: words::explain(case, finding),
    }
}

#[cfg(test)]
mod tests;
