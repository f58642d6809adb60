//! What the gateway does on this machine: `cargo bench --bench gateway [-- directory] [--quick]`.
//!
//! Everything that it does for a request is on: token, scopes, relation, validation, index, evidence, audit, and the
//! disk before the answer; the dispatcher and the re-evaluation work beside. Gateway and load generator share the
//! machine; CPU time is the gateway's alone. `--quick` only shows that the bench runs.

mod measure;

mod gateway {
    pub mod county;
    pub mod in_process;
    pub mod over_http;
    pub mod pure;
    pub mod setup;
    pub mod texts;
    pub mod verdicts;
}

use std::path::{Path, PathBuf};

use gateway::{in_process, over_http, pure, setup, verdicts};
use measure::table::Table;
use measure::{Effort, Failure, cpu, disk};
use tokio::runtime::{Builder, Runtime};

#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
fn main() -> Result<(), Failure> {
    let parent =
        std::env::args().skip(1).find(|argument| !argument.starts_with("--")).map_or(".".into(), PathBuf::from);
    let directory = parent.join(format!("vardbro-bench-{}", std::process::id()));
    std::fs::create_dir(&directory)?;
    let measured = measure(&directory, Effort::of_arguments());
    std::fs::remove_dir_all(&directory)?;
    print!("{}", measured?);
    Ok(())
}

fn measure(directory: &Path, effort: Effort) -> Result<Table, Failure> {
    let mut table = Table::default();
    table.heading("the machine");
    table.row("4 KiB write + fdatasync", disk::synced_writes(directory, effort.stretch)?);
    pure::measure(effort, &mut table)?;
    let gateways = runtime("gateway")?;
    let load = runtime(cpu::LOAD)?;
    load.block_on(async {
        let running = setup::start(directory, gateways.handle(), effort).await?;
        in_process::measure(&running, effort, &mut table).await?;
        over_http::measure(&running, load.handle(), effort, &mut table).await?;
        running.stop().await?;
        verdicts::measure(directory, gateways.handle(), effort, &mut table).await
    })?;
    Ok(table)
}

fn runtime(name: &str) -> Result<Runtime, Failure> {
    Ok(Builder::new_multi_thread().worker_threads(2).thread_name(name).enable_all().build()?)
}
