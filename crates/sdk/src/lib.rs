//! The one place that names `fhir-sdk`.
//!
//! Its R4B model serves where no decimal and no unknown member can be: in resources that the gateway writes itself.
//! (R4B changed neither OperationOutcome nor AuditEvent nor CapabilityStatement.) What was received never passes
//! through here, because the model reads decimals as floats and drops what it does not know.
//!
//! The functions are not generic and each serialises one type, because the model's derived code is what costs
//! minutes to compile, and it is compiled in the crate that calls it.

mod audit_event;
mod capability_statement;
mod operation_outcome;

pub use audit_event::{AuditEvent, Entity, audit_event};
pub use capability_statement::{Capabilities, ResourceCapability, capability_statement};
pub use operation_outcome::{OutcomeIssue, operation_outcome};

use fhir_sdk::r4b::types::{CodeableConcept, Coding, Identifier, Reference};

/// What can't be said in the model, which means that a caller of ours gave a value that is not FHIR's.
#[derive(Debug)]
pub struct Unrepresentable(String);

impl std::fmt::Display for Unrepresentable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "not representable in FHIR: {}", self.0)
    }
}

impl std::error::Error for Unrepresentable {}

fn unrepresentable(what: impl std::fmt::Display) -> Unrepresentable {
    Unrepresentable(what.to_string())
}

fn coding(system: &str, code: &str, display: Option<&str>) -> Result<Coding, Unrepresentable> {
    let mut builder = Coding::builder();
    builder = builder.system(system.to_owned()).code(code.to_owned());
    if let Some(display) = display {
        builder = builder.display(display.to_owned());
    }
    builder.build().map_err(unrepresentable)
}

fn concept(coding: Coding) -> Result<CodeableConcept, Unrepresentable> {
    CodeableConcept::builder().coding(vec![Some(coding)]).build().map_err(unrepresentable)
}

fn to(reference: &str) -> Result<Reference, Unrepresentable> {
    Reference::builder().reference(reference.to_owned()).build().map_err(unrepresentable)
}

fn identified(system: &str, value: &str) -> Result<Reference, Unrepresentable> {
    let identifier =
        Identifier::builder().system(system.to_owned()).value(value.to_owned()).build().map_err(unrepresentable)?;
    Reference::builder().identifier(identifier).build().map_err(unrepresentable)
}
