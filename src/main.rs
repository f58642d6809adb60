//! The command line. Every failure is one clear line on standard error and exit 2.

mod cli;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    cli::run(cli::Arguments::parse())
}
