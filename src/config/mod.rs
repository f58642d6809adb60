//! Configuration: one TOML file, `VARDBRO_...` variables over it, all problems told at once. Secrets come by file.

mod validation;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format, Toml};
use serde::Deserialize;
use url::Url;

use crate::access::{ActorRole, Purpose, Scopes};
use crate::authn::{Client, PublicKey};
use crate::delivery::Guard;
use crate::exchange::validation::{Mode, Policy};

pub use validation::Terminology;

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    listen: String,
    root: String,
    data: PathBuf,
    #[serde(default)]
    store: Option<String>,
    #[serde(default)]
    allow_loopback_receivers: bool,
    #[serde(default)]
    allowed_networks: Vec<String>,
    /// Files and folders with FHIR packages.
    #[serde(default)]
    packages: Vec<PathBuf>,
    #[serde(default)]
    terminology: Option<validation::FileTerminology>,
    #[serde(default)]
    validation: validation::FileValidation,
    #[serde(default)]
    clients: Vec<FileClient>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileClient {
    id: String,
    organisation: String,
    organisation_name: String,
    #[serde(default)]
    unit: Option<String>,
    #[serde(default)]
    person: Option<String>,
    role: ActorRole,
    #[serde(default = "treatment")]
    purpose: Purpose,
    scope: String,
    /// A JWK Set file with the client's public keys.
    jwks: PathBuf,
    /// What becomes of content of this client that breaks a profile.
    #[serde(default)]
    validation: Option<Mode>,
}

fn treatment() -> Purpose {
    Purpose::Treatment
}

/// A checked configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The root URL as clients see it, without a slash at its end.
    pub root: String,
    /// The folder for the store and the gateway's own key.
    pub data: PathBuf,
    /// Where deliveries may go.
    pub guard: Guard,
    /// Files and folders with FHIR packages.
    pub packages: Vec<PathBuf>,
    /// The terminology service that is asked what the definitions at hand do not tell.
    pub terminology: Option<Terminology>,
    /// What becomes of content that breaks a profile.
    pub validation: Policy,
    /// Who may ask for tokens.
    pub clients: Vec<Client>,
}

/// Everything that is wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the configuration has faults: {}", .0.join("; "))]
pub struct ConfigFaults(pub Vec<String>);

impl Config {
    /// Reads a file and the environment.
    ///
    /// # Errors
    /// Every fault, each naming its key.
    pub fn load(path: &Path) -> Result<Self, ConfigFaults> {
        if !path.is_file() {
            return Err(ConfigFaults(vec![format!("{} is not a file", path.display())]));
        }
        let file: File = Figment::new()
            .merge(Toml::file(path))
            .merge(Env::prefixed("VARDBRO_"))
            .extract()
            .map_err(|faults| ConfigFaults(faults.into_iter().map(|f| f.to_string()).collect()))?;
        check(file)
    }
}

fn check(file: File) -> Result<Config, ConfigFaults> {
    let mut faults = Vec::new();
    let listen = file.listen.parse().map_err(|_| faults.push("listen must be an address and port".to_owned())).ok();
    let root = check_root(&file.root).map_err(|fault| faults.push(fault)).ok();
    if file.store.as_deref().is_some_and(|store| store != "sqlite") {
        faults.push("store must be \"sqlite\"; no other engine is built into this version".to_owned());
    }
    let mut guard = Guard { allow_loopback: file.allow_loopback_receivers, ..Guard::default() };
    for network in &file.allowed_networks {
        match network.parse() {
            Ok(network) => guard.allowed.push(network),
            Err(_) => faults.push(format!("allowed_networks: {network} is not a network, as 10.0.0.0/8")),
        }
    }
    let modes = file.clients.iter().filter_map(|client| Some((client.id.clone(), client.validation?))).collect();
    let validation = validation::policy(file.validation, modes, &mut faults);
    let terminology = file.terminology.and_then(|it| validation::terminology(&it, &mut faults));
    let mut clients = Vec::new();
    for client in file.clients {
        let id = client.id.clone();
        match check_client(client) {
            Ok(client) => clients.push(client),
            Err(fault) => faults.push(format!("client {id}: {fault}")),
        }
    }
    match (listen, root) {
        (Some(listen), Some(root)) if faults.is_empty() => Ok(Config {
            listen,
            root,
            data: file.data,
            guard,
            packages: file.packages,
            terminology,
            validation,
            clients,
        }),
        _ => Err(ConfigFaults(faults)),
    }
}

fn check_root(root: &str) -> Result<String, String> {
    let url = Url::parse(root).map_err(|_| "root must be an absolute URL".to_owned())?;
    let is_http = matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none();
    if is_http {
        Ok(root.trim_end_matches('/').to_owned())
    } else {
        Err("root must be an http or https URL without query".into())
    }
}

fn check_client(client: FileClient) -> Result<Client, String> {
    let scopes = Scopes::parse(&client.scope);
    if scopes.is_empty() {
        return Err("scope grants nothing; write SMART system scopes, as system/*.rs".into());
    }
    if client.role == ActorRole::Suite {
        return Err("the role suite is the demo's alone".into());
    }
    crate::identity::HsaId::parse(&client.organisation).map_err(|_| "organisation must be an HSA-id".to_owned())?;
    Ok(Client {
        id: client.id,
        organisation: client.organisation,
        organisation_name: client.organisation_name,
        unit: client.unit,
        role: client.role,
        person: client.person,
        purpose: client.purpose,
        scopes,
        keys: read_keys(&client.jwks)?,
    })
}

#[derive(Deserialize)]
struct JwkSet {
    keys: Vec<PublicKey>,
}

fn read_keys(path: &Path) -> Result<Vec<PublicKey>, String> {
    let text = std::fs::read_to_string(path).map_err(|fault| format!("jwks {}: {fault}", path.display()))?;
    let set: JwkSet =
        serde_json::from_str(&text).map_err(|_| format!("jwks {} is no JWK Set of EC keys", path.display()))?;
    if set.keys.is_empty() { Err(format!("jwks {} holds no key", path.display())) } else { Ok(set.keys) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Config, ConfigFaults> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("vardbro.toml");
        std::fs::write(&path, text).unwrap();
        Config::load(&path)
    }

    #[test]
    fn a_sound_file_is_read() {
        let config = load("listen='127.0.0.1:0'\nroot='https://gw.example/'\ndata='/var/lib/vardbro'").unwrap();
        assert_eq!(config.root, "https://gw.example");
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let faults =
            load("listen='nowhere'\nroot='gw'\ndata='x'\nstore='postgres://x'\nallowed_networks=['ten']").unwrap_err();
        assert_eq!(faults.0.len(), 4, "{faults}");
    }

    #[test]
    fn what_validation_goes_by_is_read() {
        let config = load(
            "listen='127.0.0.1:0'\nroot='https://gw.example/'\ndata='/var/lib/vardbro'\npackages=['/etc/p.tgz']\n\
             [terminology]\nurl='https://tx.example/r4/'\ntimeout_ms=500\n\
             [validation]\ndefault='accept-and-tag'\n\
             [validation.profiles]\n'http://a.example/p'='report-only'\n\
             [validation.required]\nMedicationStatement=['http://a.example/p']",
        )
        .unwrap();
        assert_eq!(config.packages, [PathBuf::from("/etc/p.tgz")]);
        let terminology = config.terminology.unwrap();
        assert_eq!((terminology.url.as_str(), terminology.timeout.as_millis()), ("https://tx.example/r4", 500));
        let kind = crate::fhir::ResourceType::parse("MedicationStatement").unwrap();
        assert_eq!(config.validation.required(kind), ["http://a.example/p"]);
        assert_eq!(config.validation.mode("any", ["http://a.example/p"]), Mode::ReportOnly);
        assert_eq!(config.validation.mode("any", []), Mode::AcceptAndTag);
    }

    #[test]
    fn what_validation_can_not_go_by_is_told() {
        let faults = load(
            "listen='127.0.0.1:0'\nroot='https://gw.example/'\ndata='x'\n[terminology]\nurl='tx'\n\
             [validation.required]\nMedicine=['http://a.example/p']\n[validation.profiles]\n'lm'='reject'",
        )
        .unwrap_err();
        assert_eq!(faults.0.len(), 3, "{faults}");
        let unknown = load("listen='a'\nroot='b'\ndata='x'\n[validation]\ndefault='accept'").unwrap_err();
        assert!(unknown.to_string().contains("accept"), "{unknown}");
    }

    #[test]
    fn a_missing_file_is_named() {
        assert!(Config::load(Path::new("/nowhere.toml")).unwrap_err().to_string().contains("/nowhere.toml"));
    }
}
