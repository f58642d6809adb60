//! Evidence rows.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Row, params};

use super::marks;
use super::row::{Answer, collect, damaged, from_json, instant_at, micros, to_json};
use crate::agreement::{Evidence, Subject};
use crate::fhir::ResourceKey;
use crate::fhir::instant::Interval;

/// Makes the evidence found in a resource what `found` says, and marks the subjects that it spoke of before: only the
/// store sees what is taken from them, and the new version need not name them any more.
pub(super) fn replace(conn: &Connection, rid: i64, existed: bool, found: &[Evidence]) -> Answer<()> {
    if existed {
        marks::set(conn, &take(conn, rid)?)?;
        conn.prepare_cached("DELETE FROM evidence_organisation WHERE rid = ?1")?.execute([rid])?;
    }
    for (ordinal, evidence) in (0..).zip(found) {
        insert(conn, rid, ordinal, evidence)?;
        insert_organisations(conn, rid, ordinal, evidence)?;
    }
    Ok(())
}

/// Removes a resource's evidence; gives the patients and units that it was about.
fn take(conn: &Connection, rid: i64) -> Answer<BTreeSet<Subject>> {
    let mut statement = conn.prepare_cached("DELETE FROM evidence WHERE rid = ?1 RETURNING patient, unit")?;
    let about = collect(statement.query([rid])?, |row| {
        let patient = some(row.get("patient")?).map(|reference| Subject::Patient { reference });
        let unit = some(row.get("unit")?).map(|reference| Subject::Unit { reference });
        Ok([patient, unit])
    })?;
    Ok(about.into_iter().flatten().flatten().collect())
}

/// All evidence of a patient or a unit; other subjects have none of their own.
pub(super) fn of_subject(conn: &Connection, subject: &Subject) -> Answer<Vec<Evidence>> {
    match subject {
        Subject::Patient { reference } => select(conn, "patient = ?1", reference),
        Subject::Unit { reference } => select(conn, "unit = ?1 AND unit <> ''", reference),
        Subject::Pair { .. } | Subject::Agreement { .. } | Subject::Resource { .. } | Subject::Context { .. } => {
            Ok(Vec::new())
        }
    }
}

/// All evidence of these kinds.
pub(super) fn of_kinds(conn: &Connection, kinds: &[String]) -> Answer<Vec<Evidence>> {
    let kinds: BTreeSet<&String> = kinds.iter().collect();
    let mut all = Vec::new();
    for kind in kinds {
        all.extend(select(conn, "kind = ?1", kind)?);
    }
    Ok(all)
}

/// Evidence of these kinds that involves one of these organisations, each once.
pub(super) fn involving(conn: &Connection, kinds: &[String], organisations: &[String]) -> Answer<Vec<Evidence>> {
    let mut places = BTreeSet::new();
    let mut statement =
        conn.prepare_cached("SELECT rid, ordinal FROM evidence_organisation WHERE organisation = ?1 AND kind = ?2")?;
    for organisation in organisations {
        for kind in kinds {
            let found = statement.query_map((organisation, kind), |row| Ok((row.get(0)?, row.get(1)?)))?;
            places.extend(found.collect::<Result<Vec<(i64, i64)>, _>>()?);
        }
    }
    let mut statement = conn.prepare_cached(&format!("{SELECT} rid = ?1 AND ordinal = ?2"))?;
    let mut all = Vec::with_capacity(places.len());
    for place in places {
        all.extend(collect(statement.query(place)?, evidence)?);
    }
    Ok(all)
}

fn insert(conn: &Connection, rid: i64, ordinal: i64, evidence: &Evidence) -> Answer<()> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO evidence (patient, rid, ordinal, kind, unit, since, until, amount, source, parties, codes, parts)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?;
    statement.execute(params![
        evidence.patient.as_deref().unwrap_or_default(),
        rid,
        ordinal,
        evidence.kind,
        evidence.unit.as_deref().unwrap_or_default(),
        micros(evidence.time.from),
        micros(evidence.time.until),
        evidence.amount,
        evidence.source.to_string(),
        set_to_json(&evidence.parties)?,
        set_to_json(&evidence.codes)?,
        if evidence.parts.is_empty() { None } else { Some(to_json(&evidence.parts)?) },
    ])?;
    Ok(())
}

fn insert_organisations(conn: &Connection, rid: i64, ordinal: i64, evidence: &Evidence) -> Answer<()> {
    let mut statement = conn.prepare_cached(
        "INSERT OR IGNORE INTO evidence_organisation (organisation, kind, rid, ordinal) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for organisation in evidence.unit.iter().chain(&evidence.parties) {
        statement.execute((organisation, &evidence.kind, rid, ordinal))?;
    }
    Ok(())
}

const SELECT: &str =
    "SELECT patient, kind, unit, since, until, amount, source, parties, codes, parts FROM evidence WHERE";

fn select(conn: &Connection, which: &str, value: &str) -> Answer<Vec<Evidence>> {
    let mut statement = conn.prepare_cached(&format!("{SELECT} {which}"))?;
    collect(statement.query([value])?, evidence)
}

fn evidence(row: &Row<'_>) -> Answer<Evidence> {
    let source: String = row.get("source")?;
    let parts: Option<String> = row.get("parts")?;
    Ok(Evidence {
        kind: row.get("kind")?,
        source: ResourceKey::parse(&source).ok_or_else(|| damaged("a source"))?,
        patient: some(row.get("patient")?),
        unit: some(row.get("unit")?),
        parties: set_at(row, "parties")?,
        time: Interval { from: instant_at(row, "since")?, until: instant_at(row, "until")? },
        codes: set_at(row, "codes")?,
        amount: row.get("amount")?,
        parts: parts.map_or_else(|| Ok(BTreeMap::new()), |json| from_json(&json))?,
    })
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn set_to_json(set: &BTreeSet<String>) -> Answer<Option<String>> {
    if set.is_empty() { Ok(None) } else { to_json(set).map(Some) }
}

fn set_at(row: &Row<'_>, column: &str) -> Answer<BTreeSet<String>> {
    let json: Option<String> = row.get(column)?;
    json.map_or_else(|| Ok(BTreeSet::new()), |json| from_json(&json))
}
