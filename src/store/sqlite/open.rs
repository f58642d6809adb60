//! Opening the file: what it must be, and how its connections are set.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::migrations;

/// How long a connection waits for a lock that another process holds (a backup, a second gateway on the same file).
const BUSY: Duration = Duration::from_secs(5);

/// Sizes of the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqliteOptions {
    /// How many changes may wait for the writer.
    pub queue: usize,
    /// How many changes one transaction takes at most.
    pub batch: usize,
    /// Threads for reads that may take long.
    pub readers: usize,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self { queue: 4096, batch: 512, readers: 3 }
    }
}

/// Why the file could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another program's database, or no database at all.
    #[error("the file is not a store of this gateway; choose another path or move the file away")]
    Foreign,
    /// Written by a newer version.
    #[error("the store has schema {found}, this version knows {known}; start the newer version or restore a backup")]
    Newer {
        /// The file's schema.
        found: u32,
        /// The newest schema that this program knows.
        known: u32,
    },
    /// SQLite's own word.
    #[error("the store can't be opened: {0}")]
    Sqlite(rusqlite::Error),
    /// A thread could not be started.
    #[error("the store's threads can't be started: {0}")]
    Thread(#[from] std::io::Error),
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::Foreign,
            _ => Self::Sqlite(error),
        }
    }
}

/// The writer's connection. Makes the file if there is none, and brings it to the present schema.
pub(super) fn writing(path: &Path) -> Result<Connection, OpenError> {
    let mut conn = Connection::open(path)?;
    conn.busy_timeout(BUSY)?;
    // The owner is checked before anything is set, so that a foreign file stays as it was.
    migrations::migrate(&mut conn)?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    // FULL: a commit that was acknowledged is on the disk, not in its cache.
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    // 16 MiB of log between checkpoints: fewer fsyncs of the main file than with the default of 4 MiB.
    conn.pragma_update(None, "wal_autocheckpoint", 4096)?;
    conn.pragma_update(None, "cache_size", -32_768)?;
    conn.set_prepared_statement_cache_capacity(256);
    keep_plans(&conn)?;
    Ok(conn)
}

/// A reader's connection: it can't write, and the writer never waits for it.
pub(super) fn reading(path: &Path) -> Result<Connection, OpenError> {
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(BUSY)?;
    conn.pragma_update(None, "query_only", true)?;
    conn.pragma_update(None, "mmap_size", 256 << 20)?;
    conn.pragma_update(None, "cache_size", -4096)?;
    conn.set_prepared_statement_cache_capacity(128);
    keep_plans(&conn)?;
    Ok(conn)
}

/// Keeps a prepared statement's plan whatever values are bound to it (the query planner stability guarantee). Without it
/// SQLite compares bound values with the conditions of partial indexes, and prepares the statement anew for each value.
fn keep_plans(conn: &Connection) -> rusqlite::Result<()> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}
