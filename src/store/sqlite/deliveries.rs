//! Deliveries: what is told to whom, how often it was tried, and what came of it.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::lanes;
use super::row::{Answer, changes_from_json, changes_to_json, collect, damaged, instant_at, micros, number_at, signed};
use crate::store::{Delivery, DeliveryOutcome, DeliveryState, NewDelivery, QueueState};

/// Adds deliveries. One that is there already (the dispatcher ran twice) stays as it is.
pub(super) fn insert(conn: &Connection, deliveries: &[NewDelivery]) -> Answer<()> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO delivery (number, receiver, patient, outbox, key, changes, due, state, attempts, next)
         SELECT 1 + coalesce(max(number), 0), ?1, ?2, ?3, ?4, ?5, ?6, 0, 0, ?6 FROM delivery WHERE receiver = ?1
         ON CONFLICT DO NOTHING RETURNING id",
    )?;
    for new in deliveries {
        let (changes, due) = (changes_to_json(&new.changes)?, micros(new.due));
        let values = params![new.receiver, new.patient, signed(new.outbox), new.idempotency_key, changes, due];
        if let Some(id) = statement.query_row(values, |row| row.get(0)).optional()? {
            lanes::join(conn, &new.receiver, &new.patient, id, due)?;
        }
    }
    Ok(())
}

/// Leases what is due.
pub(super) fn lease(
    conn: &Connection,
    at: Timestamp,
    until: Timestamp,
    count: u32,
    per_receiver: u32,
) -> Answer<Vec<Delivery>> {
    let mut leased = Vec::new();
    for id in lanes::due(conn, at, count, per_receiver)? {
        let mut statement = conn.prepare_cached(
            "UPDATE delivery SET state = 1, attempts = attempts + 1, next = ?2 WHERE id = ?1 RETURNING *",
        )?;
        let mut rows = statement.query((id, micros(until)))?;
        let delivery = delivery(rows.next()?.ok_or_else(|| damaged("a lane"))?)?;
        lanes::lease(conn, &delivery.what.receiver, &delivery.what.patient, until)?;
        leased.push(delivery);
    }
    Ok(leased)
}

/// Notes how attempts ended. A report of an attempt that is no longer the one under lease is ignored.
pub(super) fn report(conn: &Connection, outcomes: &[DeliveryOutcome]) -> Answer<()> {
    let mut statement = conn.prepare_cached(
        "UPDATE delivery SET state = ?3, next = ?4, last_error = ?5
         WHERE id = ?1 AND attempts = ?2 AND state = 1 RETURNING receiver, patient",
    )?;
    for outcome in outcomes {
        let next = match outcome.state {
            // A report can't prolong its own lease.
            DeliveryState::Leased => continue,
            DeliveryState::Waiting => outcome.next,
            DeliveryState::Delivered | DeliveryState::Withheld | DeliveryState::Dead => outcome.at,
        };
        let values = params![signed(outcome.id), outcome.attempt, code(outcome.state), micros(next), outcome.error];
        if let Some((receiver, patient)) = statement.query_row(values, lane_at).optional()? {
            lanes::settle(conn, &receiver, &patient)?;
        }
    }
    Ok(())
}

/// Puts a dead or withheld delivery back; `false` if there is no such one. Permission is asked for again when it is
/// sent. Its attempts go on counting, so that a late report of an old one can't be taken for a new one's.
pub(super) fn replay(conn: &Connection, id: u64, at: Timestamp) -> Answer<bool> {
    let mut statement = conn.prepare_cached(
        "UPDATE delivery SET state = 0, next = ?2 WHERE id = ?1 AND state IN (3, 4) RETURNING receiver, patient",
    )?;
    let revived = statement.query_row((signed(id), micros(at)), lane_at).optional()?;
    let Some((receiver, patient)) = revived else { return Ok(false) };
    // While another of the lane is under way this one waits for its end.
    if !lanes::is_leased(conn, &receiver, &patient)? {
        lanes::settle(conn, &receiver, &patient)?;
    }
    Ok(true)
}

/// Deliveries, newest first.
pub(super) fn list(
    conn: &Connection,
    receiver: Option<&str>,
    state: Option<DeliveryState>,
    count: u32,
) -> Answer<Vec<Delivery>> {
    let receiver_is = if receiver.is_some() { "receiver = ?1" } else { "?1 IS NULL" };
    // Written out and not bound, so that the partial index on unfinished states can serve.
    let state_is = state.map_or_else(|| "1".to_owned(), |state| format!("state = {}", code(state)));
    let sql = format!("SELECT * FROM delivery WHERE {receiver_is} AND {state_is} ORDER BY id DESC LIMIT ?2");
    let mut statement = conn.prepare_cached(&sql)?;
    collect(statement.query((receiver, count))?, delivery)
}

/// Counts, for metrics.
pub(super) fn queue_state(conn: &Connection) -> Answer<QueueState> {
    let count = |sql: &str| -> Answer<u64> {
        let number: i64 = conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        u64::try_from(number).map_err(|_| damaged("a count"))
    };
    let mut statement = conn.prepare_cached(
        "SELECT receiver, state, deliveries FROM delivery_count WHERE deliveries > 0 ORDER BY receiver, state",
    )?;
    let deliveries = collect(statement.query([])?, |row| {
        Ok((row.get("receiver")?, state(row.get("state")?)?, number_at(row, "deliveries")?))
    })?;
    Ok(QueueState {
        outbox: count("SELECT count(*) FROM outbox")?,
        marked: count("SELECT count(*) FROM mark")?,
        deliveries,
    })
}

fn lane_at(row: &Row<'_>) -> rusqlite::Result<(String, String)> {
    Ok((row.get("receiver")?, row.get("patient")?))
}

fn delivery(row: &Row<'_>) -> Answer<Delivery> {
    let changes: String = row.get("changes")?;
    Ok(Delivery {
        id: number_at(row, "id")?,
        number: number_at(row, "number")?,
        what: NewDelivery {
            receiver: row.get("receiver")?,
            patient: row.get("patient")?,
            outbox: number_at(row, "outbox")?,
            idempotency_key: row.get("key")?,
            changes: changes_from_json(&changes)?,
            due: instant_at(row, "due")?,
        },
        state: state(row.get("state")?)?,
        attempts: row.get("attempts")?,
        next: instant_at(row, "next")?,
        last_error: row.get("last_error")?,
    })
}

const STATES: [DeliveryState; 5] = [
    DeliveryState::Waiting,
    DeliveryState::Leased,
    DeliveryState::Delivered,
    DeliveryState::Withheld,
    DeliveryState::Dead,
];

fn code(state: DeliveryState) -> u8 {
    match state {
        DeliveryState::Waiting => 0,
        DeliveryState::Leased => 1,
        DeliveryState::Delivered => 2,
        DeliveryState::Withheld => 3,
        DeliveryState::Dead => 4,
    }
}

fn state(number: u8) -> Answer<DeliveryState> {
    STATES.into_iter().find(|state| code(*state) == number).ok_or_else(|| damaged("a delivery's state"))
}
