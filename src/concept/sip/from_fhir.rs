//! SIPs read from CarePlans.

use super::{Activity, ActivityStatus, PlanStatus, Sip, SipConsent};
use crate::concept::ids::Patient;
use crate::concept::parts::Professional;
use crate::concept::source::{El, Source, missing};
use crate::concept::systems::{CTC, LM, TCP};

pub(in crate::concept) fn from_fhir(source: &Source<'_>) -> Vec<Sip> {
    let sips = source.all("CarePlan").into_iter().filter(|plan| plan.has_code("category", TCP, "SIP"));
    sips.filter_map(read).collect()
}

fn read(plan: El<'_>) -> Option<Sip> {
    let wanted: Vec<&str> = PlanStatus::ALL.iter().map(|status| status.as_str()).collect();
    if !plan.status_is(&wanted) {
        return None;
    }
    plan.fixed("intent", "plan");
    let patient = plan.patient("subject")?;
    let (coordinator, team) = team(plan, &patient);
    let read = Sip {
        identifier: plan.identifier(),
        status: plan.parsed("status", PlanStatus::parse)?,
        title: plan.string("title"),
        created: plan.date("created"),
        period: plan.period("period"),
        author: plan.professional("author"),
        contributors: plan.list("contributor").filter_map(El::organisation_here).collect(),
        coordinator,
        team,
        goals: targets(plan, "goal", "Goal")
            .filter(|goal| goal.belongs_to("subject", &patient))
            .filter_map(goal)
            .collect(),
        activities: plan.list("activity").filter_map(activity).collect(),
        follow_up: plan.ext("follow-up").and_then(|e| e.string("valueDate")),
        copy_given: plan.ext("copy-given").and_then(|e| e.date("valueDateTime")),
        consent: consent(plan, &patient),
        patient,
    };
    plan.source().report_leftovers(plan);
    Some(read)
}

/// The resources of a type that the References of `name` point at; other References are left over.
fn targets<'a>(plan: El<'a>, name: &str, kind: &'static str) -> impl Iterator<Item = El<'a>> + use<'a> {
    plan.list(name).filter(move |reference| reference.target_is(kind)).filter_map(El::target)
}

fn goal(goal: El<'_>) -> Option<String> {
    goal.fixed("lifecycleStatus", "active");
    goal.skip("subject");
    goal.identifier();
    let text = goal.get("description").and_then(|description| description.string("text"));
    if text.is_none() {
        goal.note(missing(goal.node(), "description.text"));
    }
    goal.source().report_leftovers(goal);
    text
}

fn team(plan: El<'_>, patient: &Patient) -> (Option<Professional>, Vec<Professional>) {
    let mut coordinator = None;
    let mut others = Vec::new();
    for team in targets(plan, "careTeam", "CareTeam").filter(|team| team.belongs_to("subject", patient)) {
        team.has_code("category", CTC, "team");
        team.fixed("status", "active");
        team.skip("subject");
        team.identifier();
        for participant in team.list("participant") {
            let coordinates = coordinator.is_none() && participant.has_code("role", LM, "sip-samordnare");
            let who = participant.professional("member");
            if coordinates { coordinator = who } else { others.extend(who) }
        }
        team.source().report_leftovers(team);
    }
    (coordinator, others)
}

fn activity(activity: El<'_>) -> Option<Activity> {
    let detail = activity.get("detail")?;
    let text = detail.string("description");
    if text.is_none() {
        detail.note(missing(detail.node(), "description"));
    }
    Some(Activity {
        text: text?,
        status: detail.parsed("status", ActivityStatus::parse)?,
        responsible: detail.list("performer").filter_map(El::professional_here).collect(),
        period: detail.period("scheduledPeriod"),
    })
}

fn consent(plan: El<'_>, patient: &Patient) -> Option<SipConsent> {
    let consents = targets(plan, "supportingInfo", "Consent");
    let consent = consents
        .filter(|consent| consent.has_code("category", LM, "samtycke-sip"))
        .filter(|consent| consent.belongs_to("patient", patient))
        .find(|c| c.status_is(&["active"]))?;
    let answer = consent.get("provision").and_then(|provision| provision.parsed("type", answer));
    let date = consent.date("dateTime");
    if answer.is_none() || date.is_none() {
        consent.note(missing(consent.node(), "provision.type, dateTime"));
    }
    consent.identifier();
    ["scope", "patient", "policyRule"].into_iter().for_each(|member| consent.skip(member));
    consent.source().report_leftovers(consent);
    Some(SipConsent { given: answer?, date: date? })
}

fn answer(code: &str) -> Option<bool> {
    match code {
        "permit" => Some(true),
        "deny" => Some(false),
        _ => None,
    }
}
