//! Builders for the tests of the rules: a resident since Monday 5 January 2026, and one obligation with a rule.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::agreement::check::tests::draft;
use crate::agreement::{Agreement, Evidence, Facts, State, Subject, Verdict, evaluate};
use crate::fhir::ResourceKey;
use crate::fhir::instant::Interval;

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The test agreement with this rule for its residents.
pub(super) fn agreement(rule: Value) -> Agreement {
    let mut draft = draft();
    let obligation = &mut draft["obligations"][0];
    obligation["rule"] = rule;
    obligation["subject"] = json!("patient");
    obligation["whileEnrolled"] = json!(false);
    Agreement::parse(&draft.to_string()).unwrap()
}

/// Something that happened at an instant.
pub(super) fn event(kind: &str, id: &str, when: &str) -> Evidence {
    lasting(kind, id, when, None).at(when)
}

/// Something that holds from then until then, or for ever.
pub(super) fn lasting(kind: &str, id: &str, from: &str, until: Option<&str>) -> Evidence {
    Evidence {
        kind: kind.into(),
        source: ResourceKey::parse(&format!("Basic/{id}")).unwrap(),
        patient: Some("Patient/p".into()),
        unit: None,
        parties: BTreeSet::new(),
        time: Interval { from: at(from), until: until.map_or(Timestamp::MAX, at) },
        codes: BTreeSet::new(),
        amount: None,
        parts: BTreeMap::new(),
    }
}

pub(super) trait Tweak {
    fn at(self, when: &str) -> Self;
    fn part(self, name: &str, value: &str) -> Self;
    fn code(self, code: &str) -> Self;
    fn amount(self, amount: i64) -> Self;
}

impl Tweak for Evidence {
    fn at(mut self, when: &str) -> Self {
        self.time = Interval { from: at(when), until: at(when) };
        self
    }

    fn part(mut self, name: &str, value: &str) -> Self {
        self.parts.insert(name.into(), value.into());
        self
    }

    fn code(mut self, code: &str) -> Self {
        self.codes.insert(code.into());
        self
    }

    fn amount(mut self, amount: i64) -> Self {
        self.amount = Some(amount);
        self
    }
}

/// The verdict on the rule for the resident.
pub(super) fn verdict(agreement: &Agreement, evidence: &[Evidence], when: &str) -> Verdict {
    let enrolment = lasting("enrolment", "e", "2026-01-05T00:00:00+01:00", None).code("sarskilt-boende");
    let facts = Facts::new(evidence.iter().cloned().chain([enrolment]));
    evaluate(agreement, &agreement.obligations[0], &Subject::parse("Patient/p").unwrap(), &facts, at(when))
}

/// The state, and when it changes by itself.
pub(super) fn judged(rule: &Value, evidence: &[Evidence], when: &str) -> (State, Option<Timestamp>) {
    let verdict = verdict(&agreement(rule.clone()), evidence, when);
    (verdict.state, verdict.until)
}

/// The state alone.
pub(super) fn state(rule: &Value, evidence: &[Evidence], when: &str) -> State {
    judged(rule, evidence, when).0
}
