//! StructureDefinition: a differential that can be applied to what it derives from
//! ([StructureDefinition](https://hl7.org/fhir/R4/structuredefinition.html)).

use crate::fhir::library::{DefinitionKind, snapshot};
use crate::fhir::{Kind, NodeRef};

use crate::validate::rules::STRUCTURE_DEFINITION_SNAPSHOT;
use crate::validate::walk::Walk;

/// Checks that a profile that comes without a snapshot can get one, where its base is at hand.
pub fn check<'a>(resource: NodeRef<'a>, walk: &mut Walk<'a>) {
    let base = resource.str_at("baseDefinition");
    let library = walk.setting.library;
    let is_known = base.is_some_and(|base| library.document(DefinitionKind::Structure, &base).is_some());
    let is_profile = resource.str_at("derivation").as_deref() == Some("constraint");
    let differential = resource.at(&["differential", "element"]).filter(|it| it.kind() == Kind::Array);
    let Some(differential) = differential.filter(|_| is_known && is_profile && resource.get("snapshot").is_none())
    else {
        return;
    };
    if let Err(why) = snapshot::generate(resource, library) {
        walk.issues.raise(
            &STRUCTURE_DEFINITION_SNAPSHOT,
            differential,
            format!("The differential can't be applied to what it derives from: {why}."),
            format!("Differentialen kan inte tillämpas på det som den härleds från: {why}."),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::found;

    #[test]
    fn a_differential_leads_to_elements_that_its_base_has() {
        let profile = |path: &str| {
            found(&format!(
                r#"{{"resourceType":"StructureDefinition","url":"http://a.example/p","name":"P","status":"draft","kind":"resource",
                    "abstract":false,"type":"Observation","derivation":"constraint",
                    "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Observation",
                    "differential":{{"element":[{{"id":"{path}","path":"{path}","min":1}}]}}}}"#
            ))
        };
        let faults =
            |path: &str| profile(path).into_iter().filter(|it| it.0.starts_with("structure")).collect::<Vec<_>>();
        assert!(faults("Observation.subject").is_empty());
        assert_eq!(faults("Observation.valueBla"), [("structure-definition-snapshot", "/differential/element".into())]);
    }
}
