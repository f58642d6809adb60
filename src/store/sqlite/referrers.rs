//! Who refers to a resource.

use rusqlite::Connection;

use super::names::NUMBER_OF;
use super::row::{Answer, collect, key_at};
use crate::fhir::ResourceKey;

/// Resources that refer to `key` by a search parameter.
pub(super) fn of(conn: &Connection, key: &ResourceKey, count: u32) -> Answer<Vec<ResourceKey>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT DISTINCT r.kind, r.id FROM idx_reference x CROSS JOIN resource r ON r.rid = x.rid
         WHERE x.target = ? AND x.kind = {NUMBER_OF} LIMIT ?"
    ))?;
    collect(statement.query((key.id.as_str(), key.kind.as_str(), count))?, key_at)
}
