//! The audit log as FHIR AuditEvents, read from the entries as they are on disk.
//!
//! Those who run the gateway see all entries, everybody else those of accesses by the own organisation.

use vardbro_sdk::{AuditEvent, Entity, audit_event};

use crate::access::{self, ActorRole, Operation};
use crate::audit::{Entry, Outcome};
use crate::exchange::{Answer, Call, Failure};
use crate::fhir::instant::Interval;
use crate::fhir::{Issue, IssueCode, ResourceId, ResourceKey, ResourceType};
use crate::identity::systems::HSA_ID;
use crate::store::AuditQuery;

use super::Web;

/// One AuditEvent.
///
/// # Errors
/// 404 where there is none, or where it is another organisation's.
pub async fn read(web: &Web, call: &Call, id: &str) -> Result<Answer, Failure> {
    admit(call, Operation::Read)?;
    let query = AuditQuery { id: Some(id.to_owned()), count: 1, ..restricted(call) };
    let rows = web.gateway.store.audit(&query).await?;
    let found = rows.first().and_then(|(_, row)| Entry::parse(&row.entry));
    let entry = found.ok_or_else(|| not_found(id))?;
    Ok(Answer::fhir(200, event(&entry)?))
}

fn not_found(id: &str) -> Failure {
    match (ResourceType::parse("AuditEvent"), ResourceId::parse(id)) {
        (Some(kind), Some(id)) => Failure::NotFound(ResourceKey::new(kind, id)),
        _ => crate::exchange::read::unknown_type(),
    }
}

/// A searchset of AuditEvents, newest first.
///
/// # Errors
/// 400 for parameters that can't be read or that we do not have.
pub async fn search(web: &Web, call: &mut Call, asked: &[(String, String)]) -> Result<Answer, Failure> {
    admit(call, Operation::Search)?;
    let query = query(web, call, asked)?;
    let shown: Vec<(String, String)> = asked.iter().filter(|(name, _)| name != "_page").map(shown).collect();
    call.entry.query = Some(form_urlencoded::Serializer::new(String::new()).extend_pairs(&shown).finish());
    let mut rows = web.gateway.store.audit(&AuditQuery { count: query.count + 1, ..query.clone() }).await?;
    let more = rows.len() > query.count as usize;
    rows.truncate(query.count as usize);
    let base = &web.gateway.base;
    let mut entries = Vec::with_capacity(rows.len());
    for entry in rows.iter().filter_map(|(_, row)| Entry::parse(&row.entry)) {
        entries.push(format!(
            "{{\"fullUrl\":\"{base}/AuditEvent/{}\",\"resource\":{},\"search\":{{\"mode\":\"match\"}}}}",
            entry.id,
            event(&entry)?
        ));
    }
    let link = |relation: &str, pairs: &[(String, String)]| {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        format!("{{\"relation\":\"{relation}\",\"url\":\"{base}/AuditEvent?{query}\"}}")
    };
    let mut links = link("self", &shown);
    if let (true, Some((row, _))) = (more, rows.last()) {
        let mut next = shown.clone();
        next.push(("_page".into(), web.gateway.seal.seal(&row.to_string(), &*web.gateway.entropy)));
        links = format!("{links},{}", link("next", &next));
    }
    let entry = if entries.is_empty() { String::new() } else { format!(",\"entry\":[{}]", entries.join(",")) };
    Ok(Answer::fhir(200, format!("{{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"link\":[{links}]{entry}}}")))
}

fn admit(call: &Call, operation: Operation) -> Result<(), Failure> {
    let kind = ResourceType::parse("AuditEvent").ok_or_else(crate::exchange::read::unknown_type)?;
    access::admit(&call.caller, operation, kind).map(|_| ()).map_err(|denied| Failure::Denied(denied, None))
}

fn restricted(call: &Call) -> AuditQuery {
    let sees_all = matches!(call.caller.role(), ActorRole::Administration | ActorRole::Suite);
    AuditQuery { organisation: (!sees_all).then(|| call.caller.organisation().to_owned()), ..AuditQuery::default() }
}

/// A parameter as it may stand in a URL and in the log: a personal number is blanked.
fn shown((name, value): &(String, String)) -> (String, String) {
    let value = if crate::identity::looks_personal(value) { "redacted" } else { value };
    (name.clone(), value.to_owned())
}

fn query(web: &Web, call: &Call, asked: &[(String, String)]) -> Result<AuditQuery, Failure> {
    let mut query = AuditQuery { count: 50, ..restricted(call) };
    for (name, value) in asked {
        match name.as_str() {
            "_id" => query.id = Some(value.clone()),
            "patient" | "patient:Patient" | "entity" if !value.contains('/') => {
                query.patient = Some(format!("Patient/{value}"))
            }
            "patient" | "entity" => query.patient = Some(value.clone()),
            "agent" => query.client = Some(value.rsplit('|').next().unwrap_or_default().to_owned()),
            "date" => date(&mut query, value)?,
            "_count" => query.count = value.parse::<u32>().map_err(|_| bad(name))?.clamp(1, 500),
            "_page" => query.before = Some(page(web, value).ok_or_else(|| bad(name))?),
            "_sort" if value == "-date" || value == "-_lastUpdated" => {}
            "_format" | "_pretty" => {}
            _ => return Err(bad(name)),
        }
    }
    Ok(query)
}

fn page(web: &Web, sealed: &str) -> Option<u64> {
    web.gateway.seal.open(sealed)?.parse().ok()
}

fn date(query: &mut AuditQuery, value: &str) -> Result<(), Failure> {
    let (prefix, rest) =
        value.split_at_checked(2).filter(|(p, _)| p.bytes().all(|b| b.is_ascii_alphabetic())).unwrap_or(("eq", value));
    let interval = Interval::of(rest).ok_or_else(|| bad("date"))?;
    match prefix {
        "ge" | "sa" => query.from = Some(interval.from),
        "gt" => query.from = Some(interval.until),
        "lt" | "eb" => query.until = Some(interval.from),
        "le" => query.until = Some(interval.until),
        "eq" => (query.from, query.until) = (Some(interval.from), Some(interval.until)),
        _ => return Err(bad("date")),
    }
    Ok(())
}

fn bad(name: &str) -> Failure {
    // The name comes from the caller: only what looks like a parameter's name is repeated.
    let name = if name.bytes().all(|b| b.is_ascii_alphabetic() || b"_:-".contains(&b)) { name } else { "?" };
    Failure::unreadable(Issue::error(
        IssueCode::Value,
        "audit-parameter",
        format!("AuditEvent can't be searched by {name} in this way; use {}.", parameters_known()),
        format!("AuditEvent kan inte sökas på {name} så; använd {}.", parameters_known()),
    ))
}

fn parameters_known() -> String {
    super::metadata::AUDIT_PARAMETERS.join(", ")
}

fn event(entry: &Entry) -> Result<String, Failure> {
    let reason = match &entry.outcome {
        Outcome::Refused(_, why) | Outcome::Failed(_, why) => Some(why.as_str()),
        Outcome::Unknown => Some("unknown: the gateway stopped before the end"),
        Outcome::Open | Outcome::Success(_) => None,
    };
    let mut entities: Vec<Entity<'_>> = entry.patients.iter().map(|patient| Entity::Patient(patient)).collect();
    entities.extend(entry.touched.iter().map(|t| Entity::Resource(&t.reference, &t.caregiver)));
    entities.extend(entry.query.as_deref().map(Entity::Query));
    entities.push(Entity::Request(&entry.request_id));
    let view = AuditEvent {
        id: &entry.id,
        recorded: entry.recorded.as_microsecond(),
        interaction: entry.interaction.code(),
        action: entry.interaction.action(),
        outcome: entry.outcome.code(),
        outcome_desc: reason,
        purpose: &entry.purpose,
        hsa_system: HSA_ID,
        client: &entry.client,
        organisation: (&entry.organisation, &entry.organisation_name),
        person: entry.person.as_deref(),
        role: &entry.role,
        observer: "vardbro",
        entities,
    };
    audit_event(&view).map_err(|fault| {
        tracing::error!(%fault, entry = entry.id, "an audit entry can't be shown");
        Failure::Store(crate::store::Refused::Unavailable("audit view".into()))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::audit::Interaction;
    use crate::entropy::SeededEntropy;

    #[test]
    fn an_event_names_each_patient_once() {
        let (at, entropy) = (jiff::Timestamp::UNIX_EPOCH, SeededEntropy::new(1));
        let mut entry = Entry::begin(Interaction::SearchType, "search", None, "request", at, &entropy);
        for (list, patients) in [("List/1", &["Patient/1"][..]), ("List/2", &["Patient/2", "Patient/1"])] {
            let patients: BTreeSet<String> = patients.iter().map(|it| (*it).to_owned()).collect();
            entry.touch(&ResourceKey::parse(list).unwrap(), Some(1), None, &patients);
        }

        let event: serde_json::Value = serde_json::from_str(&event(&entry).unwrap()).unwrap();

        let entities = event["entity"].as_array().unwrap();
        let named: Vec<_> = entities.iter().filter_map(|it| it["what"]["reference"].as_str()).collect();
        assert_eq!(named, ["Patient/1", "Patient/2", "List/1/_history/1", "List/2/_history/1"]);
    }
}
