//! `vardbro demo`: a whole gateway on the generated county, its clients, and a little municipal receiver.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::watch;
use vardbro::app::{App, Setup, own_key, until, write_secret};
use vardbro::authn::Clients;
use vardbro::clock::{SharedClock, SystemClock};
use vardbro::delivery::receive::{self, Options};
use vardbro::delivery::{Guard, Policy};
use vardbro::demo;
use vardbro::entropy::SystemEntropy;
use vardbro::exchange::Validation;
use vardbro::exchange::validation;
use vardbro::http::Limits;
use vardbro::packages;
use vardbro::store::SqliteStore;
use vardbro::store::sqlite::SqliteOptions;
use vardbro::telemetry;

use super::{Outcome, interrupted, print};

#[derive(clap::Args)]
pub struct Arguments {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The folder that the demo lives in; a second start goes on with it.
    #[arg(long, default_value = "./var/demo")]
    data: PathBuf,
    /// The instant that the gateway starts at; time then runs on from it.
    #[arg(long)]
    clock: Option<Timestamp>,
    /// The store's engine; `sqlite` is what this version has.
    #[arg(long, default_value = "sqlite")]
    store: String,
    /// A FHIR package (package.tgz, or a folder) with definitions to know.
    #[arg(long, value_name = "PATH")]
    package: Vec<PathBuf>,
    /// Where the little municipal receiver listens.
    #[arg(long, default_value = "127.0.0.1:8090")]
    receiver: SocketAddr,
}

pub async fn run(arguments: Arguments) -> Outcome {
    if arguments.store != "sqlite" {
        return Err(format!("--store {}: this version has the engine sqlite alone", arguments.store));
    }
    telemetry::start_logging("warn");
    let data = &arguments.data;
    std::fs::create_dir_all(data).map_err(|fault| format!("{}: {fault}", data.display()))?;
    let clock: SharedClock = Arc::new(arguments.clock.map_or_else(SystemClock::new, SystemClock::starting_at));
    let listener = bind(arguments.listen).await?;
    let root = format!("http://{}", listener.local_addr().map_err(|fault| fault.to_string())?);
    let (stop, stopped) = watch::channel(false);
    let (receiver, receiving) = start_receiver(arguments.receiver, clock.clone(), stopped.clone()).await?;

    let identities = demo::clients(&data.join("keys"))?;
    let (library, notes) = packages::load(&arguments.package, Some(&data.join("packages")))?;
    notes.iter().try_for_each(|note| print(&format!("{note}\n")))?;
    let validation = Validation::new(validation::Policy::default(), library);
    let app = app(data, &clock, &root, &identities, validation)?;
    let loaded = demo::load(&app.gateway, &receiver).await?;
    let manifest = demo::manifest(&app.web, &identities, &root)?;
    let file = data.join("demo.json");
    write_secret(&file, &manifest).map_err(|fault| format!("{}: {fault}", file.display()))?;
    print(&table(&root, &receiver, &file, &loaded))?;

    tokio::spawn(async move {
        interrupted().await;
        stop.send_replace(true);
    });
    app.run(listener, stopped).await.map_err(|fault| fault.to_string())?;
    // The receiver stops by the same signal; what it still has to say is not worth waiting for.
    receiving.abort();
    print("\nThe demo has ended; start it again to go on with the same data.\n")?;
    Ok(ExitCode::SUCCESS)
}

async fn bind(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|fault| format!("{address}: {fault}; choose another with --listen"))
}

fn app(
    data: &Path,
    clock: &SharedClock,
    root: &str,
    identities: &[demo::Identity],
    validation: Validation,
) -> Result<App, String> {
    let store =
        SqliteStore::open(&data.join("vardbro.sqlite"), SqliteOptions::default()).map_err(|fault| fault.to_string())?;
    App::new(Setup {
        store: Arc::new(store),
        clock: clock.clone(),
        entropy: Arc::new(SystemEntropy),
        root: root.to_owned(),
        clients: Clients::new(identities.iter().map(|identity| identity.client.clone())),
        key: own_key(&data.join("gateway-key.json")).map_err(|fault| fault.to_string())?,
        validation,
        guard: Guard { allow_loopback: true, ..Guard::default() },
        policy: Policy::default(),
        limits: Limits::default(),
        unrestricted: Some(demo::SUITE.into()),
        metrics: telemetry::start_metrics(),
    })
    .map_err(|fault| fault.to_string())
}

/// Starts the receiver, at another port where its own is taken.
async fn start_receiver(
    address: SocketAddr,
    clock: SharedClock,
    stop: watch::Receiver<bool>,
) -> Result<(String, tokio::task::JoinHandle<std::io::Result<()>>), String> {
    let listener = match TcpListener::bind(address).await {
        Ok(listener) => listener,
        Err(_) => bind(SocketAddr::new(address.ip(), 0)).await?,
    };
    let url = format!("http://{}/", listener.local_addr().map_err(|fault| fault.to_string())?);
    let options = Options { fail_rate: 0.0, delay: std::time::Duration::ZERO, seed: 1, clock };
    let serving = tokio::spawn(receive::serve(listener, options, std::io::stdout(), until(stop)));
    Ok((url, serving))
}

fn table(root: &str, receiver: &str, file: &Path, loaded: &demo::Loaded) -> String {
    format!(
        "\nVårdbro's demo is ready{}.\n\n\
         \u{20} FHIR R4            {root}/fhir            (what works: {root}/fhir/metadata)\n\
         \u{20} Concepts           {root}/concepts/medication-list\n\
         \u{20} Obligations        {root}/obligations?subject=Patient/p028\n\
         \u{20} Umeå's receiver    {receiver}received\n\
         \u{20} Metrics, health    {root}/metrics  {root}/readyz\n\
         \u{20} Clients, tokens    {}\n\n\
         The README's tour goes on from here. Ctrl-C ends the demo; the data stays.\n\n",
        loaded.in_words(),
        file.display()
    )
}
