//! The demo's clients, its first load, and `demo.json`.

use std::path::{Path, PathBuf};

use crate::access::{ActorRole, Caller, Purpose, Scopes};
use crate::audit::{Entry, Interaction};
use crate::authn::{Algorithm, Client, KeyPair};
use crate::exchange::entries;
use crate::exchange::receive::{Submission, receive};
use crate::exchange::{Answer, Call, Failure, Gateway};
use crate::fhir::{ResourceKey, Value, instant};
use crate::http::Web;

use super::{REGION, SKELLEFTEA, SUITE, Seed, UMEA, UMEA_SOCIAL, county};

/// A demo client with its private key's file.
#[derive(Debug, Clone)]
pub struct Identity {
    /// As it is registered.
    pub client: Client,
    /// The file of its private key, a JWK.
    pub key_file: PathBuf,
}

/// One line a client: id, organisation, its name, role, person, purpose, scopes.
type Line = (&'static str, &'static str, &'static str, ActorRole, Option<&'static str>, Purpose, &'static str);

const CLIENTS: [Line; 8] = [
    ("region-ehr", REGION, "Region Västerbotten", ActorRole::CareProvider, None, Purpose::Treatment, "system/*.cruds"),
    ("kommun-vg", UMEA, "Umeå kommun", ActorRole::CareProvider, None, Purpose::Treatment, "system/*.cruds"),
    (
        "kommun-skelleftea",
        SKELLEFTEA,
        "Skellefteå kommun",
        ActorRole::CareProvider,
        None,
        Purpose::Treatment,
        "system/*.cruds",
    ),
    (
        "kommun-og",
        UMEA_SOCIAL,
        "Umeå kommun, socialtjänst",
        ActorRole::SocialCareProvider,
        None,
        Purpose::CareManagement,
        "system/*.cruds",
    ),
    (
        "overview",
        UMEA,
        "Umeå kommun",
        ActorRole::CareProvider,
        Some("SE2120002627-N001"),
        Purpose::Treatment,
        "system/*.rs",
    ),
    (
        "region-it",
        REGION,
        "Region Västerbotten",
        ActorRole::Administration,
        None,
        Purpose::Administration,
        "system/AuditEvent.rs system/Organization.rs system/Endpoint.cruds system/Subscription.rs system/MeasureReport.rs",
    ),
    ("readonly", REGION, "Region Västerbotten", ActorRole::CareProvider, None, Purpose::Treatment, "system/*.rs"),
    (
        "bench",
        SUITE,
        "Vårdbro demo, suites and load",
        ActorRole::Suite,
        None,
        Purpose::Administration,
        "system/*.cruds",
    ),
];

/// The demo's clients; their keys are made at the first start and kept in `folder`.
///
/// # Errors
/// One line that says which key can't be read or written.
pub fn clients(folder: &Path) -> Result<Vec<Identity>, String> {
    std::fs::create_dir_all(folder).map_err(|fault| format!("{}: {fault}", folder.display()))?;
    CLIENTS.iter().map(|line| identity(line, folder)).collect()
}

fn identity(&(id, organisation, name, role, person, purpose, scope): &Line, folder: &Path) -> Result<Identity, String> {
    let key_file = folder.join(format!("{id}.jwk.json"));
    let key = client_key(&key_file, id).map_err(|fault| format!("{}: {fault}", key_file.display()))?;
    let client = Client {
        id: id.into(),
        organisation: organisation.into(),
        organisation_name: name.into(),
        unit: None,
        role,
        person: person.map(Into::into),
        purpose,
        scopes: Scopes::parse(scope),
        keys: vec![key.public().clone()],
    };
    Ok(Identity { client, key_file })
}

fn client_key(file: &Path, id: &str) -> Result<KeyPair, String> {
    if let Ok(text) = std::fs::read_to_string(file) {
        return serde_json::from_str(&text).map_err(|fault| fault.to_string());
    }
    let key = KeyPair::generate(Algorithm::Es384, format!("{id}-1")).map_err(|fault| fault.to_string())?;
    let text = serde_json::to_string(&key).map_err(|fault| fault.to_string())?;
    crate::app::write_secret(file, &text).map_err(|fault| fault.to_string())?;
    Ok(key)
}

/// As long as any demo lasts, in seconds: ten years.
const AS_LONG_AS_THE_DEMO: i64 = 10 * 366 * 24 * 3600;

/// The content of `demo.json`.
///
/// # Errors
/// Where a token can't be signed.
pub fn manifest(web: &Web, identities: &[Identity], root: &str) -> Result<String, String> {
    let now = web.gateway.clock.now();
    let mut clients = Vec::new();
    for Identity { client, key_file } in identities {
        let issued = web
            .tokens
            .issue(client, &client.scopes, web.gateway.entropy.uuid(), now, AS_LONG_AS_THE_DEMO)
            .map_err(|fault| fault.to_string())?;
        let file = std::fs::canonicalize(key_file).unwrap_or_else(|_| key_file.clone());
        clients.push(Value::from([
            ("id", client.id.clone().into()),
            ("organization", client.organisation_name.clone().into()),
            ("hsaId", client.organisation.clone().into()),
            ("actorRole", client.role.as_str().into()),
            ("scope", issued.scopes.to_string().into()),
            ("token", issued.token.into()),
            ("keyFile", file.display().to_string().into()),
            ("kid", client.keys.first().map(|key| key.kid.clone()).into()),
        ]));
    }
    let manifest = Value::from([
        ("base", root.into()),
        ("fhir", format!("{root}/fhir").into()),
        ("clock", instant::format(now).into()),
        ("clients", clients.into()),
    ]);
    Ok(format!("{manifest:#}\n"))
}

/// What the first load brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loaded {
    /// Resources that were written now.
    Now(usize),
    /// The data of an earlier start goes on.
    Before,
}

impl Loaded {
    /// For the line that says that the demo is ready.
    pub fn in_words(self) -> String {
        match self {
            Self::Now(count) => format!(" with {count} resources of a generated county"),
            Self::Before => " with the data of its last start".into(),
        }
    }
}

/// Loads the county into an empty store. The municipality's endpoint leads to `receiver`.
///
/// # Errors
/// One line that says what was refused; an unfinished load is begun anew at the next start.
pub async fn load(gateway: &Gateway, receiver: &str) -> Result<Loaded, String> {
    let Some(done) = ResourceKey::parse("Basic/demo-county-is-loaded") else { return Ok(Loaded::Before) };
    if gateway.store.read(&done).await.map_err(|fault| fault.to_string())?.is_some() {
        return Ok(Loaded::Before);
    }
    let mut count = 0;
    for seed in county(gateway.clock.now(), COUNTY_SEED, Some(receiver)) {
        count += submit(gateway, seed).await?;
    }
    submit(gateway, Seed { caregiver: SUITE, unit: None, bundle: mark(&done) }).await?;
    Ok(Loaded::Now(count))
}

/// Any number does; this one makes the county that the README tells of.
const COUNTY_SEED: u64 = 24;

fn mark(key: &ResourceKey) -> Value {
    let resource = Value::from([
        ("resourceType", "Basic".into()),
        ("id", key.id.as_str().into()),
        ("code", Value::from([("text", "The demo county is loaded".into())])),
    ]);
    let request = Value::from([("method", "PUT".into()), ("url", key.to_string().into())]);
    let entry = Value::from([("resource", resource), ("request", request)]);
    Value::from([("resourceType", "Bundle".into()), ("type", "transaction".into()), ("entry", vec![entry].into())])
}

async fn submit(gateway: &Gateway, seed: Seed) -> Result<usize, String> {
    let document = seed.bundle.to_document();
    let entries = entries::of_bundle(document.root()).map_err(|faults| in_a_line(&Failure::Unreadable(faults)))?;
    let count = entries.len();
    let mut call = call(gateway, &seed);
    let submission = Submission { document: &document, entries: &entries, idempotency: None, notify: false };
    receive(gateway, &mut call, &submission, |_| Answer::empty(200)).await.map_err(|failure| in_a_line(&failure))?;
    Ok(count)
}

fn in_a_line(failure: &Failure) -> String {
    let issues = match failure {
        Failure::Unreadable(issues) | Failure::Invalid(issues) => issues
            .iter()
            .filter(|i| i.is_error())
            .map(|i| format!("{i} {}", i.place.pointer))
            .collect::<Vec<_>>()
            .join("; "),
        other => format!("{other:?}"),
    };
    format!("the county can't be loaded: {issues}")
}

fn call(gateway: &Gateway, seed: &Seed) -> Call {
    let caller = Caller {
        client: "demo-load".into(),
        organisation: seed.caregiver.to_owned(),
        organisation_name: String::new(),
        unit: seed.unit.clone(),
        role: ActorRole::Suite,
        person: None,
        purpose: Purpose::Administration,
        scopes: Scopes::parse("system/*.cruds"),
    };
    let at = gateway.clock.now();
    let entry = Entry::begin(Interaction::Transaction, "demo.load", Some(&caller), "", at, &*gateway.entropy);
    Call { caller, at, entry, refused: None, recorded: false }
}
