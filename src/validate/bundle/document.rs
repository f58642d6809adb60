//! Documents: what the Composition refers to is in the Bundle
//! ([documents](https://hl7.org/fhir/R4/documents.html#content)).

use std::borrow::Cow;
use std::collections::HashMap;

use crate::fhir::{NodeRef, ResourceType};
use crate::validate::issues::Issues;
use crate::validate::rules::{BUNDLE_DOCUMENT_REFERENCE, Rule};
use crate::validate::{reference, resource_type};

/// Checks the references of a document's Composition.
pub fn check(bundle: NodeRef<'_>, issues: &mut Issues) {
    let Some(first) = bundle.list("entry").next() else { return };
    let Some(composition) = first.get("resource").filter(|it| is_composition(*it)) else { return };
    let entries = Entries::of(bundle);
    let full_url = first.str_at("fullUrl").unwrap_or_default();
    let base = reference::type_and_id(&full_url).and_then(|(kind, id)| full_url.strip_suffix(&*format!("{kind}/{id}")));
    for node in references(composition) {
        let Some(text) = node.as_str().filter(|text| !text.starts_with('#')) else { continue };
        match entries.matches(&text, base) {
            0 => raise(
                &BUNDLE_DOCUMENT_REFERENCE,
                node,
                "What the Composition refers to is an entry of the document; add it, or correct the reference or its fullUrl.",
                "Det som dokumentets Composition hänvisar till är en post i dokumentet; lägg till den, eller rätta referensen eller fullUrl.",
                issues,
            ),
            1 => {}
            _ => raise(
                &BUNDLE_DOCUMENT_REFERENCE,
                node,
                "Several entries fit this reference; refer to one version of the resource, or keep one entry.",
                "Flera poster passar denna referens; hänvisa till en version av resursen, eller behåll en post.",
                issues,
            ),
        }
    }
}

fn raise(rule: &Rule, node: NodeRef<'_>, english: &str, swedish: &str, issues: &mut Issues) {
    issues.raise(rule, node, english, swedish);
}

fn is_composition(resource: NodeRef<'_>) -> bool {
    resource_type::of(resource).is_some_and(|kind| kind.as_str() == "Composition")
}

/// The references that a document has to hold: who and what it is about, and what its sections list.
fn references(composition: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    let mut owners: Vec<_> = ["subject", "encounter", "author", "custodian"]
        .iter()
        .flat_map(|name| composition.list(name))
        .chain(composition.list("attester").filter_map(|it| it.get("party")))
        .chain(composition.list("event").flat_map(|it| it.list("detail")))
        .collect();
    let mut sections: Vec<_> = composition.list("section").collect();
    while let Some(section) = sections.pop() {
        sections.extend(section.list("section"));
        owners.extend(["author", "focus", "entry"].iter().flat_map(|name| section.list(name)));
    }
    owners.iter().filter_map(|owner| owner.get("reference")).collect()
}

/// The entries by fullUrl, and by type and id where the fullUrl says nothing of them.
struct Entries<'a> {
    by_url: HashMap<Cow<'a, str>, Vec<Option<Cow<'a, str>>>>,
    by_name: HashMap<(ResourceType, Cow<'a, str>), usize>,
}

impl<'a> Entries<'a> {
    fn of(bundle: NodeRef<'a>) -> Self {
        let mut entries = Self { by_url: HashMap::new(), by_name: HashMap::new() };
        for entry in bundle.list("entry") {
            let Some(resource) = entry.get("resource") else { continue };
            let version = resource.at(&["meta", "versionId"]).and_then(|it| it.as_str());
            if let Some(url) = entry.str_at("fullUrl") {
                entries.by_url.entry(url).or_default().push(version);
            }
            if let (Some(kind), Some(id)) = (resource_type::of(resource), resource.str_at("id")) {
                *entries.by_name.entry((kind, id)).or_default() += 1;
            }
        }
        entries
    }

    /// How many entries a reference fits. `base` is what stands before `Type/id` in the Composition's fullUrl.
    fn matches(&self, text: &str, base: Option<&str>) -> usize {
        let (name, version) =
            text.split_once("/_history/").map_or((text, None), |(name, version)| (name, Some(version)));
        let count = |url: &str| {
            let versions = self.by_url.get(url).map_or(&[][..], Vec::as_slice);
            versions.iter().filter(|it| version.is_none() || it.as_deref() == version).count()
        };
        match base {
            _ if name.contains(':') => count(name),
            Some(base) => count(&format!("{base}{name}")),
            None => {
                let key = reference::type_and_id(name).map(|(kind, id)| (kind, Cow::Borrowed(id)));
                key.and_then(|key| self.by_name.get(&key).copied()).unwrap_or(0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::found;

    fn document(subject: &str, patient: &str) -> Vec<(&'static str, String)> {
        let composition = format!(
            r#"{{"resourceType":"Composition","id":"c","status":"final","type":{{"text":"x"}},"subject":{{"reference":"{subject}"}},
            "date":"2026","author":[{{"display":"x"}}],"title":"x"}}"#
        );
        found(&format!(
            r#"{{"resourceType":"Bundle","type":"document","identifier":{{"system":"urn:x:y","value":"1"}},"timestamp":"2026-01-01T00:00:00Z",
            "entry":[{{"fullUrl":"http://a.example/Composition/c","resource":{composition}}},{patient}]}}"#
        ))
    }

    fn patient(version: &str) -> String {
        format!(
            r#"{{"fullUrl":"http://a.example/Patient/1","resource":{{"resourceType":"Patient","id":"1","meta":{{"versionId":"{version}"}}}}}}"#
        )
    }

    #[test]
    fn what_a_composition_refers_to_is_in_the_document() {
        assert_eq!(document("Patient/1", &patient("1")), []);
        assert_eq!(document("http://a.example/Patient/1", &patient("1")), []);
        let place = || "/entry/0/resource/subject/reference".to_owned();
        assert_eq!(document("Patient/2", &patient("1")), [("bundle-document-reference", place())]);
    }

    #[test]
    fn a_reference_fits_one_version() {
        let both = format!("{},{}", patient("1"), patient("2"));
        assert_eq!(document("Patient/1/_history/2", &both), []);
        let place = || "/entry/0/resource/subject/reference".to_owned();
        assert_eq!(document("Patient/1", &both), [("bundle-document-reference", place())]);
        assert_eq!(document("Patient/1/_history/3", &both), [("bundle-document-reference", place())]);
    }
}
