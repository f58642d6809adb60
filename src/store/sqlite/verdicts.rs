//! Verdicts as they stand, and through [`intervals`] as they have stood.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::intervals::{self, Standing};
use super::marks;
use super::row::{Answer, collect, from_json, instant, micros, state, to_json};
use crate::agreement::{State, Subject, Verdict};
use crate::store::VerdictUpdate;

/// An obligation of an agreement.
type Obligation = (String, String);

/// Replaces a subject's verdicts.
pub(super) fn put(conn: &Connection, update: &VerdictUpdate) -> Answer<()> {
    let mut before = standing(conn, &update.subject)?;
    for verdict in &update.verdicts {
        let obligation = (verdict.obligation.clone(), verdict.agreement.clone());
        let now = Standing {
            state: verdict.state,
            kommun: update.kommun.clone().unwrap_or_default(),
            unit: update.unit.clone().unwrap_or_default(),
        };
        let body = to_json(verdict)?;
        let (stood, said) = before.remove(&obligation).unzip();
        // Most verdicts come out as before: their rows are left alone.
        if stood.as_ref() != Some(&now) || said.as_ref() != Some(&body) {
            save(conn, &update.subject, verdict, &now, &body)?;
        }
        if stood.as_ref() != Some(&now) {
            intervals::change(conn, &update.subject, &obligation, Some(&now), update.at)?;
        }
    }
    for gone in before.keys() {
        let mut statement =
            conn.prepare_cached("DELETE FROM verdict WHERE subject = ?1 AND obligation = ?2 AND agreement = ?3")?;
        statement.execute((&update.subject, &gone.0, &gone.1))?;
        intervals::change(conn, &update.subject, gone, None, update.at)?;
    }
    conn.prepare_cached("UPDATE fact SET value = max(value, ?1) WHERE name = 'verdicts_at'")?
        .execute([micros(update.at)])?;
    update.mark.map_or(Ok(()), |mark| marks::answered(conn, &update.subject, mark))
}

/// A subject's verdicts.
pub(super) fn of_subject(conn: &Connection, subject: &str) -> Answer<Vec<Verdict>> {
    let mut statement = conn.prepare_cached("SELECT body FROM verdict WHERE subject = ?1")?;
    collect(statement.query([subject])?, |row| from_json(row.get_ref("body")?.as_str().unwrap_or_default()))
}

/// Subjects with a verdict that changes by itself at or before an instant, the longest due first.
pub(super) fn expired(conn: &Connection, at: Timestamp, count: u32) -> Answer<Vec<Subject>> {
    let mut statement = conn.prepare_cached(
        "SELECT subject FROM verdict WHERE until <= ?1 GROUP BY subject ORDER BY min(until) LIMIT ?2",
    )?;
    collect(statement.query((micros(at), count))?, |row| {
        marks::parse(row.get_ref("subject")?.as_str().unwrap_or_default())
    })
}

/// When the next verdict changes by itself.
pub(super) fn next_expiry(conn: &Connection) -> Answer<Option<Timestamp>> {
    let mut statement =
        conn.prepare_cached("SELECT until FROM verdict WHERE until IS NOT NULL ORDER BY until LIMIT 1")?;
    statement.query_row([], |row| row.get(0)).optional()?.map(instant).transpose()
}

/// Subjects that an obligation is in a state for.
pub(super) fn subjects_in(conn: &Connection, obligation: &str, state: State, count: u32) -> Answer<Vec<String>> {
    let mut statement = conn.prepare_cached(
        "SELECT DISTINCT subject FROM verdict WHERE obligation = ?1 AND state = ?2 ORDER BY subject LIMIT ?3",
    )?;
    collect(statement.query((obligation, state.as_str(), count))?, |row| Ok(row.get("subject")?))
}

/// How a subject's verdicts stand, and the JSON of each.
fn standing(conn: &Connection, subject: &str) -> Answer<BTreeMap<Obligation, (Standing, String)>> {
    let mut statement =
        conn.prepare_cached("SELECT obligation, agreement, state, kommun, unit, body FROM verdict WHERE subject = ?1")?;
    let rows = collect(statement.query([subject])?, |row| {
        let standing = Standing {
            state: state(row.get_ref("state")?.as_str().unwrap_or_default())?,
            kommun: row.get("kommun")?,
            unit: row.get("unit")?,
        };
        Ok(((row.get("obligation")?, row.get("agreement")?), (standing, row.get("body")?)))
    })?;
    Ok(rows.into_iter().collect())
}

fn save(conn: &Connection, subject: &str, verdict: &Verdict, standing: &Standing, body: &str) -> Answer<()> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO verdict (subject, obligation, agreement, state, until, kommun, unit, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT DO UPDATE SET state = excluded.state, until = excluded.until, kommun = excluded.kommun,
                                   unit = excluded.unit, body = excluded.body",
    )?;
    let until = verdict.until.map(micros);
    let state = verdict.state.as_str();
    let Standing { kommun, unit, .. } = standing;
    statement.execute(params![subject, verdict.obligation, verdict.agreement, state, until, kommun, unit, body])?;
    Ok(())
}
