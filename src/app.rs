//! How the parts are put together: a gateway over a store, its background work, and the server in front.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::agreement::{Agreement, EvidenceKinds};
use crate::authn::{Algorithm, Assertions, Clients, KeyPair, Tokens};
use crate::clock::SharedClock;
use crate::delivery::{Courier, Deliverer, Dispatcher, Guard, Parts, Policy};
use crate::entropy::SharedEntropy;
use crate::exchange::disclosure::{self, Disclosures};
use crate::exchange::routing::{Routing, SendPermission};
use crate::exchange::{Gateway, Validation, Wake, reevaluate};
use crate::http::{Limits, Web, router};
use crate::store::Store;

/// What an app is made of.
pub struct Setup {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: SharedClock,
    /// Randomness.
    pub entropy: SharedEntropy,
    /// The root URL as clients see it, without a slash at its end.
    pub root: String,
    /// The registered clients.
    pub clients: Clients,
    /// The key that signs access tokens.
    pub key: KeyPair,
    /// What validation goes by.
    pub validation: Validation,
    /// Where deliveries may go.
    pub guard: Guard,
    /// The numbers of delivery.
    pub policy: Policy,
    /// The numbers of HTTP.
    pub limits: Limits,
    /// HSA-id of an organisation that the policy does not restrict; the demo's alone.
    pub unrestricted: Option<Arc<str>>,
    /// The metrics page, where metrics run.
    pub metrics: Option<metrics_exporter_prometheus::PrometheusHandle>,
}

/// Why an app can't start.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each text says it")]
pub enum StartFault {
    #[error("the key of the gateway: {0}")]
    Key(String),
    #[error("the client for deliveries: {0}")]
    Courier(String),
    #[error("the server: {0}")]
    Serve(#[from] std::io::Error),
    #[error("the background work: {0}")]
    Background(String),
}

/// A gateway that is put together and not running yet.
pub struct App {
    /// What use cases need.
    pub gateway: Gateway,
    /// What handlers share.
    pub web: Web,
    dispatcher: Dispatcher,
    deliverer: Arc<Deliverer>,
}

impl App {
    /// Puts the parts together.
    ///
    /// # Errors
    /// [`StartFault`].
    pub fn new(setup: Setup) -> Result<Self, StartFault> {
        let base = format!("{}/fhir", setup.root);
        let gateway = Gateway {
            store: setup.store,
            clock: setup.clock,
            entropy: setup.entropy,
            base: base.clone().into(),
            seal: Arc::new(crate::exchange::Seal::new(&setup.key.derive("page link"))),
            evidence: EvidenceKinds::embedded(),
            agreements: Agreement::embedded().to_vec().into(),
            guard: Arc::new(setup.guard),
            validation: Arc::new(setup.validation),
            wake: Arc::new(Wake::default()),
        };
        let clients = Arc::new(setup.clients);
        let tokens =
            Tokens::new(setup.key, &setup.root, &base, clients.clone()).map_err(|f| StartFault::Key(f.to_string()))?;
        let web = Web {
            gateway: gateway.clone(),
            tokens: Arc::new(tokens),
            assertions: Arc::new(Assertions::new(&format!("{}/oauth2/token", setup.root), clients)),
            root: setup.root.into(),
            limits: setup.limits,
            places: Arc::new(tokio::sync::Semaphore::new(setup.limits.places)),
            metrics: setup.metrics,
        };
        let routing = Arc::new(Routing::new(gateway.clone()));
        let courier =
            Courier::new(gateway.guard.clone(), &setup.policy).map_err(|f| StartFault::Courier(f.to_string()))?;
        let wake = &gateway.wake;
        let dispatcher = Dispatcher::new(
            gateway.store.clone(),
            routing.clone(),
            gateway.clock.clone(),
            setup.policy.clone(),
            wake.dispatch.clone(),
            wake.deliver.clone(),
        );
        let deliverer = Deliverer::new(Parts {
            store: gateway.store.clone(),
            receivers: routing,
            permission: Arc::new(SendPermission::new(gateway.clone(), setup.unrestricted)),
            log: Arc::new(Disclosures::new(gateway.clone())),
            courier,
            clock: gateway.clock.clone(),
            entropy: gateway.entropy.clone(),
            policy: setup.policy,
            base,
            wake: wake.deliver.clone(),
        });
        Ok(Self { gateway, web, dispatcher, deliverer })
    }

    /// Serves on `listener` and works in the background until `stop` says so; then finishes what is under way.
    ///
    /// # Errors
    /// Where the server can't run.
    pub async fn run(self, listener: TcpListener, stop: watch::Receiver<bool>) -> Result<(), StartFault> {
        // The stored definitions are read before the first request needs them; one that comes meanwhile waits for them.
        if let Err(refused) = self.gateway.validation.definitions.library(&*self.gateway.store).await {
            tracing::warn!(%refused, "the stored definitions could not be read yet");
        }
        let mut background = JoinSet::new();
        let (dispatcher, deliverer) = (self.dispatcher, self.deliverer);
        let stopped = stop.clone();
        background.spawn(async move { dispatcher.run(until(stopped)).await });
        let stopped = stop.clone();
        background.spawn(async move { deliverer.run(until(stopped)).await });
        background.spawn(reevaluate::run(self.gateway.clone(), until(stop.clone())));
        background.spawn(housekeeping(self.gateway.clone(), stop.clone()));
        let service = router(&self.web);
        let serving = axum::serve(listener, service).with_graceful_shutdown(until(stop.clone()));
        let ended = tokio::select! {
            served = serving => { served?; None }
            ended = background.join_next() => ended,
        };
        // Writes must not go on being acknowledged while nobody delivers or judges: better to stop and be restarted.
        if let (Some(ended), false) = (ended, *stop.borrow()) {
            let why = ended.err().map_or_else(|| "a background task ended".to_owned(), |fault| fault.to_string());
            tracing::error!(why, "stopping: the background work is not whole");
            return Err(StartFault::Background(why));
        }
        while background.join_next().await.is_some() {}
        Ok(())
    }
}

/// Returns once `stop` is true or nobody can say so any more.
pub async fn until(mut stop: watch::Receiver<bool>) {
    let _ = stop.wait_for(|stopped| *stopped).await;
}

/// How long answers are kept for requests that are sent again.
const KEEP_ANSWERS: Duration = Duration::from_secs(48 * 3600);
const HOUSEKEEPING: Duration = Duration::from_secs(60);

/// Closes audit entries that nobody will close any more, and forgets what is past its time.
async fn housekeeping(gateway: Gateway, stop: watch::Receiver<bool>) {
    loop {
        let now = gateway.clock.now();
        if let Err(refused) = disclosure::sweep(&gateway).await {
            tracing::warn!(%refused, "open audit entries could not be swept");
        }
        if let Err(refused) = gateway.store.sweep(now, now - KEEP_ANSWERS).await {
            tracing::warn!(%refused, "what is past its time could not be forgotten");
        }
        tokio::select! {
            () = until(stop.clone()) => return,
            () = gateway.clock.sleep_until(now + HOUSEKEEPING) => {}
        }
    }
}

/// The gateway's own key from a file that only its owner can read; made at the first start.
///
/// # Errors
/// Where the file can't be read or written.
pub fn own_key(path: &Path) -> Result<KeyPair, StartFault> {
    let fault = |why: &dyn std::fmt::Display| StartFault::Key(why.to_string());
    match std::fs::read_to_string(path) {
        Ok(text) => return serde_json::from_str(&text).map_err(|f| fault(&f)),
        Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => {}
        // A key that is there and can't be read must not be replaced: tokens and page links hang on it.
        Err(other) => return Err(fault(&other)),
    }
    let key = KeyPair::generate(Algorithm::Es256, "gateway-1").map_err(|f| fault(&f))?;
    write_secret(path, &serde_json::to_string(&key).map_err(|f| fault(&f))?)?;
    Ok(key)
}

/// Writes a file that only its owner can read.
///
/// # Errors
/// Where it can't be written.
pub fn write_secret(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
