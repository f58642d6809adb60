//! Stretches of time in which an obligation's state for a subject was the same. They never overlap and have no gap
//! while the obligation is judged.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::row::{Answer, collect, instant_at, micros, optional_instant_at, state};
use crate::agreement::State;
use crate::store::VerdictInterval;

/// What a stretch is the same in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) state: State,
    pub(super) kommun: String,
    pub(super) unit: String,
}

/// Ends the stretch that lasts, if there is one, and begins the next, if there is one.
pub(super) fn change(
    conn: &Connection,
    subject: &str,
    (obligation, agreement): &(String, String),
    now: Option<&Standing>,
    at: Timestamp,
) -> Answer<()> {
    let key = (subject, obligation.as_str(), agreement.as_str());
    // A verdict computed for an earlier instant than the last change can't rewrite what was before that.
    let at = micros(at).max(last_change(conn, key)?);
    end(conn, key, at)?;
    now.map_or(Ok(()), |standing| begin(conn, key, standing, at))
}

/// The stretches of a subject, by obligation and time. Where only the kommun or the unit changed they are one.
pub(super) fn of_subject(conn: &Connection, subject: &str) -> Answer<Vec<VerdictInterval>> {
    let mut statement = conn.prepare_cached(
        "SELECT obligation, state, since, until FROM verdict_interval WHERE subject = ?1
         ORDER BY obligation, agreement, since",
    )?;
    let rows = collect(statement.query([subject])?, |row| {
        Ok(VerdictInterval {
            obligation: row.get("obligation")?,
            subject: subject.to_owned(),
            state: state(row.get_ref("state")?.as_str().unwrap_or_default())?,
            from: instant_at(row, "since")?,
            until: optional_instant_at(row, "until")?,
        })
    })?;
    Ok(rows.into_iter().fold(Vec::new(), joined))
}

fn joined(mut all: Vec<VerdictInterval>, next: VerdictInterval) -> Vec<VerdictInterval> {
    match all.last_mut() {
        Some(last)
            if last.obligation == next.obligation && last.state == next.state && last.until == Some(next.from) =>
        {
            last.until = next.until;
        }
        _ => all.push(next),
    }
    all
}

type Key<'a> = (&'a str, &'a str, &'a str);

/// The beginning of the stretch that lasts, or the end of the last one; far back if there is none.
fn last_change(conn: &Connection, key: Key<'_>) -> Answer<i64> {
    let mut statement = conn.prepare_cached(
        "SELECT coalesce(until, since) FROM verdict_interval
         WHERE subject = ?1 AND obligation = ?2 AND agreement = ?3 ORDER BY since DESC LIMIT 1",
    )?;
    Ok(statement.query_row(key, |row| row.get(0)).optional()?.unwrap_or(i64::MIN))
}

fn end(conn: &Connection, (subject, obligation, agreement): Key<'_>, at: i64) -> Answer<()> {
    let which = "subject = ?1 AND obligation = ?2 AND agreement = ?3 AND until IS NULL";
    // A stretch that would have no length was none.
    conn.prepare_cached(&format!("DELETE FROM verdict_interval WHERE {which} AND since >= ?4"))?
        .execute((subject, obligation, agreement, at))?;
    conn.prepare_cached(&format!("UPDATE verdict_interval SET until = ?4 WHERE {which}"))?
        .execute((subject, obligation, agreement, at))?;
    Ok(())
}

fn begin(conn: &Connection, (subject, obligation, agreement): Key<'_>, standing: &Standing, at: i64) -> Answer<()> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO verdict_interval (subject, obligation, agreement, since, until, state, kommun, unit)
         VALUES (?1, ?2, ?3, ?4, NULL, ?5, ?6, ?7)",
    )?;
    let Standing { state, kommun, unit } = standing;
    statement.execute(params![subject, obligation, agreement, at, state.as_str(), kommun, unit])?;
    Ok(())
}
