//! Verdicts through the store, for stores of three sizes: judging a subject must not cost more because there are others.

use std::collections::HashMap;
use std::path::Path;

use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::runtime::Handle;
use vardbro::agreement::{Evidence, EvidenceKinds, Subject};
use vardbro::exchange::{Gateway, reevaluate};
use vardbro::fhir::path::Resolver;
use vardbro::fhir::splice::Undo;
use vardbro::fhir::{Document, ResourceKey};
use vardbro::store::{Change, Content, NewVersion, Source};

use super::county::{IN_A_UNIT, parties};
use super::setup::app;
use super::texts::{self, REGION};
use crate::measure::load::{Figure, callers, scattered};
use crate::measure::table::Table;
use crate::measure::{Effort, Failure, now};

/// Units of a hälsocentral.
const OF_A_CENTRE: u64 = 6;

/// Versions in one change of the load.
const BATCH: usize = 1000;

/// Judges patients, and what follows from a changed unit.
pub async fn measure(directory: &Path, on: &Handle, effort: Effort, table: &mut Table) -> Result<(), Failure> {
    table.heading("verdicts through the store: subjects judged one after the other");
    let (mut first, mut first_of_a_full_unit): (Option<Figure>, Option<Figure>) = (None, None);
    for patients in effort.of([1, 1000, 100_000], [1, 30, 60]) {
        let gateway = app(&directory.join(format!("verdicts-{patients}.db")), "http://localhost")?.gateway;
        load(&gateway, patients).await?;
        let judged = judged(&gateway, on, effort, patients).await?;
        let changed = unit_changed(&gateway, effort, patients).await?;
        let alone = *first.get_or_insert(judged);
        table.noted(format!("judge a patient of {patients}"), judged, growth(&alone, &judged));
        if patients >= IN_A_UNIT {
            first_of_a_full_unit.get_or_insert(changed);
        }
        let what = format!("re-derive and judge after a unit changed, of {patients}");
        // A unit of one patient is no measure for one of thirty.
        let note = first_of_a_full_unit.map(|first| growth(&first, &changed)).unwrap_or_default();
        table.noted(what, changed, note);
    }
    Ok(())
}

fn growth(alone: &Figure, figure: &Figure) -> String {
    format!("x {:.2}", figure.each().as_secs_f64() / alone.each().as_secs_f64())
}

async fn judged(gateway: &Gateway, on: &Handle, effort: Effort, patients: u64) -> Result<Figure, Failure> {
    let gateway = gateway.clone();
    let once = move |number: u64| {
        let gateway = gateway.clone();
        async move {
            let subject = Subject::Patient { reference: format!("Patient/p{}", scattered(number) % patients) };
            let update = reevaluate::judge(&gateway, &subject, None, gateway.clock.now()).await?;
            if update.verdicts.is_empty() { Err("nobody owes the patient anything".into()) } else { Ok(()) }
        }
    };
    callers(on, 1, effort.stretch, once).await
}

/// The work that a change of a unit's Organization leaves behind: its own evidence and that of those who refer to it,
/// and all its patients.
async fn unit_changed(gateway: &Gateway, effort: Effort, patients: u64) -> Result<Figure, Failure> {
    let units = patients.div_ceil(IN_A_UNIT);
    let (start, mut took) = (now(), Vec::new());
    while took.is_empty() || start.elapsed() < effort.stretch {
        let reference = format!("Organization/u{}", scattered(took.len() as u64) % units);
        let reevaluate = [Subject::Resource { reference }].into();
        let begun = now();
        gateway.store.commit(Change { name: "bench", reevaluate, ..Change::default() }).await?;
        while reevaluate::run_once(gateway).await? > 0 {}
        took.push(begun.elapsed());
    }
    Ok(Figure::new(took, start.elapsed(), None))
}

/// Fills a store with the evidence of so many patients, past the use cases.
async fn load(gateway: &Gateway, patients: u64) -> Result<(), Failure> {
    let directory = Directory::new(patients)?;
    let organisations = directory.texts.iter().map(|text| version(&directory, text));
    let versions = organisations.chain((0..patients).flat_map(|number| patient(&directory, number)));
    let mut batch = Vec::with_capacity(BATCH);
    for version in versions {
        batch.push(version?);
        if batch.len() >= BATCH {
            put(gateway, std::mem::take(&mut batch)).await?;
        }
    }
    put(gateway, batch).await
}

async fn put(gateway: &Gateway, versions: Vec<NewVersion>) -> Result<(), Failure> {
    gateway.store.commit(Change { name: "bench", versions, notify: false, ..Change::default() }).await?;
    Ok(())
}

/// The enrolment, named contact and medication list of a patient.
fn patient(directory: &Directory, number: u64) -> [Result<NewVersion, Failure>; 3] {
    let (unit, centre) = (number / IN_A_UNIT, number / IN_A_UNIT / OF_A_CENTRE);
    let (id, unit, centre, role) =
        (format!("p{number}"), format!("u{unit}"), format!("hc{centre}"), format!("role{centre}"));
    [
        version(directory, &texts::enrolment(&format!("e{number}"), &id, &unit, &centre)),
        version(directory, &texts::named_contact(&format!("t{number}"), &id, &role, &centre)),
        version(
            directory,
            &texts::medication_list(&format!("l{number}"), &id, &role, "2026-03-02T08:00:00+01:00", &[]),
        ),
    ]
}

fn version(directory: &Directory, resource: &Value) -> Result<NewVersion, Failure> {
    let text = resource.to_string();
    let evidence = evidence_of(directory, resource)?;
    Ok(NewVersion {
        key: key(resource)?,
        version: 1,
        updated: Timestamp::UNIX_EPOCH,
        source: Source { caregiver: REGION.into(), unit: None, system: "bench".into() },
        patients: evidence.iter().filter_map(|fact| fact.patient.clone()).collect(),
        index: Vec::new(),
        evidence,
        relations: Vec::new(),
        content: Content::Text { received_sha256: Sha256::digest(&text).into(), undo: Undo::default(), text },
    })
}

fn key(resource: &Value) -> Result<ResourceKey, Failure> {
    let part = |name: &str| resource[name].as_str().unwrap_or_default();
    Ok(ResourceKey::parse(&format!("{}/{}", part("resourceType"), part("id"))).ok_or("a resource without a name")?)
}

/// The evidence in a resource, as the gateway finds it.
pub fn evidence_of(directory: &Directory, resource: &Value) -> Result<Vec<Evidence>, Failure> {
    let document = Document::parse(resource.to_string()).map_err(|faults| format!("{faults:?}"))?;
    let key = key(resource)?;
    Ok(EvidenceKinds::embedded().extract(&document, key.kind, &key, Timestamp::UNIX_EPOCH, directory))
}

/// The organisations around so many patients, and those who work there.
pub struct Directory {
    texts: Vec<Value>,
    documents: HashMap<String, Document>,
}

impl Directory {
    /// As many units and hälsocentraler as the patients need.
    pub fn new(patients: u64) -> Result<Self, Failure> {
        let units = patients.div_ceil(IN_A_UNIT);
        let mut texts = parties();
        texts.push(texts::practitioner("physician"));
        for number in 0..units.div_ceil(OF_A_CENTRE) {
            let centre = format!("hc{number}");
            texts.extend([
                texts::health_centre(&centre),
                texts::direct_number(&format!("d{number}"), &centre),
                texts::role(&format!("role{number}"), "physician", &centre),
            ]);
        }
        for number in 0..units {
            let (unit, centre) = (format!("u{number}"), format!("hc{}", number / OF_A_CENTRE));
            texts.extend([texts::unit(&unit), texts::affiliation(&format!("a{number}"), &unit, &centre)]);
        }
        let mut documents = HashMap::new();
        for text in &texts {
            let document = Document::parse(text.to_string()).map_err(|faults| format!("{faults:?}"))?;
            documents.insert(key(text)?.to_string(), document);
        }
        Ok(Self { texts, documents })
    }

    /// The evidence in all of it.
    pub fn context(&self) -> Result<Vec<Evidence>, Failure> {
        let found: Result<Vec<Vec<Evidence>>, Failure> =
            self.texts.iter().map(|text| evidence_of(self, text)).collect();
        Ok(found?.concat())
    }
}

impl Resolver for Directory {
    fn resolve(&self, reference: &str) -> Option<&Document> {
        self.documents.get(reference)
    }
}
