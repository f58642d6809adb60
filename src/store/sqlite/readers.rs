//! Read-only connections: a few for quick reads on the caller's own thread, and threads for what may take long.
//!
//! A point read from the page cache costs some microseconds; handing it to another thread and back costs more than the
//! read itself (`benches/store.rs` measures both). So [`Readers::quick`] reads where it is called, and
//! [`Readers::run`] is for searches and walks whose length the data decide.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::open::{self, OpenError};
use super::row::Answer;
use crate::store::Refused;

/// Connections for quick reads: more threads than this seldom read at once, and those that do use the queue.
const IDLE: usize = 4;

type Read = Box<dyn FnOnce(&Connection) + Send>;

/// The pool.
pub(super) struct Readers {
    idle: Mutex<Vec<Connection>>,
    queue: Arc<Queue>,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    /// Opens the connections and starts the threads.
    pub(super) fn start(path: &Path, threads: usize) -> Result<Self, OpenError> {
        let idle = (0..IDLE).map(|_| open::reading(path)).collect::<Result<_, _>>()?;
        let mut readers = Self { idle: Mutex::new(idle), queue: Arc::default(), threads: Vec::new() };
        for number in 0..threads.max(1) {
            let (conn, queue) = (open::reading(path)?, Arc::clone(&readers.queue));
            let builder = thread::Builder::new().name(format!("store-reader-{number}"));
            readers.threads.push(builder.spawn(move || queue.serve(&conn))?);
        }
        Ok(readers)
    }

    /// Reads on this thread: only for reads of a handful of rows.
    pub(super) async fn quick<T, F>(&self, read: F) -> Answer<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Answer<T> + Send + 'static,
    {
        let conn = lock(&self.idle).pop();
        let Some(conn) = conn else { return self.run(read).await };
        let answer = guarded(|| read(&conn));
        lock(&self.idle).push(conn);
        answer
    }

    /// Reads on one of the pool's threads.
    pub(super) async fn run<T, F>(&self, read: F) -> Answer<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Answer<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.queue.push(Box::new(move |conn| {
            // A caller that has gone away needs no answer, and no work.
            if !reply.is_closed() {
                let _ = reply.send(guarded(|| read(conn)));
            }
        }));
        answer.await.unwrap_or_else(|_| Err(Refused::Unavailable("the readers have stopped".into())))
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.queue.close();
        for thread in self.threads.drain(..) {
            // The threads catch their own panics; there is nothing to hear.
            let _ = thread.join();
        }
    }
}

fn guarded<T>(read: impl FnOnce() -> Answer<T>) -> Answer<T> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(Refused::Unavailable("a read failed".into())))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing that is done under these locks can leave their content half changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Default)]
struct Queue {
    state: Mutex<Waiting>,
    arrived: Condvar,
}

#[derive(Default)]
struct Waiting {
    reads: VecDeque<Read>,
    closed: bool,
}

impl Queue {
    fn push(&self, read: Read) {
        lock(&self.state).reads.push_back(read);
        self.arrived.notify_one();
    }

    fn close(&self) {
        lock(&self.state).closed = true;
        self.arrived.notify_all();
    }

    fn serve(&self, conn: &Connection) {
        while let Some(read) = self.next() {
            read(conn);
        }
    }

    fn next(&self) -> Option<Read> {
        let mut state = lock(&self.state);
        loop {
            if let Some(read) = state.reads.pop_front() {
                return Some(read);
            }
            if state.closed {
                return None;
            }
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}
