//! Required bindings of R4 whose codes can be listed: the fast way, by the table of the definitions
//! ([required](https://hl7.org/fhir/R4/terminologies.html#required)). All other bindings go by [`super::coding`].

use crate::fhir::{Kind, NodeRef};

use super::coding::{Form, outside_words};
use super::issues::Issues;
use super::rules::CODE_UNKNOWN;
use super::shape::Codes;

/// Checks a value against the codes that it must be one of.
pub fn enumerated(value: NodeRef<'_>, form: Form, codes: &Codes, issues: &mut Issues) {
    match form {
        Form::Code | Form::Text => {
            if let Some(code) = value.as_str().filter(|code| !codes.has_code(code)) {
                unknown(value, &code, codes, issues);
            }
        }
        Form::Coding => coding(value, codes, issues),
        Form::Concept => concept(value, codes, issues),
        Form::Quantity if value.get("code").is_some() => coding(value, codes, issues),
        Form::Quantity => {}
    }
}

/// A Coding: system and code together.
fn coding(value: NodeRef<'_>, codes: &Codes, issues: &mut Issues) {
    if !is_within(value, codes) {
        unknown(value.get("code").unwrap_or(value), &value.str_at("code").unwrap_or_default(), codes, issues);
    }
}

/// A CodeableConcept: one of its codings. What is said by an extension alone (a reason why it is absent) is left alone.
fn concept(value: NodeRef<'_>, codes: &Codes, issues: &mut Issues) {
    let is_said_otherwise = value.get("coding").is_none() && value.get("extension").is_some();
    if is_said_otherwise || value.list("coding").any(|coding| is_within(coding, codes)) {
        return;
    }
    let first = value.list("coding").next();
    let code = first.and_then(|coding| coding.str_at("code")).unwrap_or_default();
    let place = first.and_then(|coding| coding.get("code")).or(first).unwrap_or(value);
    unknown(place, &code, codes, issues);
}

fn is_within(coding: NodeRef<'_>, codes: &Codes) -> bool {
    coding.kind() == Kind::Object
        && codes.set.has(&coding.str_at("system").unwrap_or_default(), &coding.str_at("code").unwrap_or_default())
}

fn unknown(place: NodeRef<'_>, code: &str, codes: &Codes, issues: &mut Issues) {
    let known = if issues.is_full() { &[] } else { codes.bare() };
    let (english, swedish) = outside_words(&CODE_UNKNOWN, &codes.set.value_set, code, known);
    issues.raise(&CODE_UNKNOWN, place, english, swedish);
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{found, issue, patient};

    #[test]
    fn a_code_is_in_its_value_set() {
        let json = patient(r#""gender":"Female""#);
        assert_eq!(found(&json), [("code-unknown", "/gender".into())]);
        assert!(issue(&json).english.ends_with("did you mean female?"));
        assert!(issue(&patient(r#""gender":"kvinna""#)).english.ends_with(": female, male, other, unknown."));
    }

    #[test]
    fn a_concept_has_one_coding_with_system_and_code_of_the_value_set() {
        let condition = |concept: &str| {
            found(&format!(
                r#"{{"resourceType":"Condition","subject":{{"reference":"Patient/1"}},"clinicalStatus":{concept}}}"#
            ))
        };
        let system = "http://terminology.hl7.org/CodeSystem/condition-clinical";
        let own = r#"{"system":"http://own.example","code":"on"}"#;
        assert!(condition(&format!(r#"{{"coding":[{own},{{"system":"{system}","code":"active"}}]}}"#)).is_empty());
        let place = "/clinicalStatus/coding/0/code";
        assert_eq!(condition(&format!(r#"{{"coding":[{own}]}}"#)), [("code-unknown", place.into())]);
        assert_eq!(condition(r#"{"coding":[{"code":"active"}]}"#), [("code-unknown", place.into())]);
        assert_eq!(condition(r#"{"text":"active"}"#), [("code-unknown", "/clinicalStatus".into())]);
    }
}
