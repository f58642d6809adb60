//! The contract on SQLite, and what only a file can be.

use async_trait::async_trait;
use rusqlite::Connection;
use tempfile::TempDir;

use super::{OpenError, SqliteOptions, SqliteStore, migrations};
use crate::fhir::{ResourceKey, ResourceType};
use crate::store::contract::{Engine, store_contract};
use crate::store::{AuditRow, Change, Refused, Store};

struct File(TempDir);

impl File {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> std::path::PathBuf {
        self.0.path().join("store.db")
    }

    fn open(&self) -> Result<SqliteStore, OpenError> {
        SqliteStore::open(&self.path(), SqliteOptions::default())
    }

    fn raw(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }
}

#[async_trait]
impl Engine for File {
    type Store = SqliteStore;

    async fn open(&self) -> SqliteStore {
        self.open().unwrap()
    }
}

mod contract {
    use super::*;

    store_contract!(File::new());
}

#[test]
fn a_newer_schema_is_refused() {
    let file = File::new();
    drop(file.open().unwrap());
    file.raw().pragma_update(None, "user_version", migrations::NEWEST + 1).unwrap();

    let refused = file.open().err().unwrap();

    assert!(matches!(refused, OpenError::Newer { found, known } if found == known + 1), "{refused}");
}

#[test]
fn a_foreign_file_is_refused_and_stays_as_it_was() {
    let file = File::new();
    file.raw().execute_batch("CREATE TABLE t (a); PRAGMA user_version = 1").unwrap();
    let before = std::fs::read(file.path()).unwrap();

    assert!(matches!(file.open().err(), Some(OpenError::Foreign)));
    assert_eq!(std::fs::read(file.path()).unwrap(), before);
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let file = File::new();
    std::fs::write(file.path(), "no database ".repeat(1000)).unwrap();

    assert!(matches!(file.open().err(), Some(OpenError::Foreign)));
}

#[tokio::test]
async fn closing_leaves_one_file() {
    let file = File::new();
    let store = file.open().unwrap();
    store.ping().await.unwrap();
    drop(store);

    let left: Vec<_> = std::fs::read_dir(file.0.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();

    assert_eq!(left, ["store.db"]);
}

#[tokio::test]
async fn a_commit_is_synchronous_and_logged_ahead() {
    let file = File::new();
    let conn = super::open::writing(&file.path()).unwrap();

    let mode: String = conn.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    let synchronous: u32 = conn.pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap();

    assert_eq!((mode.as_str(), synchronous), ("wal", 2));
}

#[tokio::test]
async fn a_record_that_was_changed_breaks_the_chain_at_its_row() {
    let file = File::new();
    let store = file.open().unwrap();
    let audit = (1..=3).map(|number| entry(&number.to_string())).collect();
    store.commit(Change { audit, ..Change::default() }).await.unwrap();
    let tamperings = [
        "UPDATE audit SET client = 'other' WHERE row = 2",
        "UPDATE audit SET client = 'ehr', patients = 'Patient/9' WHERE row = 2",
        "DELETE FROM audit WHERE row = 2",
    ];
    for tampering in tamperings {
        file.raw().execute_batch(tampering).unwrap();
        let chain = store.verify_audit().await.unwrap();
        let broken_at = if tampering.starts_with("UPDATE") { 2 } else { 3 };
        assert_eq!(chain.broken_at, Some(broken_at), "{tampering}");
    }
}

fn entry(id: &str) -> AuditRow {
    AuditRow {
        id: id.into(),
        recorded: jiff::Timestamp::UNIX_EPOCH,
        closed: None,
        patients: [].into(),
        client: "ehr".into(),
        organisation: String::new(),
        entry: "{}".into(),
    }
}

#[tokio::test]
async fn a_full_queue_says_busy_and_nobody_is_lost() {
    let file = File::new();
    let options = SqliteOptions { queue: 1, batch: 1, readers: 1 };
    let store = SqliteStore::open(&file.path(), options).unwrap();
    let other = file.raw();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();

    // One is with the writer, which waits for the lock; one is in the queue; the rest find it full.
    let commits = (0..4).map(|_| store.commit(Change::default()));
    let unlock = async {
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        other.execute_batch("ROLLBACK").unwrap();
    };
    let (answers, ()) = tokio::join!(futures_util::future::join_all(commits), unlock);

    let busy = answers.iter().filter(|answer| **answer == Err(Refused::Busy)).count();
    assert!((2..=3).contains(&busy), "{answers:?}");
    assert!(answers.iter().all(|answer| answer.is_ok() || *answer == Err(Refused::Busy)));
}

#[tokio::test]
async fn reads_do_not_wait_for_the_writer() {
    let file = File::new();
    let store = file.open().unwrap();
    let other = file.raw();
    other.execute_batch("BEGIN IMMEDIATE; INSERT INTO fact VALUES ('held', 1)").unwrap();

    let key = ResourceKey::new(ResourceType::parse("List").unwrap(), crate::fhir::ResourceId::parse("1").unwrap());
    assert!(store.read(&key).await.unwrap().is_none());
    assert!(store.outbox(1).await.unwrap().is_empty());
    other.execute_batch("ROLLBACK").unwrap();
}

#[tokio::test]
async fn a_panic_in_a_job_is_an_answer_and_the_writer_goes_on() {
    let file = File::new();
    let store = file.open().unwrap();

    let failed: Result<(), Refused> = store.writer.run(|_| panic!("on purpose")).await;

    assert!(matches!(failed, Err(Refused::Unavailable(_))));
    assert_eq!(store.ping().await, Ok(()));
}

#[tokio::test]
async fn a_transaction_that_can_not_be_committed_fails_for_everybody() {
    let file = File::new();
    let store = file.open().unwrap();
    // A deferred constraint that only COMMIT looks at.
    file.raw().execute_batch("CREATE TABLE late (a REFERENCES fact (name) DEFERRABLE INITIALLY DEFERRED)").unwrap();
    let fails = store.writer.run(|tx| Ok(tx.conn.execute("INSERT INTO late VALUES ('nobody')", [])?));
    let audit = vec![entry("1")];
    let neighbour = store.commit(Change { audit, ..Change::default() });

    let (fails, neighbour) = tokio::join!(biased; fails, neighbour);

    assert!(matches!(fails, Err(Refused::Unavailable(_))), "{fails:?}");
    // In the same transaction or in one of its own: it is acknowledged if and only if it is there.
    let there = store.verify_audit().await.unwrap().records == 1;
    assert_eq!(neighbour.is_ok(), there);
    assert_eq!(store.ping().await, Ok(()));
}
