//! Validation as the use cases need it: with the definitions of the packages and of those who write them here, and
//! with a decision on what is let through.
//!
//! [`policy`] is that decision, [`definitions`] what is known, [`write`] what happens to a submission, [`operation`] what
//! `$validate` answers.

pub mod definitions;
pub mod operation;
pub mod policy;
pub mod write;

use std::sync::Arc;

use crate::fhir::{Issue, Library, NodeRef};
use crate::validate::{self, Setting};

use super::terminology::{TerminologyService, settle};
use super::{Gateway, clauses};

pub use definitions::StoredDefinitions;
pub use policy::{Mode, Policy};

/// What validation goes by.
pub struct Validation {
    /// What is let through.
    pub policy: Policy,
    /// The definitions at hand.
    pub definitions: StoredDefinitions,
    /// Who is asked about codes that the definitions at hand don't tell of.
    pub terminology: Option<Arc<dyn TerminologyService>>,
}

impl Validation {
    /// By a policy, with these definitions and those that are stored.
    pub fn new(policy: Policy, library: Arc<Library>) -> Self {
        Self { policy, definitions: StoredDefinitions::over(library), terminology: None }
    }

    /// Asks this service as well.
    #[must_use]
    pub fn asking(self, terminology: Option<Arc<dyn TerminologyService>>) -> Self {
        Self { terminology, ..self }
    }
}

impl Default for Validation {
    /// Nothing is let through, by the definitions in the binary and those that are stored.
    fn default() -> Self {
        Self::new(Policy::default(), Library::embedded().clone())
    }
}

/// What is wrong with a resource of a document, by these definitions and by these profiles besides those that it claims.
async fn issues_by(gateway: &Gateway, library: &Library, resource: NodeRef<'_>, profiles: &[String]) -> Vec<Issue> {
    let asks = gateway.validation.terminology.is_some();
    let setting = || Setting { profiles, asks, ..Setting::new(library, gateway.clock.now()) };
    let mut report = validate::resource_at(resource, &setting());
    if let Some(service) = &gateway.validation.terminology {
        report = settle(report, &**service).await;
    }
    clauses::attach(&mut report.issues, &gateway.agreements);
    report.issues
}
