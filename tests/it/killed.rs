//! The real process is killed while it works, fifty times: whatever it acknowledged is there, once, with its audit entry
//! and its deliveries.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use vardbro::audit::Entry;
use vardbro::authn::{Algorithm, KeyPair};
use vardbro::clock::{Clock, SystemClock};
use vardbro::entropy::{Entropy, SeededEntropy};
use vardbro::fhir::ResourceKey;
use vardbro::store::Store;

use crate::harness::county::local;
use crate::harness::messages::*;
use crate::harness::*;

const ROUNDS: usize = 50;
const CONNECTIONS: usize = 16;

/// A gateway's folder, its port and its one client.
struct Place {
    folder: TempDir,
    root: String,
    key: KeyPair,
    http: reqwest::Client,
}

/// A running process that is killed at the latest when it is dropped.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Place {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let root = format!("http://127.0.0.1:{port}");
        let key = KeyPair::generate(Algorithm::Es384, "region-1").unwrap();
        let jwks = folder.path().join("region.jwks.json");
        std::fs::write(&jwks, json!({"keys": [key.public()]}).to_string()).unwrap();
        let config = format!(
            "listen = '127.0.0.1:{port}'\nroot = '{root}'\ndata = '{}'\nallow_loopback_receivers = true\n\
             [[clients]]\nid = 'region'\norganisation = '{}'\norganisation_name = 'Region'\nrole = 'care-provider'\n\
             scope = 'system/*.cruds'\njwks = '{}'\n",
            folder.path().join("data").display(),
            REGION.organisation,
            jwks.display()
        );
        std::fs::write(folder.path().join("vardbro.toml"), config).unwrap();
        Self { folder, root, key, http: reqwest::Client::builder().no_proxy().build().unwrap() }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Starts the process and waits until it answers.
    async fn start(&self) -> Process {
        let log = std::fs::File::options().create(true).append(true).open(self.file("log")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_vardbro"));
        command.args(["serve", "--config"]).arg(self.file("vardbro.toml")).env("RUST_LOG", "warn");
        let process = Process(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap());
        let anonymous = self.caller();
        for _ in 0..1000 {
            if anonymous.try_send("GET", "/readyz", "").await.is_ok_and(|reply| reply.status == 200) {
                return process;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("not ready: {}", std::fs::read_to_string(self.file("log")).unwrap());
    }

    fn caller(&self) -> Caller {
        Caller { http: self.http.clone(), root: self.root.clone(), headers: Vec::new() }
    }

    /// A caller with a new token; the id of the assertion must be new.
    async fn signed_in(&self, jti: usize) -> Caller {
        let now = SystemClock::new().now().as_second();
        let aud = format!("{}/oauth2/token", self.root);
        let claims =
            json!({"iss": "region", "sub": "region", "aud": aud, "exp": now + 200, "iat": now, "jti": jti.to_string()});
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            .append_pair("client_assertion", &self.key.sign(&claims).unwrap())
            .append_pair("scope", "system/*.cruds")
            .finish();
        let token = self.caller().send("POST", "/oauth2/token", form).await.expect(200).json();
        self.caller().with("Authorization", format!("Bearer {}", token["access_token"].as_str().unwrap()))
    }
}

/// What was sent, by idempotency key, and where the acknowledged of it came to lie.
#[derive(Default)]
struct Ledger {
    sent: BTreeMap<String, (String, Value)>,
    acknowledged: BTreeMap<String, Vec<String>>,
}

/// The places that an answer names.
fn places(reply: &Reply) -> Vec<String> {
    if !reply.header("location").is_empty() {
        return vec![local(reply.header("location"))];
    }
    let entries = reply.json()["entry"].as_array().cloned().unwrap_or_default();
    entries.iter().map(|e| local(e["response"]["location"].as_str().unwrap())).collect()
}

/// A named list by itself, or in a transaction with a medicine.
fn message(key: &str, number: u64) -> (String, Value) {
    let list = named_list("Patient/p", key);
    if number.is_multiple_of(2) {
        return ("/fhir/List".to_owned(), list);
    }
    let url = "urn:uuid:00000000-0000-4000-8000-000000000001";
    let mut list = list;
    list["entry"] = json!([{"item": {"reference": url}}]);
    let entries = [post(&urn(2), &list), post(url, &statement("Patient/p", "N02BE01"))];
    ("/fhir".to_owned(), bundle("transaction", &entries))
}

/// Sends until the gateway is gone; what was sent and what was acknowledged.
async fn hammer(caller: Caller, numbers: Arc<AtomicU64>) -> Ledger {
    let mut ledger = Ledger::default();
    loop {
        let number = numbers.fetch_add(1, Ordering::Relaxed);
        let key = format!("key-{number}");
        let (path, body) = message(&key, number);
        ledger.sent.insert(key.clone(), (path.clone(), body.clone()));
        let sender = caller.clone().with("Idempotency-Key", &key).with("Content-Type", "application/fhir+json");
        match sender.try_send("POST", &path, body.to_string()).await {
            Ok(reply) => {
                assert!(matches!(reply.status, 200 | 201), "{reply:?}");
                ledger.acknowledged.insert(key, places(&reply));
            }
            Err(_) => return ledger,
        }
    }
}

/// One life of the process: what the last one left unanswered is sent again, then everybody sends until it is killed.
async fn live_and_die(place: &Place, ledger: &mut Ledger, round: usize, numbers: &Arc<AtomicU64>, lifetime: Duration) {
    let process = place.start().await;
    let caller = place.signed_in(round).await;
    send_again(&caller, ledger).await;
    let hammers: Vec<_> = (0..CONNECTIONS).map(|_| tokio::spawn(hammer(caller.clone(), numbers.clone()))).collect();
    tokio::time::sleep(lifetime).await;
    drop(process);
    for hammer in hammers {
        let Ledger { sent, acknowledged } = hammer.await.unwrap();
        ledger.sent.extend(sent);
        ledger.acknowledged.extend(acknowledged);
    }
}

/// What was acknowledged must be answered as before; what was not is acknowledged now.
async fn send_again(caller: &Caller, ledger: &mut Ledger) {
    let unanswered: Vec<_> = ledger.sent.iter().filter(|(key, _)| !ledger.acknowledged.contains_key(*key)).collect();
    let mut answers = Vec::new();
    for (key, (path, body)) in unanswered {
        let reply = caller.clone().with("Idempotency-Key", key).post(path, body).await;
        assert!(matches!(reply.status, 200 | 201), "{reply:?}");
        answers.push((key.clone(), places(&reply)));
    }
    ledger.acknowledged.extend(answers);
    if let Some((key, places_before)) = ledger.acknowledged.iter().next_back() {
        let (path, body) = &ledger.sent[key];
        let again = caller.clone().with("Idempotency-Key", key).post(path, body).await;
        assert_eq!(places(&again), *places_before);
    }
}

/// Everything that is on disk, read by a gateway of our own once the process is dead.
async fn everything_is_there(data: &Path, ledger: &Ledger, subscriptions: &[&str]) {
    let store = FaultyStore::open(&data.join("vardbro.sqlite"));
    let audit = store.audit_rows().await;
    let entries: Vec<Entry> = audit.iter().map(|row| Entry::parse(&row.entry).unwrap()).collect();
    let recorded: BTreeSet<&str> =
        entries.iter().flat_map(|e| e.touched.iter().map(|t| t.reference.as_str())).collect();
    let deliveries = store.all_deliveries().await;
    for (key, places) in &ledger.acknowledged {
        for reference in places {
            let resource = ResourceKey::parse(reference).unwrap();
            let found =
                store.read(&resource).await.unwrap().unwrap_or_else(|| panic!("{key} was acknowledged and is lost"));
            assert_eq!(found.version, 1, "{key} was done twice");
            assert!(recorded.contains(format!("{reference}/_history/1").as_str()), "{key} has no audit entry");
            if reference.starts_with("List/") {
                for subscription in subscriptions {
                    let told = deliveries.iter().filter(|d| {
                        d.what.receiver == *subscription && d.what.changes.iter().any(|(k, _)| *k == resource)
                    });
                    assert_eq!(told.count(), 1, "{key} to {subscription}");
                }
            }
        }
    }
    let unique: BTreeSet<_> = deliveries.iter().map(|d| d.what.idempotency_key.as_str()).collect();
    assert_eq!(unique.len(), deliveries.len(), "a delivery is there twice");
    assert_eq!(store.verify_audit().await.unwrap().broken_at, None);
}

/// Nothing is there that the ledger does not know of: one list for each key that was sent.
async fn nothing_is_doubled(caller: &Caller, ledger: &Ledger) {
    let (mut seen, mut count) = (BTreeSet::new(), 0);
    let mut next = Some("/fhir/List?_count=500".to_owned());
    while let Some(url) = next {
        let page = caller.get(&url).await.expect(200);
        for list in page.matches() {
            count += 1;
            seen.insert(list["identifier"][0]["value"].as_str().unwrap().to_owned());
        }
        next = page.link("next");
    }
    assert_eq!((seen.len(), count), (ledger.sent.len(), ledger.sent.len()));
}

/// Waits until every change has become its deliveries. Whether those have arrived is not waited for: a lease of a process
/// that was killed lasts a minute.
async fn all_dispatched(data: &Path) {
    let store = FaultyStore::open(&data.join("vardbro.sqlite"));
    for _ in 0..3000 {
        if store.queue_state().await.unwrap().outbox == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the outbox does not empty: {:?}", store.queue_state().await);
}

/// No list was told of under two keys by one subscription: what arrived twice can be seen to have.
async fn nothing_is_told_under_two_keys(receiver: &Receiver) {
    let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for notification in receiver.received().await {
        let list = notification["resources"].to_string();
        keys.entry(list).or_default().insert(notification["key"].to_string());
    }
    assert!(!keys.is_empty() && keys.values().all(|keys| keys.len() <= 2), "two subscriptions have two keys");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_being_killed() {
    let (place, entropy, numbers) = (Place::new(), SeededEntropy::new(7), Arc::new(AtomicU64::new(0)));
    let receiver = Receiver::start(Arc::new(SystemClock::new())).await;
    let mut ledger = Ledger::default();
    {
        let _process = place.start().await;
        let caller = place.signed_in(1_000_000).await;
        caller.store(&patient("p", NUMBER)).await;
        caller.store(&subscription("one", "List?", &receiver.url)).await;
        caller.store(&subscription("two", "List?", &receiver.url)).await;
    }
    for round in 0..ROUNDS {
        let lifetime = Duration::from_millis(5 + entropy.below(80));
        live_and_die(&place, &mut ledger, round, &numbers, lifetime).await;
    }
    let process = place.start().await;
    let caller = place.signed_in(2_000_000).await;
    send_again(&caller, &mut ledger).await;
    nothing_is_doubled(&caller, &ledger).await;
    all_dispatched(&place.file("data")).await;
    drop(process);
    assert!(ledger.acknowledged.len() > ROUNDS, "{} were acknowledged", ledger.acknowledged.len());
    everything_is_there(&place.file("data"), &ledger, &["Subscription/one", "Subscription/two"]).await;
    nothing_is_told_under_two_keys(&receiver).await;
}
