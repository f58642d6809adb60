//! One file: what is wrong with it.

use vardbro::agreement::Agreement;
use vardbro::clock::{Clock, SystemClock};
use vardbro::exchange::clauses;
use vardbro::exchange::failure::syntax_issue;
use vardbro::fhir::tree::Limits;
use vardbro::fhir::{Document, Issue};
use vardbro::validate::{self, Setting};

use super::definitions::Known;
use super::files::Input;

/// Judges file after file by the same definitions.
pub struct Judge {
    known: Known,
    must_support: bool,
    clock: SystemClock,
}

/// A file and what was found in it.
pub struct Judged {
    /// The file.
    pub name: String,
    /// Its text, for the lines that are shown.
    pub source: String,
    /// What was found.
    pub issues: Vec<Issue>,
}

impl Judged {
    /// Whether nothing in it is an error.
    pub fn is_valid(&self) -> bool {
        !self.issues.iter().any(Issue::is_error)
    }

    /// The same without its text, which would be kept in vain.
    pub fn without_source(self) -> Self {
        Self { source: String::new(), ..self }
    }
}

impl Judge {
    /// Judges by these definitions.
    pub fn new(known: Known, must_support: bool) -> Self {
        Self { known, must_support, clock: SystemClock::new() }
    }

    /// Judges a file.
    pub fn judge(&self, input: &Input, bytes: Vec<u8>) -> Judged {
        let issues = match Document::parse_bytes(&bytes, Limits::default()) {
            Ok(document) => self.issues(&document),
            Err(faults) => faults.into_iter().map(syntax_issue).collect(),
        };
        let source = String::from_utf8(bytes).unwrap_or_else(|fault| String::from_utf8_lossy(fault.as_bytes()).into());
        Judged { name: input.name.clone(), source, issues }
    }

    fn issues(&self, document: &Document) -> Vec<Issue> {
        let setting = Setting {
            profiles: &self.known.profiles,
            must_support: self.must_support,
            ..Setting::new(&self.known.library, self.clock.now())
        };
        let mut report = validate::resource(document, &setting);
        clauses::attach(&mut report.issues, Agreement::embedded());
        report.issues
    }
}
