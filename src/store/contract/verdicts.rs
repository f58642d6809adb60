//! Verdicts stand until they are replaced, and how they stood is kept.

use super::Engine;
use super::builders::{at, change};
use crate::agreement::verdict::{Basis, Explanation};
use crate::agreement::{State, Subject, Verdict};
use crate::store::{Change, Store, SummaryBy, VerdictUpdate};

fn verdict(subject: &str, obligation: &str, state: State, until: Option<i64>) -> Verdict {
    Verdict {
        obligation: obligation.into(),
        agreement: "vasterbotten".into(),
        clause: "9.2".into(),
        quote: "En aktuell läkemedelslista".into(),
        subject: subject.into(),
        state,
        since: Some(at(0)),
        until: until.map(at),
        evidence: Vec::new(),
        basis: Basis::Agreement,
        explanation: Explanation { sv: "Listan är delad.".into(), en: "The list is shared.".into() },
    }
}

fn update(subject: &str, second: i64, verdicts: &[(&str, State, Option<i64>)]) -> VerdictUpdate {
    let verdicts = verdicts.iter().map(|(obligation, state, until)| verdict(subject, obligation, *state, *until));
    VerdictUpdate {
        subject: subject.into(),
        verdicts: verdicts.collect(),
        kommun: Some("Organization/k1".into()),
        unit: None,
        at: at(second),
        mark: None,
    }
}

async fn judge(store: &impl Store, update: VerdictUpdate) {
    store.commit(Change { verdicts: vec![update], ..change([]) }).await.unwrap();
}

fn patient(number: u32) -> Subject {
    Subject::Patient { reference: format!("Patient/{number}") }
}

pub(in crate::store) async fn verdicts_are_replaced_as_a_whole(engine: &impl Engine) {
    let store = engine.open().await;
    judge(&store, update("Patient/1", 0, &[("A", State::Due, Some(10)), ("B", State::Due, None)])).await;

    judge(&store, update("Patient/1", 5, &[("B", State::Fulfilled, None)])).await;

    let stored = store.verdicts(&patient(1)).await.unwrap();
    assert_eq!(stored, [verdict("Patient/1", "B", State::Fulfilled, None)]);
    assert!(store.verdicts(&patient(2)).await.unwrap().is_empty());
}

pub(in crate::store) async fn a_change_of_state_closes_the_interval(engine: &impl Engine) {
    let store = engine.open().await;
    judge(&store, update("Patient/1", 0, &[("A", State::Due, None)])).await;
    judge(&store, update("Patient/1", 5, &[("A", State::Due, Some(9))])).await;
    judge(&store, VerdictUpdate { kommun: None, ..update("Patient/1", 7, &[("A", State::Due, Some(9))]) }).await;
    judge(&store, update("Patient/1", 9, &[("A", State::Overdue, None)])).await;
    // Computed for an instant before the last change: it can't rewrite what was.
    judge(&store, update("Patient/1", 3, &[("A", State::Fulfilled, None)])).await;
    judge(&store, update("Patient/1", 20, &[])).await;

    let history = store.verdict_history(&patient(1)).await.unwrap();

    let stretches: Vec<_> = history.iter().map(|interval| (interval.state, interval.from, interval.until)).collect();
    assert_eq!(stretches, [(State::Due, at(0), Some(at(9))), (State::Fulfilled, at(9), Some(at(20)))], "{history:?}");
}

pub(in crate::store) async fn summaries_count_now_and_then(engine: &impl Engine) {
    let store = engine.open().await;
    for number in 1..=3 {
        judge(&store, update(&format!("Patient/{number}"), 0, &[("A", State::Due, None)])).await;
    }
    judge(&store, update("Patient/1", 10, &[("A", State::Fulfilled, None)])).await;
    judge(&store, VerdictUpdate { kommun: None, ..update("Patient/2", 10, &[("A", State::Due, None)]) }).await;
    let counts = async |by, second| {
        let rows = store.summary(by, at(second)).await.unwrap();
        rows.into_iter().map(|row| (row.group, row.obligation, row.state, row.count)).collect::<Vec<_>>()
    };
    let row = |group: &str, obligation: &str, state, count| (group.to_owned(), obligation.to_owned(), state, count);

    assert_eq!(counts(SummaryBy::Obligation, 5).await, [row("A", "", State::Due, 3)]);
    let now = [row("A", "", State::Due, 2), row("A", "", State::Fulfilled, 1)];
    assert_eq!(counts(SummaryBy::Obligation, 10).await, now);
    let by_kommun = [row("Organization/k1", "A", State::Due, 1), row("Organization/k1", "A", State::Fulfilled, 1)];
    assert_eq!(counts(SummaryBy::Kommun, 10).await, by_kommun);
    assert_eq!(counts(SummaryBy::Kommun, 9).await, [row("Organization/k1", "A", State::Due, 3)]);
    assert!(counts(SummaryBy::Unit, 10).await.is_empty());
    assert!(counts(SummaryBy::Obligation, -1).await.is_empty());
}

pub(in crate::store) async fn what_expires_is_told_in_order(engine: &impl Engine) {
    let store = engine.open().await;
    assert_eq!(store.next_expiry().await, Ok(None));
    judge(&store, update("Patient/1", 0, &[("A", State::Due, Some(30)), ("B", State::Due, Some(20))])).await;
    judge(&store, update("Patient/2", 0, &[("A", State::Due, Some(10)), ("B", State::Due, None)])).await;

    assert_eq!(store.next_expiry().await, Ok(Some(at(10))));
    assert!(store.expired(at(9), 10).await.unwrap().is_empty());
    assert_eq!(store.expired(at(30), 10).await.unwrap(), [patient(2), patient(1)]);
    assert_eq!(store.expired(at(30), 1).await.unwrap(), [patient(2)]);
}

pub(in crate::store) async fn a_later_mark_stays(engine: &impl Engine) {
    let store = engine.open().await;
    let mark = async |subjects: &[Subject]| {
        store.commit(Change { reevaluate: subjects.iter().cloned().collect(), ..change([]) }).await.unwrap();
        store.marked(10).await.unwrap()
    };
    let pair = Subject::Pair { region: "Organization/hc".into(), kommun: "Organization/k".into() };
    mark(std::slice::from_ref(&pair)).await;
    let first = mark(&[patient(1)]).await[1].0;
    let second = mark(&[patient(1)]).await[1].0;
    assert!(second > first);

    judge(&store, VerdictUpdate { mark: Some(first), ..update("Patient/1", 0, &[]) }).await;
    assert_eq!(store.marked(10).await.unwrap().len(), 2);
    judge(&store, VerdictUpdate { mark: Some(second), ..update("Patient/1", 0, &[]) }).await;

    let left: Vec<Subject> = store.marked(10).await.unwrap().into_iter().map(|(_, subject)| subject).collect();
    assert_eq!(left, [pair]);
}

pub(in crate::store) async fn subjects_are_listed_by_state(engine: &impl Engine) {
    let store = engine.open().await;
    judge(&store, update("Patient/1", 0, &[("A", State::Overdue, None)])).await;
    judge(&store, update("Patient/2", 0, &[("A", State::Due, None), ("B", State::Overdue, None)])).await;
    judge(&store, update("Patient/3", 0, &[("A", State::Overdue, None)])).await;

    assert_eq!(store.subjects_in("A", State::Overdue, 10).await.unwrap(), ["Patient/1", "Patient/3"]);
    assert_eq!(store.subjects_in("A", State::Overdue, 1).await.unwrap(), ["Patient/1"]);
}
