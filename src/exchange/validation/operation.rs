//! `$validate` ([resource-validate](https://hl7.org/fhir/R4/resource-operation-validate.html)): what is wrong with a
//! resource, and whether it could be created, updated or deleted. Nothing is changed.

use crate::exchange::entries::{Entry, Wish};
use crate::exchange::receive::rehearse;
use crate::exchange::{Call, Failure, Gateway, failure};
use crate::fhir::{Issue, IssueCode, NodeRef, ResourceKey, ResourceType};

use super::{Mode, issues_by};

/// What is asked besides whether the content is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Whether it could be created.
    Create,
    /// Whether it could take the place of the stored version.
    Update,
    /// Whether the stored version could be deleted.
    Delete,
    /// Nothing more than the profiles that are named.
    Profile,
}

impl Purpose {
    /// Reads a code of [resource-validation-mode](https://hl7.org/fhir/R4/valueset-resource-validation-mode.html).
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "create" => Some(Self::Create),
            "update" => Some(Self::Update),
            "delete" => Some(Self::Delete),
            "profile" => Some(Self::Profile),
            _ => None,
        }
    }
}

/// What is asked.
pub struct Asked<'a> {
    /// The type that the resource must be of; `None` is any.
    pub kind: Option<ResourceType>,
    /// The stored instance that it is about.
    pub key: Option<ResourceKey>,
    /// What for.
    pub purpose: Option<Purpose>,
    /// The profiles that are named.
    pub profiles: Vec<String>,
    /// The resource; `None` only for a deletion.
    pub resource: Option<NodeRef<'a>>,
}

/// What came of it.
pub struct Judgement {
    /// What is wrong with the content.
    pub issues: Vec<Issue>,
    /// Why it would be refused whatever its content.
    pub refusal: Option<Failure>,
}

/// Judges. The caller has leave to know of the instance already.
///
/// # Errors
/// A profile that is not to be had; the store.
pub async fn judge(gateway: &Gateway, call: &mut Call, asked: &Asked<'_>) -> Result<Judgement, Failure> {
    let issues = match asked.resource.filter(|_| asked.purpose != Some(Purpose::Delete)) {
        Some(resource) => content(gateway, call, asked, resource).await?,
        None => Vec::new(),
    };
    let refusal = match entry(asked) {
        Some(entry) if !issues.iter().any(Issue::is_error) => match rehearse(gateway, call, &[entry]).await {
            Err(Failure::Store(refused)) => return Err(refused.into()),
            result => result.err(),
        },
        _ => None,
    };
    Ok(Judgement { issues, refusal })
}

async fn content(
    gateway: &Gateway,
    call: &Call,
    asked: &Asked<'_>,
    resource: NodeRef<'_>,
) -> Result<Vec<Issue>, Failure> {
    let library = gateway.validation.definitions.library(&*gateway.store).await?;
    let faults: Vec<Issue> = asked.profiles.iter().filter_map(|url| not_usable(&library, url)).collect();
    if !faults.is_empty() {
        return Err(Failure::Invalid(faults));
    }
    let is_write = matches!(asked.purpose, Some(Purpose::Create | Purpose::Update));
    let kind = resource.str_at("resourceType").and_then(|kind| ResourceType::parse(&kind));
    let policy = &gateway.validation.policy;
    let mut profiles = asked.profiles.clone();
    let mut mode = Mode::Reject;
    if let Some(kind) = kind.filter(|_| is_write) {
        profiles.extend(policy.required(kind).iter().cloned());
        mode = policy.mode_of(call.caller.client(), kind, resource);
    }
    let mut issues = issues_by(gateway, &library, resource, &profiles).await;
    issues.extend(asked.kind.and_then(|kind| other_type(resource, kind)));
    mode.soften(&mut issues);
    Ok(issues)
}

fn other_type(resource: NodeRef<'_>, kind: ResourceType) -> Option<Issue> {
    resource.str_at("resourceType").filter(|stated| stated != kind.as_str())?;
    let issue = Issue::error(
        IssueCode::Structure,
        "resource-type-differs",
        format!("The resource must be a {kind}, as the URL says."),
        format!("Resursen ska vara en {kind}, som adressen anger."),
    );
    Some(failure::at(issue, resource.get("resourceType").unwrap_or(resource)))
}

fn not_usable(library: &crate::fhir::Library, url: &str) -> Option<Issue> {
    match library.structure(url) {
        Some(Ok(_)) => None,
        Some(Err(why)) => Some(Issue::error(
            IssueCode::Structure,
            "profile-unusable",
            format!("The profile {url} can't be used: {why}."),
            format!("Profilen {url} kan inte användas: {why}."),
        )),
        None => Some(Issue::error(
            IssueCode::NotFound,
            "profile-not-at-hand",
            format!(
                "The profile {url} is not among the definitions at hand; send its StructureDefinition to /fhir, or name one that is."
            ),
            format!(
                "Profilen {url} finns inte bland de tillgängliga definitionerna; skicka dess StructureDefinition till /fhir, eller ange en som finns."
            ),
        )),
    }
}

/// The write that is rehearsed.
fn entry<'a>(asked: &Asked<'a>) -> Option<Entry<'a>> {
    let kind = asked.key.as_ref().map(|key| key.kind).or(asked.kind);
    let of_resource = |resource: NodeRef<'_>| ResourceType::parse(&resource.str_at("resourceType")?);
    let (wish, resource) = match (asked.purpose?, &asked.key) {
        (Purpose::Create, _) => (Wish::Create { if_none_exist: None }, Some(asked.resource?)),
        (Purpose::Update, Some(key)) => (Wish::Update { id: key.id.clone(), if_match: None }, Some(asked.resource?)),
        (Purpose::Delete, Some(key)) => (Wish::Delete { id: key.id.clone(), if_match: None }, None),
        _ => return None,
    };
    let kind = kind.or_else(|| of_resource(resource?))?;
    Some(Entry { kind, wish, resource, full_url: None })
}
