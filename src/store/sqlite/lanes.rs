//! Lanes: of one receiver and one patient, only the first unfinished delivery may go, and one at a time.
//!
//! A lane's row names that first delivery, so that finding what is due costs the same whatever waits behind it. A lease
//! is a state with an end: if its holder dies, the delivery is due again when the lease runs out.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::row::{Answer, instant, micros};

/// Puts a new delivery in its lane, where it is the head if nothing is before it.
pub(super) fn join(conn: &Connection, receiver: &str, patient: &str, delivery: i64, due: i64) -> Answer<()> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO lane (receiver, patient, head, leased, next) VALUES (?1, ?2, ?3, 0, ?4) ON CONFLICT DO NOTHING",
    )?;
    statement.execute((receiver, patient, delivery, due))?;
    Ok(())
}

/// The heads to lease, in the order of their numbers: no receiver gets more than `per_receiver` with those that it has,
/// and what has been due longest goes first.
pub(super) fn due(conn: &Connection, at: Timestamp, count: u32, per_receiver: u32) -> Answer<Vec<i64>> {
    let at = micros(at);
    let mut due = Vec::new();
    let mut after = String::new();
    while let Some(receiver) = next_receiver(conn, &after)? {
        let free = i64::from(per_receiver) - live(conn, &receiver, at)?;
        due.extend(heads(conn, &receiver, at, free.clamp(0, count.into()))?);
        after = receiver;
    }
    due.sort_unstable();
    let mut heads: Vec<i64> = due.into_iter().take(count as usize).map(|(_, head)| head).collect();
    heads.sort_unstable();
    Ok(heads)
}

/// Notes that a lane's head is leased until an instant.
pub(super) fn lease(conn: &Connection, receiver: &str, patient: &str, until: Timestamp) -> Answer<()> {
    let mut statement =
        conn.prepare_cached("UPDATE lane SET leased = 1, next = ?3 WHERE receiver = ?1 AND patient = ?2")?;
    statement.execute((receiver, patient, micros(until)))?;
    Ok(())
}

/// Ends a lane's lease and finds its head anew; a lane with nothing unfinished goes.
pub(super) fn settle(conn: &Connection, receiver: &str, patient: &str) -> Answer<()> {
    conn.prepare_cached("DELETE FROM lane WHERE receiver = ?1 AND patient = ?2")?.execute((receiver, patient))?;
    let mut statement = conn.prepare_cached(
        "INSERT INTO lane (receiver, patient, head, leased, next)
         SELECT receiver, patient, id, 0, next FROM delivery
         WHERE receiver = ?1 AND patient = ?2 AND state IN (0, 1) ORDER BY id LIMIT 1",
    )?;
    statement.execute((receiver, patient))?;
    Ok(())
}

/// Whether somebody holds a lease in a lane, run out or not.
pub(super) fn is_leased(conn: &Connection, receiver: &str, patient: &str) -> Answer<bool> {
    let mut statement =
        conn.prepare_cached("SELECT 1 FROM lane WHERE receiver = ?1 AND patient = ?2 AND leased = 1")?;
    Ok(statement.exists((receiver, patient))?)
}

/// When the next head is due, or its lease ends.
pub(super) fn next_due(conn: &Connection) -> Answer<Option<Timestamp>> {
    let mut statement = conn.prepare_cached("SELECT next FROM lane ORDER BY next LIMIT 1")?;
    statement.query_row([], |row| row.get(0)).optional()?.map(instant).transpose()
}

fn next_receiver(conn: &Connection, after: &str) -> Answer<Option<String>> {
    let mut statement =
        conn.prepare_cached("SELECT receiver FROM lane WHERE receiver > ?1 ORDER BY receiver LIMIT 1")?;
    Ok(statement.query_row([after], |row| row.get(0)).optional()?)
}

fn live(conn: &Connection, receiver: &str, at: i64) -> Answer<i64> {
    let mut statement =
        conn.prepare_cached("SELECT count(*) FROM lane WHERE leased = 1 AND receiver = ?1 AND next > ?2")?;
    Ok(statement.query_row((receiver, at), |row| row.get(0))?)
}

fn heads(conn: &Connection, receiver: &str, at: i64, count: i64) -> Answer<Vec<(i64, i64)>> {
    let mut statement =
        conn.prepare_cached("SELECT next, head FROM lane WHERE receiver = ?1 AND next <= ?2 ORDER BY next LIMIT ?3")?;
    let heads = statement.query_map((receiver, at, count), |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(heads.collect::<Result<_, _>>()?)
}
