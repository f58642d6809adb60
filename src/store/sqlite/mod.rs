//! The embedded engine: one SQLite file in WAL mode, one writer thread, a pool of readers.
//!
//! `version` and `audit` are the tables that hold what nothing else could make again; all others are derived from them
//! or live until their work is done (`migrations/0001_initial.sql` says which is which). One file here a table family.

mod apply;
mod audit;
mod deliveries;
mod engine;
mod evidence;
mod expect;
mod index;
mod intervals;
mod lanes;
mod marks;
mod memory;
mod migrations;
mod names;
mod open;
mod outbox;
mod readers;
mod referrers;
mod relations;
mod row;
mod search;
mod summary;
mod verdicts;
mod versions;
mod writer;

#[cfg(test)]
mod tests;

use std::path::Path;

use self::readers::Readers;
use self::writer::Writer;

pub use self::open::{OpenError, SqliteOptions};

/// A store in a SQLite file.
///
/// Dropping it lets the writer finish what waits, and leaves one file behind. Both are waited for.
pub struct SqliteStore {
    // Dropped in this order: the writer can empty the log only once nobody reads from it.
    readers: Readers,
    writer: Writer,
}

impl SqliteStore {
    /// Opens the store at `path`, or makes it. Blocks while it does.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(path: &Path, options: SqliteOptions) -> Result<Self, OpenError> {
        let conn = open::writing(path)?;
        let readers = Readers::start(path, options.readers)?;
        let writer = Writer::start(conn, options.queue, options.batch)?;
        Ok(Self { readers, writer })
    }
}
