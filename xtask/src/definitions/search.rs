//! SearchParameters and the Patient compartment.

use std::collections::BTreeMap;

use serde_json::Value;
use vardbro::fhir::definitions::{SearchKind, SearchParameter};

const VERSION: &str = "4.0.1";
const OF_HL7: &str = "http://hl7.org/fhir/SearchParameter/";

/// The parameters of each base, both sorted.
pub fn compile(resources: &[Value]) -> Result<Vec<(String, Vec<SearchParameter>)>, String> {
    let mut bases: BTreeMap<String, Vec<SearchParameter>> = BTreeMap::new();
    for resource in resources.iter().filter(|it| is_of_r4(it)) {
        for base in strings(&resource["base"]) {
            bases.entry(base.to_owned()).or_default().push(parameter(resource, base)?);
        }
    }
    for parameters in bases.values_mut() {
        parameters.sort_by(|a, b| a.code.cmp(&b.code));
    }
    Ok(bases.into_iter().collect())
}

/// Resource type and the parameters that put it into a Patient's compartment.
pub fn compartment(definition: &Value) -> Vec<(String, Vec<String>)> {
    let resources = definition["resource"].as_array().map(Vec::as_slice).unwrap_or_default();
    let member = |it: &Value| (text(it, "code").to_owned(), strings(&it["param"]).map(str::to_owned).collect());
    let all: BTreeMap<String, Vec<String>> = resources.iter().map(member).collect();
    all.into_iter().filter(|(_, codes)| !codes.is_empty()).collect()
}

fn is_of_r4(resource: &Value) -> bool {
    resource["resourceType"] == "SearchParameter"
        && text(resource, "url").starts_with(OF_HL7)
        && resource["version"] == VERSION
}

fn parameter(resource: &Value, base: &str) -> Result<SearchParameter, String> {
    let url = text(resource, "url");
    Ok(SearchParameter {
        code: text(resource, "code").to_owned(),
        url: url.to_owned(),
        kind: kind(text(resource, "type")).ok_or_else(|| format!("{url} has an unknown type"))?,
        expression: of_base(text(resource, "expression"), base),
        targets: strings(&resource["target"]).map(str::to_owned).collect(),
    })
}

fn kind(name: &str) -> Option<SearchKind> {
    Some(match name {
        "number" => SearchKind::Number,
        "date" => SearchKind::Date,
        "string" => SearchKind::String,
        "token" => SearchKind::Token,
        "reference" => SearchKind::Reference,
        "composite" => SearchKind::Composite,
        "quantity" => SearchKind::Quantity,
        "uri" => SearchKind::Uri,
        "special" => SearchKind::Special,
        _ => return None,
    })
}

/// The parts of a union that begin at `base`, or at no type at all.
fn of_base(expression: &str, base: &str) -> String {
    let applies = |part: &&str| {
        let first = part.trim_start_matches('(').split(['.', ' ', ')']).next().unwrap_or_default();
        first == base || first.starts_with(char::is_lowercase)
    };
    expression.split(" | ").map(str::trim).filter(applies).collect::<Vec<_>>().join(" | ")
}

fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter().filter_map(Value::as_str)
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::of_base;

    #[test]
    fn a_base_keeps_its_parts_of_a_union_and_those_of_no_type() {
        let union = "AllergyIntolerance.code | (Observation.value as CodeableConcept) | List.code | name";
        assert_eq!(of_base(union, "List"), "List.code | name");
        assert_eq!(of_base(union, "Observation"), "(Observation.value as CodeableConcept) | name");
        assert_eq!(of_base("ListX.code", "List"), "");
    }
}
