//! A SIP as CarePlan, CareTeam, Goals and Consent.

use super::{Activity, Sip, SipConsent};
use crate::concept::parts::Professional;
use crate::concept::systems::{CTC, TCP};
use crate::concept::writer::{Writer, coding_concept, extension, identifiers, local, period, resource};
use crate::fhir::Value;

pub(in crate::concept) fn to_fhir(sip: &Sip, out: &mut Writer<'_>) {
    let subject = out.patient(&sip.patient);
    let whole = sip.identifier.as_ref();
    let goals: Vec<Value> = sip
        .goals
        .iter()
        .enumerate()
        .map(|(i, text)| out.part(whole, &format!("goal/{i}"), goal(text, &subject)))
        .collect();
    let consent = sip.consent.as_ref().map(|answer| vec![out.part(whole, "consent", consent(answer, &subject))]);
    let team = team(sip, &subject, out).map(|team| vec![out.part(whole, "team", team)]);
    let author = sip.author.as_ref().map(|author| out.performer(author));
    let contributors: Vec<Value> = sip.contributors.iter().map(|unit| out.organisation(unit)).collect();
    let activities: Vec<Value> = sip.activities.iter().map(|one| activity(one, out)).collect();
    let plan = resource("CarePlan")
        .with("extension", extensions(sip))
        .with("identifier", identifiers(whole))
        .with("status", sip.status.as_str())
        .with("intent", "plan")
        .with("category", [coding_concept(TCP, "SIP")])
        .with("title", sip.title.clone())
        .with("subject", subject)
        .with("period", sip.period.as_ref().map(period))
        .with("created", sip.created.as_ref().map(|at| at.as_str()))
        .with("author", author)
        .with("contributor", contributors)
        .with("careTeam", team)
        .with("supportingInfo", consent)
        .with("goal", goals)
        .with("activity", activities);
    out.own(whole, plan);
}

fn extensions(sip: &Sip) -> Vec<Value> {
    let follow_up = extension("follow-up", "valueDate", sip.follow_up.clone());
    let copy = extension("copy-given", "valueDateTime", sip.copy_given.as_ref().map(|at| at.as_str()));
    [follow_up, copy].into_iter().flatten().collect()
}

fn goal(text: &str, subject: &Value) -> Value {
    resource("Goal")
        .with("lifecycleStatus", "active")
        .with("description", Value::object().with("text", text))
        .with("subject", subject.clone())
}

/// The law behind the consent; R4 asks for a policy (ppc-1).
pub(super) const POLICY: &str = "HSL 16 kap. 4 §";

fn consent(answer: &SipConsent, subject: &Value) -> Value {
    let scope = coding_concept("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy");
    let answered = if answer.given { "permit" } else { "deny" };
    resource("Consent")
        .with("status", "active")
        .with("scope", scope)
        .with("category", [local("samtycke-sip")])
        .with("patient", subject.clone())
        .with("dateTime", answer.date.as_str())
        .with("policyRule", Value::object().with("text", POLICY))
        .with("provision", Value::object().with("type", answered))
}

fn team(sip: &Sip, subject: &Value, out: &mut Writer<'_>) -> Option<Value> {
    let mut participants = Vec::new();
    if let Some(coordinator) = &sip.coordinator {
        participants.push(member(coordinator, out).with("role", [local("sip-samordnare")]));
    }
    for one in &sip.team {
        participants.push(member(one, out));
    }
    (!participants.is_empty()).then(|| {
        resource("CareTeam")
            .with("status", "active")
            .with("category", [coding_concept(CTC, "team")])
            .with("subject", subject.clone())
            .with("participant", participants)
    })
}

fn member(who: &Professional, out: &mut Writer<'_>) -> Value {
    Value::object().with("member", out.professional(who))
}

fn activity(activity: &Activity, out: &mut Writer<'_>) -> Value {
    let performers: Vec<Value> = activity.responsible.iter().map(|who| out.performer(who)).collect();
    let detail = Value::object()
        .with("status", activity.status.as_str())
        .with("scheduledPeriod", activity.period.as_ref().map(period))
        .with("performer", performers)
        .with("description", activity.text.as_str());
    Value::object().with("detail", detail)
}
