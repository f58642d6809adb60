//! Search parameters: composites have parts, what derives keeps its type, and the expression can be read
//! ([SearchParameter](https://hl7.org/fhir/R4/searchparameter.html)).

use crate::fhir::library::DefinitionKind;
use crate::fhir::path::Expression;
use crate::fhir::{Library, NodeRef};
use crate::validate::rules::{SEARCH_PARAMETER_COMPONENTS, SEARCH_PARAMETER_DERIVED, SEARCH_PARAMETER_EXPRESSION};
use crate::validate::walk::Walk;

/// Checks a SearchParameter.
pub fn check<'a>(parameter: NodeRef<'a>, walk: &mut Walk<'a>) {
    let kind = parameter.str_at("type");
    if kind.as_deref() == Some("composite") && parameter.list("component").count() < 2 {
        walk.issues.raise(
            &SEARCH_PARAMETER_COMPONENTS,
            parameter,
            "A composite search parameter has at least two components; add them or change its type.",
            "En sammansatt sökparameter har minst två component; lägg till dem eller ändra dess typ.",
        );
    }
    derived(parameter, kind.as_deref(), walk);
    for owner in std::iter::once(parameter).chain(parameter.list("component")) {
        let text = owner.get("expression").and_then(|node| Some((node, node.as_str()?)));
        if let Some((node, _)) = text.filter(|(_, text)| Expression::parse(text).is_err()) {
            walk.issues.raise(
                &SEARCH_PARAMETER_EXPRESSION,
                node,
                "The expression is no FHIRPath that can be read; correct it.",
                "Uttrycket är ingen läsbar FHIRPath; rätta det.",
            );
        }
    }
}

fn derived<'a>(parameter: NodeRef<'a>, kind: Option<&str>, walk: &mut Walk<'a>) {
    let Some(node) = parameter.get("derivedFrom") else { return };
    let base = node.as_str().and_then(|url| type_of(walk.setting.library, &url));
    if let (Some(base), Some(kind)) = (base, kind)
        && base != kind
    {
        walk.issues.raise(
            &SEARCH_PARAMETER_DERIVED,
            parameter.get("type").unwrap_or(node),
            format!("The search parameter that this one derives from is of type {base}; use the same type."),
            format!("Sökparametern som denna härleds från är av typen {base}; använd samma typ."),
        );
    }
}

/// The type of the search parameter with this canonical URL.
pub fn type_of(library: &Library, url: &str) -> Option<String> {
    let document = library.document(DefinitionKind::Other, url)?;
    let root = document.root();
    let is_parameter = root.str_at("resourceType").as_deref() == Some("SearchParameter");
    root.str_at("type").filter(|_| is_parameter).map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{found, found_with};

    fn parameter(members: &str) -> String {
        format!(
            r#"{{"resourceType":"SearchParameter","url":"http://a.example/s","name":"S","status":"draft","description":"x",
            "code":"s","base":["Patient"],{members}}}"#
        )
    }

    #[test]
    fn a_composite_has_two_components() {
        let one = parameter(
            r#""type":"composite","expression":"Patient","component":[{"definition":"http://a.example/t","expression":"name"}]"#,
        );
        assert_eq!(found(&one), [("search-parameter-components", "".into())]);
    }

    #[test]
    fn an_expression_can_be_read() {
        let bad = parameter(r#""type":"token","expression":"Patient.name(","xpathUsage":"normal""#);
        assert_eq!(found(&bad), [("search-parameter-expression", "/expression".into())]);
    }

    #[test]
    fn what_derives_keeps_the_type() {
        let base = parameter(r#""type":"string""#);
        let derived = parameter(r#""type":"token","derivedFrom":"http://a.example/s""#);
        assert_eq!(found_with(&derived, &[&base]), [("search-parameter-derived", "/type".into())]);
    }
}
