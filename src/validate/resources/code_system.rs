//! Code systems: their count, the properties that they declare and use, and supplements
//! ([CodeSystem](https://hl7.org/fhir/R4/codesystem.html)).

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use crate::fhir::NodeRef;
use crate::fhir::terminology::{CodeStatus, Coded};
use crate::validate::rules::{
    CODE_SYSTEM_COUNT, CODE_SYSTEM_PROPERTY, CODE_SYSTEM_PROPERTY_VALUE, CODE_SYSTEM_SUPPLEMENT,
};
use crate::validate::walk::Walk;

/// [Properties that the specification defines](https://hl7.org/fhir/R4/codesystem-concept-properties.html), by the
/// code that their URL ends with.
const STANDARD: &[(&str, &str)] = &[
    ("inactive", "boolean"),
    ("deprecated", "dateTime"),
    ("deprecationDate", "dateTime"),
    ("retirementDate", "dateTime"),
    ("notSelectable", "boolean"),
    ("parent", "code"),
    ("child", "code"),
];
const STANDARD_URL: &str = "http://hl7.org/fhir/concept-properties#";

/// Checks a CodeSystem.
pub fn check<'a>(system: NodeRef<'a>, walk: &mut Walk<'a>) {
    let concepts = concepts(system);
    count(system, concepts.len(), walk);
    let types = properties(system, walk);
    for concept in &concepts {
        concept.list("property").for_each(|property| value(property, &types, walk));
    }
    supplement(system, &concepts, walk);
}

/// All concepts, whatever their depth.
fn concepts(system: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    let mut found: Vec<_> = system.list("concept").collect();
    let mut next = 0;
    while let Some(concept) = found.get(next).copied() {
        found.extend(concept.list("concept"));
        next += 1;
    }
    found
}

fn count<'a>(system: NodeRef<'a>, number: usize, walk: &mut Walk<'a>) {
    let content = system.str_at("content").unwrap_or_default();
    if content == "not-present" && number > 0 {
        return walk.issues.raise(
            &CODE_SYSTEM_COUNT,
            system,
            "content says that no concepts are present, and there are some; correct content or remove them.",
            "content säger att inga begrepp finns med, och det gör de; rätta content eller ta bort dem.",
        );
    }
    let stated = system.get("count").and_then(|node| Some((node, node.as_number()?.parse::<usize>().ok()?)));
    let Some((node, stated)) = stated else { return };
    let is_wrong = match &*content {
        "complete" => stated != number,
        "fragment" | "example" => stated < number,
        _ => false,
    };
    if is_wrong {
        walk.issues.raise(
            &CODE_SYSTEM_COUNT,
            node,
            format!("count says {stated}, and there are {number} concepts; make them agree with content."),
            format!("count säger {stated}, och det finns {number} begrepp; låt dem stämma med content."),
        );
    }
}

/// The types of the declared properties by code.
fn properties<'a>(system: NodeRef<'a>, walk: &mut Walk<'a>) -> HashMap<Cow<'a, str>, Cow<'a, str>> {
    let mut types = HashMap::new();
    let mut uris = HashSet::new();
    for property in system.list("property") {
        let kind = property.str_at("type").unwrap_or_default();
        if let Some((node, uri)) = property.get("uri").and_then(|node| Some((node, node.as_str()?))) {
            standard(node, &uri, &kind, walk);
            if !uris.insert(uri) {
                twice(node, walk);
            }
        }
        let Some((node, code)) = property.get("code").and_then(|node| Some((node, node.as_str()?))) else { continue };
        match types.entry(code) {
            Entry::Occupied(_) => twice(node, walk),
            Entry::Vacant(free) => drop(free.insert(kind)),
        }
    }
    types
}

fn twice(node: NodeRef<'_>, walk: &mut Walk<'_>) {
    walk.issues.raise(
        &CODE_SYSTEM_PROPERTY,
        node,
        "A property with the same code or uri stands before this one; declare each once.",
        "En egenskap med samma kod eller uri står före denna; deklarera var och en en gång.",
    );
}

fn standard<'a>(node: NodeRef<'a>, uri: &str, kind: &str, walk: &mut Walk<'a>) {
    let Some(code) = uri.strip_prefix(STANDARD_URL) else { return };
    if let Some((_, expected)) = STANDARD.iter().find(|(known, expected)| *known == code && *expected != kind) {
        walk.issues.raise(
            &CODE_SYSTEM_PROPERTY,
            node,
            format!("The property of this uri has the type {expected}; declare that type or another uri."),
            format!("Egenskapen med denna uri har typen {expected}; deklarera den typen eller en annan uri."),
        );
    }
}

/// A concept's property has a value of the declared type.
fn value<'a>(property: NodeRef<'a>, types: &HashMap<Cow<'a, str>, Cow<'a, str>>, walk: &mut Walk<'a>) {
    let Some(declared) = property.str_at("code").and_then(|code| types.get(&code)) else { return };
    let given = property.children().find_map(|member| Some((member, member.key()?.strip_prefix("value")?.to_owned())));
    if let Some((node, given)) = given
        && !given.eq_ignore_ascii_case(declared)
        && !declared.is_empty()
    {
        walk.issues.raise(
            &CODE_SYSTEM_PROPERTY_VALUE,
            node,
            format!("The property is declared with the type {declared}; give such a value or change the declaration."),
            format!("Egenskapen är deklarerad med typen {declared}; ange ett sådant värde eller ändra deklarationen."),
        );
    }
}

fn supplement<'a>(system: NodeRef<'a>, concepts: &[NodeRef<'a>], walk: &mut Walk<'a>) {
    let is_supplement = system.str_at("content").as_deref() == Some("supplement");
    let Some(base) = system.str_at("supplements") else {
        if is_supplement {
            walk.issues.raise(
                &CODE_SYSTEM_SUPPLEMENT,
                system,
                "A supplement says in supplements which code system it supplements; add it.",
                "Ett supplement säger i supplements vilket kodsystem det kompletterar; lägg till det.",
            );
        }
        return;
    };
    if !is_supplement {
        return walk.issues.raise(
            &CODE_SYSTEM_SUPPLEMENT,
            system.get("content").unwrap_or(system),
            "A code system with supplements has the content supplement; correct one of them.",
            "Ett kodsystem med supplements har content supplement; rätta ett av dem.",
        );
    }
    let (url, version) = base.split_once('|').map_or((&*base, None), |(url, version)| (url, Some(version)));
    for node in concepts.iter().filter_map(|concept| concept.get("code")) {
        let Some(code) = node.as_str() else { continue };
        let coded = Coded { system: Some(url), version, code: &code, display: None };
        if walk.setting.library.code_status(coded) == CodeStatus::Missing {
            walk.issues.raise(
                &CODE_SYSTEM_SUPPLEMENT,
                node,
                "The code system that is supplemented does not have this code; remove it.",
                "Kodsystemet som kompletteras har inte denna kod; ta bort den.",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::found;

    fn system(members: &str) -> Vec<(&'static str, String)> {
        found(&format!(r#"{{"resourceType":"CodeSystem","url":"http://a.example/cs","status":"draft",{members}}}"#))
    }

    #[test]
    fn the_count_agrees_with_the_content() {
        let codes = r#""concept":[{"code":"a","concept":[{"code":"b"}]}]"#;
        assert_eq!(system(&format!(r#""content":"complete","count":2,{codes}"#)), []);
        let wrong = system(&format!(r#""content":"complete","count":3,{codes}"#));
        assert_eq!(wrong, [("code-system-count", "/count".into())]);
        let absent = system(&format!(r#""content":"not-present",{codes}"#));
        assert_eq!(absent, [("code-system-count", "".into())]);
    }

    #[test]
    fn properties_are_declared_once_and_used_as_declared() {
        let twice = r#""content":"complete","property":[{"code":"p","type":"code"},{"code":"p","type":"code"}]"#;
        assert_eq!(system(twice), [("code-system-property", "/property/1/code".into())]);
        let uri = r#""content":"complete","property":[{"code":"notSelectable","type":"dateTime",
            "uri":"http://hl7.org/fhir/concept-properties#notSelectable"}]"#;
        assert_eq!(system(uri), [("code-system-property", "/property/0/uri".into())]);
        let used = r#""content":"complete","property":[{"code":"p","type":"integer"}],
            "concept":[{"code":"a","property":[{"code":"p","valueString":"1"}]}]"#;
        assert_eq!(system(used), [("code-system-property-value", "/concept/0/property/0/valueString".into())]);
    }

    #[test]
    fn a_supplement_says_of_what() {
        assert_eq!(system(r#""content":"supplement""#), [("code-system-supplement", "".into())]);
        let other = system(r#""content":"complete","supplements":"http://a.example/base""#);
        assert_eq!(other, [("code-system-supplement", "/content".into())]);
    }
}
