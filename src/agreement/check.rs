//! Everything that can be wrong with an agreement file, told at once.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::Value;

use super::document::Agreement;
use super::obligation::Obligation;
use super::rule::{Limit, Rule, Window};
use super::selector::Selector;
use super::span::Span;
use super::vocabulary::Vocabulary;
use crate::fhir::outcome::Place;
use crate::fhir::{Issue, IssueCode, ResourceType};

const SCHEMA: &str = include_str!("../../profiles/schemas/agreement.json");

/// The JSON Schema of agreement files.
pub fn schema() -> &'static str {
    SCHEMA
}

fn validator() -> &'static Validator {
    static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
        let compiled = serde_json::from_str(SCHEMA).ok().and_then(|it: Value| jsonschema::validator_for(&it).ok());
        #[expect(clippy::expect_used, reason = "a test compiles the embedded schema")]
        compiled.expect("the embedded schema is right")
    });
    &VALIDATOR
}

/// Reads an agreement and checks it against the schema, then against the words that it is written in.
pub(super) fn parse(text: &str) -> Result<Agreement, Vec<Issue>> {
    let json: Value = serde_json::from_str(text).map_err(|fault| vec![not_json(&fault)])?;
    let faults: Vec<Issue> = validator().iter_errors(&json).map(|fault| not_the_form(&fault)).collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut agreement: Agreement = serde_json::from_value(json).map_err(|fault| vec![not_json(&fault)])?;
    let issues = Checker { vocabulary: Vocabulary::embedded(), issues: Vec::new() }.check(&mut agreement);
    if issues.is_empty() { Ok(agreement) } else { Err(issues) }
}

struct Checker<'v> {
    vocabulary: &'v Vocabulary,
    issues: Vec<Issue>,
}

impl Checker<'_> {
    fn check(mut self, agreement: &mut Agreement) -> Vec<Issue> {
        self.term(agreement);
        self.calendars(agreement);
        let mut seen = BTreeSet::new();
        let names: BTreeSet<String> = agreement.calendars.keys().cloned().collect();
        for (index, obligation) in agreement.obligations.iter_mut().enumerate() {
            let at = format!("/obligations/{index}");
            if !seen.insert(obligation.id.clone()) {
                self.fault(
                    format!("{at}/id"),
                    "agreement-id-twice",
                    "Give each obligation an id of its own.",
                    "Ge varje åtagande ett eget id.",
                );
            }
            self.population(obligation, &at);
            self.rule(&obligation.rule, &format!("{at}/rule"), &names);
            if let Some(unless) = &obligation.unless {
                self.selector(unless, &format!("{at}/unless"));
            }
        }
        self.exchange(agreement, &seen);
        self.issues
    }

    fn term(&mut self, agreement: &Agreement) {
        if agreement.term.until.is_some_and(|until| until < agreement.term.from) {
            let english = "Let the term end after it begins.";
            self.fault("/term/until".into(), "agreement-term", english, "Låt avtalstiden sluta efter att den börjar.");
        }
    }

    fn calendars(&mut self, agreement: &Agreement) {
        for (name, calendar) in &agreement.calendars {
            if calendar.closes <= calendar.opens {
                let at = format!("/calendars/{name}/closes");
                self.fault(
                    at,
                    "agreement-calendar-hours",
                    "Let the calendar close after it opens.",
                    "Låt kalendern stänga efter att den öppnar.",
                );
            }
        }
    }

    fn population(&mut self, obligation: &mut Obligation, at: &str) {
        for (index, token) in obligation.population.iter().enumerate() {
            match self.vocabulary.care_forms(token) {
                Some(forms) => obligation.care_forms.extend(forms.iter().cloned()),
                None => self.unknown_population(format!("{at}/population/{index}")),
            }
        }
    }

    fn unknown_population(&mut self, at: String) {
        let known = self.vocabulary.tokens().collect::<Vec<_>>().join(", ");
        let english = format!("Use one of the population tokens {known}.");
        self.fault(at, "agreement-population", &english, &format!("Använd någon av beteckningarna {known}."));
    }

    fn exchange(&mut self, agreement: &Agreement, ids: &BTreeSet<String>) {
        for (index, exchange) in agreement.exchange.iter().enumerate() {
            let at = format!("/exchange/{index}");
            if !ids.contains(&exchange.obligation) {
                let english = "Name an obligation of this agreement.";
                self.fault(
                    format!("{at}/obligation"),
                    "agreement-obligation-unknown",
                    english,
                    "Ange ett åtagande i detta avtal.",
                );
            }
            for (place, kind) in exchange.evidence.iter().enumerate() {
                self.kind(kind, format!("{at}/evidence/{place}"));
            }
            for (place, name) in exchange.resource_types.iter().enumerate() {
                if ResourceType::parse(name).is_none() {
                    let at = format!("{at}/resourceTypes/{place}");
                    self.fault(
                        at,
                        "agreement-resource-type",
                        "Name a resource type of FHIR R4.",
                        "Ange en resurstyp i FHIR R4.",
                    );
                }
            }
        }
    }

    fn rule(&mut self, rule: &Rule, at: &str, calendars: &BTreeSet<String>) {
        match rule {
            Rule::Present(it) => {
                let at = format!("{at}/present");
                self.selector(&it.evidence, &format!("{at}/evidence"));
                if it.at_most == Some(0) {
                    self.impossible(format!("{at}/atMost"));
                }
            }
            Rule::Fresh(it) => {
                let at = format!("{at}/fresh");
                self.selector(&it.evidence, &format!("{at}/evidence"));
                self.selector(&it.after, &format!("{at}/after"));
                self.optional(it.otherwise.as_ref(), &format!("{at}/else"));
                self.optional(it.instead_of.as_ref(), &format!("{at}/insteadOf"));
                self.not_zero(it.within, format!("{at}/within"));
            }
            Rule::Recurring(it) => {
                let at = format!("{at}/recurring");
                self.selector(&it.evidence, &format!("{at}/evidence"));
                self.optional(it.agreed.as_ref(), &format!("{at}/agreed"));
                self.window(it.window, it.at_least, &at);
            }
            Rule::Within(it) => {
                let at = format!("{at}/within");
                self.selector(&it.trigger, &format!("{at}/trigger"));
                self.optional(it.unless.as_ref(), &format!("{at}/unless"));
                self.optional(it.released.as_ref(), &format!("{at}/released"));
                for (index, answer) in it.answers.iter().enumerate() {
                    self.selector(&answer.evidence, &format!("{at}/answers/{index}"));
                }
                self.limit(it.limit.as_ref(), format!("{at}/limit"), calendars);
            }
            Rule::Shared(it) => {
                let at = format!("{at}/shared");
                self.selector(&it.evidence, &format!("{at}/evidence"));
                self.optional(it.otherwise.as_ref(), &format!("{at}/else"));
            }
            Rule::Complete(it) => self.selector(&it.evidence, &format!("{at}/complete/evidence")),
            Rule::All(rules) => {
                for (index, rule) in rules.iter().enumerate() {
                    self.rule(rule, &format!("{at}/all/{index}"), calendars);
                }
            }
        }
    }

    fn window(&mut self, window: Window, at_least: u32, at: &str) {
        let empty = match window {
            Window::Weeks(count) | Window::Months(count) => count == 0,
            Window::Rolling(span) => span.is_zero(),
        };
        if empty {
            self.impossible(format!("{at}/window"));
        }
        if at_least == 0 {
            self.impossible(format!("{at}/atLeast"));
        }
    }

    fn limit(&mut self, limit: Option<&Limit>, at: String, calendars: &BTreeSet<String>) {
        let (name, span) = match limit {
            Some(Limit::After { span, calendar: Some(name) }) => (name, Some(*span)),
            Some(Limit::NextWeekday { calendar: name }) => (name, None),
            _ => return,
        };
        if !calendars.contains(name) {
            let english = "Define the calendar under `calendars`, or name one that is.";
            self.fault(
                at.clone(),
                "agreement-calendar",
                english,
                "Definiera kalendern under `calendars` eller ange en som finns där.",
            );
        }
        // A calendar counts either working days or open hours.
        if span.is_some_and(|it| it.is_by_month() || (it.is_by_calendar() && it.seconds() != 0)) {
            self.impossible(at);
        }
    }

    fn optional(&mut self, selector: Option<&Selector>, at: &str) {
        if let Some(selector) = selector {
            self.selector(selector, at);
        }
    }

    fn selector(&mut self, selector: &Selector, at: &str) {
        for kind in selector.kinds() {
            self.kind(kind, format!("{at}/kind"));
        }
        for (index, link) in selector.through.iter().enumerate() {
            self.kind(&link.kind, format!("{at}/through/{index}/kind"));
        }
    }

    fn kind(&mut self, kind: &str, at: String) {
        if !self.vocabulary.has_kind(kind) {
            let english = "Name a kind of evidence that profiles/evidence.json defines.";
            self.fault(at, "agreement-evidence", english, "Ange en underlagstyp som finns i profiles/evidence.json.");
        }
    }

    fn not_zero(&mut self, span: Option<Span>, at: String) {
        if span.is_some_and(Span::is_zero) {
            self.impossible(at);
        }
    }

    fn impossible(&mut self, at: String) {
        let english = "Give a threshold that can be met and can be missed.";
        self.fault(at, "agreement-threshold", english, "Ange ett gränsvärde som både kan uppfyllas och missas.");
    }

    fn fault(&mut self, pointer: String, rule: &'static str, english: &str, swedish: &str) {
        let place = Place { pointer, ..Place::default() };
        self.issues.push(Issue::error(IssueCode::Value, rule, english, swedish).at(place));
    }
}

fn not_json(fault: &serde_json::Error) -> Issue {
    let place = Place {
        position: u32::try_from(fault.line()).ok().zip(u32::try_from(fault.column()).ok()).filter(|it| it.0 > 0),
        ..Place::default()
    };
    Issue::error(
        IssueCode::Structure,
        "agreement-json",
        format!("Correct the JSON of the agreement: {fault}."),
        format!("Rätta avtalets JSON: {fault}."),
    )
    .at(place)
}

fn not_the_form(fault: &jsonschema::ValidationError<'_>) -> Issue {
    let place = Place { pointer: fault.instance_path().to_string(), ..Place::default() };
    let (english, swedish) = (
        format!("Give it the form that the schema of agreements asks for: {fault}."),
        format!("Ge det den form som schemat för avtal kräver: {fault}."),
    );
    Issue::error(IssueCode::Structure, "agreement-schema", english, swedish).at(place)
}

#[cfg(test)]
pub(super) mod tests;
