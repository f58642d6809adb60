//! From a parameter's FHIRPath to the places to look at, compiled once for each type.
//!
//! Search parameters use a small part of FHIRPath: steps, choices, casts, three sorts of `where`. Compiling against
//! the definitions turns that into lists of JSON member names that end at a known FHIR type. A parameter whose
//! expression is something else has no plan, and is then neither indexed nor offered.

mod expression;

use std::collections::HashMap;
use std::sync::LazyLock;

use super::super::ResourceType;
use super::super::definitions::{Definitions, SearchKind, SearchParameter};
use super::super::tree::NodeRef;

/// A parameter of a type and where its values are.
pub(super) struct Plan {
    pub(super) parameter: &'static SearchParameter,
    pub(super) looks: Looks,
}

impl Plan {
    /// The system that a code has without saying so: `gender` is one of `http://hl7.org/fhir/administrative-gender`.
    pub(super) fn implied_system(&self) -> Option<&'static str> {
        let Looks::Values(paths) = &self.looks else { return None };
        let system = paths.first()?.system;
        system.filter(|_| paths.iter().all(|path| path.system == system))
    }
}

/// What a plan looks at.
pub(super) enum Looks {
    /// The values at the ends of these paths.
    Values(Vec<Path>),
    /// Whether there is a value other than `false` at the end of one of these paths.
    Presence(Vec<Path>),
}

/// A way from the resource to values of one FHIR type.
#[derive(Debug, Clone)]
pub(super) struct Path {
    pub(super) steps: Vec<Step>,
    /// The FHIR type at its end.
    pub(super) type_name: &'static str,
    /// For references: only those to this type.
    pub(super) target: Option<String>,
    /// For codes: the one system that their required binding allows.
    pub(super) system: Option<&'static str>,
}

/// One step of a way.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// Into the values of a member, or into one of them.
    Member { json_name: String, position: Option<usize> },
    /// On where a string member has a value.
    Where { member: String, equals: String },
    /// Into the extensions of a URL.
    Extension { url: String },
}

impl Path {
    /// Calls `found` for each value at the end.
    pub(super) fn visit<'a>(&self, resource: NodeRef<'a>, found: &mut dyn FnMut(NodeRef<'a>)) {
        visit(resource, &self.steps, found);
    }
}

fn visit<'a>(node: NodeRef<'a>, steps: &[Step], found: &mut dyn FnMut(NodeRef<'a>)) {
    let Some((step, rest)) = steps.split_first() else {
        return found(node);
    };
    match step {
        Step::Member { json_name, position: None } => node.list(json_name).for_each(|it| visit(it, rest, found)),
        Step::Member { json_name, position: Some(at) } => {
            node.list(json_name).nth(*at).into_iter().for_each(|it| visit(it, rest, found));
        }
        Step::Where { member, equals } => {
            if node.str_at(member).is_some_and(|it| it == *equals) {
                visit(node, rest, found);
            }
        }
        Step::Extension { url } => {
            let of_url = node.list("extension").filter(|it| it.str_at("url").is_some_and(|it| it == *url));
            of_url.for_each(|it| visit(it, rest, found));
        }
    }
}

/// The plans of a type.
pub(super) fn plans(kind: ResourceType) -> &'static [Plan] {
    static PLANS: LazyLock<HashMap<ResourceType, Vec<Plan>>> = LazyLock::new(|| {
        let kinds = Definitions::r4().resource_types().iter();
        kinds.map(|kind| (*kind, compile(*kind))).collect()
    });
    PLANS.get(&kind).map_or(&[], Vec::as_slice)
}

/// The plan of a parameter, if it has one.
pub(super) fn plan(kind: ResourceType, code: &str) -> Option<&'static Plan> {
    plans(kind).iter().find(|plan| plan.parameter.code == code)
}

/// The parameters of a type that a search may use: those that [`parse`](super::parse) reads and [`index`](super::index)
/// has values for.
pub fn supported(kind: ResourceType) -> impl Iterator<Item = &'static SearchParameter> {
    plans(kind).iter().map(|plan| plan.parameter).filter(|parameter| is_searchable(parameter.kind))
}

/// Whether queries by such parameters are answered; numbers and quantities are indexed only.
pub(super) fn is_searchable(kind: SearchKind) -> bool {
    use SearchKind::{Date, Reference, String, Token, Uri};
    matches!(kind, Token | Date | Reference | Uri | String)
}

fn compile(kind: ResourceType) -> Vec<Plan> {
    let parameters = Definitions::r4().search_parameters(kind).iter();
    parameters
        .filter_map(|parameter| Some(Plan { parameter, looks: expression::compile(kind.as_str(), parameter)? }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_these_parameters_have_no_plan() {
        let mut without = Vec::new();
        for kind in Definitions::r4().resource_types() {
            for parameter in Definitions::r4().search_parameters(*kind) {
                let is_later = matches!(parameter.kind, SearchKind::Composite | SearchKind::Special);
                if !is_later && plan(*kind, &parameter.code).is_none() {
                    without.push(match parameter.url.rsplit('/').next() {
                        Some(id) if id.contains("Resource-") => id.to_owned(),
                        _ => format!("{kind}.{}", parameter.code),
                    });
                }
            }
        }
        without.sort();
        without.dedup();
        assert_eq!(without, EXPECTED);
    }

    /// The first two hold whole resources; the texts and `_query` have no expression.
    const EXPECTED: &[&str] =
        &["Bundle.composition", "Bundle.message", "DomainResource-text", "Resource-content", "Resource-query"];

    #[test]
    fn every_parameter_of_the_patient_compartment_is_offered() {
        for kind in Definitions::r4().resource_types() {
            for code in Definitions::r4().patient_compartment(*kind) {
                assert!(supported(*kind).any(|parameter| parameter.code == *code), "{kind} {code}");
            }
        }
    }
}
