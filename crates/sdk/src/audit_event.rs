//! AuditEvent in the shape of IHE's Basic Audit Log Patterns.

use fhir_sdk::Base64Binary;
use fhir_sdk::Instant;
use fhir_sdk::r4b::codes::{AuditEventAction, AuditEventOutcome};
use fhir_sdk::r4b::resources::{AuditEvent as Resource, AuditEventAgent, AuditEventEntity, AuditEventSource};
use fhir_sdk::time::OffsetDateTime;

use crate::{Unrepresentable, coding, concept, identified, to, unrepresentable};

const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const OBJECT_ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";

/// What an audit entry says, in plain words.
#[derive(Debug, Clone)]
pub struct AuditEvent<'a> {
    /// The logical id.
    pub id: &'a str,
    /// Microseconds since 1970.
    pub recorded: i64,
    /// restful-interaction code.
    pub interaction: &'a str,
    /// C, R, U, D or E.
    pub action: &'a str,
    /// 0, 4, 8 or 12.
    pub outcome: &'a str,
    /// Why, where it was not success.
    pub outcome_desc: Option<&'a str>,
    /// v3-ActReason code; empty where unknown.
    pub purpose: &'a str,
    /// System of HSA-ids.
    pub hsa_system: &'a str,
    /// The client's id.
    pub client: &'a str,
    /// HSA-id and name of the organisation.
    pub organisation: (&'a str, &'a str),
    /// HSA-id of the person.
    pub person: Option<&'a str>,
    /// As what it acted.
    pub role: &'a str,
    /// The gateway's own name.
    pub observer: &'a str,
    /// What was touched.
    pub entities: Vec<Entity<'a>>,
}

/// Something that was touched.
#[derive(Debug, Clone)]
pub enum Entity<'a> {
    /// The patient.
    Patient(&'a str),
    /// A resource, by reference, with the HSA-id of where it came from.
    Resource(&'a str, &'a str),
    /// The search's parameters, as a query string.
    Query(&'a str),
    /// The X-Request-Id.
    Request(&'a str),
}

/// An AuditEvent as JSON.
///
/// # Errors
/// Where a code or instant is not FHIR's.
pub fn audit_event(entry: &AuditEvent<'_>) -> Result<String, Unrepresentable> {
    let rest = coding("http://terminology.hl7.org/CodeSystem/audit-event-type", "rest", Some("RESTful Operation"))?;
    let subtype = coding("http://hl7.org/fhir/restful-interaction", entry.interaction, None)?;
    let entities = entry.entities.iter().map(|e| entity(e).map(Some)).collect::<Result<Vec<_>, _>>()?;
    let mut builder = Resource::builder()
        .id(entry.id.to_owned())
        .r#type(rest)
        .subtype(vec![Some(subtype)])
        .action(entry.action.parse::<AuditEventAction>().map_err(|_| unrepresentable(entry.action))?)
        .recorded(instant(entry.recorded)?)
        .outcome(entry.outcome.parse::<AuditEventOutcome>().map_err(|_| unrepresentable(entry.outcome))?)
        .agent(agents(entry)?)
        .source(source(entry)?)
        .entity(entities);
    if let Some(desc) = entry.outcome_desc {
        builder = builder.outcome_desc(desc.to_owned());
    }
    if !entry.purpose.is_empty() {
        let reason = coding("http://terminology.hl7.org/CodeSystem/v3-ActReason", entry.purpose, None)?;
        builder = builder.purpose_of_event(vec![Some(concept(reason)?)]);
    }
    let resource = builder.build().map_err(unrepresentable)?;
    serde_json::to_string(&resource).map_err(unrepresentable)
}

fn instant(micros: i64) -> Result<Instant, Unrepresentable> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000).map(Instant).map_err(unrepresentable)
}

fn agents(entry: &AuditEvent<'_>) -> Result<Vec<Option<AuditEventAgent>>, Unrepresentable> {
    let client = AuditEventAgent::builder()
        .r#type(concept(coding(DCM, "110153", Some("Source Role ID"))?)?)
        .who(identified("https://vardbro.example/fhir/identifier/client", or_unknown(entry.client))?)
        .requestor(entry.person.is_none())
        .build()
        .map_err(unrepresentable)?;
    let mut agents = vec![Some(client)];
    if !entry.organisation.0.is_empty() {
        let organisation = AuditEventAgent::builder()
            .r#type(concept(coding(
                "http://terminology.hl7.org/CodeSystem/contractsignertypecodes",
                "CST",
                Some("Custodian"),
            )?)?)
            .who(identified(entry.hsa_system, entry.organisation.0)?)
            .name(entry.organisation.1.to_owned())
            .role(vec![Some(concept(coding("https://vardbro.example/fhir/CodeSystem/actor-role", entry.role, None)?)?)])
            .requestor(false)
            .build()
            .map_err(unrepresentable)?;
        agents.push(Some(organisation));
    }
    if let Some(person) = entry.person {
        let person = AuditEventAgent::builder()
            .r#type(concept(coding(
                "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
                "IRCP",
                Some("information recipient"),
            )?)?)
            .who(identified(entry.hsa_system, person)?)
            .requestor(true)
            .build()
            .map_err(unrepresentable)?;
        agents.push(Some(person));
    }
    Ok(agents)
}

fn or_unknown(client: &str) -> &str {
    if client.is_empty() { "unauthenticated" } else { client }
}

fn source(entry: &AuditEvent<'_>) -> Result<AuditEventSource, Unrepresentable> {
    let observer = identified("https://vardbro.example/fhir/identifier/gateway", entry.observer)?;
    AuditEventSource::builder().observer(observer).build().map_err(unrepresentable)
}

fn entity(entity: &Entity<'_>) -> Result<AuditEventEntity, Unrepresentable> {
    let kind = |code: &str, display: &str| {
        coding("http://terminology.hl7.org/CodeSystem/audit-entity-type", code, Some(display))
    };
    let builder = match entity {
        Entity::Patient(patient) => AuditEventEntity::builder()
            .what(to(patient)?)
            .r#type(kind("1", "Person")?)
            .role(coding(OBJECT_ROLE, "1", Some("Patient"))?),
        Entity::Resource(reference, caregiver) => {
            let builder = AuditEventEntity::builder()
                .what(to(reference)?)
                .r#type(kind("2", "System Object")?)
                .role(coding(OBJECT_ROLE, "4", Some("Domain Resource"))?);
            if caregiver.is_empty() { builder } else { builder.description((*caregiver).to_owned()) }
        }
        Entity::Query(query) => AuditEventEntity::builder()
            .r#type(kind("2", "System Object")?)
            .role(coding(OBJECT_ROLE, "24", Some("Query"))?)
            .query(Base64Binary(query.as_bytes().to_vec())),
        Entity::Request(id) => AuditEventEntity::builder()
            .what(identified("https://vardbro.example/fhir/identifier/request", id)?)
            .r#type(coding("https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType", "XrequestId", None)?),
    };
    builder.build().map_err(unrepresentable)
}
