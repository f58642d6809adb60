//! What the embedded store does on this machine: `cargo bench --bench store [directory]`.
//!
//! First the disk's own limit (4 KiB written and synced), then acknowledged creates at 1, 16 and 64 callers, point reads,
//! and searches for one patient's resources. Everything is on disk before it counts.

mod measure;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use vardbro::fhir::instant::Interval;
use vardbro::fhir::search::{Filter, IndexRow, IndexValue, Query, Sort, Test, Visibility};
use vardbro::fhir::splice::Undo;
use vardbro::fhir::{ResourceId, ResourceKey, ResourceType};
use vardbro::store::sqlite::SqliteOptions;
use vardbro::store::{Change, Content, NewVersion, Relation, Source, SqliteStore, Store};

use measure::disk::synced_writes;
use measure::{Failure, now};

/// How long each figure is measured.
const STRETCH: Duration = Duration::from_secs(3);

/// A patient's resources, as many as a list of medicines has.
const PER_PATIENT: u64 = 8;

const REGION: &str = "SE2321000222-0001";
const KOMMUN: &str = "SE2120002627-0001";

#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
fn main() -> Result<(), Failure> {
    let parent =
        std::env::args().skip(1).find(|argument| !argument.starts_with("--")).map_or(".".into(), PathBuf::from);
    let directory = parent.join(format!("vardbro-bench-{}", std::process::id()));
    std::fs::create_dir(&directory)?;
    let measured = measure(&directory);
    std::fs::remove_dir_all(&directory)?;
    for (what, rate) in measured? {
        println!("{what:<52} {rate:>10.0} /s");
    }
    Ok(())
}

fn measure(directory: &Path) -> Result<Vec<(String, f64)>, Failure> {
    let mut table = vec![("4 KiB write + fdatasync".to_owned(), synced_writes(directory, STRETCH)?.rate)];
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let store = Arc::new(SqliteStore::open(&directory.join("store.db"), SqliteOptions::default())?);
    let mut made = 0;
    for callers in [1, 16, 64] {
        let rate = runtime.block_on(creates(&store, callers, &mut made));
        table.push((format!("acknowledged creates, 8 index rows, {callers} callers"), rate));
    }
    for threads in [1, 2] {
        let rate = runtime.block_on(reads(&store, threads, made));
        table.push((format!("reads of one resource, {threads} tasks"), rate));
    }
    for threads in [1, 2] {
        let rate = runtime.block_on(reads_by_thread(&store, threads, made));
        table.push((format!("the same read by a reader thread, {threads} tasks"), rate));
    }
    for threads in [1, 2] {
        let rate = runtime.block_on(searches(&store, threads, made));
        table.push((format!("searches of one patient's active, {threads} tasks"), rate));
    }
    Ok(table)
}

/// So many callers, each with the next create as soon as its last one is acknowledged.
async fn creates(store: &Arc<SqliteStore>, callers: u64, made: &mut u64) -> f64 {
    let first = *made;
    let start = now();
    let tasks = (0..callers).map(|caller| {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            let mut done = 0;
            while start.elapsed() < STRETCH {
                // Numbers of different callers interleave, so that all together are nearly without gaps.
                let committed = store.commit(create(first + done * callers + caller)).await;
                assert!(committed.is_ok(), "{committed:?}");
                done += 1;
            }
            done
        })
    });
    let done: Vec<u64> = join_all(tasks).await.into_iter().map(finished).collect();
    let least = done.iter().min().copied().unwrap_or_default();
    let rate = sum(&done) / start.elapsed().as_secs_f64();
    // Below this number there is no gap; the next callers begin above the highest.
    let highest = done.iter().max().copied().unwrap_or_default();
    fill(store, first + least * callers..first + highest * callers).await;
    *made = first + highest * callers;
    rate
}

/// Makes those that are not there yet, so that reads find every number.
async fn fill(store: &Arc<SqliteStore>, numbers: std::ops::Range<u64>) {
    // A number that is there already is refused, as it should be.
    let _ = join_all(numbers.map(|number| store.commit(create(number)))).await;
}

async fn reads(store: &Arc<SqliteStore>, tasks: u64, made: u64) -> f64 {
    repeat(store, tasks, move |store, number| async move {
        matches!(store.read(&key("MedicationStatement", number % made)).await, Ok(Some(_)))
    })
    .await
}

/// `read_many` goes to the reader threads: what a read costs with the way there and back.
async fn reads_by_thread(store: &Arc<SqliteStore>, tasks: u64, made: u64) -> f64 {
    repeat(store, tasks, move |store, number| async move {
        let keys = [key("MedicationStatement", number % made)];
        store.read_many(&keys).await.is_ok_and(|read| read.len() == 1)
    })
    .await
}

async fn searches(store: &Arc<SqliteStore>, tasks: u64, made: u64) -> f64 {
    let patients = (made / PER_PATIENT).max(1);
    repeat(store, tasks, move |store, number| async move {
        store.search(&of_patient(number % patients)).await.is_ok_and(|page| !page.matches.is_empty())
    })
    .await
}

/// How often a second, over so many tasks; every answer must be right.
async fn repeat<F, Fut>(store: &Arc<SqliteStore>, tasks: u64, once: F) -> f64
where
    F: Fn(Arc<SqliteStore>, u64) -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output = bool> + Send + 'static,
{
    let start = now();
    let running = (0..tasks).map(|task| {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            let (mut done, mut number) = (0, task);
            while start.elapsed() < STRETCH {
                // A generator that walks all over every range.
                number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                assert!(once(Arc::clone(&store), number >> 16).await, "an answer is wrong");
                done += 1;
            }
            done
        })
    });
    let done: Vec<u64> = join_all(running).await.into_iter().map(finished).collect();
    sum(&done) / start.elapsed().as_secs_f64()
}

#[expect(clippy::expect_used, reason = "a figure that a failed task took part in is none")]
fn finished(task: Result<u64, tokio::task::JoinError>) -> u64 {
    task.expect("a task failed")
}

#[expect(clippy::cast_precision_loss, reason = "counts of a few seconds")]
fn sum(done: &[u64]) -> f64 {
    done.iter().sum::<u64>() as f64
}

#[expect(clippy::expect_used, reason = "names written here")]
fn kind(name: &str) -> ResourceType {
    ResourceType::parse(name).expect("an R4 type")
}

#[expect(clippy::expect_used, reason = "names written here")]
fn key(name: &str, number: u64) -> ResourceKey {
    ResourceKey::new(kind(name), ResourceId::parse(&format!("{number:x}")).expect("an id"))
}

fn create(number: u64) -> Change {
    let patient = key("Patient", number / PER_PATIENT);
    let text = format!(r#"{{"resourceType":"MedicationStatement","id":"{number:x}","note":"{:1880}"}}"#, "");
    let relation = Relation {
        patient: patient.to_string(),
        organisation: KOMMUN.into(),
        from: Timestamp::UNIX_EPOCH,
        until: Timestamp::MAX,
    };
    let version = NewVersion {
        key: key("MedicationStatement", number),
        version: 1,
        updated: Timestamp::UNIX_EPOCH,
        source: Source { caregiver: REGION.into(), unit: None, system: "bench".into() },
        patients: [patient.to_string()].into(),
        index: index(number, patient),
        evidence: Vec::new(),
        relations: vec![relation],
        content: Content::Text { received_sha256: Sha256::digest(&text).into(), undo: Undo::default(), text },
    };
    Change { name: "bench", versions: vec![version], ..Change::default() }
}

/// Eight rows, as a MedicationStatement has them.
fn index(number: u64, patient: ResourceKey) -> Vec<IndexRow> {
    let token = |system: &str, code: String| IndexValue::Token { system: system.into(), code };
    let atc = format!("N02BE{:02}", number % 90);
    let effective = Interval { from: Timestamp::UNIX_EPOCH, until: Timestamp::MAX };
    let status = if number.is_multiple_of(4) { "completed" } else { "active" };
    let rows = [
        ("identifier", token("urn:oid:1.2.3", format!("{number}"))),
        ("status", token("http://hl7.org/fhir/CodeSystem/medication-statement-status", status.into())),
        ("code", token("http://www.whocc.no/atc", atc)),
        ("category", token("http://terminology.hl7.org/CodeSystem/medication-statement-category", "community".into())),
        ("effective", IndexValue::Date(effective)),
        ("subject", IndexValue::Reference(patient.clone())),
        ("patient", IndexValue::Reference(patient)),
        ("source", IndexValue::Reference(key("PractitionerRole", number % 500))),
    ];
    rows.map(|(parameter, value)| IndexRow { parameter, value }).into()
}

/// What the other side's organisation asks: a patient's active medicines.
fn of_patient(number: u64) -> Query {
    let patient = key("Patient", number);
    let subject = Test::Reference { kind: Some(patient.kind), id: patient.id };
    let active = Test::Token { system: None, code: Some("active".into()) };
    Query {
        kind: kind("MedicationStatement"),
        filters: vec![
            Filter { parameter: "patient".into(), any: vec![subject] },
            Filter { parameter: "status".into(), any: vec![active] },
        ],
        sort: Sort::NewestFirst,
        count: 50,
        after: None,
        includes: Vec::new(),
        total: true,
        visible: Visibility::Organisation { organisation: KOMMUN.into(), at: Timestamp::UNIX_EPOCH },
    }
}
