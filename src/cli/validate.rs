//! `vardbro validate FILE...`

use std::path::PathBuf;
use std::process::ExitCode;

use vardbro::clock::{Clock, SystemClock};
use vardbro::exchange::failure::syntax_issue;
use vardbro::fhir::tree::Limits;
use vardbro::fhir::{Document, Issue, Library, outcome};
use vardbro::validate::Setting;

use super::{Outcome, print};

#[derive(clap::Args)]
pub struct Arguments {
    /// FHIR JSON files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// How to say what was found.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Lines for people.
    Text,
    /// One OperationOutcome a file, a line each.
    Json,
}

pub fn run(arguments: &Arguments) -> Outcome {
    let mut valid = true;
    for file in &arguments.files {
        let bytes = std::fs::read(file).map_err(|fault| format!("{}: {fault}", file.display()))?;
        let issues = judge(&bytes);
        valid &= !issues.iter().any(Issue::is_error);
        match arguments.format {
            Format::Json => print(&format!("{}\n", outcome::to_json(&issues)))?,
            Format::Text => {
                let verdict = if issues.iter().any(Issue::is_error) { "invalid" } else { "valid" };
                print(&format!("{}: {verdict}\n", file.display()))?;
                for issue in &issues {
                    print(&format!("  {issue}\n"))?;
                }
            }
        }
    }
    Ok(if valid { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn judge(bytes: &[u8]) -> Vec<Issue> {
    match Document::parse_bytes(bytes, Limits::default()) {
        Ok(document) => {
            let setting = Setting::new(Library::embedded(), SystemClock::new().now());
            vardbro::validate::resource(&document, &setting).issues
        }
        Err(faults) => faults.into_iter().map(syntax_issue).collect(),
    }
}
