//! What is submitted, as a list of entries: one for a plain create, update or delete, many for a transaction.

use crate::fhir::outcome::Place;
use crate::fhir::{Issue, IssueCode, NodeRef, ResourceId, ResourceKey, ResourceType};

use super::answer::parse_etag;

/// What an entry wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// POST, perhaps only if nothing matches (`ifNoneExist`).
    Create {
        /// Search parameters, without a leading `?`.
        if_none_exist: Option<String>,
    },
    /// PUT to an id.
    Update {
        /// The id.
        id: ResourceId,
        /// The version that must be the newest.
        if_match: Option<u64>,
    },
    /// PUT to what matches.
    UpdateMatching {
        /// Search parameters.
        query: String,
        /// The version that must be the newest.
        if_match: Option<u64>,
    },
    /// DELETE of an id.
    Delete {
        /// The id.
        id: ResourceId,
        /// The version that must be the newest.
        if_match: Option<u64>,
    },
    /// GET, answered after the rest.
    Get {
        /// The relative URL.
        url: String,
    },
}

impl Wish {
    /// Whether it names the version that must be the newest.
    pub fn has_if_match(&self) -> bool {
        match self {
            Self::Update { if_match, .. } | Self::UpdateMatching { if_match, .. } | Self::Delete { if_match, .. } => {
                if_match.is_some()
            }
            Self::Create { .. } | Self::Get { .. } => false,
        }
    }
}

/// The most entries in one transaction or batch.
pub const MOST: usize = 1_000;

/// One entry.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// The resource type that it is about.
    pub kind: ResourceType,
    /// What to do.
    pub wish: Wish,
    /// The resource, for POST and PUT.
    pub resource: Option<NodeRef<'a>>,
    /// The name that other entries refer to it by.
    pub full_url: Option<String>,
}

/// Reads the entries of a transaction Bundle.
///
/// # Errors
/// Every entry whose request can't be understood.
pub fn of_bundle<'a>(bundle: NodeRef<'a>) -> Result<Vec<Entry<'a>>, Vec<Issue>> {
    if bundle.list("entry").count() > MOST {
        return Err(vec![too_many(bundle)]);
    }
    let mut entries = Vec::new();
    let mut faults = Vec::new();
    for node in bundle.list("entry") {
        match entry(node) {
            Ok(entry) => entries.push(entry),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(entries) } else { Err(faults) }
}

/// Reads one entry of a transaction or batch.
///
/// # Errors
/// What is wrong with its request.
pub fn entry<'a>(node: NodeRef<'a>) -> Result<Entry<'a>, Issue> {
    let Some(request) = node.get("request") else {
        return Err(fault(node, "An entry needs a request.", "En entry behöver en request."));
    };
    let text = |name| request.str_at(name).map(std::borrow::Cow::into_owned);
    let (Some(method), Some(url)) = (text("method"), text("url")) else {
        return Err(fault(request, "A request needs method and url.", "En request behöver method och url."));
    };
    let resource = node.get("resource");
    let if_match = match request.get("ifMatch") {
        None => None,
        Some(tag) => Some(tag.as_str().and_then(|text| parse_etag(&text)).ok_or_else(|| {
            fault(
                tag,
                "ifMatch must be a version's ETag, as W/\"3\".",
                "ifMatch ska vara en versions ETag, som W/\"3\".",
            )
        })?),
    };
    let (kind, wish) = wish(&method, &url, if_match, text("ifNoneExist")).ok_or_else(|| {
        fault(
            request,
            "This method and url are not supported together.",
            "Denna method och url stöds inte tillsammans.",
        )
    })?;
    if matches!(wish, Wish::Create { .. } | Wish::Update { .. } | Wish::UpdateMatching { .. }) {
        let stated = resource.and_then(|r| r.str_at("resourceType"));
        if stated.as_deref() != Some(kind.as_str()) {
            return Err(fault(
                node,
                "The entry's resource must be of the type in its url.",
                "Resursen måste vara av den typ som url anger.",
            ));
        }
    }
    if let Wish::Update { id, .. } = &wish {
        impersonal(id).map_err(|issue| super::failure::at(issue, request))?;
    }
    if let (Wish::Update { id, .. }, Some(resource)) = (&wish, resource)
        && resource.str_at("id").as_deref() != Some(id.as_str())
    {
        let at = resource.get("id").unwrap_or(resource);
        return Err(fault(
            at,
            "The resource must carry the id that the url names.",
            "Resursen måste bära samma id som url anger.",
        ));
    }
    Ok(Entry { kind, wish, resource, full_url: node.str_at("fullUrl").map(std::borrow::Cow::into_owned) })
}

/// Whether an id that a client chose may stand in URLs and logs: not if it is a person's number. Ids that only hold digits
/// like those of one are let through: dates with a running number are common.
///
/// # Errors
/// What to change.
pub fn impersonal(id: &ResourceId) -> Result<(), Issue> {
    if crate::identity::PersonId::parse(id.as_str()).is_err() {
        return Ok(());
    }
    Err(Issue::error(
        IssueCode::Value,
        "id-personal",
        "An id must not have the form of a person's number; choose another id.",
        "Ett id får inte ha formen av ett personnummer; välj ett annat id.",
    ))
}

fn wish(method: &str, url: &str, if_match: Option<u64>, if_none_exist: Option<String>) -> Option<(ResourceType, Wish)> {
    if matches!(method, "GET" | "HEAD") {
        let kind = url.split(['/', '?']).next().and_then(ResourceType::parse)?;
        return Some((kind, Wish::Get { url: url.to_owned() }));
    }
    if method == "POST" {
        let if_none_exist = if_none_exist.map(|q| q.trim_start_matches('?').to_owned()).filter(|q| !q.is_empty());
        return Some((ResourceType::parse(url)?, Wish::Create { if_none_exist }));
    }
    match (method, url.split_once('?')) {
        ("PUT", Some((kind, query))) => {
            Some((ResourceType::parse(kind)?, Wish::UpdateMatching { query: query.to_owned(), if_match }))
        }
        ("PUT", None) => ResourceKey::parse(url).map(|key| (key.kind, Wish::Update { id: key.id, if_match })),
        ("DELETE", None) => ResourceKey::parse(url).map(|key| (key.kind, Wish::Delete { id: key.id, if_match })),
        _ => None,
    }
}

/// The issue for more entries than [`MOST`].
pub fn too_many(bundle: NodeRef<'_>) -> Issue {
    let at = fault(
        bundle,
        "A Bundle holds at most 1,000 entries; send several.",
        "En Bundle får ha högst 1 000 poster; skicka flera.",
    );
    Issue { code: IssueCode::TooLong, rule: "json-size", ..at }
}

fn fault(node: NodeRef<'_>, english: &str, swedish: &str) -> Issue {
    Issue::error(IssueCode::Structure, "bundle-request", english, swedish).at(Place {
        expression: String::new(),
        pointer: node.pointer(),
        position: Some(node.position()),
    })
}
