//! One test of a filter as SQL, either about the row of the resource (`r`) or about a row of an index table (`x`).

use super::sql::{Sql, number, text};
use crate::fhir::ResourceType;
use crate::fhir::instant::Interval;
use crate::fhir::search::{Prefix, Test};
use crate::store::sqlite::names::{self, NUMBER_OF};
use crate::store::sqlite::row::micros;

/// The last character that there is: what follows every text that starts with a prefix.
const LAST: char = char::MAX;

/// A test of one value.
#[derive(Debug)]
pub(super) enum Condition {
    /// About columns of `r`.
    Resource(Sql),
    /// About a row of an index table.
    Index {
        /// The table.
        table: &'static str,
        /// The test of its row.
        test: Sql,
        /// Whether the table's key leads straight to the rows, so that a search can begin with them.
        leads: bool,
    },
}

impl Condition {
    /// The condition for a test of `parameter` of resources of a type.
    pub(super) fn new(kind: ResourceType, parameter: &str, test: &Test) -> Self {
        let name = || text(&names::parameter(kind, parameter));
        match test {
            Test::Id(id) => Self::Resource(Sql::with("r.id = ?", [text(id)])),
            Test::Updated(interval) => Self::Resource(Sql::with(
                "r.updated >= ? AND r.updated < ?",
                [number(micros(interval.from)), number(micros(interval.until))],
            )),
            Test::Missing(missing) => Self::Resource(has_value(!missing, name())),
            Test::Token { system, code } => token(name(), system.as_deref(), code.as_deref()),
            Test::Date(prefix, interval) => date(name(), *prefix, interval),
            Test::Reference { kind, id } => reference(name(), *kind, id.as_str()),
            Test::Uri(value) => index(
                "idx_uri",
                Sql::with(&format!("x.value = ? AND x.parameter = {NUMBER_OF}"), [text(value), name()]),
            ),
            Test::TextContains(part) => {
                let test =
                    Sql::with(&format!("x.parameter = {NUMBER_OF} AND instr(x.folded, ?) > 0"), [name(), text(part)]);
                Self::Index { table: "idx_text", test, leads: false }
            }
            Test::TextExact(exact) => {
                let test = Sql::with(&format!("x.parameter = {NUMBER_OF} AND x.exact = ?"), [name(), text(exact)]);
                Self::Index { table: "idx_text", test, leads: false }
            }
            Test::NoneOf(tests) => {
                let held = tests.iter().map(|test| Self::new(kind, parameter, test).holds());
                Self::Resource(Sql::of("NOT ").then(Sql::any(held)))
            }
            Test::TextStart(start) => {
                let sql = format!("x.parameter = {NUMBER_OF} AND x.folded >= ? AND x.folded < ?");
                index("idx_text", Sql::with(&sql, [name(), text(start), text(&format!("{start}{LAST}"))]))
            }
        }
    }

    /// The rows that a search can begin with; `None` if it can't.
    pub(super) fn rows(&self) -> Option<Sql> {
        match self {
            Self::Index { table, test, leads: true } => {
                Some(Sql::of(&format!("SELECT x.rid FROM {table} x WHERE ")).then(test.clone()))
            }
            _ => None,
        }
    }

    /// Whether it holds of the resource `r`.
    pub(super) fn holds(&self) -> Sql {
        match self {
            Self::Resource(test) => test.clone(),
            // `LIMIT 1` keeps the planner from turning this into a join that it begins with.
            Self::Index { table, test, .. } => Sql::of(&format!("EXISTS (SELECT 1 FROM {table} x WHERE "))
                .then(test.clone())
                .text(" AND x.rid = r.rid LIMIT 1)"),
        }
    }
}

fn index(table: &'static str, test: Sql) -> Condition {
    Condition::Index { table, test, leads: true }
}

/// `resource.parameters` holds the numbers of all parameters with a value, each between blanks.
fn has_value(present: bool, name: rusqlite::types::Value) -> Sql {
    let place = format!("coalesce(instr(r.parameters, ' ' || {NUMBER_OF} || ' '), 0)");
    Sql::with(&format!("{place} {} 0", if present { ">" } else { "=" }), [name])
}

fn token(name: rusqlite::types::Value, system: Option<&str>, code: Option<&str>) -> Condition {
    let mut test = Sql::with(&format!("x.parameter = {NUMBER_OF}"), [name]);
    if let Some(code) = code {
        test = test.then(Sql::with(" AND x.code = ?", [text(code)]));
    }
    if let Some(system) = system {
        test = test.then(Sql::with(&format!(" AND x.system = {NUMBER_OF}"), [text(system)]));
    }
    Condition::Index { table: "idx_token", test, leads: code.is_some() }
}

fn reference(name: rusqlite::types::Value, kind: Option<ResourceType>, id: &str) -> Condition {
    let mut test = Sql::with("x.target = ?", [text(id)]);
    if let Some(kind) = kind {
        test = test.then(Sql::with(&format!(" AND x.kind = {NUMBER_OF}"), [text(&kind)]));
    }
    index("idx_reference", test.then(Sql::with(&format!(" AND x.parameter = {NUMBER_OF}"), [name])))
}

/// The prefixes' rules as they compare two ranges ([prefixes](https://hl7.org/fhir/R4/search.html#prefix)): the
/// resource's `[low, high)` with the one asked for, `[from, until)`.
fn date(name: rusqlite::types::Value, prefix: Prefix, asked: &Interval) -> Condition {
    let (from, until) = (number(micros(asked.from)), number(micros(asked.until)));
    let contained = "x.low >= ? AND x.low < ? AND x.high <= ?";
    let within = [from.clone(), until.clone(), until.clone()];
    let rule = match prefix {
        Prefix::Eq => Sql::with(contained, within),
        Prefix::Ne => Sql::of("NOT (").then(Sql::with(contained, within)).text(")"),
        Prefix::Gt => Sql::with("x.high > ?", [until]),
        Prefix::Lt => Sql::with("x.low < ?", [from]),
        Prefix::Ge => Sql::with("(x.high > ? OR ", [until]).then(Sql::with(contained, within)).text(")"),
        Prefix::Le => Sql::with("(x.low < ? OR ", [from]).then(Sql::with(contained, within)).text(")"),
        Prefix::Sa => Sql::with("x.low >= ?", [until]),
        Prefix::Eb => Sql::with("x.high <= ?", [from]),
        // "Approximately" is at the server's choice: the ranges overlap.
        Prefix::Ap => Sql::with("x.low < ? AND x.high > ?", [until, from]),
    };
    let test = Sql::with(&format!("x.parameter = {NUMBER_OF} AND "), [name]).then(rule);
    // The others run to an end of time: too wide to begin with.
    Condition::Index { table: "idx_date", test, leads: prefix == Prefix::Eq }
}
