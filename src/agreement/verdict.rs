//! What an obligation comes to for a subject at an instant.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The five states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// What is owed is there.
    Fulfilled,
    /// It is owed and its time is not out.
    Due,
    /// It is owed and its time is out.
    Overdue,
    /// It is not owed here and now.
    NotApplicable,
    /// Known sources are too incomplete to tell. Never overdue.
    NotDeterminable,
}

impl State {
    /// The word in JSON and URLs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fulfilled => "fulfilled",
            Self::Due => "due",
            Self::Overdue => "overdue",
            Self::NotApplicable => "not-applicable",
            Self::NotDeterminable => "not-determinable",
        }
    }
}

/// Where a threshold comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The clause itself gives it.
    Agreement,
    /// A law or regulation gives it.
    Statute,
    /// Neither: it is this product's, and every output says so.
    Product,
}

/// The same sentence for Swedish and English readers. No personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// Swedish.
    pub sv: String,
    /// English.
    pub en: String,
}

/// The verdict on one obligation for one subject at one instant, in the JSON form of `/obligations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// The obligation's id, as `VB-9.2`.
    pub obligation: String,
    /// The agreement's id.
    pub agreement: String,
    /// The section of the agreement.
    pub clause: String,
    /// The agreement's own words.
    pub quote: String,
    /// `Patient/1`, `Organization/u1`, ...
    pub subject: String,
    /// What it comes to.
    pub state: State,
    /// Since when it has come to that, if that is known.
    pub since: Option<Timestamp>,
    /// When it changes by itself if nothing new arrives; `None` is never.
    pub until: Option<Timestamp>,
    /// The resources it rests on.
    pub evidence: Vec<EvidenceReference>,
    /// Where the threshold comes from.
    pub basis: Basis,
    /// Why, in words.
    pub explanation: Explanation,
}

/// A FHIR Reference in a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceReference {
    /// `List/1`
    pub reference: String,
}
