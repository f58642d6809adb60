//! One ElementDefinition ([elementdefinition](https://hl7.org/fhir/R4/elementdefinition.html)).

use std::sync::Arc;

use super::limit;
use crate::fhir::library::profile::{
    Discriminator, DiscriminatorKind, Invariant, Node, NodeBinding, NodeType, Pattern, Slicing, SlicingRules, Strength,
};
use crate::fhir::path::Expression;
use crate::fhir::{Document, NodeRef};

const MAX_VALUE_SET: &str = "http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet";
const FHIR_TYPE: &str = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type";

/// Reads an element; children and slices come later.
pub fn read(element: NodeRef<'_>) -> Result<Node, String> {
    let text = |name: &str| element.str_at(name).unwrap_or_default().into_owned();
    let path = text("path");
    let last = path.rsplit('.').next().unwrap_or_default();
    let name = last.strip_suffix("[x]").unwrap_or(last);
    if name.is_empty() {
        return Err("its snapshot has an element without a path".into());
    }
    let number = |name: &str| element.get(name).and_then(|it| it.as_number()?.parse().ok());
    Ok(Node {
        name: name.to_owned(),
        is_choice: last.ends_with("[x]"),
        id: text("id"),
        slice_name: text("sliceName"),
        min: number("min").unwrap_or(0),
        max: element.str_at("max").and_then(|max| max.parse().ok()),
        types: element.list("type").map(node_type).collect(),
        fixed: given(element, "fixed"),
        pattern: given(element, "pattern"),
        min_value: limit::read(element, "minValue"),
        max_value: limit::read(element, "maxValue"),
        binding: element.get("binding").and_then(binding),
        constraints: element.list("constraint").filter_map(invariant).collect(),
        must_support: element.get("mustSupport").and_then(|it| it.as_bool()).unwrap_or(false),
        max_length: element.get("maxLength").and_then(|it| it.as_number()?.parse().ok()),
        content_reference: content_reference(element),
        slicing: element.get("slicing").map(slicing),
        path,
        ..Node::default()
    })
}

fn content_reference(element: NodeRef<'_>) -> String {
    let stated = element.str_at("contentReference").unwrap_or_default();
    stated.rsplit('#').next().unwrap_or_default().to_owned()
}

fn strings(node: NodeRef<'_>, name: &str) -> Vec<String> {
    node.list(name).filter_map(|it| it.as_str()).map(std::borrow::Cow::into_owned).collect()
}

fn node_type(stated: NodeRef<'_>) -> NodeType {
    let code = stated.str_at("code").unwrap_or_default();
    NodeType {
        name: fhir_type(stated).unwrap_or_else(|| plain(&code)),
        profiles: strings(stated, "profile"),
        targets: strings(stated, "targetProfile"),
        aggregation: strings(stated, "aggregation"),
    }
}

/// `id`, `Extension.url` and primitive values carry their FHIR type in an extension.
fn fhir_type(stated: NodeRef<'_>) -> Option<String> {
    let said = stated.list("extension").find(|it| it.str_at("url").as_deref() == Some(FHIR_TYPE))?;
    let name = said.str_at("valueUrl").or_else(|| said.str_at("valueUri"))?;
    Some(name.into_owned())
}

/// The name of a type, of FHIR's or of FHIRPath's.
fn plain(code: &str) -> String {
    let name = code.strip_prefix("http://hl7.org/fhirpath/System.").map(|name| name.to_ascii_lowercase());
    name.unwrap_or_else(|| code.strip_prefix("http://hl7.org/fhir/StructureDefinition/").unwrap_or(code).to_owned())
}

/// `fixedUri`, `patternCodeableConcept`: the value and its type.
pub(super) fn given(element: NodeRef<'_>, prefix: &str) -> Option<Pattern> {
    element.children().find_map(|member| {
        let key = member.key()?;
        let suffix = key.strip_prefix(prefix).filter(|it| it.starts_with(|c: char| c.is_ascii_uppercase()))?;
        let document = Document::parse(member.text()).ok()?;
        let first = suffix.chars().next()?.to_ascii_lowercase();
        let is_complex = member.kind() == crate::fhir::Kind::Object;
        let name = if is_complex { suffix.to_owned() } else { format!("{first}{}", &suffix[1..]) };
        Some(Pattern::new(name, Arc::new(document)))
    })
}

fn binding(stated: NodeRef<'_>) -> Option<NodeBinding> {
    let strength = match stated.str_at("strength")?.as_ref() {
        "required" => Strength::Required,
        "extensible" => Strength::Extensible,
        "preferred" => Strength::Preferred,
        _ => Strength::Example,
    };
    let outermost = stated.list("extension").find(|it| it.str_at("url").as_deref() == Some(MAX_VALUE_SET));
    let outermost = outermost.and_then(|it| it.str_at("valueCanonical").or_else(|| it.str_at("valueUri")));
    Some(NodeBinding {
        strength,
        value_set: stated.str_at("valueSet")?.into_owned(),
        max_value_set: outermost.unwrap_or_default().into_owned(),
    })
}

fn invariant(stated: NodeRef<'_>) -> Option<Invariant> {
    let expression = stated.str_at("expression")?;
    Some(Invariant {
        key: stated.str_at("key")?.into_owned(),
        is_error: stated.str_at("severity").as_deref() == Some("error"),
        human: stated.str_at("human").unwrap_or_default().into_owned(),
        swedish: stated.get("_human").and_then(swedish),
        expression: Expression::parse(&expression).map_err(|fault| fault.to_string()),
    })
}

/// The Swedish [translation](http://hl7.org/fhir/StructureDefinition/translation) of a text.
fn swedish(beside: NodeRef<'_>) -> Option<String> {
    let part = |it: NodeRef<'_>, url: &str, value: &str| {
        it.list("extension")
            .find(|part| part.str_at("url").as_deref() == Some(url))?
            .str_at(value)
            .map(|it| it.into_owned())
    };
    let is_swedish = |it: &NodeRef<'_>| part(*it, "lang", "valueCode").is_some_and(|lang| lang.starts_with("sv"));
    let found = beside.list("extension").find(is_swedish)?;
    part(found, "content", "valueString").or_else(|| part(found, "content", "valueMarkdown"))
}

fn slicing(stated: NodeRef<'_>) -> Slicing {
    Slicing {
        discriminators: stated.list("discriminator").filter_map(discriminator).collect(),
        ordered: stated.get("ordered").and_then(|it| it.as_bool()).unwrap_or(false),
        rules: match stated.str_at("rules").as_deref() {
            Some("closed") => SlicingRules::Closed,
            Some("openAtEnd") => SlicingRules::OpenAtEnd,
            _ => SlicingRules::Open,
        },
    }
}

fn discriminator(stated: NodeRef<'_>) -> Option<Discriminator> {
    let kind = match stated.str_at("type")?.as_ref() {
        "value" => DiscriminatorKind::Value,
        "pattern" => DiscriminatorKind::Pattern,
        "exists" => DiscriminatorKind::Exists,
        "type" => DiscriminatorKind::Type,
        "profile" => DiscriminatorKind::Profile,
        _ => return None,
    };
    Some(Discriminator { kind, path: stated.str_at("path").unwrap_or_default().into_owned() })
}
