//! One call of one caller: who, when, and the audit entry that is open for it.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::access::Caller;
use crate::audit;
use crate::fhir::ResourceKey;
use crate::store::{AuditRow, Source, StoredVersion};

/// One call. Whoever holds it has been authenticated; the entry must be recorded before the answer leaves.
pub struct Call {
    /// Who.
    pub caller: Caller,
    /// When it began.
    pub at: Timestamp,
    /// The open audit entry.
    pub entry: audit::Entry,
    /// Why nothing was done although the answer is that of success: what is not there and what may not be known of are
    /// deleted alike.
    pub refused: Option<&'static str>,
    /// Set once a write has recorded the entry in its own transaction.
    pub recorded: bool,
}

impl Call {
    /// Notes a version that was read or written.
    pub fn touch(&mut self, version: &StoredVersion) {
        self.entry.touch(&version.key, Some(version.version), Some(&version.source), &version.patients);
    }

    /// Notes a resource that was asked for and not reached.
    pub fn touch_key(&mut self, key: &ResourceKey) {
        let patients = if key.kind.as_str() == "Patient" { BTreeSet::from([key.to_string()]) } else { BTreeSet::new() };
        self.entry.touch(key, None, None, &patients);
    }

    /// The entry's row, closed with success, for a write's own transaction.
    pub fn success_row(&self, status: u16, at: Timestamp) -> AuditRow {
        self.entry.clone().complete(audit::Outcome::Success(status), at)
    }

    /// Where what the caller submits comes from.
    pub fn source(&self) -> Source {
        Source {
            caregiver: self.caller.organisation().to_owned(),
            unit: self.caller.unit().map(ToOwned::to_owned),
            system: self.caller.client().to_owned(),
        }
    }
}
