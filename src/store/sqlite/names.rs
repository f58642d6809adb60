//! Short numbers for the long words of the index: parameters, types and code systems.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};

use super::row::Answer;
use crate::fhir::ResourceType;

/// Above this the memory of known words is emptied: systems come from senders, and there may be many.
const MOST: usize = 16_384;

/// The SQL for the number of a word, for statements that read; NULL (equal to nothing) where it is not known.
pub(super) const NUMBER_OF: &str = "(SELECT id FROM name WHERE text = ?)";

/// The words that the writer has met. Readers ask the table.
#[derive(Default)]
pub(super) struct Names {
    known: HashMap<String, i64>,
}

impl Names {
    /// The number of a word, which gets one if it has none.
    pub(super) fn number(&mut self, conn: &Connection, text: &str) -> Answer<i64> {
        if let Some(number) = self.known.get(text) {
            return Ok(*number);
        }
        if self.known.len() >= MOST {
            self.known.clear();
        }
        let number = find_or_make(conn, text)?;
        self.known.insert(text.to_owned(), number);
        Ok(number)
    }

    /// After a rollback: words that it took away may be among the known.
    pub(super) fn forget(&mut self) {
        self.known.clear();
    }
}

/// The word for a parameter of a type.
pub(super) fn parameter(kind: ResourceType, code: &str) -> String {
    format!("{kind}.{code}")
}

fn find_or_make(conn: &Connection, text: &str) -> Answer<i64> {
    let found =
        conn.prepare_cached("SELECT id FROM name WHERE text = ?1")?.query_row([text], |row| row.get(0)).optional()?;
    match found {
        Some(number) => Ok(number),
        None => Ok(conn.prepare_cached("INSERT INTO name (text) VALUES (?1)")?.insert([text])?),
    }
}
