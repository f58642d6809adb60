//! Resource types with rules of their own, beyond what definitions can say; a file each.

mod answers;
mod capability_statement;
mod code_system;
mod concept_map;
mod ecl;
mod enablement;
mod observation;
mod parameters;
mod questionnaire;
mod search_parameter;
mod structure_definition;
mod value_set;
mod value_set_filter;

use crate::fhir::{NodeRef, ResourceType};

use super::overlay::{self, Overlay};
use super::walk::Walk;

/// Checks a resource whose elements have been walked.
pub fn check<'a>(kind: ResourceType, resource: NodeRef<'a>, walk: &mut Walk<'a>) {
    match kind.as_str() {
        "CapabilityStatement" => capability_statement::check(resource, walk),
        "CodeSystem" => code_system::check(resource, walk),
        "ConceptMap" => concept_map::check(resource, walk),
        "Parameters" => parameters::check(resource, walk),
        "Questionnaire" => questionnaire::check(resource, walk),
        "QuestionnaireResponse" => answers::check(resource, walk),
        "SearchParameter" => search_parameter::check(resource, walk),
        "StructureDefinition" => structure_definition::check(resource, walk),
        "ValueSet" => value_set::check(resource, walk),
        _ => {}
    }
}

/// Adds the profiles that a resource has to meet by what it is, whether it claims them or not: those of vital signs, and
/// those that an implementation guide asks for of every resource of the type.
pub fn implied<'a>(kind: ResourceType, resource: NodeRef<'a>, overlays: &mut Vec<Overlay<'a>>, walk: &Walk<'a>) {
    let library = walk.setting.library;
    for url in library.global_profiles(kind.as_str()) {
        if let Some(Ok(profile)) = library.structure(url) {
            overlay::add(overlays, Overlay::root(profile));
        }
    }
    if kind.as_str() == "Observation"
        && let Some(url) = observation::vital_sign(resource)
        && let Some(Ok(profile)) = walk.setting.library.structure(url)
        && overlays.iter().all(|overlay| overlay.profile.url != url)
    {
        overlays.push(Overlay::root(profile));
    }
}
