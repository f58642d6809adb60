//! The commands of `vardbro`, one a file.

mod agreement;
mod demo;
mod load;
mod map;
mod serve;
mod validate;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// A FHIR R4 gateway between a Swedish region and its municipalities.
#[derive(Parser)]
#[command(name = "vardbro", version, about)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start a whole gateway on a generated county.
    Demo(demo::Arguments),
    /// Start a gateway from a configuration file.
    Serve(serve::Arguments),
    /// Validate FHIR JSON files: exit 0 valid, 1 invalid, 2 could not be checked.
    Validate(validate::Arguments),
    /// Map a concept to FHIR, or FHIR to a concept.
    Map(map::Arguments),
    /// Check, list and show agreements.
    #[command(subcommand)]
    Agreement(agreement::Command),
    /// A little municipal receiver that prints what it gets and can misbehave.
    Receive(vardbro::delivery::receive::Arguments),
    /// Load FHIR JSON examples into a running gateway.
    Load(load::Arguments),
}

/// What a command comes to: an exit code, or the one line that says why it failed.
pub type Outcome = Result<ExitCode, String>;

/// Runs a command.
pub fn run(arguments: Arguments) -> ExitCode {
    let outcome = match arguments.command {
        Command::Demo(arguments) => block_on(demo::run(arguments)),
        Command::Serve(arguments) => block_on(serve::run(arguments)),
        Command::Validate(arguments) => validate::run(&arguments),
        Command::Map(arguments) => map::run(&arguments),
        Command::Agreement(command) => agreement::run(&command),
        Command::Receive(arguments) => block_on(receive(arguments)),
        Command::Load(arguments) => block_on(load::run(arguments)),
    };
    outcome.unwrap_or_else(|why| {
        // Nobody is left to tell when standard error is gone.
        let _ = writeln!(std::io::stderr(), "vardbro: {why}");
        ExitCode::from(2)
    })
}

async fn receive(arguments: vardbro::delivery::receive::Arguments) -> Outcome {
    let clock = std::sync::Arc::new(vardbro::clock::SystemClock::new());
    vardbro::delivery::receive::run(arguments, clock).await.map_err(|fault| fault.to_string())?;
    Ok(ExitCode::SUCCESS)
}

fn block_on(work: impl Future<Output = Outcome>) -> Outcome {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|fault| fault.to_string())?;
    runtime.block_on(work)
}

/// Writes to standard output; a reader that went away ends the command quietly.
pub fn print(text: &str) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|fault| format!("standard output: {fault}"))
}

/// Returns at ctrl-c or SIGTERM.
pub async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
