//! Dated facts found in resources.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::fhir::ResourceKey;
use crate::fhir::instant::Interval;

/// What an obligation is judged for, and what a change touches.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Subject {
    /// A patient: `Patient/1`.
    Patient {
        /// The reference.
        reference: String,
    },
    /// A unit (boende, korttidsenhet, hemsjukvårdsteam): the reference of its Organization or Location.
    Unit {
        /// The reference.
        reference: String,
    },
    /// Two parties: a hälsocentral and a kommun, by the references of their Organizations.
    Pair {
        /// The region's side.
        region: String,
        /// The municipality's side.
        kommun: String,
    },
    /// An agreement as a whole, by its id.
    Agreement {
        /// The agreement's id.
        id: String,
    },
    /// Not judged itself: a resource that others refer to, marked so that what was derived through it is derived anew.
    Resource {
        /// The reference.
        reference: String,
    },
    /// Not judged itself: a resource about no patient that verdicts around it look at (a direct number, a unit's
    /// affiliation), marked so that those around it are judged anew.
    Context {
        /// The reference.
        reference: String,
    },
}

impl fmt::Display for Subject {
    /// `Patient/1`, `Organization/u1`, `Organization/hc1+Organization/k1`, `Agreement/vasterbotten`: the form in URLs and rows.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Patient { reference } | Self::Unit { reference } => f.write_str(reference),
            Self::Pair { region, kommun } => write!(f, "{region}+{kommun}"),
            Self::Agreement { id } => write!(f, "Agreement/{id}"),
            Self::Resource { reference } => write!(f, "~{reference}"),
            Self::Context { reference } => write!(f, "^{reference}"),
        }
    }
}

impl Subject {
    /// Reads the form that `Display` writes.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some((region, kommun)) = text.split_once('+') {
            ResourceKey::parse(region)?;
            ResourceKey::parse(kommun)?;
            return Some(Self::Pair { region: region.into(), kommun: kommun.into() });
        }
        if let Some(reference) = text.strip_prefix('~') {
            ResourceKey::parse(reference)?;
            return Some(Self::Resource { reference: reference.into() });
        }
        if let Some(reference) = text.strip_prefix('^') {
            ResourceKey::parse(reference)?;
            return Some(Self::Context { reference: reference.into() });
        }
        if let Some(id) = text.strip_prefix("Agreement/") {
            return Some(Self::Agreement { id: id.into() });
        }
        let key = ResourceKey::parse(text)?;
        Some(match key.kind.as_str() {
            "Patient" => Self::Patient { reference: text.into() },
            "Organization" | "Location" => Self::Unit { reference: text.into() },
            _ => return None,
        })
    }
}

/// A dated fact found in one version of a resource. Evidence is derived: it can always be made again from the versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The name of its kind in `profiles/evidence.json`, as `round-held`.
    pub kind: String,
    /// The resource that it was found in.
    pub source: ResourceKey,
    /// The patient it is about, as `Patient/1`, if it is about one.
    pub patient: Option<String>,
    /// The unit it happened at or is about, as `Organization/u1` or `Location/l1`.
    pub unit: Option<String>,
    /// The organisations it involves (bearer, performer, receiver ...), as references.
    pub parties: BTreeSet<String>,
    /// When it happened or holds. A point in time has `from == until`.
    pub time: Interval,
    /// Codes that its kind tells apart: an enrolment's care form, a contact's role.
    pub codes: BTreeSet<String>,
    /// An amount in the unit that the kind names (minutes, places); whole numbers are enough for the agreements.
    pub amount: Option<i64>,
    /// The named parts that it carries (`coordinator`, `phone`, ...), each with the reference or text that fills it
    /// where that is no personal data, else empty.
    pub parts: BTreeMap<String, String>,
}
