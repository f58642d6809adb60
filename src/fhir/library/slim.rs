//! Definitions without what the gateway never looks at: narrative, mappings, explanations.

use crate::fhir::{Kind, NodeRef};

/// What is kept at the top of any definition.
const HEAD: [&str; 21] = [
    "resourceType",
    "id",
    "extension",
    "url",
    "version",
    "name",
    "title",
    "status",
    "experimental",
    "kind",
    "type",
    "code",
    "base",
    "fhirVersion",
    "abstract",
    "derivation",
    "derivedFrom",
    "baseDefinition",
    "expression",
    "target",
    "component",
];
/// What is kept besides, by resource type.
const BODY: [(&str, &[&str]); 5] = [
    ("StructureDefinition", &["context", "contextInvariant", "snapshot", "differential"]),
    ("ValueSet", &["immutable", "compose", "expansion", "contained"]),
    (
        "CodeSystem",
        &[
            "content",
            "caseSensitive",
            "hierarchyMeaning",
            "compositional",
            "valueSet",
            "supplements",
            "filter",
            "property",
            "concept",
        ],
    ),
    ("Questionnaire", &["subjectType", "item", "contained", "text"]),
    ("SearchParameter", &["xpathUsage", "multipleOr", "multipleAnd", "comparator", "modifier", "chain"]),
];
/// What is left out below, by the type at the top.
const INSIDE: [(&str, &[&str]); 3] = [
    (
        "StructureDefinition",
        &[
            "definition",
            "comment",
            "requirements",
            "alias",
            "mapping",
            "example",
            "isModifierReason",
            "description",
            "meaningWhenMissing",
        ],
    ),
    ("ValueSet", &["designation", "extension"]),
    ("CodeSystem", &["definition", "extension", "description"]),
];

/// The definition's JSON text with the rest left out.
pub fn slim(resource: NodeRef<'_>) -> String {
    let kind = resource.str_at("resourceType").unwrap_or_default();
    let named = |table: &[(&str, &'static [&'static str])]| {
        table.iter().find(|(name, _)| *name == kind).map_or(&[][..], |(_, names)| *names)
    };
    let (body, inside) = (named(&BODY), named(&INSIDE));
    let has_snapshot = resource.at(&["snapshot", "element"]).is_some();
    let mut out = String::from("{");
    for member in resource.children() {
        let Some(key) = member.key() else { continue };
        let is_kept = HEAD.contains(&&*key) || body.contains(&&*key);
        if is_kept && !(key == "differential" && has_snapshot) {
            separate(&mut out);
            push_key(&key, &mut out);
            copy(member, inside, &mut out);
        }
    }
    out.push('}');
    out
}

/// Copies a value without the members of these names. A definition that was parsed nests no deeper than the parser lets it.
fn copy(value: NodeRef<'_>, left_out: &[&str], out: &mut String) {
    match value.kind() {
        Kind::Object => {
            out.push('{');
            for member in value.children() {
                let Some(key) = member.key().filter(|key| !left_out.contains(&&**key)) else { continue };
                separate(out);
                push_key(&key, out);
                copy(member, left_out, out);
            }
            out.push('}');
        }
        Kind::Array => {
            out.push('[');
            for item in value.children() {
                separate(out);
                copy(item, left_out, out);
            }
            out.push(']');
        }
        _ => out.push_str(value.text()),
    }
}

fn separate(out: &mut String) {
    if !out.ends_with(['{', '[']) {
        out.push(',');
    }
}

/// The keys of definitions are FHIR's names; one with a quote in it would be none.
fn push_key(key: &str, out: &mut String) {
    out.push('"');
    out.extend(key.chars().filter(|c| !matches!(c, '"' | '\\') && !c.is_control()));
    out.push_str("\":");
}

#[cfg(test)]
mod tests {
    use crate::fhir::Document;

    use super::*;

    #[test]
    fn what_is_never_looked_at_is_left_out() {
        let json = r#"{"resourceType":"CodeSystem","text":{"div":"x"},"url":"u","publisher":"p",
            "concept":[{"code":"a","definition":"long","display":"A","concept":[{"code":"b","extension":[]}]}]}"#;
        let expected = r#"{"resourceType":"CodeSystem","url":"u","concept":[{"code":"a","display":"A","concept":[{"code":"b"}]}]}"#;
        assert_eq!(slim(Document::parse(json).unwrap().root()), expected);
    }

    #[test]
    fn a_differential_is_kept_where_there_is_no_snapshot() {
        let with = |snapshot: &str| {
            let json = format!(
                r#"{{"resourceType":"StructureDefinition","url":"u"{snapshot},"differential":{{"element":[{{"path":"X","short":"s"}}]}}}}"#
            );
            slim(Document::parse(json).unwrap().root())
        };
        assert!(with("").contains("differential"));
        assert!(!with(r#","snapshot":{"element":[{"path":"X"}]}"#).contains("differential"));
    }
}
