//! Which types of resource organisations see of each other without a patient's relation.

use crate::fhir::ResourceType;

/// Types that describe who there is and what words mean: open to every organisation as long as no patient is named.
pub const DIRECTORY_TYPES: [&str; 26] = [
    "CapabilityStatement",
    "CodeSystem",
    "CompartmentDefinition",
    "ConceptMap",
    "Endpoint",
    "GraphDefinition",
    "HealthcareService",
    "ImplementationGuide",
    "Library",
    "Location",
    "Measure",
    "Medication",
    "MessageDefinition",
    "NamingSystem",
    "OperationDefinition",
    "Organization",
    "OrganizationAffiliation",
    "Practitioner",
    "PractitionerRole",
    "Questionnaire",
    "Schedule",
    "SearchParameter",
    "Slot",
    "StructureDefinition",
    "StructureMap",
    "ValueSet",
];

/// Types that only their submitter sees, whatever patient they name: who read what, and who listens to whom.
pub const SUBMITTER_ONLY_TYPES: [&str; 2] = ["AuditEvent", "Subscription"];

/// Whether a type is directory data.
pub fn is_directory(kind: ResourceType) -> bool {
    DIRECTORY_TYPES.contains(&kind.as_str())
}

/// Whether a type is for its submitter alone.
pub fn is_submitters_own(kind: ResourceType) -> bool {
    SUBMITTER_ONLY_TYPES.contains(&kind.as_str())
}
