//! Parameters: references between the resources inside. They have no fullUrl, so a relative reference leads to a parameter's
//! resource by type and id, or to one that the receiver has ([Parameters](https://hl7.org/fhir/R4/parameters.html)).

use std::collections::BTreeSet;

use crate::fhir::{NodeRef, ResourceType, reference};

use crate::validate::rules::PARAMETERS_REFERENCE;
use crate::validate::walk::Walk;

/// Where resources of the type come along and none of them is meant, the reference is taken for a slip: data would
/// otherwise be put to somebody whom the sender has not sent.
pub fn check<'a>(resource: NodeRef<'a>, walk: &mut Walk<'a>) {
    let inside: Vec<NodeRef<'a>> = resource.list("parameter").filter_map(|it| it.get("resource")).collect();
    let name = |it: &NodeRef<'_>| Some((it.str_at("resourceType")?.into_owned(), it.str_at("id")?.into_owned()));
    let known: BTreeSet<(String, String)> = inside.iter().filter_map(name).collect();
    for node in inside
        .iter()
        .filter(|it| it.str_at("resourceType").as_deref() != Some("Bundle"))
        .flat_map(|it| reference::nodes(*it))
    {
        let Some(text) = node.as_str() else { continue };
        let Some((kind, id)) =
            text.split_once('/').filter(|(kind, id)| ResourceType::parse(kind).is_some() && !id.contains('/'))
        else {
            continue;
        };
        let comes_along = known.iter().any(|(known, _)| known == kind);
        if comes_along && !known.contains(&(kind.to_owned(), id.to_owned())) {
            walk.issues.raise(
                &PARAMETERS_REFERENCE,
                node,
                format!("Resources of the type {kind} come along, and this reference leads to none of them; correct it, or send that resource too."),
                format!("Resurser av typen {kind} följer med, och denna referens leder inte till någon av dem; rätta den, eller skicka även den resursen."),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::found;

    fn with(subject: &str) -> Vec<(&'static str, String)> {
        found(&format!(
            r#"{{"resourceType":"Parameters","parameter":[{{"name":"p","resource":{{"resourceType":"Patient","id":"1"}}}},
                {{"name":"f","resource":{{"resourceType":"Flag","status":"active","code":{{"text":"x"}},"subject":{{"reference":"{subject}"}}}}}}]}}"#
        ))
    }

    #[test]
    fn a_reference_leads_to_a_resource_that_comes_along_or_to_another_type() {
        assert!(
            with("Patient/1").is_empty() && with("Group/2").is_empty() && with("http://a.example/Patient/2").is_empty()
        );
        assert_eq!(with("Patient/2"), [("parameters-reference", "/parameter/1/resource/subject/reference".into())]);
    }
}
