//! The search index: one row a value. A new version touches only the rows that differ from those of the one before,
//! which is why what a resource has in the index is kept beside it (`indexed`) and no table needs a second tree for it.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::names::{self, Names};
use super::row::{Answer, damaged, micros};
use super::writer::Tx;
use crate::fhir::ResourceType;
use crate::fhir::search::{IndexRow, IndexValue};
use crate::store::Refused;

/// A row of one of the `idx_` tables, with words as numbers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Entry {
    Token {
        parameter: i64,
        code: String,
        system: i64,
    },
    Date {
        parameter: i64,
        low: i64,
        high: i64,
    },
    Reference {
        parameter: i64,
        kind: i64,
        target: String,
    },
    Uri {
        parameter: i64,
        value: String,
    },
    Text {
        parameter: i64,
        folded: String,
        exact: String,
    },
    /// The bounds as the bits of a double: entries are compared for sameness only.
    Number {
        parameter: i64,
        low: u64,
        high: u64,
        unit: String,
    },
}

impl Entry {
    fn parameter(&self) -> i64 {
        match self {
            Self::Token { parameter, .. }
            | Self::Date { parameter, .. }
            | Self::Reference { parameter, .. }
            | Self::Uri { parameter, .. }
            | Self::Text { parameter, .. }
            | Self::Number { parameter, .. } => *parameter,
        }
    }
}

/// The entries of a resource's index rows, each once.
pub(super) fn entries(tx: &mut Tx<'_>, kind: ResourceType, rows: &[IndexRow]) -> Answer<BTreeSet<Entry>> {
    rows.iter().map(|row| entry(tx.conn, tx.names, kind, row)).collect()
}

/// The parameters that have a value, as the `resource.parameters` column.
pub(super) fn parameters(entries: &BTreeSet<Entry>) -> String {
    let present: BTreeSet<i64> = entries.iter().map(Entry::parameter).collect();
    present.iter().fold(String::from(" "), |text, parameter| format!("{text}{parameter} "))
}

/// Makes the index of a resource what `new` says.
pub(super) fn replace(conn: &Connection, rid: i64, existed: bool, new: &BTreeSet<Entry>) -> Answer<()> {
    let old = if existed { load(conn, rid)? } else { BTreeSet::new() };
    for entry in old.difference(new) {
        change(conn, entry, rid, &DELETE)?;
    }
    for entry in new.difference(&old) {
        change(conn, entry, rid, &INSERT)?;
    }
    if *new != old || !existed {
        save(conn, rid, new)?;
    }
    Ok(())
}

/// What a resource has in the index.
pub(super) fn load(conn: &Connection, rid: i64) -> Answer<BTreeSet<Entry>> {
    let mut statement = conn.prepare_cached("SELECT entries FROM indexed WHERE rid = ?1")?;
    let bytes: Option<Vec<u8>> = statement.query_row([rid], |row| row.get(0)).optional()?;
    let entries = bytes.map(|bytes| postcard::from_bytes(&bytes)).transpose();
    Ok(entries.map_err(|_| damaged("index entries"))?.unwrap_or_default())
}

fn save(conn: &Connection, rid: i64, entries: &BTreeSet<Entry>) -> Answer<()> {
    let bytes = postcard::to_stdvec(entries).map_err(|error| Refused::Unavailable(error.to_string()))?;
    conn.prepare_cached("INSERT OR REPLACE INTO indexed (rid, entries) VALUES (?1, ?2)")?.execute((rid, bytes))?;
    Ok(())
}

fn entry(conn: &Connection, names: &mut Names, kind: ResourceType, row: &IndexRow) -> Answer<Entry> {
    let parameter = names.number(conn, &names::parameter(kind, row.parameter))?;
    Ok(match &row.value {
        IndexValue::Token { system, code } => {
            Entry::Token { parameter, code: code.clone(), system: names.number(conn, system)? }
        }
        IndexValue::Date(interval) => {
            let low = micros(interval.from);
            // An instant finer than a microsecond still covers one.
            Entry::Date { parameter, low, high: micros(interval.until).max(low.saturating_add(1)) }
        }
        IndexValue::Reference(key) => {
            let kind = names.number(conn, key.kind.as_str())?;
            Entry::Reference { parameter, kind, target: key.id.to_string() }
        }
        IndexValue::Uri(value) => Entry::Uri { parameter, value: value.clone() },
        IndexValue::Text { folded, exact } => Entry::Text { parameter, folded: folded.clone(), exact: exact.clone() },
        IndexValue::Number { low, high, unit } => {
            Entry::Number { parameter, low: low.to_bits(), high: high.to_bits(), unit: unit.clone() }
        }
    })
}

/// The statements for each table, in the order of [`Entry`]'s variants.
type Statements = [&'static str; 6];

const INSERT: Statements = [
    "INSERT INTO idx_token (rid, parameter, code, system) VALUES (?1, ?2, ?3, ?4)",
    "INSERT INTO idx_date (rid, parameter, low, high) VALUES (?1, ?2, ?3, ?4)",
    "INSERT INTO idx_reference (rid, parameter, kind, target) VALUES (?1, ?2, ?3, ?4)",
    "INSERT INTO idx_uri (rid, parameter, value) VALUES (?1, ?2, ?3)",
    "INSERT INTO idx_text (rid, parameter, folded, exact) VALUES (?1, ?2, ?3, ?4)",
    "INSERT INTO idx_number (rid, parameter, low, high, unit) VALUES (?1, ?2, ?3, ?4, ?5)",
];

const DELETE: Statements = [
    "DELETE FROM idx_token WHERE rid = ?1 AND parameter = ?2 AND code = ?3 AND system = ?4",
    "DELETE FROM idx_date WHERE rid = ?1 AND parameter = ?2 AND low = ?3 AND high = ?4",
    "DELETE FROM idx_reference WHERE rid = ?1 AND parameter = ?2 AND kind = ?3 AND target = ?4",
    "DELETE FROM idx_uri WHERE rid = ?1 AND parameter = ?2 AND value = ?3",
    "DELETE FROM idx_text WHERE rid = ?1 AND parameter = ?2 AND folded = ?3 AND exact = ?4",
    "DELETE FROM idx_number WHERE rid = ?1 AND parameter = ?2 AND low = ?3 AND high = ?4 AND unit = ?5",
];

fn change(conn: &Connection, entry: &Entry, rid: i64, statements: &Statements) -> Answer<()> {
    let [token, date, reference, uri, text, number] = statements;
    match entry {
        Entry::Token { parameter, code, system } => {
            conn.prepare_cached(token)?.execute(params![rid, parameter, code, system])
        }
        Entry::Date { parameter, low, high } => conn.prepare_cached(date)?.execute(params![rid, parameter, low, high]),
        Entry::Reference { parameter, kind, target } => {
            conn.prepare_cached(reference)?.execute(params![rid, parameter, kind, target])
        }
        Entry::Uri { parameter, value } => conn.prepare_cached(uri)?.execute(params![rid, parameter, value]),
        Entry::Text { parameter, folded, exact } => {
            conn.prepare_cached(text)?.execute(params![rid, parameter, folded, exact])
        }
        Entry::Number { parameter, low, high, unit } => {
            let (low, high) = (f64::from_bits(*low), f64::from_bits(*high));
            conn.prepare_cached(number)?.execute(params![rid, parameter, low, high, unit])
        }
    }?;
    Ok(())
}
