//! From a StructureDefinition to a [`Profile`].

use super::{Library, Profile};
use crate::fhir::Document;

/// Compiles a StructureDefinition; one without a snapshot gets it from what it derives from, looked up in `library`.
///
/// # Errors
/// Why it can't be used, in one line.
pub fn profile(_definition: &Document, _library: &Library) -> Result<Profile, String> {
    Err("profiles are not compiled yet".into())
}
