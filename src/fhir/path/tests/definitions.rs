//! What the R4 definitions themselves write in FHIRPath.

use crate::fhir::Definitions;

use super::*;

#[test]
fn every_invariant_and_search_parameter_of_r4_compiles() {
    let r4 = Definitions::r4();
    let of_types = r4.types().iter().flat_map(|kind| {
        let of_elements = kind.elements.iter().flat_map(|element| &element.constraints);
        kind.constraints.iter().chain(of_elements).map(|constraint| constraint.expression.as_str())
    });
    let searches = r4.resource_types().iter().flat_map(|kind| r4.search_parameters(*kind));
    let searches = searches.map(|parameter| parameter.expression.as_str());
    let mut refused = Vec::new();
    let mut count = 0;
    for text in of_types.chain(searches).filter(|text| !text.is_empty()) {
        count += 1;
        refused.extend(Expression::parse(text).err().map(|fault| format!("{text}: {fault}")));
    }
    refused.sort();
    refused.dedup();
    assert!(count > 1_000, "{count}");
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[test]
fn the_invariants_of_a_resource_hold_for_a_good_one() {
    let document = Document::parse(PATIENT).unwrap();
    let context = Context { resource: document.root(), now: now(), resolver: &NoResolver };
    let kinds = ["DomainResource", "Patient"].map(|name| Definitions::r4().type_named(name).unwrap());
    for constraint in kinds.iter().flat_map(|kind| &kind.constraints).filter(|constraint| constraint.is_error) {
        let holds = Expression::parse(&constraint.expression).unwrap().is_true(&context, document.root());
        assert_eq!(holds, Ok(true), "{}", constraint.key);
    }
}

#[test]
fn every_search_expression_runs_on_its_resource() {
    let r4 = Definitions::r4();
    for kind in r4.resource_types() {
        let document = Document::parse(format!("{{\"resourceType\":\"{kind}\",\"id\":\"1\"}}")).unwrap();
        let context = Context { resource: document.root(), now: now(), resolver: &NoResolver };
        for parameter in r4.search_parameters(*kind).iter().filter(|p| !p.expression.is_empty()) {
            let found = Expression::parse(&parameter.expression).unwrap().evaluate(&context, document.root());
            assert!(found.is_ok(), "{kind} {}: {found:?}", parameter.code);
        }
    }
}
