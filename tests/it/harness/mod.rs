//! A whole gateway in a folder of its own, with a clock that the test moves, and those who call it.

pub mod caller;
pub mod county;
pub mod log;
pub mod messages;
pub mod receiver;
pub mod roles;
pub mod store;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use vardbro::access::Scopes;
use vardbro::app::{App, Setup, StartFault};
use vardbro::audit::Entry;
use vardbro::authn::{Algorithm, Client, Clients, KeyPair};
use vardbro::clock::{Clock, ManualClock};
use vardbro::delivery::{Guard, Policy};
use vardbro::entropy::SeededEntropy;
use vardbro::exchange::Validation;
use vardbro::http::{Limits, Web};
use vardbro::store::{Delivery, DeliveryState, Store};

pub use self::caller::{Caller, Reply};
pub use self::county::RESIDENT;
pub use self::receiver::Receiver;
pub use self::roles::*;
pub use self::store::{Fault, FaultyStore};

/// When the stories begin: a Monday morning.
pub const START: &str = "2026-03-02T08:00:00Z";

/// A running gateway.
pub struct Gateway {
    /// Its root URL.
    pub root: String,
    /// Its time.
    pub clock: Arc<ManualClock>,
    /// Its store.
    pub store: Arc<FaultyStore>,
    /// The clients' private keys, by the client's id.
    pub keys: BTreeMap<&'static str, KeyPair>,
    /// The key that signs its tokens.
    pub key: KeyPair,
    clients: BTreeMap<&'static str, Client>,
    web: Web,
    http: reqwest::Client,
    stop: watch::Sender<bool>,
    serving: JoinHandle<Result<(), StartFault>>,
    _folder: TempDir,
}

impl Gateway {
    /// An empty gateway.
    pub async fn start() -> Self {
        Self::validating_by(Validation::default()).await
    }

    /// An empty gateway with a validation of its own.
    pub async fn validating_by(validation: Validation) -> Self {
        log::capture();
        let folder = TempDir::new().unwrap();
        let store = Arc::new(FaultyStore::open(&folder.path().join("store.sqlite")));
        let clock = Arc::new(ManualClock::new(START.parse().unwrap()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let root = format!("http://{}", listener.local_addr().unwrap());
        let key = KeyPair::generate(Algorithm::Es256, "gateway-1").unwrap();
        let keys: BTreeMap<_, _> =
            ROLES.iter().map(|role| (role.id, KeyPair::generate(Algorithm::Es384, role.id).unwrap())).collect();
        let clients: BTreeMap<_, _> = ROLES.iter().map(|role| (role.id, role.client(&keys[role.id]))).collect();
        let app = App::new(Setup {
            store: store.clone(),
            clock: clock.clone(),
            entropy: Arc::new(SeededEntropy::new(1)),
            root: root.clone(),
            clients: Clients::new(clients.values().cloned()),
            key: key.clone(),
            validation,
            guard: Guard { allow_loopback: true, ..Guard::default() },
            policy: Policy::default(),
            limits: Limits::default(),
            unrestricted: Some(SUITE.organisation.into()),
            metrics: None,
        })
        .unwrap();
        let (web, (stop, stopped)) = (app.web.clone(), watch::channel(false));
        let serving = tokio::spawn(app.run(listener, stopped));
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { root, clock, store, keys, key, clients, web, http, stop, serving, _folder: folder }
    }

    /// A caller of that role with a token for all that it is registered for.
    pub fn by(&self, role: &Role) -> Caller {
        self.anonymous().with("Authorization", format!("Bearer {}", self.token(role, role.scope, 3600)))
    }

    /// A caller without a token.
    pub fn anonymous(&self) -> Caller {
        Caller { http: self.http.clone(), root: self.root.clone(), headers: Vec::new() }
    }

    /// A token of that role for some scopes and seconds.
    pub fn token(&self, role: &Role, scope: &str, lifetime: i64) -> String {
        let now = self.clock.now();
        let jti = self.web.gateway.entropy.uuid();
        self.web.tokens.issue(&self.clients[role.id], &Scopes::parse(scope), jti, now, lifetime).unwrap().token
    }

    /// All audit entries, oldest first, each with whether it is closed.
    pub async fn audit(&self) -> Vec<(Entry, bool)> {
        let read = |row: vardbro::store::AuditRow| (Entry::parse(&row.entry).unwrap(), row.closed.is_some());
        self.store.audit_rows().await.into_iter().map(read).collect()
    }

    /// The audit entries of one request.
    pub async fn audit_of(&self, request_id: &str) -> Vec<(Entry, bool)> {
        self.audit().await.into_iter().filter(|(entry, _)| entry.request_id == request_id).collect()
    }

    /// Waits until nothing waits: no outbox entry, no delivery that is due, none under way.
    pub async fn settle(&self) {
        let now = self.clock.now();
        let is_busy =
            |d: &Delivery| d.state == DeliveryState::Leased || d.state == DeliveryState::Waiting && d.next <= now;
        for _ in 0..500 {
            let outbox = self.store.queue_state().await.unwrap().outbox;
            if outbox == 0 && !self.store.all_deliveries().await.iter().any(is_busy) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the gateway does not come to rest: {:?}", self.store.all_deliveries().await);
    }

    /// Ends the gateway and fails on leftovers: a task that panicked, an audit entry that is open, a broken chain.
    pub async fn finish(self) {
        self.stop.send_replace(true);
        drop(self.http);
        tokio::time::timeout(Duration::from_secs(10), self.serving).await.unwrap().unwrap().unwrap();
        let open: Vec<_> = self.store.audit_rows().await.into_iter().filter(|row| row.closed.is_none()).collect();
        assert!(open.is_empty(), "open audit entries: {open:?}");
        assert_eq!(self.store.verify_audit().await.unwrap().broken_at, None, "the audit chain is broken");
    }
}
