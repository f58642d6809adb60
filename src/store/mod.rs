//! The store behind one port.
//!
//! The write side takes a [`Change`]: everything that one use case wants on disk together, with what it expects of
//! the state it was computed from. One writer commits many waiting changes in one transaction, each in a savepoint of
//! its own, and answers each once the transaction is on disk. Readers never wait for the writer.
//!
//! [`port`] is the trait, [`sqlite`] the embedded engine; `contract` (tests) is what every engine must pass.

mod audit_row;
mod change;
#[cfg(test)]
mod contract;
mod delivery;
mod page;
pub mod port;
mod remembered;
pub mod sqlite;
mod verdict;
mod version;

pub use crate::access::{DIRECTORY_TYPES, SUBMITTER_ONLY_TYPES};
pub use audit_row::{AuditChain, AuditQuery, AuditRow};
pub use change::{Change, Committed, Expect, Refused};
pub use delivery::{Delivery, DeliveryOutcome, DeliveryState, NewDelivery, OutboxEntry, QueueState};
pub use page::Page;
pub use port::Store;
pub use remembered::Remembered;
pub use sqlite::SqliteStore;
pub use verdict::{SummaryBy, SummaryRow, VerdictInterval, VerdictUpdate};
pub use version::{Content, NewVersion, Relation, Source, StoredVersion};
