//! `vardbro agreement check FILE... | list | show ID`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use vardbro::agreement::Agreement;
use vardbro::fhir::Issue;

use super::{Outcome, print};

#[derive(clap::Subcommand)]
pub enum Command {
    /// Check agreement files: exit 0, or 1 with every fault and its JSON pointer.
    Check {
        /// Agreement files (JSON).
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// A folder with the documents that the clauses are quoted from: each quote is looked up there.
        #[arg(long)]
        sources: Option<PathBuf>,
    },
    /// List the agreements in this program.
    List,
    /// Show one of them as JSON.
    Show {
        /// Its id.
        id: String,
    },
}

pub fn run(command: &Command) -> Outcome {
    match command {
        Command::Check { files, sources } => check(files, sources.as_deref()),
        Command::List => list(),
        Command::Show { id } => show(id),
    }
}

fn check(files: &[PathBuf], sources: Option<&Path>) -> Outcome {
    let mut sound = true;
    for file in files {
        let text = std::fs::read_to_string(file).map_err(|fault| format!("{}: {fault}", file.display()))?;
        let faults = match Agreement::parse(&text) {
            Ok(agreement) => quotes(&agreement, sources)?,
            Err(faults) => faults,
        };
        sound &= !faults.iter().any(Issue::is_error);
        let verdict = if faults.iter().any(Issue::is_error) { "faulty" } else { "sound" };
        print(&format!("{}: {verdict}\n", file.display()))?;
        for fault in &faults {
            print(&format!(
                "  {}: {fault}\n",
                if fault.place.pointer.is_empty() { "/" } else { &fault.place.pointer }
            ))?;
        }
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn quotes(agreement: &Agreement, sources: Option<&Path>) -> Result<Vec<Issue>, String> {
    let Some(sources) = sources else { return Ok(Vec::new()) };
    let file = sources.join(&agreement.document);
    let text = std::fs::read_to_string(&file).map_err(|fault| format!("{}: {fault}", file.display()))?;
    Ok(agreement.check_quotes(&text))
}

fn list() -> Outcome {
    for agreement in Agreement::embedded() {
        print(&format!("{}\t{} obligations\t{}\n", agreement.id, agreement.obligations.len(), agreement.title))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn show(id: &str) -> Outcome {
    let agreement = Agreement::embedded().iter().find(|agreement| agreement.id == id);
    let agreement =
        agreement.ok_or_else(|| format!("there is no agreement {id}; `vardbro agreement list` names them"))?;
    print(&format!("{:#}\n", agreement.to_json()))?;
    Ok(ExitCode::SUCCESS)
}
