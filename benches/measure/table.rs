//! The table that a bench prints.

use std::fmt;
use std::time::Duration;

use super::load::Figure;

/// Rows under headings, printed aligned.
#[derive(Default)]
pub struct Table(Vec<Row>);

enum Row {
    Heading(String),
    Figure { what: String, figure: Figure, note: String },
}

impl Table {
    /// Begins a group of rows.
    pub fn heading(&mut self, text: impl Into<String>) {
        self.0.push(Row::Heading(text.into()));
    }

    /// Adds a row.
    pub fn row(&mut self, what: impl Into<String>, figure: Figure) {
        self.noted(what, figure, "");
    }

    /// Adds a row with a remark.
    pub fn noted(&mut self, what: impl Into<String>, figure: Figure, note: impl Into<String>) {
        self.0.push(Row::Figure { what: what.into(), figure, note: note.into() });
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<58} {:>10} {:>9} {:>9} {:>9}", "", "/s", "p50 ms", "p99 ms", "CPU ms")?;
        for row in &self.0 {
            match row {
                Row::Heading(text) => writeln!(f, "\n{text}")?,
                Row::Figure { what, figure, note } => {
                    let cpu = figure.cpu.map(millis).unwrap_or_default();
                    let (median, p99) = (millis(figure.median), millis(figure.p99));
                    let line = format!("  {what:<56} {:>10.0} {median:>9} {p99:>9} {cpu:>9}  {note}", figure.rate);
                    writeln!(f, "{}", line.trim_end())?;
                }
            }
        }
        Ok(())
    }
}

fn millis(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1000.0;
    if millis < 10.0 { format!("{millis:.3}") } else { format!("{millis:.1}") }
}
