//! What a `$validate` request asks: from its query and from Parameters, or from a bare resource.

use crate::exchange::validation::operation::{Asked, Purpose};
use crate::exchange::{Failure, failure};
use crate::fhir::{Document, Issue, IssueCode, NodeRef, ResourceType};

/// The request's own words.
pub struct Request<'a> {
    /// `mode`
    pub purpose: Option<Purpose>,
    /// `profile`, each.
    pub profiles: Vec<String>,
    /// The resource, bare or as the parameter `resource`.
    pub resource: Option<NodeRef<'a>>,
}

/// The types that `profile` may be given as; R4 says uri, R5 canonical.
const PROFILE: [&str; 4] = ["valueUri", "valueCanonical", "valueUrl", "valueString"];
const MODE: [&str; 2] = ["valueCode", "valueString"];

/// Reads what is asked.
///
/// # Errors
/// 400 for a mode that there is not.
pub fn read<'a>(
    query: &[(String, String)],
    body: Option<&'a Document>,
    kind: Option<ResourceType>,
) -> Result<Request<'a>, Failure> {
    let parameters = body.map(Document::root).filter(|root| is_call(*root, kind));
    let mut request = Request { purpose: None, profiles: Vec::new(), resource: None };
    for (name, value) in query {
        match name.as_str() {
            "profile" => request.profiles.push(value.clone()),
            "mode" => request.purpose = Some(purpose(value, None)?),
            _ => {}
        }
    }
    let Some(parameters) = parameters else {
        request.resource = body.map(Document::root);
        return Ok(request);
    };
    for parameter in parameters.list("parameter") {
        let value = |names: &[&str]| names.iter().find_map(|name| parameter.get(name));
        match parameter.str_at("name").as_deref() {
            Some("resource") => request.resource = parameter.get("resource"),
            Some("profile") => request.profiles.extend(value(&PROFILE).and_then(|it| Some(it.as_str()?.into_owned()))),
            Some("mode") => {
                let node = value(&MODE).unwrap_or(parameter);
                request.purpose = Some(purpose(&node.as_str().unwrap_or_default(), Some(node))?);
            }
            _ => {}
        }
    }
    Ok(request)
}

/// Whether a body is the call's Parameters, and not a resource that is to be validated.
fn is_call(root: NodeRef<'_>, kind: Option<ResourceType>) -> bool {
    if root.str_at("resourceType").as_deref() != Some("Parameters") {
        return false;
    }
    let has = |name: &str| root.list("parameter").any(|it| it.str_at("name").as_deref() == Some(name));
    // Parameters may be validated themselves: as the resource of other Parameters, or bare where nothing is a call's.
    let is_of_type = kind.is_some_and(|kind| kind.as_str() == "Parameters");
    has("resource") || !is_of_type && (kind.is_some() || has("mode") || has("profile"))
}

fn purpose(code: &str, node: Option<NodeRef<'_>>) -> Result<Purpose, Failure> {
    Purpose::parse(code).ok_or_else(|| {
        let issue = Issue::error(
            IssueCode::Value,
            "validate-mode",
            "mode must be create, update, delete or profile.",
            "mode ska vara create, update, delete eller profile.",
        );
        Failure::unreadable(node.map_or(issue.clone(), |node| failure::at(issue, node)))
    })
}

/// Whether what is asked makes sense.
///
/// # Errors
/// 400.
pub fn check(asked: &Asked<'_>) -> Result<(), Failure> {
    let fault = |rule, english: &str, swedish: &str| {
        Err(Failure::unreadable(Issue::error(IssueCode::Required, rule, english, swedish)))
    };
    match asked.purpose {
        Some(Purpose::Update | Purpose::Delete) if asked.key.is_none() => fault(
            "validate-instance",
            "The modes update and delete are asked of an instance: /fhir/[type]/[id]/$validate.",
            "Lägena update och delete ställs mot en instans: /fhir/[typ]/[id]/$validate.",
        ),
        Some(Purpose::Profile) if asked.profiles.is_empty() => {
            fault("validate-profile", "The mode profile needs a profile.", "Läget profile behöver en profil.")
        }
        Some(Purpose::Delete) => Ok(()),
        _ if asked.resource.is_none() => fault(
            "resource-missing",
            "Send a resource, bare or as the parameter resource of Parameters.",
            "Skicka en resurs, för sig eller som parametern resource i Parameters.",
        ),
        _ => Ok(()),
    }
}
