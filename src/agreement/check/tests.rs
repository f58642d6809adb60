use serde_json::{Value, json};

use crate::agreement::Agreement;

/// A small agreement with one obligation.
pub(in crate::agreement) fn draft() -> Value {
    json!({
        "id": "test", "title": "Test", "document": "test.txt",
        "parties": [
            {"role": "region", "name": "R", "identifier": {"system": "urn:oid:1.2.752.129.2.2.1.18", "value": "99"}},
            {"role": "kommun", "name": "K", "identifier": {"system": "urn:oid:1.2.752.129.2.2.1.17", "value": "9901"}}
        ],
        "area": {"lan": "99", "kommuner": ["9901"]},
        "term": {"from": "2022-01-01", "notice": "P1Y", "renewal": "until-further-notice"},
        "calendars": {"office": {"opens": "08:00", "closes": "17:00"}},
        "obligations": [{
            "id": "T-1", "clause": "6", "quote": "Rond ska utföras veckovis.", "title": {"sv": "Rond", "en": "Round"},
            "bearer": ["region"], "subject": "unit", "population": ["SABO"], "severity": "major", "check": "auto",
            "basis": "agreement", "whileEnrolled": true,
            "rule": {"recurring": {"evidence": {"kind": "round-held"}, "window": {"weeks": 1}}}
        }]
    })
}

/// That agreement, read.
pub(in crate::agreement) fn agreement() -> Agreement {
    Agreement::parse(&draft().to_string()).unwrap()
}

/// The rule and pointer of each fault after `value` is put at `pointer`.
fn faults(pointer: &str, value: Value) -> Vec<(&'static str, String)> {
    let mut draft = draft();
    *draft.pointer_mut(pointer).unwrap() = value;
    let issues = Agreement::parse(&draft.to_string()).unwrap_err();
    issues.into_iter().map(|issue| (issue.rule, issue.place.pointer)).collect()
}

fn one(rule: &'static str, pointer: &str) -> Vec<(&'static str, String)> {
    vec![(rule, pointer.to_owned())]
}

#[test]
fn every_fault_names_its_place() {
    let obligation = "/obligations/0";
    let rule = "/obligations/0/rule";
    assert_eq!(faults("/id", json!("Not a name")), one("agreement-schema", "/id"));
    assert_eq!(
        faults(&format!("{obligation}/population/0"), json!("XYZ")),
        one("agreement-population", "/obligations/0/population/0")
    );
    assert_eq!(
        faults(&format!("{rule}/recurring/evidence/kind"), json!("unheard-of")),
        one("agreement-evidence", "/obligations/0/rule/recurring/evidence/kind")
    );
    assert_eq!(
        faults(&format!("{rule}/recurring/window"), json!({"weeks": 0})),
        one("agreement-threshold", "/obligations/0/rule/recurring/window")
    );
    assert_eq!(
        faults("/term", json!({"from": "2022-01-01", "until": "2021-12-31", "notice": "P1Y", "renewal": "none"})),
        one("agreement-term", "/term/until")
    );
    assert_eq!(
        faults("/calendars/office", json!({"opens": "17:00", "closes": "08:00"})),
        one("agreement-calendar-hours", "/calendars/office/closes")
    );
}

#[test]
fn a_limit_names_a_calendar_that_there_is() {
    let rule = json!({"within": {
        "trigger": {"kind": "death"}, "answers": [{"kind": "notice"}],
        "limit": {"after": {"span": "P1M", "calendar": "nowhere"}}
    }});
    let pointer = "/obligations/0/rule/within/limit".to_owned();
    let expected = vec![("agreement-calendar", pointer.clone()), ("agreement-threshold", pointer)];
    assert_eq!(faults("/obligations/0/rule", rule), expected);
}

#[test]
fn an_id_is_used_once() {
    let mut draft = draft();
    let twice = draft["obligations"][0].clone();
    draft["obligations"].as_array_mut().unwrap().push(twice);
    let issues = Agreement::parse(&draft.to_string()).unwrap_err();
    assert_eq!((issues[0].rule, issues[0].place.pointer.as_str()), ("agreement-id-twice", "/obligations/1/id"));
}

#[test]
fn what_is_no_json_is_told_with_its_line() {
    let issues = Agreement::parse("{\n  \"id\": ").unwrap_err();
    assert_eq!((issues[0].rule, issues[0].place.position.map(|at| at.0)), ("agreement-json", Some(2)));
}

#[test]
fn an_agreement_is_the_same_after_it_was_shown_and_read() {
    for agreement in Agreement::embedded() {
        assert_eq!(&Agreement::parse(&agreement.to_json().to_string()).unwrap(), agreement);
    }
}
