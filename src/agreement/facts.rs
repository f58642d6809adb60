//! What is known of a subject when its obligations are judged.

use std::collections::{BTreeMap, BTreeSet};

use super::document::Identifier;
use super::evidence::{Evidence, Subject};
use super::vocabulary::{ENROLMENT, UNIT};

/// The evidence around a subject: its own, and that of the organisations around it which
/// [`super::Agreement::context_kinds`] names. The order of arrival and repeated rows make no difference.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    by_kind: BTreeMap<String, Vec<Evidence>>,
    organisations: BTreeSet<Identifier>,
    partial: Partial,
}

/// Which kinds of evidence come from sources that are known to be incomplete.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Partial {
    /// None: what is not there did not happen.
    #[default]
    None,
    /// These.
    Kinds(BTreeSet<String>),
    /// All.
    All,
}

impl Partial {
    /// Whether evidence of this kind may be missing though it happened.
    pub fn covers(&self, kind: &str) -> bool {
        match self {
            Self::None => false,
            Self::Kinds(kinds) => kinds.contains(kind),
            Self::All => true,
        }
    }
}

impl Facts {
    /// Facts of this evidence.
    pub fn new(evidence: impl IntoIterator<Item = Evidence>) -> Self {
        let mut by_kind: BTreeMap<String, Vec<Evidence>> = BTreeMap::new();
        for fact in evidence {
            by_kind.entry(fact.kind.clone()).or_default().push(fact);
        }
        for facts in by_kind.values_mut() {
            facts.sort_unstable_by(|a, b| order(a).cmp(&order(b)));
            facts.dedup();
        }
        Self { by_kind, ..Self::default() }
    }

    /// The identifiers of the organisations around the subject: its unit's kommun and region. They tell which
    /// agreements apply.
    #[must_use]
    pub fn with_organisations(mut self, organisations: impl IntoIterator<Item = Identifier>) -> Self {
        self.organisations.extend(organisations);
        self
    }

    /// What is known to be incomplete.
    #[must_use]
    pub fn with_partial(mut self, partial: Partial) -> Self {
        self.partial = partial;
        self
    }

    /// The evidence of a kind, by time.
    pub fn of_kind(&self, kind: &str) -> &[Evidence] {
        self.by_kind.get(kind).map_or(&[], Vec::as_slice)
    }

    /// The organisations around the subject.
    pub fn organisations(&self) -> &BTreeSet<Identifier> {
        &self.organisations
    }

    /// What is known to be incomplete.
    pub fn partial(&self) -> &Partial {
        &self.partial
    }

    /// Whether the evidence is about the subject itself.
    pub fn is_own(subject: &Subject, evidence: &Evidence) -> bool {
        match subject {
            Subject::Patient { reference } => evidence.patient.as_deref() == Some(reference),
            Subject::Unit { reference } => evidence.unit.as_deref() == Some(reference),
            Subject::Pair { region, kommun } => evidence.parties.contains(region) && evidence.parties.contains(kommun),
            Subject::Agreement { .. } => true,
            Subject::Resource { .. } | Subject::Context { .. } => false,
        }
    }

    /// Where a patient was enrolled, or what a unit is: the evidence that tells whom an obligation covers.
    pub(super) fn anchors(&self, subject: &Subject) -> &[Evidence] {
        match subject {
            Subject::Patient { .. } => self.of_kind(ENROLMENT),
            _ => self.of_kind(UNIT),
        }
    }
}

/// A total order, so that neither arrival nor repetition shows.
fn order(it: &Evidence) -> impl Ord + '_ {
    (it.time, &it.source, (&it.patient, &it.unit), &it.codes, &it.parties, it.amount, &it.parts)
}
