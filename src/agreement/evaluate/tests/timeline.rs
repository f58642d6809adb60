//! Reads the timelines and runs them: resources -> evidence -> verdicts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::agreement::{Agreement, Evidence, EvidenceKinds, Facts, Identifier, State, Subject, Verdict, evaluate_all};
use crate::fhir::path::Resolver;
use crate::fhir::{Document, ResourceKey};

#[derive(Deserialize)]
struct File {
    subject: String,
    resources: Vec<Value>,
    expect: Vec<Vec<Value>>,
}

pub(super) struct Timeline {
    name: String,
    pub(super) subject: Subject,
    pub(super) evidence: Vec<Evidence>,
    pub(super) organisations: Vec<Identifier>,
    expect: Vec<Vec<Value>>,
}

struct Known(BTreeMap<String, Document>);

impl Resolver for Known {
    fn resolve(&self, reference: &str) -> Option<&Document> {
        self.0.get(reference)
    }
}

impl Timeline {
    /// All timelines of all agreements.
    pub(super) fn all() -> &'static [Self] {
        static ALL: LazyLock<Vec<Timeline>> = LazyLock::new(Timeline::read_all);
        &ALL
    }

    fn read_all() -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/agreements");
        let folders = entries(&root).into_iter().filter(|path| path.is_dir());
        folders.flat_map(|folder| Self::of_folder(&folder)).collect()
    }

    fn of_folder(folder: &Path) -> Vec<Self> {
        let around: Vec<Value> = read(&folder.join("around.json"));
        let files = entries(folder).into_iter().filter(|path| !path.ends_with("around.json"));
        files.map(|path| Self::of_file(&path, &around)).collect()
    }

    fn of_file(path: &Path, around: &[Value]) -> Self {
        let file: File = read(path);
        let resources: Vec<&Value> = around.iter().chain(&file.resources).collect();
        Self {
            name: path.file_stem().unwrap().to_string_lossy().into_owned(),
            subject: Subject::parse(&file.subject).unwrap(),
            evidence: evidence(&resources),
            organisations: around.iter().flat_map(identifiers).collect(),
            expect: file.expect,
        }
    }

    /// The facts in the order in which they were extracted.
    pub(super) fn facts(&self) -> Facts {
        Facts::new(self.evidence.iter().cloned()).with_organisations(self.organisations.iter().cloned())
    }

    pub(super) fn expected(&self) -> Vec<(String, State)> {
        let row =
            |row: &Vec<Value>| (row[0].as_str().unwrap().to_owned(), serde_json::from_value(row[2].clone()).unwrap());
        self.expect.iter().map(row).collect()
    }

    /// What comes out otherwise than the timeline says.
    pub(super) fn faults(&self) -> Vec<String> {
        let facts = self.facts();
        self.expect.iter().filter_map(|row| self.fault(row, &facts)).collect()
    }

    fn fault(&self, row: &[Value], facts: &Facts) -> Option<String> {
        let at: Timestamp = row[1].as_str().unwrap().parse().unwrap();
        let verdicts = evaluate_all(Agreement::embedded(), &self.subject, facts, at);
        let Some(verdict) = verdicts.iter().find(|it| row[0] == it.obligation.as_str()) else {
            return Some(format!("{}: {row:?} was not judged", self.name));
        };
        let until = row.get(3).map(|it| it.as_str().map(|text| text.parse::<Timestamp>().unwrap()));
        let right = row[2] == verdict.state.as_str() && until.is_none_or(|until| until == verdict.until);
        (!right).then(|| self.told(row, verdict))
    }

    fn told(&self, row: &[Value], verdict: &Verdict) -> String {
        let Verdict { state, until, explanation, .. } = verdict;
        format!("{}: {row:?} came to {state:?} until {until:?}: {}", self.name, explanation.en)
    }
}

fn evidence(resources: &[&Value]) -> Vec<Evidence> {
    let parsed = resources.iter().map(|it| (key(it).to_string(), Document::parse(it.to_string()).unwrap()));
    let known = Known(parsed.collect());
    let extract = |(name, document): (&String, &Document)| {
        let key = ResourceKey::parse(name).unwrap();
        EvidenceKinds::embedded().extract(document, key.kind, &key, Timestamp::UNIX_EPOCH, &known)
    };
    known.0.iter().flat_map(extract).collect()
}

fn key(resource: &Value) -> ResourceKey {
    let name = format!("{}/{}", resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap());
    ResourceKey::parse(&name).unwrap()
}

fn identifiers(resource: &Value) -> Vec<Identifier> {
    if resource["resourceType"] != "Organization" {
        return Vec::new();
    }
    serde_json::from_value(resource["identifier"].clone()).unwrap_or_default()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.retain(|path| path.is_dir() || path.extension().is_some_and(|it| it == "json"));
    all.sort();
    all
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    let text = std::fs::read_to_string(path).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}
