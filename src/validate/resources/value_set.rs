//! Value sets: what they include is named by absolute URLs, exists, and is what it is used as
//! ([ValueSet](https://hl7.org/fhir/R4/valueset.html)).

use crate::fhir::NodeRef;
use crate::fhir::library::DefinitionKind;
use crate::fhir::terminology::{CodeStatus, Coded};
use crate::validate::rules::{VALUE_SET_CODE, VALUE_SET_IMPORT, VALUE_SET_SYSTEM};
use crate::validate::walk::Walk;

use super::value_set_filter;

/// Checks a ValueSet.
pub fn check<'a>(value_set: NodeRef<'a>, walk: &mut Walk<'a>) {
    let Some(compose) = value_set.get("compose") else { return };
    for clause in compose.list("include").chain(compose.list("exclude")) {
        let is_usable = clause.get("system").is_none_or(|system| is_system(system, walk));
        clause.list("valueSet").for_each(|import| imported(import, walk));
        if is_usable {
            clause.list("concept").for_each(|concept| listed(clause, concept, walk));
            clause.list("filter").for_each(|filter| value_set_filter::check(value_set, clause, filter, walk));
        }
    }
}

fn is_system<'a>(node: NodeRef<'a>, walk: &mut Walk<'a>) -> bool {
    let Some(url) = node.as_str() else { return true };
    let library = walk.setting.library;
    let (english, swedish) = if !url.contains(':') {
        (
            "A code system is named by its absolute URL; one that is contained has a URL too.",
            "Ett kodsystem anges med sin absoluta URL; även ett inneslutet har en URL.",
        )
    } else if url.contains('|') && library.code_system(&url).is_some() {
        (
            "The version of the code system stands in version, not behind a bar in system; move it.",
            "Kodsystemets version anges i version, inte efter ett lodstreck i system; flytta den.",
        )
    } else if library.code_system(&url).is_none() && library.value_set(&url).is_some() {
        (
            "This URL is the one of a value set; name the code system, or import the value set with valueSet.",
            "Denna URL är en värdemängds; ange kodsystemet, eller importera värdemängden med valueSet.",
        )
    } else if library.code_system(&url).is_some_and(|system| system.is_supplement()) {
        (
            "This code system only supplements another one; name that one.",
            "Detta kodsystem kompletterar endast ett annat; ange det andra.",
        )
    } else {
        return true;
    };
    walk.issues.raise(&VALUE_SET_SYSTEM, node, english, swedish);
    false
}

fn imported<'a>(node: NodeRef<'a>, walk: &mut Walk<'a>) {
    let Some(url) = node.as_str() else { return };
    let library = walk.setting.library;
    let is_other = [DefinitionKind::CodeSystem, DefinitionKind::Structure, DefinitionKind::Other];
    if library.value_set(&url).is_none() && is_other.iter().any(|kind| library.document(*kind, &url).is_some()) {
        walk.issues.raise(
            &VALUE_SET_IMPORT,
            node,
            "This canonical URL is not the one of a value set; only value sets are imported.",
            "Denna kanoniska URL är inte en värdemängds; endast värdemängder importeras.",
        );
    }
}

fn listed<'a>(clause: NodeRef<'a>, concept: NodeRef<'a>, walk: &mut Walk<'a>) {
    let (Some(system), Some(node)) = (clause.str_at("system"), concept.get("code")) else { return };
    let Some(code) = node.as_str() else { return };
    let version = clause.str_at("version");
    let coded = Coded { system: Some(&system), version: version.as_deref(), code: &code, display: None };
    if walk.setting.library.code_status(coded) == CodeStatus::Missing {
        walk.issues.raise(
            &VALUE_SET_CODE,
            node,
            format!("The code system {system} has no such code; correct it."),
            format!("Kodsystemet {system} har ingen sådan kod; rätta den."),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::found_with;

    const SYSTEM: &str =
        r#"{"resourceType":"CodeSystem","url":"http://a.example/cs","content":"complete","concept":[{"code":"a"}]}"#;
    const OTHER: &str = r#"{"resourceType":"ValueSet","url":"http://a.example/vs"}"#;

    fn include(clause: &str) -> Vec<(&'static str, String)> {
        let json = format!(r#"{{"resourceType":"ValueSet","status":"draft","compose":{{"include":[{clause}]}}}}"#);
        found_with(&json, &[SYSTEM, OTHER])
    }

    #[test]
    fn a_system_is_an_absolute_url_of_a_code_system() {
        let place = || "/compose/include/0/system".to_owned();
        for system in ["cs", "#cs", "http://a.example/vs"] {
            assert_eq!(include(&format!(r#"{{"system":"{system}"}}"#)), [("value-set-system", place())], "{system}");
        }
        assert_eq!(include(r#"{"system":"http://a.example/cs"}"#), []);
    }

    #[test]
    fn listed_codes_exist() {
        let with =
            |code: &str| include(&format!(r#"{{"system":"http://a.example/cs","concept":[{{"code":"{code}"}}]}}"#));
        assert_eq!(with("a"), []);
        assert_eq!(with("b"), [("value-set-code", "/compose/include/0/concept/0/code".into())]);
        let snomed = include(r#"{"system":"http://snomed.info/sct","concept":[{"code":"1"}]}"#);
        assert_eq!(snomed, [("value-set-code", "/compose/include/0/concept/0/code".into())]);
    }

    #[test]
    fn only_value_sets_are_imported() {
        assert_eq!(include(r#"{"valueSet":["http://a.example/vs"]}"#), []);
        let found = include(r#"{"valueSet":["http://a.example/cs"]}"#);
        assert_eq!(found, [("value-set-import", "/compose/include/0/valueSet/0".into())]);
    }
}
