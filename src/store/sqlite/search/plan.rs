//! Where a search begins: with the rows of its narrowest filter, or with all resources of the type in their order.
//!
//! SQLite's planner knows nothing of how often a value occurs, so a short probe of the index tells.

use rusqlite::Connection;

use super::condition::Condition;
use super::sql::{Sql, number, text};
use super::{Found, after, visible};
use crate::fhir::search::{Query, Sort};
use crate::store::sqlite::row::{Answer, damaged};

/// A filter with more rows than this is no place to begin: the order of the type is read instead, which stops when the
/// page is full.
const WIDE: u32 = 2000;

/// A filter with so few rows needs no comparison with the others.
const NARROW: u32 = 64;

/// `FROM` and `WHERE` of a query, without its page.
pub(super) struct Plan {
    from: Sql,
}

impl Plan {
    /// Chooses the beginning and writes the conditions.
    pub(super) fn new(conn: &Connection, query: &Query) -> Answer<Self> {
        let filters: Vec<Vec<Condition>> = query
            .filters
            .iter()
            .map(|filter| filter.any.iter().map(|test| Condition::new(query.kind, &filter.parameter, test)).collect())
            .collect();
        let first = narrowest(conn, &filters)?;
        let mut from = begin(query, first.and_then(|place| filters.get(place)).and_then(|any| rows(any)));
        for (place, any) in filters.iter().enumerate() {
            if first != Some(place) {
                from = from.text(" AND ").then(Sql::any(any.iter().map(Condition::holds)));
            }
        }
        Ok(Self { from: from.text(" AND ").then(visible::condition(&query.visible, query.kind)) })
    }

    /// The number of all matches.
    pub(super) fn total(&self, conn: &Connection) -> Answer<u64> {
        let sql = Sql::of("SELECT count(*)").then(self.from.clone());
        let total: i64 = sql.prepare(conn)?.query_row(sql.values(), |row| row.get(0))?;
        u64::try_from(total).map_err(|_| damaged("a count"))
    }

    /// Matches in order, from the query's cursor on.
    pub(super) fn page(&self, conn: &Connection, query: &Query, count: u32) -> Answer<Vec<Found>> {
        let (past, order) = match query.sort {
            Sort::OldestFirst => (">", "ASC"),
            Sort::NewestFirst => ("<", "DESC"),
        };
        let mut sql = Sql::of("SELECT r.rid, r.seq").then(self.from.clone());
        if let Some(seq) = after(query) {
            sql = sql.then(Sql::with(&format!(" AND r.seq {past} ?"), [number(seq)]));
        }
        let sql = sql.then(Sql::with(&format!(" ORDER BY r.seq {order} LIMIT ?"), [number(count.into())]));
        let mut statement = sql.prepare(conn)?;
        let found = statement.query_map(sql.values(), |row| Ok(Found { rid: row.get(0)?, seq: row.get(1)? }))?;
        Ok(found.collect::<Result<_, _>>()?)
    }
}

fn begin(query: &Query, rows: Option<Sql>) -> Sql {
    let kind = text(&query.kind);
    match rows {
        // NOT INDEXED leaves the planner the row ids alone, as meant.
        Some(rows) => Sql::of(" FROM resource r NOT INDEXED WHERE r.rid IN (")
            .then(rows)
            .then(Sql::with(") AND r.deleted = 0 AND r.kind = ?", [kind])),
        None => Sql::with(" FROM resource r WHERE r.deleted = 0 AND r.kind = ?", [kind]),
    }
}

/// The rows of all alternatives, if the search can begin with each of them.
fn rows(any: &[Condition]) -> Option<Sql> {
    if any.is_empty() {
        return None;
    }
    let rows: Option<Vec<Sql>> = any.iter().map(Condition::rows).collect();
    rows.map(|rows| Sql::join(rows, " UNION ALL "))
}

fn narrowest(conn: &Connection, filters: &[Vec<Condition>]) -> Answer<Option<usize>> {
    let mut best: Option<(usize, u32)> = None;
    for (place, any) in filters.iter().enumerate() {
        let Some(rows) = rows(any) else { continue };
        let probe = Sql::of("SELECT count(*) FROM (").then(rows).then(Sql::with(" LIMIT ?)", [number(WIDE.into())]));
        let size: u32 = probe.prepare(conn)?.query_row(probe.values(), |row| row.get(0))?;
        if size < best.map_or(WIDE, |(_, size)| size) {
            best = Some((place, size));
        }
        if size <= NARROW {
            break;
        }
    }
    Ok(best.map(|(place, _)| place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::search::{Filter, Test, Visibility};
    use crate::fhir::{ResourceId, ResourceType};
    use crate::store::sqlite::open;

    /// What SQLite says that it will do for a list's filters.
    fn explained(filters: Vec<Filter>) -> String {
        let directory = tempfile::tempdir().unwrap();
        let conn = open::writing(&directory.path().join("store.db")).unwrap();
        let at = jiff::Timestamp::UNIX_EPOCH;
        let query = Query {
            kind: ResourceType::parse("List").unwrap(),
            filters,
            sort: Sort::NewestFirst,
            count: 10,
            after: None,
            includes: Vec::new(),
            total: false,
            visible: Visibility::Organisation { organisation: "SE1".into(), at },
        };
        let plan = Plan::new(&conn, &query).unwrap();
        let sql =
            Sql::of("EXPLAIN QUERY PLAN SELECT r.rid, r.seq").then(plan.from).text(" ORDER BY r.seq DESC LIMIT 10");
        let mut statement = sql.prepare(&conn).unwrap();
        let steps = statement.query_map(sql.values(), |row| row.get::<_, String>("detail")).unwrap();
        steps.map(Result::unwrap).collect::<Vec<_>>().join("\n")
    }

    fn filter(parameter: &str, test: Test) -> Filter {
        Filter { parameter: parameter.into(), any: vec![test] }
    }

    #[test]
    fn a_patients_resources_are_reached_by_the_reference_and_then_by_key_alone() {
        let subject = Test::Reference { kind: None, id: ResourceId::parse("1").unwrap() };
        let status = Test::Token { system: None, code: Some("current".into()) };

        let steps = explained(vec![filter("subject", subject), filter("status", status)]);

        assert!(steps.contains("SEARCH r USING INTEGER PRIMARY KEY"), "{steps}");
        assert!(steps.contains("SEARCH x USING PRIMARY KEY (parameter=? AND code=? AND rid=?)"), "{steps}");
        assert!(!steps.contains("SCAN r"), "{steps}");
    }

    #[test]
    fn without_a_narrow_filter_the_order_of_the_type_is_read_without_sorting() {
        let steps = explained(vec![filter("status", Test::Missing(false))]);

        assert!(steps.contains("SEARCH r USING INDEX resource_by_kind (kind=?)"), "{steps}");
        assert!(!steps.contains("TEMP B-TREE FOR ORDER BY"), "{steps}");
    }
}
