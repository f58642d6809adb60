//! Links of Bundles: those of paging stand in what is paged, and each once
//! ([links](https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.link)).

use std::collections::HashSet;

use crate::fhir::NodeRef;
use crate::validate::issues::Issues;
use crate::validate::rules::BUNDLE_LINK;

/// Checks the links of a Bundle of this type.
pub fn check(bundle: NodeRef<'_>, kind: &str, issues: &mut Issues) {
    let is_paged = matches!(kind, "searchset" | "history");
    let mut seen = HashSet::new();
    for node in bundle.list("link").filter_map(|link| link.get("relation")) {
        let Some(relation) = node.as_str() else { continue };
        let is_paging = matches!(&*relation, "first" | "previous" | "next" | "last");
        if is_paging && !is_paged {
            issues.raise(
                &BUNDLE_LINK,
                node,
                "Only searchsets and histories have pages; remove this link.",
                "Endast sökresultat och historiker har sidor; ta bort länken.",
            );
        } else if (is_paging || relation == "self") && !seen.insert(relation) {
            issues.raise(
                &BUNDLE_LINK,
                node,
                "A link of this relation stands before this one; keep one.",
                "En länk med denna relation står före denna; behåll en.",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::found;

    #[test]
    fn links_of_paging_stand_once_and_where_there_are_pages() {
        let with = |kind: &str, relations: [&str; 2]| {
            let links = relations.map(|it| format!(r#"{{"relation":"{it}","url":"http://a.example"}}"#)).join(",");
            found(&format!(r#"{{"resourceType":"Bundle","type":"{kind}","link":[{links}]}}"#))
        };
        assert_eq!(with("searchset", ["self", "next"]), []);
        assert_eq!(with("searchset", ["self", "self"]), [("bundle-link", "/link/1/relation".into())]);
        assert_eq!(with("collection", ["self", "next"]), [("bundle-link", "/link/1/relation".into())]);
    }
}
