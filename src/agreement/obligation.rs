//! One duty of an agreement, with the words that it rests on.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::evidence::Subject;
use super::rule::Rule;
use super::selector::Selector;
use super::verdict::Basis;

/// A duty: who owes what for whom, by which clause, and how it is judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Obligation {
    /// Unique in all agreements.
    pub id: String,
    /// The section of the document.
    pub clause: String,
    /// The document's own words, in one line.
    pub quote: String,
    /// The document, where it is not the agreement's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// What is owed, in a few words.
    pub title: Bilingual,
    /// Who owes it.
    pub bearer: Vec<Bearer>,
    /// What it is judged for.
    pub subject: SubjectKind,
    /// Tokens of `profiles/evidence.json` for the care forms that it covers.
    pub population: Vec<String>,
    /// What a breach means.
    pub severity: Severity,
    /// Who can tell whether it is met.
    pub check: Check,
    /// Where its threshold comes from.
    pub basis: Basis,
    /// When it is met.
    pub rule: Rule,
    /// While this holds the parties have agreed otherwise, and nothing is owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unless: Option<Selector>,
    /// For units: owed only while somebody is enrolled there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub while_enrolled: bool,
    /// What fell due while the duty held stays owed after the enrolment has ended, as the notice of a death.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outlasts: bool,
    /// Which reading of the clause was taken, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interpretation: Option<String>,
    /// The care forms that the population stands for; empty is everybody. Filled in when the agreement is read.
    #[serde(skip)]
    pub care_forms: BTreeSet<String>,
}

/// A few words in Swedish and English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bilingual {
    /// Swedish.
    pub sv: String,
    /// English.
    pub en: String,
}

/// A side of the agreement, or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bearer {
    /// The region.
    Region,
    /// The region's hälsocentral (vårdcentral) that is responsible.
    HealthCentre,
    /// The region's ordering unit.
    OrderingUnit,
    /// The municipality.
    Kommun,
    /// The unit of the municipality.
    Unit,
}

impl Bearer {
    /// The vårdgivare that it is, or is part of, in the type codes of organisations: `region` or `kommun`.
    pub fn side(self) -> &'static str {
        match self {
            Self::Region | Self::HealthCentre | Self::OrderingUnit => "region",
            Self::Kommun | Self::Unit => "kommun",
        }
    }
}

/// What an obligation is judged for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectKind {
    /// Each patient.
    Patient,
    /// Each unit.
    Unit,
    /// Each pair of a hälsocentral and a kommun.
    Pair,
    /// The agreement as a whole.
    Agreement,
    /// Something that happened.
    Event,
}

impl SubjectKind {
    /// Whether such obligations are judged for `subject`.
    pub fn fits(self, subject: &Subject) -> bool {
        matches!(
            (self, subject),
            (Self::Patient, Subject::Patient { .. })
                | (Self::Unit, Subject::Unit { .. })
                | (Self::Pair, Subject::Pair { .. })
                | (Self::Agreement, Subject::Agreement { .. })
        )
    }
}

/// What a breach means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// An inconvenience.
    Minor,
    /// Work suffers.
    Major,
    /// Patients may come to harm.
    Critical,
}

/// Who can tell whether an obligation is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// The evidence itself.
    Auto,
    /// Only a person who signs for it.
    Attest,
}

impl Obligation {
    /// Every kind of evidence that its verdict depends on by its own words.
    pub fn evidence_kinds(&self) -> BTreeSet<&str> {
        let selectors = self.rule.selectors().into_iter().chain(&self.unless);
        selectors
            .flat_map(|it| {
                it.kinds().iter().map(String::as_str).chain(it.through.iter().map(|link| link.kind.as_str()))
            })
            .collect()
    }
}
