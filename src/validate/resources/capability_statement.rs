//! Capability statements: a search parameter has the type that its definition gives it
//! ([CapabilityStatement](https://hl7.org/fhir/R4/capabilitystatement.html)).

use crate::fhir::NodeRef;
use crate::validate::rules::CAPABILITY_SEARCH_PARAMETER;
use crate::validate::walk::Walk;

use super::search_parameter;

/// Checks a CapabilityStatement.
pub fn check<'a>(statement: NodeRef<'a>, walk: &mut Walk<'a>) {
    // Those of all types (`rest.searchParam`) may point at the definition of one type, so they are left alone.
    let resources = statement.list("rest").flat_map(|rest| rest.list("resource"));
    resources.flat_map(|resource| resource.list("searchParam")).for_each(|parameter| typed(parameter, walk));
}

fn typed<'a>(parameter: NodeRef<'a>, walk: &mut Walk<'a>) {
    let definition = parameter.str_at("definition");
    let defined = definition.and_then(|url| search_parameter::type_of(walk.setting.library, &url));
    let stated = parameter.get("type").and_then(|node| Some((node, node.as_str()?)));
    if let (Some(defined), Some((node, stated))) = (defined, stated)
        && defined != stated
    {
        walk.issues.raise(
            &CAPABILITY_SEARCH_PARAMETER,
            node,
            format!("The definition of this search parameter gives it the type {defined}; state the same type."),
            format!("Sökparameterns definition ger den typen {defined}; ange samma typ."),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::found_with;

    #[test]
    fn a_search_parameter_has_its_own_type() {
        let parameter = r#"{"resourceType":"SearchParameter","url":"http://a.example/s","type":"token"}"#;
        let statement = |kind: &str| {
            format!(
                r#"{{"resourceType":"CapabilityStatement","status":"draft","date":"2026","kind":"requirements","description":"x",
                "fhirVersion":"4.0.1","format":["json"],"rest":[{{"mode":"server","resource":[{{"type":"Patient",
                "searchParam":[{{"name":"s","type":"{kind}","definition":"http://a.example/s"}}]}}]}}]}}"#
            )
        };
        assert_eq!(found_with(&statement("token"), &[parameter]), []);
        let place = "/rest/0/resource/0/searchParam/0/type".to_owned();
        assert_eq!(found_with(&statement("date"), &[parameter]), [("capability-search-parameter", place)]);
    }
}
