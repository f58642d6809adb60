//! The re-evaluation queue: which subjects are to be judged anew.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::row::{Answer, collect, damaged, number_at, signed};
use crate::agreement::Subject;

/// Marks subjects; one that is marked already gets a later mark, so that who works on the earlier one can't take it away.
pub(super) fn set(conn: &Connection, subjects: &BTreeSet<Subject>) -> Answer<()> {
    let mut statement = conn.prepare_cached("INSERT OR REPLACE INTO mark (subject) VALUES (?1)")?;
    for subject in subjects {
        statement.execute([subject.to_string()])?;
    }
    Ok(())
}

/// Takes a subject's mark away, unless it is later than the one that was answered.
pub(super) fn answered(conn: &Connection, subject: &str, mark: u64) -> Answer<()> {
    let mut statement = conn.prepare_cached("DELETE FROM mark WHERE subject = ?1 AND mark <= ?2")?;
    statement.execute((subject, signed(mark)))?;
    Ok(())
}

/// Marked subjects, oldest first.
pub(super) fn oldest(conn: &Connection, count: u32) -> Answer<Vec<(u64, Subject)>> {
    let mut statement = conn.prepare_cached("SELECT mark, subject FROM mark ORDER BY mark LIMIT ?1")?;
    collect(statement.query([count])?, |row| {
        let subject: String = row.get("subject")?;
        Ok((number_at(row, "mark")?, parse(&subject)?))
    })
}

/// A subject by its text.
pub(super) fn parse(text: &str) -> Answer<Subject> {
    Subject::parse(text).ok_or_else(|| damaged("a subject"))
}
