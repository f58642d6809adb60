//! The use cases, one page each. They take a [`Call`] (who, when, and the open audit entry) and give an [`Answer`] or
//! a [`Failure`]; how those look over HTTP is [`crate::http`]'s business.

pub mod answer;
pub mod call;
pub mod clauses;
pub mod compose;
pub mod concepts;
pub mod disclosure;
pub mod entries;
pub mod facts;
pub mod failure;
pub mod hierarchy;
pub mod neighbourhood;
pub mod obligations;
pub mod owed;
pub mod ownership;
pub mod permission;
pub mod read;
pub mod receive;
pub mod recorded;
pub mod reevaluate;
pub mod relations;
pub mod resolve;
pub mod routing;
mod seal;
pub mod search;
pub mod subscriptions;
pub mod terminology;
pub mod validation;

use std::sync::Arc;

use tokio::sync::Notify;

use crate::agreement::{Agreement, EvidenceKinds};
use crate::clock::SharedClock;
use crate::delivery::Guard;
use crate::entropy::SharedEntropy;
use crate::store::Store;

pub use answer::Answer;
pub use call::Call;
pub use failure::Failure;
pub use seal::Seal;
pub use validation::Validation;

/// What every use case needs.
#[derive(Clone)]
pub struct Gateway {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: SharedClock,
    /// Randomness.
    pub entropy: SharedEntropy,
    /// The FHIR base as clients see it, without a slash at its end.
    pub base: Arc<str>,
    /// Seals page links.
    pub seal: Arc<Seal>,
    /// What counts as evidence.
    pub evidence: &'static EvidenceKinds,
    /// The agreements in force here.
    pub agreements: Arc<[Agreement]>,
    /// Where deliveries may go at all.
    pub guard: Arc<Guard>,
    /// What validation goes by.
    pub validation: Arc<Validation>,
    /// Wakes the background work after a commit.
    pub wake: Arc<Wake>,
}

/// The bells of the background work. Work is found in the store; a bell only says when to look.
#[derive(Default)]
pub struct Wake {
    /// There may be outbox entries.
    pub dispatch: Arc<Notify>,
    /// There may be subjects to judge anew.
    pub reevaluate: Arc<Notify>,
    /// There may be deliveries.
    pub deliver: Arc<Notify>,
}
