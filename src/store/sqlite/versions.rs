//! Versions: the only rows, besides the audit log, that nothing else could make again.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row};
use sha2::{Digest, Sha256};

use super::row::{Answer, collect, damaged, from_json, instant_at, key_at, micros, number_at, signed, to_json};
use super::writer::Tx;
use super::{evidence, index, relations};
use crate::fhir::ResourceKey;
use crate::fhir::splice::Undo;
use crate::store::{Change, Content, Expect, NewVersion, Refused, Source, StoredVersion};

/// Writes a version and all that is derived from it; gives its sequence number.
pub(super) fn write(tx: &mut Tx<'_>, new: &NewVersion, change: &Change) -> Answer<u64> {
    let before = current(tx.conn, &new.key)?;
    let follows = before.map_or(0, |(_, version)| version).checked_add(1) == Some(signed(new.version));
    if !follows {
        return Err(Refused::Conflict(place_of(&new.key, change)));
    }
    let patients = patients_of(new);
    let seq = insert(tx.conn, new, &patients)?;
    let deleted = matches!(new.content, Content::Deletion);
    let rows = if deleted { &[][..] } else { &new.index };
    let entries = index::entries(tx, new.key.kind, rows)?;
    let rid = put_resource(tx.conn, before.map(|(rid, _)| rid), new, seq, &index::parameters(&entries))?;
    index::replace(tx.conn, rid, before.is_some(), &entries)?;
    relations::replace_patients(tx.conn, rid, before.is_some(), &patients)?;
    let (found, related) = if deleted { (&[][..], &[][..]) } else { (&new.evidence[..], &new.relations[..]) };
    evidence::replace(tx.conn, rid, before.is_some(), found)?;
    relations::replace(tx.conn, rid, before.is_some(), related)?;
    u64::try_from(seq).map_err(|_| damaged("a sequence number"))
}

/// The row id of a resource that exists or has existed.
pub(super) fn rid(conn: &Connection, key: &ResourceKey) -> Answer<Option<i64>> {
    Ok(current(conn, key)?.map(|(rid, _)| rid))
}

/// The newest version.
pub(super) fn read(conn: &Connection, key: &ResourceKey) -> Answer<Option<StoredVersion>> {
    one(conn, "kind = ?1 AND id = ?2 ORDER BY version DESC LIMIT 1", (key.kind.as_str(), key.id.as_str()))
}

/// One version.
pub(super) fn read_version(conn: &Connection, key: &ResourceKey, version: u64) -> Answer<Option<StoredVersion>> {
    let parameters = (key.kind.as_str(), key.id.as_str(), signed(version));
    one(conn, "kind = ?1 AND id = ?2 AND version = ?3", parameters)
}

/// The version with a sequence number.
pub(super) fn by_sequence(conn: &Connection, seq: i64) -> Answer<Option<StoredVersion>> {
    one(conn, "seq = ?1", [seq])
}

/// Versions of a resource, newest first.
pub(super) fn history(
    conn: &Connection,
    key: &ResourceKey,
    before: Option<u64>,
    count: u32,
) -> Answer<Vec<StoredVersion>> {
    let sql = format!("{SELECT} kind = ?1 AND id = ?2 AND seq < ?3 ORDER BY version DESC LIMIT ?4");
    let before = before.map_or(i64::MAX, signed);
    let mut statement = conn.prepare_cached(&sql)?;
    collect(statement.query((key.kind.as_str(), key.id.as_str(), before, count))?, stored)
}

/// The bytes that were received, checked against their hash.
pub(super) fn received(conn: &Connection, key: &ResourceKey, version: u64) -> Answer<Option<String>> {
    let mut statement = conn.prepare_cached(
        "SELECT text, undo, received_sha256 FROM version WHERE kind = ?1 AND id = ?2 AND version = ?3 AND text IS NOT NULL",
    )?;
    type Columns = (String, Option<String>, Vec<u8>);
    let columns: Option<Columns> = statement
        .query_row((key.kind.as_str(), key.id.as_str(), signed(version)), |row| {
            Ok((row.get("text")?, row.get("undo")?, row.get("received_sha256")?))
        })
        .optional()?;
    let Some((text, undo, sha256)) = columns else { return Ok(None) };
    let undo = undo.as_deref().map(from_json::<Undo>).transpose()?.unwrap_or_default();
    let received = undo.restore(&text);
    let intact = Sha256::digest(&received).as_slice() == sha256;
    if intact { Ok(Some(received)) } else { Err(damaged("a version")) }
}

const SELECT: &str =
    "SELECT seq, kind, id, version, updated, caregiver, unit, system, patients, text FROM version WHERE";

fn one(conn: &Connection, which: &str, parameters: impl rusqlite::Params) -> Answer<Option<StoredVersion>> {
    let mut statement = conn.prepare_cached(&format!("{SELECT} {which}"))?;
    let mut rows = statement.query(parameters)?;
    rows.next()?.map(stored).transpose()
}

fn stored(row: &Row<'_>) -> Answer<StoredVersion> {
    let patients: String = row.get("patients")?;
    Ok(StoredVersion {
        key: key_at(row)?,
        version: number_at(row, "version")?,
        updated: instant_at(row, "updated")?,
        text: row.get("text")?,
        source: Source { caregiver: row.get("caregiver")?, unit: row.get("unit")?, system: row.get("system")? },
        patients: patients.split_ascii_whitespace().map(str::to_owned).collect(),
        sequence: number_at(row, "seq")?,
    })
}

fn current(conn: &Connection, key: &ResourceKey) -> Answer<Option<(i64, i64)>> {
    let mut statement = conn.prepare_cached("SELECT rid, version FROM resource WHERE kind = ?1 AND id = ?2")?;
    let found = statement.query_row((key.kind.as_str(), key.id.as_str()), |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(found.optional()?)
}

/// A Patient resource concerns itself.
fn patients_of(new: &NewVersion) -> BTreeSet<String> {
    let mut patients = new.patients.clone();
    if new.key.kind.as_str() == "Patient" {
        patients.insert(new.key.to_string());
    }
    patients
}

/// The patients that a version concerns, or the empty text where it concerns none.
pub(super) fn patients_or_none(new: &NewVersion) -> BTreeSet<String> {
    let mut patients = patients_of(new);
    if patients.is_empty() {
        patients.insert(String::new());
    }
    patients
}

/// Which expectation a version that does not follow belongs to; past the last one where nothing was expected of it.
fn place_of(key: &ResourceKey, change: &Change) -> usize {
    let about = |expect: &Expect| matches!(expect, Expect::Version(of, _) if of == key);
    change.expect.iter().position(about).unwrap_or(change.expect.len())
}

fn insert(conn: &Connection, new: &NewVersion, patients: &BTreeSet<String>) -> Answer<i64> {
    let (text, undo, sha256) = match &new.content {
        Content::Text { text, undo, received_sha256 } => {
            let undo = if undo.is_empty() { None } else { Some(to_json(undo)?) };
            (Some(text), undo, Some(received_sha256))
        }
        Content::Deletion => (None, None, None),
    };
    let patients = patients.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
    let mut statement = conn.prepare_cached(
        "INSERT INTO version (kind, id, version, updated, caregiver, unit, system, patients, received_sha256, undo, text)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    let source = &new.source;
    Ok(statement.insert(rusqlite::params![
        new.key.kind.as_str(),
        new.key.id.as_str(),
        signed(new.version),
        micros(new.updated),
        source.caregiver,
        source.unit,
        source.system,
        patients,
        sha256,
        undo,
        text,
    ])?)
}

fn put_resource(conn: &Connection, rid: Option<i64>, new: &NewVersion, seq: i64, parameters: &str) -> Answer<i64> {
    let deleted = matches!(new.content, Content::Deletion);
    let (version, updated) = (signed(new.version), micros(new.updated));
    let caregiver = &new.source.caregiver;
    let Some(rid) = rid else {
        let mut statement = conn.prepare_cached(
            "INSERT INTO resource (kind, id, seq, version, updated, deleted, caregiver, parameters)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        let key = (new.key.kind.as_str(), new.key.id.as_str());
        return Ok(statement.insert((key.0, key.1, seq, version, updated, deleted, caregiver, parameters))?);
    };
    let mut statement = conn.prepare_cached(
        "UPDATE resource SET seq = ?2, version = ?3, updated = ?4, deleted = ?5, caregiver = ?6, parameters = ?7
         WHERE rid = ?1",
    )?;
    statement.execute((rid, seq, version, updated, deleted, caregiver, parameters))?;
    Ok(rid)
}
