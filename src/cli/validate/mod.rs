//! `vardbro validate FILE|FOLDER...`: exit 0 when all are valid, 1 when something is not, 2 when something could not be
//! checked.
//!
//! `files` finds what is asked for, `definitions` what it is held against, `judge` says what is wrong, and `text`,
//! `junit` and the OperationOutcome say it to people, to build servers and to programs. `watch` does it all again when a
//! file changes.

mod definitions;
mod excerpt;
mod files;
mod judge;
mod junit;
mod progress;
mod terminal;
mod text;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use vardbro::fhir::{Library, outcome};
use vardbro::packages;

use self::files::Gathered;
use self::judge::{Judge, Judged};
use self::progress::Progress;
use super::{Outcome, print};

#[derive(clap::Args)]
pub struct Arguments {
    /// FHIR JSON files, and folders of them; `-` is standard input.
    #[arg(required = true, value_name = "FILE|FOLDER")]
    files: Vec<PathBuf>,
    /// Hold every resource against this profile as well: its canonical URL, or the file of its StructureDefinition.
    #[arg(long, value_name = "URL|FILE")]
    profile: Vec<String>,
    /// How to say what was found.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// A FHIR package (package.tgz, or a folder) with definitions to know.
    #[arg(long, value_name = "PATH")]
    package: Vec<PathBuf>,
    /// Stay, and validate again whenever a file changes.
    #[arg(long)]
    watch: bool,
    /// Tell which elements that must be supported are not there.
    #[arg(long)]
    must_support: bool,
    /// The language of the text for people.
    #[arg(long, value_enum, default_value_t = Language::En)]
    language: Language,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people: each fault with its line and a caret under the place.
    Text,
    /// One OperationOutcome a file, a line each.
    Json,
    /// JUnit XML: one test case a file.
    Junit,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Language {
    /// English.
    En,
    /// Swedish.
    Sv,
}

pub fn run(arguments: &Arguments) -> Outcome {
    if arguments.watch && arguments.files.iter().any(|file| file.as_os_str() == "-") {
        return Err("standard input can't be watched".into());
    }
    let (base, notes) = packages::load(&arguments.package, None)?;
    notes.iter().for_each(|note| terminal::note(note));
    if arguments.watch {
        return watch::run(arguments, || round(arguments, &base));
    }
    round(arguments, &base)
}

/// Validates everything once.
fn round(arguments: &Arguments, base: &Arc<Library>) -> Outcome {
    let gathered = files::gather(&arguments.files);
    let known = definitions::known(&arguments.profile, base, &gathered.inputs)?;
    let judge = Judge::new(known, arguments.must_support);
    let mut report = Report::new(arguments, &gathered);
    for input in &gathered.inputs {
        report.progress.at(&input.name);
        let result = input.read().map(|bytes| judge.judge(input, bytes));
        report.add(result)?;
    }
    report.finish(&gathered)
}

/// What came of the files so far.
struct Report<'a> {
    arguments: &'a Arguments,
    progress: Progress,
    judged: Vec<Judged>,
    unread: Vec<(String, String)>,
    valid: usize,
    invalid: usize,
}

impl<'a> Report<'a> {
    fn new(arguments: &'a Arguments, gathered: &Gathered) -> Self {
        let progress = Progress::new(gathered.inputs.len());
        Self { arguments, progress, judged: Vec::new(), unread: Vec::new(), valid: 0, invalid: 0 }
    }

    fn add(&mut self, result: Result<Judged, (String, String)>) -> Result<(), String> {
        match result {
            Ok(judged) => {
                if judged.is_valid() {
                    self.valid += 1;
                } else {
                    self.invalid += 1;
                }
                self.show(judged)
            }
            Err(unread) => {
                self.unread.push(unread);
                Ok(())
            }
        }
    }

    fn show(&mut self, judged: Judged) -> Result<(), String> {
        match self.arguments.format {
            Format::Json => print(&format!("{}\n", outcome::to_json(&judged.issues))),
            Format::Text => {
                self.progress.clear();
                print(&text::render(&judged, self.arguments.language, terminal::Paint::of_output()))
            }
            Format::Junit => {
                self.judged.push(judged.without_source());
                Ok(())
            }
        }
    }

    fn finish(mut self, gathered: &Gathered) -> Outcome {
        self.progress.clear();
        self.unread.extend(gathered.faults.iter().cloned());
        for (name, why) in &self.unread {
            terminal::fault(&format!("{name}: {why}"));
        }
        for (name, why) in &gathered.skipped {
            terminal::note(&format!("{name}: {why}"));
        }
        if self.arguments.format == Format::Junit {
            print(&junit::render(&self.judged, &self.unread, &gathered.skipped))?;
        }
        self.summary(gathered)?;
        Ok(ExitCode::from(match (self.unread.is_empty(), self.invalid) {
            (false, _) => 2,
            (true, 0) => 0,
            (true, _) => 1,
        }))
    }

    /// One line in the end, where there was more than one file.
    fn summary(&self, gathered: &Gathered) -> Result<(), String> {
        let unchecked = self.unread.len() + gathered.skipped.len();
        let total = self.valid + self.invalid + unchecked;
        if total < 2 && !gathered.has_folder {
            return Ok(());
        }
        let line = text::summary(self.arguments.language, self.valid, self.invalid, unchecked);
        if self.arguments.format == Format::Text {
            return print(&format!("{line}\n"));
        }
        terminal::note(&line);
        Ok(())
    }
}
