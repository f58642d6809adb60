//! A gateway as it runs, with its server, its background work, and a small county of enrolled patients.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use vardbro::access::{ActorRole, Caller, Purpose, Scopes};
use vardbro::app::{App, Setup, StartFault};
use vardbro::audit::{Entry as AuditEntry, Interaction};
use vardbro::authn::{Algorithm, Client, Clients, KeyPair};
use vardbro::clock::SystemClock;
use vardbro::delivery::{Guard, Policy};
use vardbro::entropy::SystemEntropy;
use vardbro::exchange::Validation;
use vardbro::exchange::receive::{Submission, receive};
use vardbro::exchange::{Answer, Call, Gateway, entries};
use vardbro::fhir::Document;
use vardbro::http::Limits;
use vardbro::store::SqliteStore;
use vardbro::store::sqlite::SqliteOptions;
use vardbro::telemetry;

use super::county;
use super::texts::REGION;
use crate::measure::load::{Figure, callers};
use crate::measure::{Effort, Failure, cpu, now};

/// A gateway that serves.
pub struct Running {
    /// What use cases need.
    pub gateway: Gateway,
    /// The region's system.
    pub caller: Arc<Caller>,
    /// Its `Authorization` header.
    pub authorization: String,
    /// The FHIR base.
    pub base: String,
    /// The runtime that the gateway works on.
    pub on: Handle,
    stop: watch::Sender<bool>,
    server: JoinHandle<Result<(), StartFault>>,
}

impl Running {
    /// Measures `callers` at once on a runtime, from rest to rest: the CPU time holds what follows from the calls in the
    /// background too. Says how long that went on after the last call.
    pub async fn measure<F, Fut>(
        &self,
        on: &Handle,
        at_once: usize,
        effort: Effort,
        once: F,
    ) -> Result<(Figure, String), Failure>
    where
        F: Fn(u64) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        self.rest().await?;
        let before = cpu::spent();
        let figure = callers(on, at_once, effort.stretch, once).await?;
        let end = now();
        let worked_on = self.rest().await?;
        let cpu = cpu::spent().zip(before).map(|(after, before)| after.saturating_sub(before));
        let note = if worked_on {
            format!("background done {:.1} s later", end.elapsed().as_secs_f64())
        } else {
            String::new()
        };
        Ok((figure.with_cpu(cpu), note))
    }

    /// Returns once nothing waits for the dispatcher and the re-evaluation; says whether anything did.
    async fn rest(&self) -> Result<bool, Failure> {
        let mut waited = false;
        loop {
            let queues = self.gateway.store.queue_state().await?;
            if queues.outbox == 0 && queues.marked == 0 {
                return Ok(waited);
            }
            waited = true;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Finishes what is under way.
    pub async fn stop(self) -> Result<(), Failure> {
        self.stop.send_replace(true);
        Ok(self.server.await??)
    }
}

/// Starts a gateway over an empty store and loads the county.
pub async fn start(directory: &Path, on: &Handle, effort: Effort) -> Result<Running, Failure> {
    let listener = on.spawn(TcpListener::bind("127.0.0.1:0")).await??;
    let root = format!("http://{}", listener.local_addr()?);
    let app = app(&directory.join("gateway.db"), &root)?;
    let (gateway, base) = (app.gateway.clone(), format!("{root}/fhir"));
    let (authorization, caller) = known(&app, "region-ehr")?;
    let (_, loader) = known(&app, "loader")?;
    let (stop, stopped) = watch::channel(false);
    let server = on.spawn(app.run(listener, stopped));
    county::load(&gateway, &loader, effort).await?;
    Ok(Running { gateway, caller, authorization, base, on: on.clone(), stop, server })
}

/// A gateway over the store at `path`, not running.
pub fn app(path: &Path, root: &str) -> Result<App, Failure> {
    Ok(App::new(Setup {
        store: Arc::new(SqliteStore::open(path, SqliteOptions::default())?),
        clock: Arc::new(SystemClock::new()),
        entropy: Arc::new(SystemEntropy),
        root: root.to_owned(),
        clients: Clients::new([client("region-ehr", ActorRole::CareProvider), client("loader", ActorRole::Suite)]),
        key: KeyPair::generate(Algorithm::Es256, "gateway-1")?,
        validation: Validation::default(),
        guard: Guard::default(),
        policy: Policy::default(),
        limits: Limits::default(),
        unrestricted: None,
        metrics: telemetry::start_metrics(),
    })?)
}

fn client(id: &str, role: ActorRole) -> Client {
    Client {
        id: id.into(),
        organisation: REGION.into(),
        organisation_name: "Region Västerbotten".into(),
        unit: None,
        role,
        person: None,
        purpose: Purpose::Treatment,
        scopes: Scopes::parse("system/*.cruds"),
        keys: Vec::new(),
    }
}

/// A client's header, and who it is to the gateway.
fn known(app: &App, id: &str) -> Result<(String, Arc<Caller>), Failure> {
    let now = app.gateway.clock.now();
    let client = client(id, ActorRole::Suite);
    let issued = app.web.tokens.issue(&client, &client.scopes, app.gateway.entropy.uuid(), now, 3600)?;
    let authorization = format!("Bearer {}", issued.token);
    let caller = app.web.tokens.verify(Some(&authorization), now)?;
    Ok((authorization, caller))
}

/// A call of a caller, its audit entry open.
pub fn call(gateway: &Gateway, caller: &Caller, interaction: Interaction) -> Call {
    let at = gateway.clock.now();
    let entry = AuditEntry::begin(interaction, "bench", Some(caller), "bench", at, &*gateway.entropy);
    Call { caller: caller.clone(), at, entry, refused: None, recorded: false }
}

/// Sends a transaction through the gateway.
pub async fn transact(gateway: &Gateway, caller: &Caller, bundle: &Value, notify: bool) -> Result<(), Failure> {
    let document = Document::parse(bundle.to_string()).map_err(|faults| format!("{faults:?}"))?;
    let entries = entries::of_bundle(document.root()).map_err(|issues| format!("{issues:?}"))?;
    let mut call = call(gateway, caller, Interaction::Transaction);
    let submission = Submission { document: &document, entries: &entries, idempotency: None, notify };
    let received = receive(gateway, &mut call, &submission, |_| Answer::empty(200)).await;
    received.map(|_| ()).map_err(|failure| format!("{failure:?}").into())
}
