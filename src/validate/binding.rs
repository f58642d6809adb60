//! Required bindings: the code is one of its value set's
//! ([required](https://hl7.org/fhir/R4/terminologies.html#required)). Value sets that can't be enumerated (MIME types,
//! languages, UCUM) are not checked.

use crate::fhir::{Kind, NodeRef};

use super::issues::Issues;
use super::rules::CODE_UNKNOWN;
use super::shape::{Codes, Member};
use super::suggest;

/// So many codes are listed in a text.
const MOST_LISTED: usize = 12;

/// A `code`, which has no system.
pub fn code(value: NodeRef<'_>, member: &Member, issues: &mut Issues) {
    if let Some(codes) = &member.codes
        && let Some(code) = value.as_str()
        && !codes.has_code(&code)
    {
        unknown(value, &code, codes, issues);
    }
}

/// A Coding: system and code together.
pub fn coding(value: NodeRef<'_>, member: &Member, issues: &mut Issues) {
    if let Some(codes) = member.codes.as_ref().filter(|codes| !is_within(value, codes)) {
        unknown(value.get("code").unwrap_or(value), &value.str_at("code").unwrap_or_default(), codes, issues);
    }
}

/// A CodeableConcept: one of its codings. What is said by an extension alone (a reason why it is absent) is left alone.
pub fn concept(value: NodeRef<'_>, member: &Member, issues: &mut Issues) {
    let Some(codes) = &member.codes else { return };
    let is_said_otherwise = value.get("coding").is_none() && value.get("extension").is_some();
    if is_said_otherwise || value.list("coding").any(|coding| is_within(coding, codes)) {
        return;
    }
    let first = value.list("coding").next();
    let code = first.and_then(|coding| coding.str_at("code")).unwrap_or_default();
    let place = first.and_then(|coding| coding.get("code")).or(first).unwrap_or(value);
    unknown(place, &code, codes, issues);
}

/// A Quantity: the code of its unit.
pub fn quantity(value: NodeRef<'_>, member: &Member, issues: &mut Issues) {
    if value.get("code").is_some() {
        coding(value, member, issues);
    }
}

fn is_within(coding: NodeRef<'_>, codes: &Codes) -> bool {
    coding.kind() == Kind::Object
        && codes.set.has(&coding.str_at("system").unwrap_or_default(), &coding.str_at("code").unwrap_or_default())
}

fn unknown(place: NodeRef<'_>, code: &str, codes: &Codes, issues: &mut Issues) {
    let (set, known) = (&codes.set.value_set, codes.bare());
    let nearest = if issues.is_full() { None } else { suggest::nearest(code, known.iter().copied()) };
    let (mut english, mut swedish) = (
        format!("The value must be from the value set {set}, whose binding is required"),
        format!("Värdet måste vara ur värdemängden {set}, vars bindning är tvingande"),
    );
    if codes.has_code(code) {
        english.push_str("; give the code's own system.");
        swedish.push_str("; ange kodens eget system.");
    } else if let Some(nearest) = nearest {
        english.push_str(&format!("; did you mean {nearest}?"));
        swedish.push_str(&format!("; menades {nearest}?"));
    } else if known.len() <= MOST_LISTED {
        english.push_str(&format!(": {}.", known.join(", ")));
        swedish.push_str(&format!(": {}.", known.join(", ")));
    } else {
        english.push('.');
        swedish.push('.');
    }
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
