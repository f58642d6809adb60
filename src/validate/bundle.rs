//! Bundles: what each type of Bundle asks of its entries ([Bundle](https://hl7.org/fhir/R4/bundle.html)).

mod document;
mod full_url;
mod link;
mod searchset;

use std::borrow::Cow;
use std::collections::HashMap;

use crate::fhir::{NodeRef, ResourceType};

use super::issues::Issues;
use super::resource_type;
use super::rules::{
    BUNDLE_DOCUMENT, BUNDLE_ENTRY_RESOURCE, BUNDLE_MESSAGE, BUNDLE_REQUEST, BUNDLE_RESPONSE, BUNDLE_SEARCH,
    BUNDLE_TOTAL, Rule,
};

/// The entries of a Bundle by their fullUrl, for references between them.
pub struct BundleEntries<'a> {
    kinds: HashMap<Cow<'a, str>, Option<ResourceType>>,
    /// The resources by fullUrl, and by the `Type/id` that a fullUrl ends with; the first of each.
    nodes: HashMap<Cow<'a, str>, NodeRef<'a>>,
    is_transaction: bool,
}

impl<'a> BundleEntries<'a> {
    /// Those of a Bundle.
    pub fn of(bundle: NodeRef<'a>) -> Self {
        let kind = |entry: NodeRef<'a>| resource_type::of(entry.get("resource")?);
        let kinds = bundle.list("entry").filter_map(|entry| Some((entry.str_at("fullUrl")?, kind(entry))));
        let is_transaction = bundle.str_at("type").as_deref() == Some("transaction");
        Self { kinds: kinds.collect(), nodes: nodes(bundle), is_transaction }
    }

    /// The resource of the entry that a reference leads to.
    pub fn node_of(&self, reference: &str) -> Option<NodeRef<'a>> {
        let reference = reference.split("/_history/").next().unwrap_or(reference);
        self.nodes.get(reference).copied()
    }

    /// Whether an entry has this fullUrl, and the type of its resource.
    pub fn kind_of(&self, full_url: &str) -> Option<Option<ResourceType>> {
        self.kinds.get(full_url).copied()
    }

    /// Whether references by search are allowed.
    pub fn is_transaction(&self) -> bool {
        self.is_transaction
    }
}

fn nodes(bundle: NodeRef<'_>) -> HashMap<Cow<'_, str>, NodeRef<'_>> {
    let mut nodes = HashMap::new();
    for entry in bundle.list("entry") {
        let Some((url, resource)) = entry.str_at("fullUrl").zip(entry.get("resource")) else { continue };
        if let Some((kind, id)) = super::reference::type_and_id(&url) {
            nodes.entry(Cow::Owned(format!("{kind}/{id}"))).or_insert(resource);
        }
        nodes.entry(url).or_insert(resource);
    }
    nodes
}

/// Checks a Bundle whose elements have been walked. A Bundle without a known type is left alone: that is told already.
pub fn check(bundle: NodeRef<'_>, issues: &mut Issues) {
    let Some(kind) = bundle.str_at("type") else { return };
    let is_paged = matches!(&*kind, "searchset" | "history");
    if let Some(total) = bundle.get("total").filter(|_| !is_paged) {
        issues.raise(
            &BUNDLE_TOTAL,
            total,
            "Only a searchset or a history has a total; remove it.",
            "Endast ett sökresultat eller en historik har total; ta bort den.",
        );
    }
    for entry in bundle.list("entry") {
        check_entry(entry, &kind, issues);
    }
    match &*kind {
        "document" => {
            document(bundle, issues);
            document::check(bundle, issues);
        }
        "searchset" => searchset::check(bundle, issues),
        "message" => message(bundle, issues),
        _ => {}
    }
    full_url::check(bundle, &kind, issues);
    link::check(bundle, &kind, issues);
}

fn check_entry(entry: NodeRef<'_>, kind: &str, issues: &mut Issues) {
    let has_requests = matches!(kind, "batch" | "transaction" | "history");
    let has_responses = matches!(kind, "batch-response" | "transaction-response" | "history");
    belongs(entry, "request", has_requests, &BUNDLE_REQUEST, issues);
    belongs(entry, "response", has_responses, &BUNDLE_RESPONSE, issues);
    if let Some(search) = entry.get("search").filter(|_| kind != "searchset") {
        issues.raise(
            &BUNDLE_SEARCH,
            search,
            "Only entries of a searchset say how they were found; remove search.",
            "Endast poster i ett sökresultat säger hur de hittades; ta bort search.",
        );
    }
    if entry.get("resource").is_none() && needs_resource(entry) {
        issues.raise(
            &BUNDLE_ENTRY_RESOURCE,
            entry,
            "This entry needs a resource; add it.",
            "Denna post behöver en resurs; lägg till den.",
        );
    }
}

/// Without request and response there is nothing else to say; POST and PUT send what they store.
fn needs_resource(entry: NodeRef<'_>) -> bool {
    let method = entry.get("request").and_then(|request| request.str_at("method"));
    let says_nothing = entry.get("request").is_none() && entry.get("response").is_none();
    // In a history, a version that is no longer kept has a response and no resource.
    says_nothing || matches!(method.as_deref(), Some("POST" | "PUT")) && entry.get("response").is_none()
}

fn belongs(entry: NodeRef<'_>, name: &str, is_due: bool, rule: &Rule, issues: &mut Issues) {
    match (entry.get(name), is_due) {
        (None, true) => issues.raise(
            rule,
            entry,
            format!("Every entry of a Bundle of this type has a {name}; add it."),
            format!("Varje post i en Bundle av denna typ har {name}; lägg till den."),
        ),
        (Some(it), false) => issues.raise(
            rule,
            it,
            format!("No entry of a Bundle of this type has a {name}; remove it or change Bundle.type."),
            format!("Ingen post i en Bundle av denna typ har {name}; ta bort den eller ändra Bundle.type."),
        ),
        _ => {}
    }
}

fn first_type(bundle: NodeRef<'_>) -> Option<ResourceType> {
    resource_type::of(bundle.list("entry").next()?.get("resource")?)
}

fn document(bundle: NodeRef<'_>, issues: &mut Issues) {
    let identified = ["system", "value"].iter().all(|name| bundle.at(&["identifier", name]).is_some());
    let starts = first_type(bundle).is_some_and(|kind| kind.as_str() == "Composition");
    if !identified || !starts || bundle.get("timestamp").is_none() {
        issues.raise(
            &BUNDLE_DOCUMENT,
            bundle,
            "A document has an identifier with system and value, a timestamp, and a Composition as its first entry; add what is missing.",
            "Ett dokument har identifier med system och value, timestamp, och en Composition som första post; lägg till det som saknas.",
        );
    }
}

fn message(bundle: NodeRef<'_>, issues: &mut Issues) {
    if first_type(bundle).is_none_or(|kind| kind.as_str() != "MessageHeader") {
        issues.raise(
            &BUNDLE_MESSAGE,
            bundle,
            "The first entry of a message is a MessageHeader; put it first.",
            "Första posten i ett meddelande är en MessageHeader; sätt den först.",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::found;

    fn bundle(kind: &str, rest: &str) -> Vec<(&'static str, String)> {
        found(&format!(r#"{{"resourceType":"Bundle","type":"{kind}",{rest}}}"#))
    }

    const ENTRY: &str = r#""fullUrl":"http://a.example/Patient/1","resource":{"resourceType":"Patient","id":"1"}"#;

    #[test]
    fn total_and_search_are_for_searchsets() {
        assert_eq!(bundle("collection", r#""total":1"#), [("bundle-total", "/total".into())]);
        let entry = format!(r#""entry":[{{{ENTRY},"search":{{"mode":"match"}}}}]"#);
        assert!(bundle("searchset", &entry).is_empty());
        assert_eq!(bundle("collection", &entry), [("bundle-search", "/entry/0/search".into())]);
    }

    #[test]
    fn requests_and_responses_stand_where_they_belong() {
        let entry = format!(r#""entry":[{{{ENTRY},"request":{{"method":"PUT","url":"Patient/1"}}}}]"#);
        assert!(bundle("transaction", &entry).is_empty());
        assert_eq!(bundle("collection", &entry), [("bundle-request", "/entry/0/request".into())]);
        assert_eq!(bundle("history", &entry), [("bundle-response", "/entry/0".into())]);
        let bare = format!(r#""entry":[{{{ENTRY}}}]"#);
        assert_eq!(bundle("batch", &bare), [("bundle-request", "/entry/0".into())]);
    }

    #[test]
    fn an_entry_has_a_resource_unless_its_request_needs_none() {
        let request = |method: &str| {
            bundle("batch", &format!(r#""entry":[{{"request":{{"method":"{method}","url":"Patient/1"}}}}]"#))
        };
        assert!(request("DELETE").is_empty() && request("GET").is_empty());
        assert_eq!(request("PUT"), [("bundle-entry-resource", "/entry/0".into())]);
        let linked = r#""entry":[{"link":[{"relation":"self","url":"http://a.example"}]}]"#;
        assert_eq!(bundle("collection", linked), [("bundle-entry-resource", "/entry/0".into())]);
    }

    #[test]
    fn documents_and_messages_start_with_their_own() {
        let entry = format!(r#""entry":[{{{ENTRY}}}]"#);
        assert_eq!(bundle("document", &entry), [("bundle-document", "".into())]);
        assert_eq!(bundle("message", &entry), [("bundle-message", "".into())]);
    }

    #[test]
    fn entries_are_walked_by_their_own_type() {
        let entry = r#""entry":[{"fullUrl":"http://a.example/Patient/1","resource":{"resourceType":"Patient","id":"1","x":1}}]"#;
        assert_eq!(bundle("collection", entry), [("element-unknown", "/entry/0/resource/x".into())]);
    }

    #[test]
    fn references_between_entries_lead_to_their_types() {
        let entry = |target: &str| {
            let urn = "urn:uuid:c757873d-ec9a-4326-a141-556f43239520";
            let observer = format!(
                r#"{{"resourceType":"Flag","status":"active","code":{{"text":"x"}},"subject":{{"reference":"{target}"}}}}"#
            );
            bundle(
                "collection",
                &format!(
                    r#""entry":[{{"fullUrl":"{urn}","resource":{{"resourceType":"List","status":"current","mode":"working"}}}},{{"fullUrl":"http://a.example/Flag/1","resource":{observer}}}]"#
                ),
            )
        };
        let place = || "/entry/1/resource/subject/reference".to_owned();
        assert_eq!(entry("urn:uuid:c757873d-ec9a-4326-a141-556f43239520"), [("reference-target", place())]);
        assert_eq!(entry("urn:uuid:c757873d-ec9a-4326-a141-556f43239521"), [("reference-unresolved", place())]);
    }
}
