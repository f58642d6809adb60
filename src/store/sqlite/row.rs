//! Values between rows and types.

use jiff::Timestamp;
use rusqlite::Row;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::agreement::State;
use crate::fhir::{ResourceId, ResourceKey, ResourceType};
use crate::store::Refused;

/// The engine's result: what SQLite says is "unavailable" to the caller, and reads in the log. Its messages name tables
/// and columns, never values.
pub(super) type Answer<T> = Result<T, Refused>;

impl From<rusqlite::Error> for Refused {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            // The statement's text would say nothing more to an operator.
            rusqlite::Error::SqlInputError { error, msg, .. } => Self::Unavailable(format!("{error}: {msg}")),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

/// What is stored can't be read: damage, or another program's hand.
pub(super) fn damaged(what: &str) -> Refused {
    Refused::Unavailable(format!("the store holds {what} that can't be read"))
}

/// An instant as it is stored.
pub(super) fn micros(instant: Timestamp) -> i64 {
    instant.as_microsecond()
}

/// An instant as it was stored. The last one that there is stays "open".
pub(super) fn instant(micros: i64) -> Answer<Timestamp> {
    if micros >= Timestamp::MAX.as_microsecond() {
        return Ok(Timestamp::MAX);
    }
    Timestamp::from_microsecond(micros).map_err(|_| damaged("an instant"))
}

/// A column that holds an instant.
pub(super) fn instant_at(row: &Row<'_>, column: &str) -> Answer<Timestamp> {
    instant(row.get(column)?)
}

/// A column that may hold an instant.
pub(super) fn optional_instant_at(row: &Row<'_>, column: &str) -> Answer<Option<Timestamp>> {
    row.get::<_, Option<i64>>(column)?.map(instant).transpose()
}

/// A number as SQLite holds it. Numbers above its range stay at its end, where no row is.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A column that holds a number that is never negative.
pub(super) fn number_at(row: &Row<'_>, column: &str) -> Answer<u64> {
    u64::try_from(row.get::<_, i64>(column)?).map_err(|_| damaged("a negative number"))
}

/// A key of its two columns.
pub(super) fn key(kind: &str, id: &str) -> Answer<ResourceKey> {
    let parts = ResourceType::parse(kind).zip(ResourceId::parse(id));
    parts.map(|(kind, id)| ResourceKey::new(kind, id)).ok_or_else(|| damaged("a resource's name"))
}

/// A key of the columns `kind` and `id`.
pub(super) fn key_at(row: &Row<'_>) -> Answer<ResourceKey> {
    key(
        row.get_ref("kind")?.as_str().map_err(|_| damaged("a kind"))?,
        row.get_ref("id")?.as_str().map_err(|_| damaged("an id"))?,
    )
}

/// A state by its word.
pub(super) fn state(word: &str) -> Answer<State> {
    use State::{Due, Fulfilled, NotApplicable, NotDeterminable, Overdue};
    let all = [Fulfilled, Due, Overdue, NotApplicable, NotDeterminable];
    all.into_iter().find(|state| state.as_str() == word).ok_or_else(|| damaged("a state"))
}

/// A value as JSON.
pub(super) fn to_json<T: Serialize>(value: &T) -> Answer<String> {
    serde_json::to_string(value).map_err(|error| Refused::Unavailable(format!("a value can't be stored: {error}")))
}

/// A value of JSON.
pub(super) fn from_json<T: DeserializeOwned>(text: &str) -> Answer<T> {
    serde_json::from_str(text).map_err(|_| damaged("JSON"))
}

/// The keys and versions of a `changes` column.
pub(super) fn changes_to_json(changes: &[(ResourceKey, u64)]) -> Answer<String> {
    to_json(&changes.iter().map(|(key, version)| (key.kind.as_str(), key.id.as_str(), version)).collect::<Vec<_>>())
}

/// The other way.
pub(super) fn changes_from_json(text: &str) -> Answer<Vec<(ResourceKey, u64)>> {
    let rows: Vec<(String, String, u64)> = from_json(text)?;
    rows.into_iter().map(|(kind, id, version)| Ok((key(&kind, &id)?, version))).collect()
}

/// Rows of a statement through a fallible reading.
pub(super) fn collect<T>(mut rows: rusqlite::Rows<'_>, read: impl Fn(&Row<'_>) -> Answer<T>) -> Answer<Vec<T>> {
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read(row)?);
    }
    Ok(all)
}
