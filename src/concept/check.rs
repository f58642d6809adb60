//! What a schema names with `x-check`: rules that JSON Schema has no word for.
//!
//! The check walks the document and the schema side by side, so each rule is said once, where the member is declared.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::ids::{Hsa, Patient};
use super::issue::fault;
use super::time::{DateTime, Reading, TimeFault, TimeOfDay};
use crate::fhir::{Document, Issue, IssueCode, Kind, NodeRef, Severity};

/// Everything in a document that breaks a rule of its schema's `x-check` members.
pub(super) fn check(schema: &Json, document: &Document) -> Vec<Issue> {
    let mut walk = Walk { root: schema, issues: Vec::new() };
    walk.visit(schema, document.root());
    walk.issues
}

struct Walk<'s> {
    root: &'s Json,
    issues: Vec<Issue>,
}

impl<'s> Walk<'s> {
    fn visit(&mut self, schema: &'s Json, node: NodeRef<'_>) {
        if let Some(target) =
            schema.get("$ref").and_then(Json::as_str).and_then(|way| self.root.pointer(way.strip_prefix('#')?))
        {
            self.visit(target, node);
        }
        if let Some(rule) = schema.get("x-check").and_then(Json::as_str) {
            self.issues.extend(apply(rule, node));
        }
        match node.kind() {
            Kind::Object => self.members(schema, node),
            Kind::Array => self.items(schema, node),
            _ => {}
        }
    }

    fn members(&mut self, schema: &'s Json, node: NodeRef<'_>) {
        let Some(properties) = schema.get("properties") else { return };
        for member in node.children() {
            if let Some(sub) = member.key().and_then(|key| properties.get(key.as_ref())) {
                self.visit(sub, member);
            }
        }
    }

    fn items(&mut self, schema: &'s Json, node: NodeRef<'_>) {
        if let Some(sub) = schema.get("items") {
            node.children().for_each(|item| self.visit(sub, item));
        }
    }
}

fn apply(rule: &str, node: NodeRef<'_>) -> Option<Issue> {
    match rule {
        "date-time" => date_time(node),
        "time-of-day" => time_of_day(node),
        "patient" => patient(node),
        "hsa-id" => hsa_id(node),
        "period" => period(node),
        "one-physician-contact" => one_physician_contact(node),
        "one-affiliation" => one_affiliation(node),
        other => unreachable_rule(other, node),
    }
}

/// A schema that names a rule we lack is a fault of ours; the test over all schemas finds it.
fn unreachable_rule(rule: &str, node: NodeRef<'_>) -> Option<Issue> {
    debug_assert!(false, "no check is called {rule}");
    Some(fault(
        node,
        IssueCode::Exception,
        "check-unknown",
        "The schema names an unknown check.",
        "Schemat nämner en okänd kontroll.",
    ))
}

fn date_time(node: NodeRef<'_>) -> Option<Issue> {
    match DateTime::read(&node.as_str()?) {
        Ok((_, Reading::Exact)) => None,
        Ok((_, Reading::FirstOfTwo)) => Some(folded(node)),
        Err(TimeFault::Gap) => Some(fault(
            node,
            IssueCode::Value,
            "time-in-gap",
            "This local time does not exist: the clock is moved forward past it. Write the time with its offset.",
            "Den här lokala tiden finns inte: klockan ställs fram förbi den. Skriv tiden med tidszon.",
        )),
        Err(TimeFault::Form) => Some(fault(
            node,
            IssueCode::Value,
            "time-form",
            "Write a date (2026-03-02), or a date and time with offset (2026-03-02T08:00:00+01:00).",
            "Skriv ett datum (2026-03-02), eller datum och tid med tidszon (2026-03-02T08:00:00+01:00).",
        )),
    }
}

fn folded(node: NodeRef<'_>) -> Issue {
    fault(
        node,
        IssueCode::Value,
        "time-in-fold",
        "This local time occurs twice as the clock is moved back; the first was taken. Write the offset to be exact.",
        "Den här lokala tiden inträffar två gånger när klockan ställs tillbaka; den första togs. Skriv tidszonen för att vara exakt.",
    )
    .with_severity(Severity::Warning)
}

fn time_of_day(node: NodeRef<'_>) -> Option<Issue> {
    match TimeOfDay::parse(&node.as_str()?) {
        Some(_) => None,
        None => Some(fault(
            node,
            IssueCode::Value,
            "time-of-day",
            "Write a time of day between 00:00 and 23:59.",
            "Skriv ett klockslag mellan 00:00 och 23:59.",
        )),
    }
}

fn patient(node: NodeRef<'_>) -> Option<Issue> {
    match Patient::parse(&node.as_str()?) {
        Some(_) => None,
        None => Some(fault(
            node,
            IssueCode::Value,
            "patient-identity",
            "This is no personnummer, samordningsnummer or reservnummer: check its century, length, date and check digit.",
            "Detta är inget personnummer, samordningsnummer eller reservnummer: kontrollera sekel, längd, datum och kontrollsiffra.",
        )),
    }
}

fn hsa_id(node: NodeRef<'_>) -> Option<Issue> {
    match Hsa::parse(&node.as_str()?) {
        Some(_) => None,
        None => Some(fault(
            node,
            IssueCode::Value,
            "hsa-id",
            "This is no HSA-id: it begins with SE and the ten digits of the organisation, then a hyphen.",
            "Detta är inget HSA-id: det börjar med SE och organisationens tio siffror, sedan ett bindestreck.",
        )),
    }
}

fn period(node: NodeRef<'_>) -> Option<Issue> {
    let start = DateTime::parse(&node.str_at("start")?)?.earliest()?;
    let end = node.get("end")?;
    let last = DateTime::parse(&end.as_str()?)?;
    // An end by date lasts to midnight, so it may be the day of the start; an end by instant may be the start itself.
    let backwards = last.earliest()? < start && last.latest()? <= start;
    backwards.then(|| {
        fault(
            end,
            IssueCode::Value,
            "end-before-start",
            "The end is before the start: correct one of them.",
            "Slutet ligger före början: rätta en av dem.",
        )
    })
}

/// Inera's Rule001: a patient has at most one fast läkarkontakt at a time.
fn one_physician_contact(contacts: NodeRef<'_>) -> Option<Issue> {
    let physicians =
        contacts.children().filter(|contact| contact.str_at("kind").as_deref() == Some("physician-contact"));
    let second = overlapping(physicians)?;
    Some(fault(
        second,
        IssueCode::BusinessRule,
        "physician-contact-twice",
        "A patient has one fast läkarkontakt at a time: end the earlier one before this one begins.",
        "En patient har en fast läkarkontakt i taget: avsluta den tidigare innan denna börjar.",
    ))
}

fn one_affiliation(affiliations: NodeRef<'_>) -> Option<Issue> {
    let second = overlapping(affiliations.children())?;
    Some(fault(
        second,
        IssueCode::BusinessRule,
        "affiliation-twice",
        "A unit belongs to one hälsocentral at a time: end the earlier affiliation before this one begins.",
        "En enhet hör till en hälsocentral i taget: avsluta den tidigare tillhörigheten innan denna börjar.",
    ))
}

/// The first item whose `period` overlaps that of an item before it; an open end lasts for ever.
fn overlapping<'a>(items: impl Iterator<Item = NodeRef<'a>>) -> Option<NodeRef<'a>> {
    let mut before: Vec<(Timestamp, Timestamp)> = Vec::new();
    for item in items {
        let (from, until) = extent(item.get("period"));
        if before.iter().any(|(start, end)| from < *end && *start < until) {
            return Some(item);
        }
        before.push((from, until));
    }
    None
}

fn extent(period: Option<NodeRef<'_>>) -> (Timestamp, Timestamp) {
    let at = |name| period.and_then(|period| DateTime::parse(&period.str_at(name)?));
    let from = at("start").and_then(|start| start.earliest()).unwrap_or(Timestamp::MIN);
    let until = at("end").and_then(|end| end.latest()).unwrap_or(Timestamp::MAX);
    (from, until)
}
