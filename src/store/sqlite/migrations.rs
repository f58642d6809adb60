//! The numbered steps from an empty file to the present schema.

use rusqlite::{Connection, TransactionBehavior};

use super::open::OpenError;

/// The steps in order; the file's `user_version` is how many of them it has. A step that was released is never edited.
const STEPS: [&str; 2] =
    [include_str!("migrations/0001_initial.sql"), include_str!("migrations/0002_evidence_by_organisation.sql")];

/// Marks a file as this gateway's: `VBRO`.
const APPLICATION_ID: i32 = i32::from_be_bytes(*b"VBRO");

/// The schema that this program writes.
pub(super) const NEWEST: u32 = STEPS.len() as u32;

/// Brings a file up to [`NEWEST`], all steps in one transaction.
///
/// # Errors
/// The file is another program's, or was written by a newer version of this one.
pub(super) fn migrate(conn: &mut Connection) -> Result<(), OpenError> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: u32 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
    check_owner(&tx, found)?;
    if found > NEWEST {
        return Err(OpenError::Newer { found, known: NEWEST });
    }
    for step in STEPS.iter().skip(found as usize) {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", NEWEST)?;
    Ok(tx.commit()?)
}

fn check_owner(conn: &Connection, schema: u32) -> Result<(), OpenError> {
    let owner: i32 = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if owner == APPLICATION_ID {
        return Ok(());
    }
    let tables: u32 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let untouched = owner == 0 && schema == 0 && tables == 0;
    if untouched { Ok(()) } else { Err(OpenError::Foreign) }
}
