//! The identity of an entry ([fullUrl](https://hl7.org/fhir/R4/bundle.html#bundle-unique)).

use std::borrow::Cow;
use std::collections::HashSet;

use crate::fhir::NodeRef;
use crate::validate::issues::Issues;
use crate::validate::rules::{
    BUNDLE_FULL_URL_DUPLICATE, BUNDLE_FULL_URL_FORM, BUNDLE_FULL_URL_MISSING, BUNDLE_FULL_URL_VERSION,
};
use crate::validate::{primitive, reference, resource_type};

/// Checks the fullUrls of a Bundle of this type.
pub fn check(bundle: NodeRef<'_>, kind: &str, issues: &mut Issues) {
    // Requests and their responses name what they are about by URL; a new resource has none yet.
    let is_needed = !matches!(kind, "batch" | "transaction" | "batch-response" | "transaction-response");
    let mut seen = HashSet::new();
    for entry in bundle.list("entry") {
        match entry.get("fullUrl") {
            Some(url) => {
                let text = url.as_str().unwrap_or_default();
                form(url, &text, entry, issues);
                unique(url, text, entry, kind, &mut seen, issues);
            }
            None if is_needed && has_identity(entry) => missing(entry, issues),
            None => {}
        }
    }
}

/// What a search has to say about itself (an OperationOutcome) is stored nowhere and so has no identity.
fn has_identity(entry: NodeRef<'_>) -> bool {
    let mode = entry.get("search").and_then(|search| search.str_at("mode"));
    entry.get("resource").is_some() && mode.as_deref() != Some("outcome")
}

fn missing(entry: NodeRef<'_>, issues: &mut Issues) {
    issues.raise(
        &BUNDLE_FULL_URL_MISSING,
        entry,
        "A resource in a Bundle of this type has a fullUrl; add its URL, or a urn:uuid where it has none.",
        "En resurs i en Bundle av denna typ har fullUrl; lägg till dess URL, eller en urn:uuid där den saknar URL.",
    );
}

fn form(url: NodeRef<'_>, text: &str, entry: NodeRef<'_>, issues: &mut Issues) {
    if text.contains("/_history/") {
        issues.raise(
            &BUNDLE_FULL_URL_VERSION,
            url,
            "A fullUrl names the resource without its version; remove /_history/ and what follows, and use meta.versionId.",
            "fullUrl anger resursen utan version; ta bort /_history/ och det som följer, och använd meta.versionId.",
        );
    } else if !is_absolute(text) || !agrees(text, entry) {
        issues.raise(
            &BUNDLE_FULL_URL_FORM,
            url,
            "A fullUrl is an absolute URL or a urn, and ends with the type and id of its resource where it is a FHIR URL.",
            "fullUrl är en absolut URL eller en urn, och slutar med resursens typ och id där den är en FHIR-URL.",
        );
    }
}

fn is_absolute(text: &str) -> bool {
    match text {
        _ if text.starts_with("urn:uuid:") => primitive::is_uuid(text),
        _ if text.starts_with("urn:oid:") => primitive::is_oid(text),
        _ => text.contains(':'),
    }
}

fn agrees(text: &str, entry: NodeRef<'_>) -> bool {
    let (Some((kind, id)), Some(resource)) = (reference::type_and_id(text), entry.get("resource")) else {
        return true;
    };
    let same_id = resource.str_at("id").is_none_or(|own| own == id);
    same_id && resource_type::of(resource).is_none_or(|own| own == kind)
}

/// A fullUrl may come again with another version, and in a history as often as it likes.
fn unique<'a>(
    url: NodeRef<'a>,
    text: Cow<'a, str>,
    entry: NodeRef<'a>,
    kind: &str,
    seen: &mut HashSet<(Cow<'a, str>, Cow<'a, str>)>,
    issues: &mut Issues,
) {
    let version = entry.at(&["resource", "meta", "versionId"]).and_then(|it| it.as_str()).unwrap_or_default();
    if kind != "history" && !seen.insert((text, version)) {
        issues.raise(
            &BUNDLE_FULL_URL_DUPLICATE,
            url,
            "Another entry has the same fullUrl and version; send each resource once.",
            "En annan post har samma fullUrl och version; skicka varje resurs en gång.",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::found;

    fn collection(urls: &[&str]) -> Vec<(&'static str, String)> {
        let resource = r#""resource":{"resourceType":"Patient","id":"1"}"#;
        let entry = |url: &&str| {
            if url.is_empty() { format!("{{{resource}}}") } else { format!(r#"{{"fullUrl":"{url}",{resource}}}"#) }
        };
        let entries: Vec<_> = urls.iter().map(entry).collect();
        found(&format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#, entries.join(",")))
    }

    #[test]
    fn a_resource_has_a_full_url() {
        assert!(
            collection(&["http://a.example/Patient/1", "urn:uuid:c757873d-ec9a-4326-a141-556f43239520"]).is_empty()
        );
        assert_eq!(collection(&[""]), [("bundle-full-url-missing", "/entry/0".into())]);
    }

    #[test]
    fn a_full_url_is_absolute_and_agrees_with_its_resource() {
        for url in ["Patient/1", "http://a.example/Patient/2", "http://a.example/Group/1", "urn:uuid:1"] {
            assert_eq!(collection(&[url]), [("bundle-full-url-form", "/entry/0/fullUrl".into())], "{url}");
        }
        let versioned = "http://a.example/Patient/1/_history/1";
        assert_eq!(collection(&[versioned]), [("bundle-full-url-version", "/entry/0/fullUrl".into())]);
    }

    #[test]
    fn a_full_url_stands_once() {
        let url = "http://a.example/Patient/1";
        assert_eq!(collection(&[url, url]), [("bundle-full-url-duplicate", "/entry/1/fullUrl".into())]);
    }
}
