//! Concept maps: their codes exist in their systems ([ConceptMap](https://hl7.org/fhir/R4/conceptmap.html)).

use crate::fhir::NodeRef;
use crate::fhir::terminology::{CodeStatus, Coded};
use crate::validate::rules::CONCEPT_MAP_CODE;
use crate::validate::walk::Walk;

/// Checks a ConceptMap.
pub fn check<'a>(map: NodeRef<'a>, walk: &mut Walk<'a>) {
    for group in map.list("group") {
        for element in group.list("element") {
            known(group, "source", element, walk);
            element.list("target").for_each(|target| known(group, "target", target, walk));
        }
    }
}

fn known<'a>(group: NodeRef<'a>, side: &str, owner: NodeRef<'a>, walk: &mut Walk<'a>) {
    let (Some(system), Some(node)) = (group.str_at(side), owner.get("code")) else { return };
    let version = group.str_at(if side == "source" { "sourceVersion" } else { "targetVersion" });
    let Some(code) = node.as_str() else { return };
    let coded = Coded { system: Some(&system), version: version.as_deref(), code: &code, display: None };
    if walk.setting.library.code_status(coded) == CodeStatus::Missing {
        walk.issues.raise(
            &CONCEPT_MAP_CODE,
            node,
            format!("The code system {system} has no such code; correct it."),
            format!("Kodsystemet {system} har ingen sådan kod; rätta den."),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::found_with;

    #[test]
    fn codes_exist_in_their_systems() {
        let system = r#"{"resourceType":"CodeSystem","url":"http://a.example/cs","content":"complete","concept":[{"code":"a"}]}"#;
        let map = |target: &str| {
            format!(
                r#"{{"resourceType":"ConceptMap","status":"draft","group":[{{"source":"http://a.example/cs","target":"http://a.example/cs",
                "element":[{{"code":"a","target":[{{"code":"{target}","equivalence":"equal"}}]}}]}}]}}"#
            )
        };
        assert_eq!(found_with(&map("a"), &[system]), []);
        let place = "/group/0/element/0/target/0/code".to_owned();
        assert_eq!(found_with(&map("b"), &[system]), [("concept-map-code", place)]);
    }
}
