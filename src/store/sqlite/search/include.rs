//! `_include`: what the matches of a page refer to, one step, seen with the caller's eyes.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension};

use super::sql::{Sql, text};
use super::{Found, visible};
use crate::fhir::ResourceType;
use crate::fhir::search::{Include, Query};
use crate::store::sqlite::index::{self, Entry};
use crate::store::sqlite::names;
use crate::store::sqlite::row::{Answer, damaged};

/// A reference as the index holds it: number of the type, logical id.
type Target = (i64, String);

/// The resources that the includes add to the matches: each once, none that is a match itself, none that is deleted or
/// may not be seen.
pub(super) fn targets(conn: &Connection, query: &Query, matches: &[Found]) -> Answer<Vec<Found>> {
    let mut wanted = BTreeSet::new();
    for include in &query.includes {
        wanted.extend(referred(conn, query.kind, include, matches)?);
    }
    let kinds = kinds(conn, &wanted)?;
    let mut seen: BTreeSet<i64> = matches.iter().map(|found| found.rid).collect();
    let mut added = Vec::new();
    for (kind, id) in &wanted {
        let kind = *kinds.get(kind).ok_or_else(|| damaged("a type"))?;
        if let Some(found) = visible_target(conn, query, kind, id)?
            && seen.insert(found.rid)
        {
            added.push(found);
        }
    }
    Ok(added)
}

/// What an include's parameter points at, in all matches.
fn referred(conn: &Connection, kind: ResourceType, include: &Include, matches: &[Found]) -> Answer<Vec<Target>> {
    let Some(wanted) = number_of(conn, &names::parameter(kind, &include.parameter))? else { return Ok(Vec::new()) };
    let only = match include.target {
        Some(target) => match number_of(conn, target.as_str())? {
            Some(number) => Some(number),
            // No reference of any resource has this type.
            None => return Ok(Vec::new()),
        },
        None => None,
    };
    let mut targets = Vec::new();
    for found in matches {
        for entry in index::load(conn, found.rid)? {
            if let Entry::Reference { parameter, kind, target } = entry
                && parameter == wanted
                && only.is_none_or(|only| only == kind)
            {
                targets.push((kind, target));
            }
        }
    }
    Ok(targets)
}

fn kinds(conn: &Connection, targets: &BTreeSet<Target>) -> Answer<BTreeMap<i64, ResourceType>> {
    let mut statement = conn.prepare_cached("SELECT text FROM name WHERE id = ?1")?;
    let mut kinds = BTreeMap::new();
    for (number, _) in targets {
        if !kinds.contains_key(number) {
            let name: String = statement.query_row([number], |row| row.get(0))?;
            kinds.insert(*number, ResourceType::parse(&name).ok_or_else(|| damaged("a type"))?);
        }
    }
    Ok(kinds)
}

fn visible_target(conn: &Connection, query: &Query, kind: ResourceType, id: &str) -> Answer<Option<Found>> {
    let sql = Sql::with(
        "SELECT r.rid, r.seq FROM resource r WHERE r.kind = ? AND r.id = ? AND r.deleted = 0 AND ",
        [text(&kind), text(id)],
    )
    .then(visible::condition(&query.visible, kind));
    let found = sql.prepare(conn)?.query_row(sql.values(), |row| Ok(Found { rid: row.get(0)?, seq: row.get(1)? }));
    Ok(found.optional()?)
}

fn number_of(conn: &Connection, name: &str) -> Answer<Option<i64>> {
    let mut statement = conn.prepare_cached("SELECT id FROM name WHERE text = ?1")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}
