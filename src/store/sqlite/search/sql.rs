//! A piece of SQL with the values that it binds. Only words of this module's own become text; all else is bound.

use rusqlite::types::Value;
use rusqlite::{CachedStatement, Connection, params_from_iter};

use crate::store::sqlite::row::Answer;

/// Text with `?` for each value, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    /// Text without values.
    pub(super) fn of(text: &str) -> Self {
        Self { text: text.into(), values: Vec::new() }
    }

    /// Text with as many `?` as values.
    pub(super) fn with<const N: usize>(text: &str, values: [Value; N]) -> Self {
        debug_assert_eq!(text.matches('?').count(), N, "a value without a place, or a place without a value");
        Self { text: text.into(), values: values.into() }
    }

    /// Adds text.
    pub(super) fn text(mut self, text: &str) -> Self {
        self.text.push_str(text);
        self
    }

    /// Adds another piece.
    pub(super) fn then(mut self, other: Self) -> Self {
        self.text.push_str(&other.text);
        self.values.extend(other.values);
        self
    }

    /// Pieces with a word between them.
    pub(super) fn join(pieces: impl IntoIterator<Item = Self>, between: &str) -> Self {
        let mut all = Self::default();
        for (place, piece) in pieces.into_iter().enumerate() {
            all = if place == 0 { all.then(piece) } else { all.text(between).then(piece) };
        }
        all
    }

    /// Whether any of these holds; none of none does.
    pub(super) fn any(pieces: impl IntoIterator<Item = Self>) -> Self {
        let mut pieces = pieces.into_iter().peekable();
        if pieces.peek().is_none() {
            return Self::of("0");
        }
        Self::of("((").then(Self::join(pieces, ") OR (")).text("))")
    }

    /// The prepared statement with its values bound.
    pub(super) fn prepare<'c>(&self, conn: &'c Connection) -> Answer<CachedStatement<'c>> {
        Ok(conn.prepare_cached(&self.text)?)
    }

    /// The values, in order.
    pub(super) fn values(&self) -> impl rusqlite::Params + '_ {
        params_from_iter(&self.values)
    }
}

/// A text as a value.
pub(super) fn text(value: &(impl ToString + ?Sized)) -> Value {
    Value::Text(value.to_string())
}

/// A number as a value.
pub(super) fn number(value: i64) -> Value {
    Value::Integer(value)
}
