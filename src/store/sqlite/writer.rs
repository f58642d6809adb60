//! The one writer: a thread that commits whatever waits in one transaction.
//!
//! Each job runs in a savepoint of its own, so that it fails alone; everybody is answered after the commit is on disk.
//! If the commit fails, nothing of it happened and everybody hears that.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::names::Names;
use super::row::Answer;
use crate::store::Refused;

/// How long a change waits for a place in the queue.
const PATIENCE: Duration = Duration::from_millis(100);

/// What a job works with: a connection inside the transaction.
pub(super) struct Tx<'a> {
    pub(super) conn: &'a Connection,
    pub(super) names: &'a mut Names,
}

/// The handle that jobs go in by. Dropping it lets the thread finish what waits, and joins it.
pub(super) struct Writer {
    queue: Option<mpsc::Sender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(conn: Connection, queue: usize, batch: usize) -> std::io::Result<Self> {
        let (sender, receiver) = mpsc::channel(queue.max(1));
        let session = Session { conn, names: Names::default() };
        let thread = thread::Builder::new().name("store-writer".into()).spawn(move || session.run(receiver, batch))?;
        Ok(Self { queue: Some(sender), thread: Some(thread) })
    }

    /// Runs `work` in the next transaction and returns once that is on disk.
    pub(super) async fn run<T, F>(&self, work: F) -> Answer<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Answer<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Box::new(Work { work: Some(work), result: None, reply })).await?;
        answer.await.unwrap_or_else(|_| Err(stopped()))
    }

    async fn enqueue(&self, job: Box<dyn Job>) -> Answer<()> {
        let queue = self.queue.as_ref().ok_or_else(stopped)?;
        let job = match queue.try_send(job) {
            Ok(()) => return Ok(()),
            Err(mpsc::error::TrySendError::Closed(_)) => return Err(stopped()),
            Err(mpsc::error::TrySendError::Full(job)) => job,
        };
        match tokio::time::timeout(PATIENCE, queue.send(job)).await {
            Ok(sent) => sent.map_err(|_| stopped()),
            Err(_) => Err(Refused::Busy),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // The thread catches its own panics; there is nothing to hear.
            let _ = thread.join();
        }
    }
}

fn stopped() -> Refused {
    Refused::Unavailable("the writer has stopped".into())
}

/// Something to be done in a savepoint, and answered after the commit.
trait Job: Send {
    /// Does it; `false` asks for a rollback to where it began.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// Answers, with what became of the transaction.
    fn answer(self: Box<Self>, transaction: Result<(), Refused>);
}

struct Work<F, T> {
    work: Option<F>,
    result: Option<Answer<T>>,
    reply: oneshot::Sender<Answer<T>>,
}

impl<F, T> Job for Work<F, T>
where
    F: FnOnce(&mut Tx<'_>) -> Answer<T> + Send,
    T: Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let Some(work) = self.work.take() else { return false };
        let result = catch_unwind(AssertUnwindSafe(|| work(tx)))
            .unwrap_or_else(|_| Err(Refused::Unavailable("the writer failed at this change".into())));
        self.result.insert(result).is_ok()
    }

    fn answer(self: Box<Self>, transaction: Result<(), Refused>) {
        let answer = match (transaction, self.result) {
            // A refusal of its own stands whatever became of the others.
            (_, Some(Err(refused))) => Err(refused),
            (Ok(()), Some(done)) => done,
            (Ok(()), None) => Err(stopped()),
            (Err(failed), _) => Err(failed),
        };
        // Whoever has stopped waiting finds the outcome in the store.
        let _ = self.reply.send(answer);
    }
}

struct Session {
    conn: Connection,
    names: Names,
}

impl Session {
    fn run(mut self, mut queue: mpsc::Receiver<Box<dyn Job>>, batch: usize) {
        let mut jobs = Vec::with_capacity(batch);
        while let Some(first) = queue.blocking_recv() {
            jobs.push(first);
            while jobs.len() < batch
                && let Ok(job) = queue.try_recv()
            {
                jobs.push(job);
            }
            let outcome = self.transaction(&mut jobs);
            for job in jobs.drain(..) {
                job.answer(outcome.clone());
            }
        }
        self.close();
    }

    fn transaction(&mut self, jobs: &mut [Box<dyn Job>]) -> Result<(), Refused> {
        let outcome = self.attempt(jobs);
        if outcome.is_err() {
            self.names.forget();
            if !self.conn.is_autocommit() {
                // If even this fails the next BEGIN does too, and says so.
                let _ = self.conn.execute_batch("ROLLBACK");
            }
        }
        outcome
    }

    fn attempt(&mut self, jobs: &mut [Box<dyn Job>]) -> Result<(), Refused> {
        execute(&self.conn, "BEGIN IMMEDIATE")?;
        for job in jobs {
            self.savepoint(job.as_mut())?;
        }
        execute(&self.conn, "COMMIT")
    }

    fn savepoint(&mut self, job: &mut dyn Job) -> Result<(), Refused> {
        execute(&self.conn, "SAVEPOINT job")?;
        let done = job.run(&mut Tx { conn: &self.conn, names: &mut self.names });
        // A full disk or a read error makes SQLite roll everything back by itself, the neighbours too.
        if self.conn.is_autocommit() {
            return Err(Refused::Unavailable("the transaction was lost".into()));
        }
        if !done {
            self.names.forget();
            execute(&self.conn, "ROLLBACK TO job")?;
        }
        execute(&self.conn, "RELEASE job")
    }

    /// Leaves one file behind, without a log beside it.
    fn close(self) {
        // Both only tidy up: everything acknowledged is on disk already.
        let _ = self.conn.execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)");
        let _ = self.conn.close();
    }
}

fn execute(conn: &Connection, sql: &str) -> Result<(), Refused> {
    conn.prepare_cached(sql)?.execute([])?;
    Ok(())
}
