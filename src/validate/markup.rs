//! Plain strings that hold HTML: who shows them may run it ([security](https://hl7.org/fhir/R4/security.html#narrative)).

use crate::fhir::NodeRef;

use super::issues::Issues;
use super::primitive::Primitive;
use super::rules::STRING_HTML;

/// Elements that a page would run or load; other angle brackets are ordinary text.
const ACTIVE: &[&str] = &[
    "script", "iframe", "object", "embed", "applet", "form", "img", "svg", "style", "link", "meta", "base", "video",
    "audio",
];

/// Checks a value of type string.
pub fn check(value: NodeRef<'_>, primitive: Primitive, issues: &mut Issues) {
    if primitive == Primitive::String && value.as_str().is_some_and(|text| is_active(&text)) {
        issues.raise(
            &STRING_HTML,
            value,
            "This string holds an HTML tag that a page could run; strings are plain text, so remove it.",
            "Denna sträng innehåller en HTML-tagg som en sida kan köra; strängar är ren text, så ta bort den.",
        );
    }
}

fn is_active(text: &str) -> bool {
    text.split('<').skip(1).any(|rest| {
        let name = rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        rest.contains('>') && ACTIVE.iter().any(|active| active.eq_ignore_ascii_case(name))
    })
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{found, patient};

    #[test]
    fn strings_hold_nothing_that_runs() {
        let name = |text: &str| found(&patient(&format!(r#""name":[{{"text":"{text}"}}]"#)));
        assert_eq!(name("A <b> & a < b"), []);
        assert_eq!(name("A <Script>x</Script>"), [("string-html", "/name/0/text".into())]);
    }
}
