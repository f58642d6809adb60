//! What is remembered for a time: answers, so that a request sent again gets the same one, and token ids, so that
//! none is used twice.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::row::{Answer, damaged, from_json, instant, micros, to_json};
use crate::store::{Refused, Remembered};

/// Notes token ids as used.
///
/// # Errors
/// [`Refused::TokenReplayed`] if one was.
pub(super) fn use_token_ids(conn: &Connection, ids: &[(String, String, Timestamp)]) -> Answer<()> {
    let mut statement =
        conn.prepare_cached("INSERT INTO token_id (issuer, jti, until) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?;
    for (issuer, jti, until) in ids {
        if statement.execute((issuer, jti, micros(*until)))? == 0 {
            return Err(Refused::TokenReplayed);
        }
    }
    Ok(())
}

/// Keeps an answer.
///
/// # Errors
/// [`Refused::Remembered`] with the answer that is kept already.
pub(super) fn remember(conn: &Connection, answer: &Remembered) -> Answer<()> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO remembered (client, key, request_sha256, status, headers, body, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
    )?;
    let headers = to_json(&answer.headers)?;
    let Remembered { client, key, request_sha256, status, body, at, .. } = answer;
    if statement.execute(params![client, key, request_sha256, status, headers, body, micros(*at)])? == 1 {
        return Ok(());
    }
    let earlier = find(conn, client, key)?.ok_or_else(|| damaged("an answer"))?;
    Err(Refused::Remembered(Box::new(earlier)))
}

/// The answer kept for a client's key.
pub(super) fn find(conn: &Connection, client: &str, key: &str) -> Answer<Option<Remembered>> {
    let mut statement = conn.prepare_cached(
        "SELECT request_sha256, status, headers, body, at FROM remembered WHERE client = ?1 AND key = ?2",
    )?;
    type Columns = ([u8; 32], u16, String, String, i64);
    let columns: Option<Columns> = statement
        .query_row((client, key), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
        .optional()?;
    let Some((request_sha256, status, headers, body, at)) = columns else { return Ok(None) };
    let (headers, at) = (from_json(&headers)?, instant(at)?);
    Ok(Some(Remembered { client: client.into(), key: key.into(), request_sha256, status, headers, body, at }))
}

/// Forgets token ids past their time, and answers from before `keep_answers_from`.
pub(super) fn sweep(conn: &Connection, at: Timestamp, keep_answers_from: Timestamp) -> Answer<()> {
    conn.prepare_cached("DELETE FROM token_id WHERE until <= ?1")?.execute([micros(at)])?;
    conn.prepare_cached("DELETE FROM remembered WHERE at < ?1")?.execute([micros(keep_answers_from)])?;
    Ok(())
}

/// Writes something, to see that the store can be written.
pub(super) fn count_ping(conn: &Connection) -> Answer<()> {
    conn.prepare_cached("UPDATE fact SET value = value + 1 WHERE name = 'pings'")?.execute([])?;
    Ok(())
}

/// Reads it.
pub(super) fn read_ping(conn: &Connection) -> Answer<()> {
    Ok(conn.prepare_cached("SELECT value FROM fact WHERE name = 'pings'")?.query_row([], |_| Ok(()))?)
}
