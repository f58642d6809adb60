//! What a search found: matches of the types that were asked for, with ids
//! ([searchset](https://hl7.org/fhir/R4/bundle.html#searchset)).

use crate::fhir::{NodeRef, ResourceType};
use crate::validate::issues::Issues;
use crate::validate::resource_type;
use crate::validate::rules::BUNDLE_SEARCH_ENTRY;

/// Checks the entries of a searchset.
pub fn check(bundle: NodeRef<'_>, issues: &mut Issues) {
    let asked = asked(bundle);
    for entry in bundle.list("entry") {
        let Some(resource) = entry.get("resource") else { continue };
        let Some(kind) = resource_type::of(resource) else { continue };
        let mode = entry.get("search").and_then(|search| search.str_at("mode"));
        let is_outcome = kind.as_str() == "OperationOutcome";
        match mode.as_deref() {
            Some("outcome") if !is_outcome => raise(
                resource,
                "What a search says of itself is an OperationOutcome; correct search.mode or the resource.",
                "Vad en sökning säger om sig själv är en OperationOutcome; rätta search.mode eller resursen.",
                issues,
            ),
            Some("outcome") => {}
            Some("match") if !asked.is_empty() && !asked.contains(&kind) => raise(
                resource,
                "The search in the link self does not ask for resources of this type; correct search.mode or the link.",
                "Sökningen i länken self frågar inte efter resurser av denna typ; rätta search.mode eller länken.",
                issues,
            ),
            _ if resource.get("id").is_none() && (mode.is_some() || !is_outcome) => raise(
                resource,
                "What a search finds has an id; add it.",
                "Det som en sökning hittar har id; lägg till det.",
                issues,
            ),
            _ => {}
        }
    }
}

fn raise(node: NodeRef<'_>, english: &str, swedish: &str, issues: &mut Issues) {
    issues.raise(&BUNDLE_SEARCH_ENTRY, node, english, swedish);
}

/// The types that the link self asks for; empty where it does not tell.
fn asked(bundle: NodeRef<'_>) -> Vec<ResourceType> {
    let link = bundle.list("link").find(|link| link.str_at("relation").as_deref() == Some("self"));
    let Some(url) = link.and_then(|link| link.str_at("url")) else { return Vec::new() };
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    if let Some(kind) = path.rsplit('/').next().and_then(ResourceType::parse) {
        return vec![kind];
    }
    let types = query.split('&').find_map(|parameter| parameter.strip_prefix("_type="));
    types.into_iter().flat_map(|list| list.split(',')).filter_map(ResourceType::parse).collect()
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::found;

    fn searchset(resource: &str, mode: &str) -> Vec<(&'static str, String)> {
        found(&format!(
            r#"{{"resourceType":"Bundle","type":"searchset","link":[{{"relation":"self","url":"http://a.example/Patient?x=1"}}],
            "entry":[{{"fullUrl":"urn:uuid:c757873d-ec9a-4326-a141-556f43239520","resource":{resource},"search":{{"mode":"{mode}"}}}}]}}"#
        ))
    }

    #[test]
    fn matches_are_of_the_type_asked_for_and_have_ids() {
        let place = || "/entry/0/resource".to_owned();
        assert_eq!(searchset(r#"{"resourceType":"Patient","id":"1"}"#, "match"), []);
        assert_eq!(searchset(r#"{"resourceType":"Patient"}"#, "match"), [("bundle-search-entry", place())]);
        let basic = r#"{"resourceType":"Basic","id":"1","code":{"text":"x"}}"#;
        assert_eq!(searchset(basic, "match"), [("bundle-search-entry", place())]);
        assert_eq!(searchset(basic, "include"), []);
        assert_eq!(searchset(basic, "outcome"), [("bundle-search-entry", place())]);
    }
}
