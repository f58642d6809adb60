//! Which patients a resource concerns, and which organisations have to do with them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::Connection;

use super::row::{Answer, collect, instant_at, micros};
use crate::store::Relation;

/// Makes the patients of a resource what `patients` says.
pub(super) fn replace_patients(conn: &Connection, rid: i64, existed: bool, patients: &BTreeSet<String>) -> Answer<()> {
    if existed {
        conn.prepare_cached("DELETE FROM resource_patient WHERE rid = ?1")?.execute([rid])?;
    }
    let mut statement = conn.prepare_cached("INSERT INTO resource_patient (rid, patient) VALUES (?1, ?2)")?;
    for patient in patients {
        statement.execute((rid, patient))?;
    }
    Ok(())
}

/// Makes the relations that a resource gives what `relations` says.
pub(super) fn replace(conn: &Connection, rid: i64, existed: bool, relations: &[Relation]) -> Answer<()> {
    if existed {
        conn.prepare_cached("DELETE FROM relation WHERE rid = ?1")?.execute([rid])?;
    }
    let mut statement = conn.prepare_cached(
        "INSERT OR IGNORE INTO relation (patient, organisation, since, until, rid) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for relation in relations {
        let (since, until) = (micros(relation.from), micros(relation.until));
        statement.execute((&relation.patient, &relation.organisation, since, until, rid))?;
    }
    Ok(())
}

/// Whether an organisation has to do with a patient at an instant.
pub(super) fn related(conn: &Connection, patient: &str, organisation: &str, at: Timestamp) -> Answer<bool> {
    let mut statement = conn.prepare_cached(
        "SELECT 1 FROM relation WHERE patient = ?1 AND organisation = ?2 AND since <= ?3 AND until > ?3",
    )?;
    Ok(statement.exists((patient, organisation, micros(at)))?)
}

/// Who has to do with a patient at an instant.
pub(super) fn at(conn: &Connection, patient: &str, at: Timestamp) -> Answer<Vec<Relation>> {
    let mut statement = conn.prepare_cached(
        "SELECT DISTINCT patient, organisation, since, until FROM relation
         WHERE patient = ?1 AND since <= ?2 AND until > ?2",
    )?;
    collect(statement.query((patient, micros(at)))?, |row| {
        Ok(Relation {
            patient: row.get("patient")?,
            organisation: row.get("organisation")?,
            from: instant_at(row, "since")?,
            until: instant_at(row, "until")?,
        })
    })
}
