//! What must hold in the state that a change is applied to.

use rusqlite::{Connection, OptionalExtension};

use super::row::{Answer, signed};
use super::search;
use crate::fhir::ResourceKey;
use crate::store::{Expect, Refused};

/// Checks all of them inside the transaction, where nobody else can change the answer.
pub(super) fn check(conn: &Connection, expected: &[Expect]) -> Answer<()> {
    for (place, expect) in expected.iter().enumerate() {
        let holds = match expect {
            Expect::Version(key, version) => newest(conn, key)? == version.map(signed),
            Expect::NoMatch(query) => !search::any(conn, query)?,
        };
        if !holds {
            return Err(Refused::Conflict(place));
        }
    }
    Ok(())
}

fn newest(conn: &Connection, key: &ResourceKey) -> Answer<Option<i64>> {
    let mut statement = conn.prepare_cached("SELECT version FROM resource WHERE kind = ?1 AND id = ?2")?;
    Ok(statement.query_row((key.kind.as_str(), key.id.as_str()), |row| row.get(0)).optional()?)
}
