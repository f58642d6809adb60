//! How far it has come: one line that is rewritten on a terminal, a plain line now and then elsewhere.

use std::io::{IsTerminal as _, Write as _};

use super::terminal::plain;

/// Fewer files are done before anybody wonders.
const WORTH_TELLING: usize = 20;
/// So many plain lines in all.
const LINES: usize = 10;
const WIDTH: usize = 78;

/// The progress over a number of files.
pub struct Progress {
    total: usize,
    done: usize,
    is_terminal: bool,
    is_shown: bool,
}

impl Progress {
    /// Over so many files.
    pub fn new(total: usize) -> Self {
        Self { total, done: 0, is_terminal: std::io::stderr().is_terminal(), is_shown: false }
    }

    /// The next file begins.
    pub fn at(&mut self, name: &str) {
        self.done += 1;
        if self.total < WORTH_TELLING {
            return;
        }
        if self.is_terminal {
            let line: String = plain(&format!("{}/{} {name}", self.done, self.total)).chars().take(WIDTH).collect();
            self.write(&format!("\r\u{1b}[2K{line}"));
            self.is_shown = true;
        } else if self.done * LINES / self.total > (self.done - 1) * LINES / self.total {
            self.write(&format!("{}/{} files\n", self.done, self.total));
        }
    }

    /// Takes the line away, before something else is written.
    pub fn clear(&mut self) {
        if self.is_shown {
            self.write("\r\u{1b}[2K");
            self.is_shown = false;
        }
    }

    fn write(&self, text: &str) {
        let mut out = std::io::stderr().lock();
        // Nobody is left to tell when standard error is gone.
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }
}
