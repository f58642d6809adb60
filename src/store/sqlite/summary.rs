//! How many subjects are in which state.

use jiff::Timestamp;
use rusqlite::{Connection, Row};

use super::row::{Answer, collect, micros, number_at, state};
use crate::store::{SummaryBy, SummaryRow};

/// Counts by state as they stood at an instant: from the running counts if nothing has changed since, else from the
/// intervals. Grouped by kommun or unit, subjects that have none are left out.
pub(super) fn at(conn: &Connection, by: SummaryBy, at: Timestamp) -> Answer<Vec<SummaryRow>> {
    let (group, obligation, only) = match by {
        SummaryBy::Obligation => ("obligation", "''", "1"),
        SummaryBy::Kommun => ("kommun", "obligation", "kommun <> ''"),
        SummaryBy::Unit => ("unit", "obligation", "unit <> ''"),
    };
    let columns = format!("{group} AS grouped, {obligation} AS judged, state");
    let ordered = "GROUP BY grouped, judged, state ORDER BY grouped, judged, state";
    let at = micros(at);
    if at >= last_change(conn)? {
        let sql = format!(
            "SELECT {columns}, sum(subjects) AS number FROM verdict_count WHERE subjects > 0 AND {only} {ordered}"
        );
        return collect(conn.prepare_cached(&sql)?.query([])?, summary_row);
    }
    let sql = format!(
        "SELECT {columns}, count(DISTINCT subject) AS number FROM verdict_interval
         WHERE since <= ?1 AND (until IS NULL OR until > ?1) AND {only} {ordered}"
    );
    collect(conn.prepare_cached(&sql)?.query([at])?, summary_row)
}

fn summary_row(row: &Row<'_>) -> Answer<SummaryRow> {
    Ok(SummaryRow {
        group: row.get("grouped")?,
        obligation: row.get("judged")?,
        state: state(row.get_ref("state")?.as_str().unwrap_or_default())?,
        count: number_at(row, "number")?,
    })
}

fn last_change(conn: &Connection) -> Answer<i64> {
    Ok(conn.prepare_cached("SELECT value FROM fact WHERE name = 'verdicts_at'")?.query_row([], |row| row.get(0))?)
}
