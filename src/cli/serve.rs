//! `vardbro serve --config FILE`

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;
use vardbro::app::{App, Setup, own_key};
use vardbro::authn::Clients;
use vardbro::clock::{SharedClock, SystemClock};
use vardbro::config::{Config, Terminology};
use vardbro::delivery::Policy;
use vardbro::entropy::SystemEntropy;
use vardbro::exchange::Validation;
use vardbro::exchange::terminology::{HttpTerminology, TerminologyService};
use vardbro::exchange::validation;
use vardbro::fhir::Library;
use vardbro::http::Limits;
use vardbro::packages;
use vardbro::store::SqliteStore;
use vardbro::store::sqlite::SqliteOptions;
use vardbro::telemetry;

use super::{Outcome, interrupted};

#[derive(clap::Args)]
pub struct Arguments {
    /// The configuration file (TOML); `VARDBRO_...` variables override it.
    #[arg(long)]
    config: PathBuf,
}

pub async fn run(arguments: Arguments) -> Outcome {
    let config = Config::load(&arguments.config).map_err(|faults| faults.to_string())?;
    telemetry::start_logging("info");
    std::fs::create_dir_all(&config.data).map_err(|fault| format!("{}: {fault}", config.data.display()))?;
    let library = packages::load(&config.packages, Some(&config.data.join("packages")))?;
    let clock: SharedClock = Arc::new(SystemClock::new());
    let service = config.terminology.map(|it| terminology(&it, clock.clone())).transpose()?;
    let validation = validation(config.validation, library).asking(service);
    let store =
        SqliteStore::open(&config.data.join("vardbro.sqlite"), SqliteOptions::default()).map_err(|f| f.to_string())?;
    let setup = Setup {
        store: Arc::new(store),
        clock,
        entropy: Arc::new(SystemEntropy),
        root: config.root,
        clients: Clients::new(config.clients),
        key: own_key(&config.data.join("gateway-key.json")).map_err(|fault| fault.to_string())?,
        validation,
        guard: config.guard,
        policy: Policy::default(),
        limits: Limits::default(),
        unrestricted: None,
        metrics: telemetry::start_metrics(),
    };
    let app = App::new(setup).map_err(|fault| fault.to_string())?;
    let listener = TcpListener::bind(config.listen).await.map_err(|fault| format!("{}: {fault}", config.listen))?;
    tracing::info!(listen = %config.listen, "serving");
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        interrupted().await;
        stop.send_replace(true);
    });
    app.run(listener, stopped).await.map_err(|fault| fault.to_string())?;
    Ok(ExitCode::SUCCESS)
}

/// The terminology service of the configuration.
fn terminology(config: &Terminology, clock: SharedClock) -> Result<Arc<dyn TerminologyService>, String> {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
    let client = client.map_err(|fault| format!("terminology: {fault}"))?;
    Ok(Arc::new(HttpTerminology::new(config.url.as_str(), config.timeout, client, clock)))
}

/// What validation goes by, with a line for each thing about the packages that whoever runs the gateway should know.
fn validation(policy: validation::Policy, (library, notes): (Arc<Library>, Vec<String>)) -> Validation {
    for note in &notes {
        tracing::warn!(note, "about the packages");
    }
    for profile in policy.unknown(&library) {
        tracing::warn!(profile, "a required profile is not at hand");
    }
    Validation::new(policy, library)
}
