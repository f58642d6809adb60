//! Extensions: a value or extensions, never both ([extensibility](https://hl7.org/fhir/R4/extensibility.html)).

use crate::fhir::NodeRef;

use super::issues::Issues;
use super::rules::{EXTENSION_URL, EXTENSION_VALUE};

/// Checks one extension; that it has a url is a matter of cardinality.
pub fn check(extension: NodeRef<'_>, issues: &mut Issues) {
    let is_value = |name: &str| name.trim_start_matches('_').starts_with("value");
    let has_value = extension.children().any(|member| member.key().is_some_and(|name| is_value(&name)));
    if has_value == extension.get("extension").is_some() {
        issues.raise(
            &EXTENSION_VALUE,
            extension,
            "An extension has either a value[x] or extensions of its own; give one of them.",
            "En extension har antingen ett value[x] eller egna extensions; ange ett av dem.",
        );
    }
    if let Some(url) = extension.get("url").filter(|url| is_outermost(extension) && is_relative(*url)) {
        issues.raise(
            &EXTENSION_URL,
            url,
            "The url of an extension is the absolute URL of its definition; only extensions inside others have short ones.",
            "url i en extension är dess definitions absoluta URL; endast extensions inuti andra har korta.",
        );
    }
}

/// Whether it is no part of another extension.
fn is_outermost(extension: NodeRef<'_>) -> bool {
    let owner = extension.parent().and_then(|array| array.parent());
    let is_extensions = |node: NodeRef<'_>| node.key_is("extension") || node.key_is("modifierExtension");
    !owner.and_then(|owner| owner.parent()).is_some_and(is_extensions)
}

fn is_relative(url: NodeRef<'_>) -> bool {
    url.as_str().is_some_and(|text| !text.is_empty() && !text.contains(':'))
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{found, patient};

    fn with(extension: &str) -> Vec<(&'static str, String)> {
        found(&patient(&format!(r#""extension":[{extension}]"#)))
    }

    #[test]
    fn an_extension_has_a_value_or_extensions() {
        let inner = r#"[{"url":"a","valueCode":"b"}]"#;
        assert!(with(&format!(r#"{{"url":"http://a.example","extension":{inner}}}"#)).is_empty());
        let place = || "/extension/0".to_owned();
        let both = format!(r#"{{"url":"http://a.example","valueCode":"b","extension":{inner}}}"#);
        assert_eq!(with(&both), [("extension-value", place())]);
        assert_eq!(with(r#"{"url":"http://a.example"}"#), [("extension-value", place())]);
    }

    #[test]
    fn an_extension_has_a_url_and_the_outermost_an_absolute_one() {
        assert_eq!(with(r#"{"valueCode":"b"}"#), [("cardinality-min", "/extension/0".into())]);
        assert_eq!(with(r#"{"url":"a","valueCode":"b"}"#), [("extension-url", "/extension/0/url".into())]);
    }
}
