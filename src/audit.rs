//! The record of every access: opened when a request is known, closed with what came of it, on disk before the answer
//! leaves (HSLF-FS 2016:40 4 kap. 9 §; the fields are those of the national log service, `domain` 3.4).
//!
//! A read's entry is committed in the next group commit before its answer; a write's in the write's own transaction;
//! a delivery's is opened before the first byte and closed after the last.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::access::Caller;
use crate::entropy::Entropy;
use crate::fhir::ResourceKey;
use crate::store::AuditRow;

/// What was done, in FHIR's REST terms ([restful-interaction](http://hl7.org/fhir/restful-interaction)) and ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are those of the specification")]
pub enum Interaction {
    Read,
    Vread,
    Update,
    Delete,
    HistoryInstance,
    Create,
    SearchType,
    Capabilities,
    Transaction,
    Batch,
    /// An operation, a concept or obligation query: something besides the plain interactions.
    Operation,
    /// A notification that the gateway sent.
    Delivery,
    /// A token was asked for.
    Token,
}

impl Interaction {
    /// The code, as it is written in AuditEvent.subtype.
    pub fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Vread => "vread",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::HistoryInstance => "history-instance",
            Self::Create => "create",
            Self::SearchType => "search-type",
            Self::Capabilities => "capabilities",
            Self::Transaction => "transaction",
            Self::Batch => "batch",
            Self::Operation => "operation",
            Self::Delivery => "delivery",
            Self::Token => "token",
        }
    }

    /// The action code of AuditEvent: C, R, U, D or E.
    pub fn action(self) -> &'static str {
        match self {
            Self::Create => "C",
            Self::Read | Self::Vread | Self::HistoryInstance | Self::Capabilities => "R",
            Self::Update => "U",
            Self::Delete => "D",
            _ => "E",
        }
    }
}

/// A resource that an access touched.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Touched {
    /// `List/1/_history/2`, or without a version where none was reached.
    pub reference: String,
    /// HSA-id of the vårdgivare that it came from; empty where not known.
    pub caregiver: String,
    /// HSA-id of the vårdenhet that it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// One audit entry, in the form that is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// A UUID; the id of the AuditEvent.
    pub id: String,
    /// When it was opened.
    pub recorded: Timestamp,
    /// What was done.
    pub interaction: Interaction,
    /// Which route or use case, as a stable name.
    pub what: String,
    /// The client; empty for those that could not be authenticated.
    pub client: String,
    /// HSA-id of the organisation, empty likewise.
    pub organisation: String,
    /// Its name.
    pub organisation_name: String,
    /// HSA-id of the unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// As what it acted.
    pub role: String,
    /// HSA-id of the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// v3-ActReason code.
    pub purpose: String,
    /// The patients whose data it concerns, as `Patient/1`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub patients: BTreeSet<String>,
    /// What it touched.
    pub touched: BTreeSet<Touched>,
    /// The search's parameters as a query string, personal numbers blanked (BALP asks for the raw search).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// X-Request-Id.
    pub request_id: String,
    /// What the permit rested on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// What validation said of what was submitted, where it said something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<Validation>,
    /// How it ended.
    pub outcome: Outcome,
}

/// What validation said of a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validation {
    /// The strictest mode that a part of it was judged by.
    pub mode: String,
    /// How many errors and warnings were found.
    pub issues: u32,
}

/// How an access ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "outcome", content = "detail")]
pub enum Outcome {
    /// Not ended yet.
    Open,
    /// Done; the HTTP status.
    Success(u16),
    /// Refused; the HTTP status and why, in words of ours.
    Refused(u16, String),
    /// Failed; the HTTP status or 0, and why.
    Failed(u16, String),
    /// The gateway stopped in the middle: nobody knows.
    Unknown,
}

impl Outcome {
    /// The code of AuditEvent.outcome: 0 success, 4 minor (refused), 8 serious (failed), 12 major (unknown).
    pub fn code(&self) -> &'static str {
        match self {
            Self::Success(_) => "0",
            Self::Refused(..) => "4",
            Self::Failed(..) => "8",
            Self::Open | Self::Unknown => "12",
        }
    }
}

impl Entry {
    /// Opens an entry for a caller, or for somebody who could not be authenticated.
    pub fn begin(
        interaction: Interaction,
        what: &str,
        caller: Option<&Caller>,
        request_id: &str,
        at: Timestamp,
        entropy: &dyn Entropy,
    ) -> Self {
        Self {
            id: entropy.uuid(),
            recorded: at,
            interaction,
            what: what.to_owned(),
            client: caller.map(|c| c.client().to_owned()).unwrap_or_default(),
            organisation: caller.map(|c| c.organisation().to_owned()).unwrap_or_default(),
            organisation_name: caller.map(|c| c.organisation_name().to_owned()).unwrap_or_default(),
            unit: caller.and_then(|c| c.unit().map(ToOwned::to_owned)),
            role: caller.map(|c| c.role().as_str().to_owned()).unwrap_or_default(),
            person: caller.and_then(|c| c.person().map(ToOwned::to_owned)),
            purpose: caller.map(|c| c.purpose().code().to_owned()).unwrap_or_default(),
            patients: BTreeSet::new(),
            touched: BTreeSet::new(),
            query: None,
            request_id: request_id.to_owned(),
            basis: None,
            validation: None,
            outcome: Outcome::Open,
        }
    }

    /// Notes a resource version that the access touched, and the patients that it is about.
    pub fn touch(
        &mut self,
        key: &ResourceKey,
        version: Option<u64>,
        source: Option<&crate::store::Source>,
        patients: &BTreeSet<String>,
    ) {
        let reference = version.map_or_else(|| key.to_string(), |v| format!("{key}/_history/{v}"));
        self.touched.insert(Touched {
            reference,
            caregiver: source.map(|s| s.caregiver.clone()).unwrap_or_default(),
            unit: source.and_then(|s| s.unit.clone()),
        });
        self.patients.extend(patients.iter().cloned());
    }

    /// Takes back that `key` was only asked for: its version follows.
    pub fn reached(&mut self, key: &ResourceKey) {
        let name = key.to_string();
        self.touched.retain(|touched| touched.reference != name);
    }

    /// The row of an entry that is opened and closed at once.
    pub fn complete(mut self, outcome: Outcome, at: Timestamp) -> AuditRow {
        self.outcome = outcome;
        self.row(Some(at))
    }

    /// The row of an entry that stays open until it is closed by a later change.
    pub fn open_row(&self) -> AuditRow {
        self.row(None)
    }

    /// The text of the entry closed with `outcome`, for [`crate::store::Change::audit_closed`].
    pub fn closed_text(mut self, outcome: Outcome) -> String {
        self.outcome = outcome;
        self.text()
    }

    fn row(&self, closed: Option<Timestamp>) -> AuditRow {
        AuditRow {
            id: self.id.clone(),
            recorded: self.recorded,
            closed,
            patients: self.patients.clone(),
            client: self.client.clone(),
            organisation: self.organisation.clone(),
            entry: self.text(),
        }
    }

    fn text(&self) -> String {
        // The entry holds strings, numbers and lists: writing it as JSON can't fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a stored entry.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}
