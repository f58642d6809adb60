//! Searches: a [`Query`] becomes one statement over the index tables.
//!
//! The visibility of the caller is a condition of that statement, so that matches, totals, pages and includes can't
//! tell of anything else.

mod condition;
mod include;
mod plan;
mod sql;
mod visible;

use rusqlite::Connection;

use self::plan::Plan;
use super::row::{Answer, damaged, signed};
use super::versions;
use crate::fhir::search::{Cursor, Query};
use crate::store::{Page, StoredVersion};

/// Where a match stands: its resource and the sequence number of its newest version.
#[derive(Debug, Clone, Copy)]
struct Found {
    rid: i64,
    seq: i64,
}

/// Whether anything matches.
pub(super) fn any(conn: &Connection, query: &Query) -> Answer<bool> {
    Ok(!Plan::new(conn, query)?.page(conn, query, 1)?.is_empty())
}

/// A page of matches, all of it from one snapshot.
pub(super) fn search(conn: &Connection, query: &Query) -> Answer<Page> {
    let snapshot = conn.unchecked_transaction()?;
    let plan = Plan::new(&snapshot, query)?;
    let found = if query.count == 0 { Vec::new() } else { plan.page(&snapshot, query, query.count.saturating_add(1))? };
    let (found, next) = cut(found, query.count);
    // A first page that nothing was cut from holds all matches; most searches need no second walk to count them.
    let is_whole = query.count > 0 && query.after.is_none() && next.is_none();
    let total = match (query.total || query.count == 0, is_whole) {
        (false, _) => None,
        (true, true) => Some(found.len() as u64),
        (true, false) => Some(plan.total(&snapshot)?),
    };
    let included = include::targets(&snapshot, query, &found)?;
    Ok(Page { matches: load(&snapshot, &found)?, included: load(&snapshot, &included)?, total, next })
}

/// One match more than asked for says that there is a next page.
fn cut(mut found: Vec<Found>, count: u32) -> (Vec<Found>, Option<Cursor>) {
    let count = count as usize;
    if found.len() <= count {
        return (found, None);
    }
    found.truncate(count);
    let next = found.last().and_then(|last| u64::try_from(last.seq).ok()).map(|sequence| Cursor { sequence });
    (found, next)
}

fn load(conn: &Connection, found: &[Found]) -> Answer<Vec<StoredVersion>> {
    let version = |found: &Found| versions::by_sequence(conn, found.seq)?.ok_or_else(|| damaged("a resource"));
    found.iter().map(version).collect()
}

fn after(query: &Query) -> Option<i64> {
    query.after.map(|cursor| signed(cursor.sequence))
}
