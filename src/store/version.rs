//! Versions of resources, as they are written and read.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::agreement::Evidence;
use crate::fhir::ResourceKey;
use crate::fhir::search::IndexRow;
use crate::fhir::splice::Undo;

/// Who a version came from: the keys that Swedish law blocks and attributes by (PDL 2008:355 chapter 4).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// HSA-id of the vårdgivare or omsorgsgivare.
    pub caregiver: String,
    /// HSA-id of the vårdenhet, where it is known.
    pub unit: Option<String>,
    /// The client that sent it.
    pub system: String,
}

/// A version to be written.
#[derive(Debug, Clone)]
pub struct NewVersion {
    /// Whose version.
    pub key: ResourceKey,
    /// Its number; the first is 1.
    pub version: u64,
    /// `meta.lastUpdated`.
    pub updated: Timestamp,
    /// What it holds.
    pub content: Content,
    /// Who it came from.
    pub source: Source,
    /// The patients that it concerns (compartment), as `Patient/1`.
    pub patients: BTreeSet<String>,
    /// What searches find it by.
    pub index: Vec<IndexRow>,
    /// The facts that obligations can ask for.
    pub evidence: Vec<Evidence>,
    /// The relations that it makes (an enrolment makes the patient known to the parties around the unit).
    pub relations: Vec<Relation>,
}

/// What a version holds.
#[derive(Debug, Clone)]
pub enum Content {
    /// The text as served, what restores the received bytes, and their SHA-256.
    Text {
        /// As served.
        text: String,
        /// Takes the gateway's own edits back.
        undo: Undo,
        /// SHA-256 of the received bytes.
        received_sha256: [u8; 32],
    },
    /// The resource was deleted.
    Deletion,
}

/// A version as it is read.
#[derive(Debug, Clone)]
pub struct StoredVersion {
    /// Whose version.
    pub key: ResourceKey,
    /// Its number.
    pub version: u64,
    /// `meta.lastUpdated`.
    pub updated: Timestamp,
    /// The text as served; `None` is a deletion.
    pub text: Option<String>,
    /// Who it came from.
    pub source: Source,
    /// The patients that it concerns.
    pub patients: BTreeSet<String>,
    /// The store's sequence number of this version: later is larger.
    pub sequence: u64,
}

/// An organisation that has to do with a patient for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// `Patient/1`
    pub patient: String,
    /// HSA-id of the vårdgivare.
    pub organisation: String,
    /// From when.
    pub from: Timestamp,
    /// Until when (exclusive); [`Timestamp::MAX`] is open.
    pub until: Timestamp,
}
