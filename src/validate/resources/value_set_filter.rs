//! Filters of value sets: their values fit the property, and parameters are declared
//! ([filter](https://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose.include.filter)).

use crate::fhir::NodeRef;
use crate::fhir::library::DefinitionKind;
use crate::fhir::terminology::{CodeStatus, Coded};
use crate::validate::rules::{VALUE_SET_FILTER, VALUE_SET_PARAMETER};
use crate::validate::walk::Walk;

use super::ecl;

const PARAMETER: &str = "http://hl7.org/fhir/tools/StructureDefinition/valueset-parameter";
const EXPRESSION: &str = "http://hl7.org/fhir/StructureDefinition/cqf-expression";
const SNOMED: &str = "http://snomed.info/sct";

/// Checks a filter of a clause.
pub fn check<'a>(value_set: NodeRef<'a>, clause: NodeRef<'a>, filter: NodeRef<'a>, walk: &mut Walk<'a>) {
    parameter(value_set, filter, walk);
    let (Some(system), Some(node)) = (clause.str_at("system"), filter.get("value")) else { return };
    let Some(value) = node.as_str() else { return };
    let (property, op) = (filter.str_at("property").unwrap_or_default(), filter.str_at("op").unwrap_or_default());
    let hint = match &*property {
        "constraint" if system == SNOMED && ecl::is_malformed(&value) => Some("an expression constraint (ECL)"),
        "concept" | "code" if matches!(&*op, "is-a" | "is-not-a" | "descendent-of" | "generalizes") => {
            is_missing(&system, &value, walk).then_some("a code of the code system")
        }
        _ if matches!(&*op, "exists" | "regex") => None,
        _ => {
            let declared = declared_type(&system, &property, walk);
            declared.and_then(|declared| misfit(&declared, &op, &value, walk))
        }
    };
    if let Some(expected) = hint {
        walk.issues.raise(
            &VALUE_SET_FILTER,
            node,
            format!("The value of a filter on the property {property} must be {expected}; correct it."),
            format!("Värdet i ett filter på egenskapen {property} måste vara {expected}; rätta det."),
        );
    }
}

fn declared_type<'a>(system: &str, property: &str, walk: &Walk<'a>) -> Option<String> {
    let document = walk.setting.library.document(DefinitionKind::CodeSystem, system)?;
    let mut declared = document.root().list("property");
    let found = declared.find(|it| it.str_at("code").as_deref() == Some(property))?;
    found.str_at("type").map(std::borrow::Cow::into_owned)
}

/// What a value ought to be, where it is not.
fn misfit(declared: &str, op: &str, value: &str, walk: &Walk<'_>) -> Option<&'static str> {
    let values: Vec<&str> = if matches!(op, "in" | "not-in") { value.split(',').collect() } else { vec![value] };
    let none = |fits: &dyn Fn(&str) -> bool| !values.iter().all(|value| fits(value.trim()));
    match declared {
        "boolean" if none(&|it| matches!(it, "true" | "false")) => Some("true or false"),
        "integer" if none(&|it| bare(it).parse::<i64>().is_ok()) => Some("an integer"),
        "decimal" if none(&|it| bare(it).parse::<f64>().is_ok()) => Some("a decimal"),
        "Coding" if none(&|it| coding(it).is_some()) => Some("system#code or system|version#code"),
        "Coding"
            if values
                .iter()
                .filter_map(|it| coding(it.trim()))
                .any(|(system, code)| is_missing(system, code, walk)) =>
        {
            Some("a code that its code system has")
        }
        _ => None,
    }
}

/// Numbers may have a comparator before them.
fn bare(value: &str) -> &str {
    ["lt", "le", "gt", "ge", "eq", "ne"].iter().find_map(|prefix| value.strip_prefix(prefix)).unwrap_or(value)
}

/// System (without version) and code of `system|version#code`.
fn coding(value: &str) -> Option<(&str, &str)> {
    let (system, code) = value.rsplit_once('#')?;
    let system = system.split('|').next().unwrap_or(system);
    (system.contains(':') && !code.is_empty()).then_some((system, code))
}

fn is_missing(system: &str, code: &str, walk: &Walk<'_>) -> bool {
    walk.setting.library.code_status(Coded { system: Some(system), code, ..Coded::default() }) == CodeStatus::Missing
}

/// An expression in place of a value names a parameter that the value set declares.
fn parameter<'a>(value_set: NodeRef<'a>, filter: NodeRef<'a>, walk: &mut Walk<'a>) {
    let Some(sibling) = filter.children().find(|member| member.key_is("_value")) else { return };
    let expressions = sibling.list("extension").filter(|it| it.str_at("url").as_deref() == Some(EXPRESSION));
    for node in expressions.filter_map(|it| it.at(&["valueExpression", "expression"])) {
        let text = node.as_str().unwrap_or_default();
        if text.strip_prefix('%').is_some_and(|name| !declares(value_set, name)) {
            walk.issues.raise(
                &VALUE_SET_PARAMETER,
                node,
                "The value set declares no parameter of this name; declare it or correct the name.",
                "Värdemängden deklarerar ingen parameter med detta namn; deklarera den eller rätta namnet.",
            );
        }
    }
}

fn declares(value_set: NodeRef<'_>, name: &str) -> bool {
    let parameters = value_set.list("extension").filter(|it| it.str_at("url").as_deref() == Some(PARAMETER));
    parameters
        .flat_map(|it| it.list("extension"))
        .any(|it| it.str_at("url").as_deref() == Some("name") && it.str_at("valueCode").as_deref() == Some(name))
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::found_with;

    const SYSTEM: &str = r#"{"resourceType":"CodeSystem","url":"http://a.example/cs","content":"complete",
        "property":[{"code":"p","type":"Coding"},{"code":"n","type":"integer"}],"concept":[{"code":"a"}]}"#;

    fn filter(system: &str, filter: &str) -> Vec<&'static str> {
        let json = format!(
            r#"{{"resourceType":"ValueSet","status":"draft","compose":{{"include":[{{"system":"{system}","filter":[{filter}]}}]}}}}"#
        );
        found_with(&json, &[SYSTEM]).into_iter().map(|(rule, _)| rule).collect()
    }

    #[test]
    fn values_fit_their_property() {
        let with = |property: &str, value: &str| {
            filter("http://a.example/cs", &format!(r#"{{"property":"{property}","op":"=","value":"{value}"}}"#))
        };
        assert!(with("p", "http://a.example/cs#a").is_empty() && with("n", "lt2").is_empty());
        for (property, value) in [("p", "a"), ("p", "http://a.example/cs#b"), ("n", "x")] {
            assert_eq!(with(property, value), ["value-set-filter"], "{property} {value}");
        }
    }

    #[test]
    fn constraints_are_ecl_and_hierarchies_start_at_a_code() {
        let bad = r#"{"property":"constraint","op":"=","value":"1 << 2"}"#;
        assert_eq!(filter("http://snomed.info/sct", bad), ["value-set-filter"]);
        let missing = r#"{"property":"concept","op":"is-a","value":"b"}"#;
        assert_eq!(filter("http://a.example/cs", missing), ["value-set-filter"]);
    }
}
