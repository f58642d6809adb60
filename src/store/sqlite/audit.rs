//! The audit log: append only, each record linked to the one before it.
//!
//! An entry is opened by one record and closed by a further one with the same id; the last record of an id is how the
//! entry reads. Closing twice is no error: the sweeper may have written "unknown" before the outcome came, and the
//! log then tells both.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::row::{Answer, collect, instant_at, micros, number_at, optional_instant_at, signed};
use crate::store::{AuditChain, AuditQuery, AuditRow, Refused};

/// A record's columns that the chain covers.
struct Record {
    id: String,
    opening: bool,
    recorded: i64,
    closed: Option<i64>,
    /// References, parted by spaces.
    patients: String,
    client: String,
    organisation: String,
    entry: String,
}

/// Opens entries; one that is closed already stays so.
pub(super) fn open(conn: &Connection, entries: &[AuditRow]) -> Answer<()> {
    for entry in entries {
        let closed = entry.closed.map(micros);
        let row = append(conn, &record_of(entry))?;
        concerns(conn, row, &entry.patients)?;
        if closed.is_none() {
            let mut statement = conn.prepare_cached("INSERT INTO audit_open (id, recorded) VALUES (?1, ?2)")?;
            statement.execute((&entry.id, micros(entry.recorded)))?;
        }
    }
    Ok(())
}

/// Closes entries with the text that they have from now on.
///
/// # Errors
/// [`Refused::Unavailable`] if there is no such entry: nothing may be closed that was never on disk.
pub(super) fn close(conn: &Connection, entries: &[(String, Timestamp, String)]) -> Answer<()> {
    for (id, at, entry) in entries {
        let (row, mut opened) = opening(conn, id)?
            .ok_or_else(|| Refused::Unavailable("an audit entry was closed that was never opened".into()))?;
        let patients = named(entry);
        concerns(conn, row, &patients)?;
        opened.patients.extend(patients);
        let at = micros(*at);
        append(
            conn,
            &Record { opening: false, recorded: at, closed: Some(at), entry: entry.clone(), ..record_of(&opened) },
        )?;
        conn.prepare_cached("DELETE FROM audit_open WHERE id = ?1")?.execute([id])?;
    }
    Ok(())
}

/// The patients that an entry's text names. One that can't be read names nobody: closing must not fail for its sake.
fn named(entry: &str) -> BTreeSet<String> {
    #[derive(Deserialize)]
    struct Named {
        #[serde(default)]
        patients: BTreeSet<String>,
    }
    serde_json::from_str(entry).map(|Named { patients }| patients).unwrap_or_default()
}

/// Notes the patients of the entry that a row opened, besides those noted before.
fn concerns(conn: &Connection, row: i64, patients: &BTreeSet<String>) -> Answer<()> {
    let mut statement = conn.prepare_cached("INSERT OR IGNORE INTO audit_patient (patient, row) VALUES (?1, ?2)")?;
    for patient in patients {
        statement.execute((patient, row))?;
    }
    Ok(())
}

/// Entries as they read now, newest first.
pub(super) fn find(conn: &Connection, query: &AuditQuery) -> Answer<Vec<(u64, AuditRow)>> {
    let conditions = [
        ("o.id = ?", query.id.is_some()),
        ("o.row IN (SELECT row FROM audit_patient WHERE patient = ?)", query.patient.is_some()),
        ("o.client = ?", query.client.is_some()),
        ("o.organisation = ?", query.organisation.is_some()),
        ("o.recorded >= ?", query.from.is_some()),
        ("o.recorded < ?", query.until.is_some()),
        ("o.row < ?", query.before.is_some()),
    ];
    let asked = conditions.iter().filter(|(_, asked)| *asked).fold(String::new(), |sql, (one, _)| sql + " AND " + one);
    let mut statement =
        conn.prepare_cached(&format!("{AS_IT_READS} WHERE o.opening = 1{asked} ORDER BY o.row DESC LIMIT ?"))?;
    let mut values: Vec<rusqlite::types::Value> = Vec::new();
    values.extend(
        [&query.id, &query.patient, &query.client, &query.organisation].into_iter().flatten().cloned().map(Into::into),
    );
    values.extend([query.from, query.until].into_iter().flatten().map(|at| micros(at).into()));
    values.extend(query.before.map(|row| signed(row).into()));
    values.push(i64::from(query.count).into());
    collect(statement.query(rusqlite::params_from_iter(values))?, |row| Ok((number_at(row, "row")?, audit_row(row)?)))
}

/// Entries that were opened before an instant and not closed since, oldest first.
pub(super) fn unclosed(conn: &Connection, at: Timestamp, count: u32) -> Answer<Vec<AuditRow>> {
    let mut statement = conn.prepare_cached(&format!(
        "{AS_IT_READS} WHERE o.opening = 1
           AND o.id IN (SELECT id FROM audit_open WHERE recorded < ?1 ORDER BY recorded LIMIT ?2) ORDER BY o.row"
    ))?;
    collect(statement.query((micros(at), count))?, audit_row)
}

/// Walks the chain from its beginning.
pub(super) fn verify(conn: &Connection) -> Answer<AuditChain> {
    let mut statement = conn.prepare("SELECT * FROM audit ORDER BY row")?;
    let mut rows = statement.query([])?;
    let mut chain = AuditChain { records: 0, broken_at: None, head: [0; 32] };
    while let Some(row) = rows.next()? {
        let link = link(&chain.head, &record_at(row)?);
        chain.records += 1;
        if row.get::<_, Vec<u8>>("chain")? != link {
            return Ok(AuditChain { broken_at: Some(number_at(row, "row")?), ..chain });
        }
        chain.head = link;
    }
    Ok(chain)
}

const AS_IT_READS: &str = "
    SELECT o.row, o.id, o.recorded, o.client, o.organisation, coalesce(c.patients, o.patients) AS patients,
           coalesce(c.closed, o.closed) AS closed, coalesce(c.entry, o.entry) AS entry
    FROM audit o LEFT JOIN audit c ON c.row = (SELECT max(row) FROM audit WHERE id = o.id AND opening = 0)";

fn audit_row(row: &Row<'_>) -> Answer<AuditRow> {
    let patients: String = row.get("patients")?;
    Ok(AuditRow {
        id: row.get("id")?,
        recorded: instant_at(row, "recorded")?,
        closed: optional_instant_at(row, "closed")?,
        patients: patients.split_ascii_whitespace().map(str::to_owned).collect(),
        client: row.get("client")?,
        organisation: row.get("organisation")?,
        entry: row.get("entry")?,
    })
}

/// The row that opened an entry.
fn opening(conn: &Connection, id: &str) -> Answer<Option<(i64, AuditRow)>> {
    let mut statement = conn.prepare_cached("SELECT * FROM audit WHERE id = ?1 AND opening = 1")?;
    let mut rows = statement.query([id])?;
    rows.next()?.map(|row| Ok((row.get("row")?, audit_row(row)?))).transpose()
}

fn record_of(row: &AuditRow) -> Record {
    Record {
        id: row.id.clone(),
        opening: true,
        recorded: micros(row.recorded),
        closed: row.closed.map(micros),
        patients: row.patients.iter().map(String::as_str).collect::<Vec<_>>().join(" "),
        client: row.client.clone(),
        organisation: row.organisation.clone(),
        entry: row.entry.clone(),
    }
}

fn record_at(row: &Row<'_>) -> Answer<Record> {
    Ok(Record {
        id: row.get("id")?,
        opening: row.get("opening")?,
        recorded: row.get("recorded")?,
        closed: row.get("closed")?,
        patients: row.get("patients")?,
        client: row.get("client")?,
        organisation: row.get("organisation")?,
        entry: row.get("entry")?,
    })
}

/// Adds a record; gives its row.
fn append(conn: &Connection, record: &Record) -> Answer<i64> {
    let link = link(&head(conn)?, record);
    let mut statement = conn.prepare_cached(
        "INSERT INTO audit (id, opening, recorded, closed, patients, client, organisation, entry, chain)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    let Record { id, opening, recorded, closed, patients, client, organisation, entry } = record;
    Ok(statement.insert(params![id, opening, recorded, closed, patients, client, organisation, entry, link])?)
}

fn head(conn: &Connection) -> Answer<[u8; 32]> {
    let mut statement = conn.prepare_cached("SELECT chain FROM audit ORDER BY row DESC LIMIT 1")?;
    Ok(statement.query_row([], |row| row.get(0)).optional()?.unwrap_or_default())
}

/// A record's link. Every column goes in with its length before it, so that no two records read the same.
fn link(before: &[u8; 32], record: &Record) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(before);
    hash.update([u8::from(record.opening), u8::from(record.closed.is_some())]);
    hash.update(record.recorded.to_be_bytes());
    hash.update(record.closed.unwrap_or_default().to_be_bytes());
    for text in [&record.id, &record.patients, &record.client, &record.organisation, &record.entry] {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    hash.finalize().into()
}
