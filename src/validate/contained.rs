//! Contained resources: one level, with ids that are used
//! ([contained](https://hl7.org/fhir/R4/references.html#contained)).

use std::borrow::Cow;
use std::collections::HashMap;

use crate::fhir::{NodeRef, ResourceType};

use super::issues::Issues;
use super::primitive::Primitive;
use super::resource_type;
use super::rules::{
    CONTAINED_DUPLICATE, CONTAINED_ID, CONTAINED_NESTED, CONTAINED_REFERENCED, CONTAINED_SECURITY, CONTAINED_VERSION,
};

/// The contained resources of one resource, and which of them something refers to.
#[derive(Default)]
pub struct Scope<'a> {
    contained: Vec<Contained<'a>>,
    /// The first of each id.
    by_id: HashMap<Cow<'a, str>, usize>,
}

struct Contained<'a> {
    node: NodeRef<'a>,
    has_id: bool,
    kind: Option<ResourceType>,
    is_referenced: bool,
}

impl<'a> Scope<'a> {
    /// The scope of a resource that is not contained itself.
    pub fn of(resource: NodeRef<'a>) -> Self {
        let mut scope = Self::default();
        for (index, node) in resource.list("contained").enumerate() {
            let id = node.str_at("id");
            let kind = resource_type::of(node);
            scope.contained.push(Contained { node, has_id: id.is_some(), kind, is_referenced: false });
            if let Some(id) = id {
                scope.by_id.entry(id).or_insert(index);
            }
        }
        scope
    }

    /// Follows `#id` from `node`: whether it leads to something, and to what type as far as that is known.
    /// `#` alone is the container, and speaks for the contained resource that it stands in.
    pub fn follow(&mut self, id: &str, node: NodeRef<'_>) -> Option<Option<ResourceType>> {
        if id.is_empty() {
            let start = node.span().start;
            let before = self.contained.partition_point(|it| it.node.span().start <= start);
            let around = self.contained[..before].last_mut().filter(|it| it.node.span().contains(&start));
            around.into_iter().for_each(|it| it.is_referenced = true);
            return Some(None);
        }
        let found = self.contained.get_mut(*self.by_id.get(id)?)?;
        found.is_referenced = true;
        Some(found.kind)
    }

    /// The contained resource of an id.
    pub fn node(&self, id: &str) -> Option<NodeRef<'a>> {
        self.contained.get(*self.by_id.get(id)?).map(|it| it.node)
    }

    /// Notes a uri, url or canonical that is `#id`.
    pub fn note(&mut self, value: NodeRef<'a>, primitive: Primitive) {
        if primitive != Primitive::Uri || self.contained.is_empty() {
            return;
        }
        if let Some(id) = value.as_str().as_deref().and_then(|text| text.strip_prefix('#')) {
            self.follow(id, value);
        }
    }

    /// After the walk: something refers to each contained resource (dom-3).
    pub fn check_referenced(&self, issues: &mut Issues) {
        for it in self.contained.iter().filter(|it| it.has_id && !it.is_referenced) {
            issues.raise(
                &CONTAINED_REFERENCED,
                it.node,
                "Nothing refers to this contained resource; add a reference with # and its id, or remove it.",
                "Inget hänvisar till denna inneslutna resurs; lägg till en referens med # och dess id, eller ta bort den.",
            );
        }
    }

    fn is_repeated(&self, node: NodeRef<'_>, id: &str) -> bool {
        self.by_id.get(id).is_some_and(|first| self.contained.get(*first).is_some_and(|it| it.node != node))
    }
}

/// What a contained resource must have and may not have.
pub fn check(node: NodeRef<'_>, scope: &Scope<'_>, issues: &mut Issues) {
    identified(node, scope, issues);
    if let Some(nested) = node.get("contained") {
        issues.raise(
            &CONTAINED_NESTED,
            nested,
            "A contained resource contains none itself; move these to the outer resource.",
            "En innesluten resurs har inga egna inneslutna; flytta dessa till den yttre resursen.",
        );
    }
    for name in ["versionId", "lastUpdated"] {
        if let Some(version) = node.at(&["meta", name]) {
            issues.raise(
                &CONTAINED_VERSION,
                version,
                "A contained resource has no version of its own; remove this.",
                "En innesluten resurs har ingen egen version; ta bort detta.",
            );
        }
    }
    if let Some(security) = node.at(&["meta", "security"]) {
        issues.raise(
            &CONTAINED_SECURITY,
            security,
            "A contained resource has no security label; label the outer resource.",
            "En innesluten resurs har ingen säkerhetsmärkning; märk den yttre resursen.",
        );
    }
}

fn identified(node: NodeRef<'_>, scope: &Scope<'_>, issues: &mut Issues) {
    match node.get("id") {
        None => issues.raise(
            &CONTAINED_ID,
            node,
            "A contained resource needs an id that the outer resource can refer to; add it.",
            "En innesluten resurs behöver ett id som den yttre resursen kan hänvisa till; lägg till det.",
        ),
        Some(id) if id.as_str().is_some_and(|text| scope.is_repeated(node, &text)) => issues.raise(
            &CONTAINED_DUPLICATE,
            id,
            "Another contained resource has the same id; give each its own.",
            "En annan innesluten resurs har samma id; ge var och en sitt eget.",
        ),
        Some(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{found, patient};

    fn with(contained: &str) -> Vec<(&'static str, String)> {
        found(&patient(&format!(r##""contained":[{contained}],"managingOrganization":{{"reference":"#o"}}"##)))
    }

    const USED: &str = r#"{"resourceType":"Organization","id":"o","name":"O"}"#;

    #[test]
    fn a_contained_resource_is_identified_and_referred_to() {
        assert!(with(USED).is_empty());
        let unused = format!(r#"{USED},{{"resourceType":"Organization","id":"p","name":"P"}}"#);
        assert_eq!(with(&unused), [("contained-referenced", "/contained/1".into())]);
        let nameless = format!(r#"{USED},{{"resourceType":"Organization","name":"P"}}"#);
        assert_eq!(with(&nameless), [("contained-id", "/contained/1".into())]);
        let twice = format!(r#"{USED},{USED}"#);
        assert!(with(&twice).contains(&("contained-duplicate", "/contained/1/id".into())));
    }

    #[test]
    fn a_reference_to_the_container_is_one_too() {
        let endpoint = r##"{"resourceType":"Provenance","id":"p","target":[{"reference":"#"}],"recorded":"2026-03-02T08:00:00Z","agent":[{"who":{"display":"x"}}]}"##;
        assert!(with(&format!("{USED},{endpoint}")).is_empty());
    }

    #[test]
    fn a_contained_resource_is_not_nested_versioned_or_labelled() {
        for (member, rule, place) in [
            (r#""contained":[]"#, "contained-nested", "/contained/0/contained"),
            (r#""meta":{"versionId":"1"}"#, "contained-version", "/contained/0/meta/versionId"),
            (r#""meta":{"security":[{"code":"R"}]}"#, "contained-security", "/contained/0/meta/security"),
        ] {
            let contained = format!(r#"{{"resourceType":"Organization","id":"o",{member}}}"#);
            assert!(with(&contained).contains(&(rule, place.into())), "{rule}");
        }
    }
}
