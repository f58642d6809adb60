//! CapabilityStatement.

use fhir_sdk::r4b::codes::{
    CapabilityStatementKind, ConditionalDeleteStatus, ConditionalReadStatus, FHIRVersion, PublicationStatus,
    ResourceVersionPolicy, RestfulCapabilityMode, SearchParamType,
};
use fhir_sdk::r4b::resources::{
    CapabilityStatement, CapabilityStatementImplementation, CapabilityStatementRest,
    CapabilityStatementRestInteraction, CapabilityStatementRestResource, CapabilityStatementRestResourceInteraction,
    CapabilityStatementRestResourceOperation, CapabilityStatementRestResourceSearchParam,
    CapabilityStatementRestSecurity, CapabilityStatementSoftware,
};
use fhir_sdk::time::OffsetDateTime;
use fhir_sdk::{DateTime, Instant};

use crate::{Unrepresentable, coding, concept, unrepresentable};

/// What the gateway can do.
#[derive(Debug, Clone)]
pub struct Capabilities<'a> {
    /// The FHIR base.
    pub base: &'a str,
    /// The product's version.
    pub version: &'a str,
    /// Seconds since 1970 of the statement's date.
    pub date: i64,
    /// The types.
    pub resources: Vec<ResourceCapability<'a>>,
    /// System-wide interactions.
    pub interactions: &'a [&'a str],
    /// System-wide operations: name and definition.
    pub operations: &'a [(&'a str, &'a str)],
}

/// What it can do with a type.
#[derive(Debug, Clone)]
pub struct ResourceCapability<'a> {
    /// The type.
    pub name: &'a str,
    /// Interactions.
    pub interactions: &'a [&'a str],
    /// Whether clients may write it.
    pub writable: bool,
    /// Search parameters: name, type, definition.
    pub parameters: Vec<(&'a str, &'a str, Option<&'a str>)>,
    /// What can be included.
    pub includes: Vec<String>,
    /// Operations: name and definition.
    pub operations: &'a [(&'a str, &'a str)],
}

/// A CapabilityStatement as JSON.
///
/// # Errors
/// Where a name is not FHIR's.
pub fn capability_statement(can: &Capabilities<'_>) -> Result<String, Unrepresentable> {
    let date = OffsetDateTime::from_unix_timestamp(can.date).map_err(unrepresentable)?;
    let software = CapabilityStatementSoftware::builder()
        .name("Vårdbro".to_owned())
        .version(can.version.to_owned())
        .build()
        .map_err(unrepresentable)?;
    let implementation = CapabilityStatementImplementation::builder()
        .description("A gateway between a region and its municipalities".to_owned())
        .url(can.base.to_owned())
        .build()
        .map_err(unrepresentable)?;
    let statement = CapabilityStatement::builder()
        .status(PublicationStatus::Active)
        .date(DateTime::DateTime(Instant(date)))
        .kind(CapabilityStatementKind::Instance)
        .software(software)
        .implementation(implementation)
        .fhir_version("4.0.1".parse::<FHIRVersion>().map_err(|_| unrepresentable("4.0.1"))?)
        .format(vec![Some("application/fhir+json".to_owned()), Some("json".to_owned())])
        .rest(vec![Some(rest(can)?)])
        .build()
        .map_err(unrepresentable)?;
    serde_json::to_string(&statement).map_err(unrepresentable)
}

fn rest(can: &Capabilities<'_>) -> Result<CapabilityStatementRest, Unrepresentable> {
    let smart = coding("http://terminology.hl7.org/CodeSystem/restful-security-service", "SMART-on-FHIR", None)?;
    let security = CapabilityStatementRestSecurity::builder()
        .service(vec![Some(concept(smart)?)])
        .description("SMART Backend Services; see /.well-known/smart-configuration".to_owned())
        .build()
        .map_err(unrepresentable)?;
    let interaction = |code: &&str| {
        CapabilityStatementRestInteraction::builder().code((*code).to_owned()).build().map_err(unrepresentable)
    };
    CapabilityStatementRest::builder()
        .mode(RestfulCapabilityMode::Server)
        .security(security)
        .resource(can.resources.iter().map(|r| resource(r).map(Some)).collect::<Result<Vec<_>, _>>()?)
        .interaction(can.interactions.iter().map(|i| interaction(i).map(Some)).collect::<Result<Vec<_>, _>>()?)
        .operation(operations(can.operations)?)
        .build()
        .map_err(unrepresentable)
}

fn resource(can: &ResourceCapability<'_>) -> Result<CapabilityStatementRestResource, Unrepresentable> {
    let interaction = |code: &&str| {
        CapabilityStatementRestResourceInteraction::builder().code((*code).to_owned()).build().map_err(unrepresentable)
    };
    let parameters = can.parameters.iter().map(|p| parameter(p).map(Some)).collect::<Result<Vec<_>, _>>()?;
    let builder = CapabilityStatementRestResource::builder()
        .r#type(can.name.parse().map_err(|_| unrepresentable(can.name))?)
        .interaction(can.interactions.iter().map(|i| interaction(i).map(Some)).collect::<Result<Vec<_>, _>>()?)
        .versioning(if can.writable {
            ResourceVersionPolicy::VersionedUpdate
        } else {
            ResourceVersionPolicy::NoVersion
        })
        .read_history(can.writable)
        .update_create(can.writable)
        .conditional_create(can.writable)
        .conditional_read(if can.writable {
            ConditionalReadStatus::FullSupport
        } else {
            ConditionalReadStatus::NotSupported
        })
        .conditional_update(can.writable)
        .conditional_delete(ConditionalDeleteStatus::NotSupported)
        .search_include(can.includes.iter().cloned().map(Some).collect::<Vec<_>>())
        .search_param(parameters)
        .operation(operations(can.operations)?);
    builder.build().map_err(unrepresentable)
}

fn operations(
    operations: &[(&str, &str)],
) -> Result<Vec<Option<CapabilityStatementRestResourceOperation>>, Unrepresentable> {
    let operation = |(name, definition): &(&str, &str)| {
        let builder = CapabilityStatementRestResourceOperation::builder();
        builder.name((*name).to_owned()).definition((*definition).to_owned()).build().map(Some).map_err(unrepresentable)
    };
    operations.iter().map(operation).collect()
}

fn parameter(
    (name, kind, definition): &(&str, &str, Option<&str>),
) -> Result<CapabilityStatementRestResourceSearchParam, Unrepresentable> {
    let kind = kind.parse::<SearchParamType>().map_err(|_| unrepresentable(kind))?;
    let mut builder = CapabilityStatementRestResourceSearchParam::builder().name((*name).to_owned()).r#type(kind);
    if let Some(definition) = definition {
        builder = builder.definition((*definition).to_owned());
    }
    builder.build().map_err(unrepresentable)
}
