//! The outbox: what was committed and nobody has told the receivers yet. Written in the change's own transaction.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row};

use super::row::{Answer, changes_from_json, changes_to_json, collect, instant_at, micros, number_at, signed};
use crate::fhir::ResourceKey;
use crate::store::{NewVersion, OutboxEntry};

/// Adds an entry for each patient that these versions concern, and one for those that concern none.
pub(super) fn add(conn: &Connection, versions: &[NewVersion]) -> Answer<()> {
    let Some(at) = versions.iter().map(|version| version.updated).max() else { return Ok(()) };
    let mut statement = conn.prepare_cached("INSERT INTO outbox (patient, changes, at) VALUES (?1, ?2, ?3)")?;
    for (patient, changes) in by_patient(versions) {
        statement.execute((patient, changes_to_json(&changes)?, micros(at)))?;
    }
    Ok(())
}

/// Takes entries away that the dispatcher is done with.
pub(super) fn remove(conn: &Connection, ids: &[u64]) -> Answer<()> {
    let mut statement = conn.prepare_cached("DELETE FROM outbox WHERE id = ?1")?;
    for id in ids {
        statement.execute([signed(*id)])?;
    }
    Ok(())
}

/// Entries, oldest first.
pub(super) fn oldest(conn: &Connection, count: u32) -> Answer<Vec<OutboxEntry>> {
    let mut statement = conn.prepare_cached("SELECT id, patient, changes, at FROM outbox ORDER BY id LIMIT ?1")?;
    collect(statement.query([count])?, entry)
}

fn entry(row: &Row<'_>) -> Answer<OutboxEntry> {
    let changes: String = row.get("changes")?;
    Ok(OutboxEntry {
        id: number_at(row, "id")?,
        patient: row.get("patient")?,
        changes: changes_from_json(&changes)?,
        at: instant_at(row, "at")?,
    })
}

fn by_patient(versions: &[NewVersion]) -> BTreeMap<String, Vec<(ResourceKey, u64)>> {
    let mut all: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for version in versions {
        for patient in super::versions::patients_or_none(version) {
            all.entry(patient).or_default().push((version.key.clone(), version.version));
        }
    }
    all
}
