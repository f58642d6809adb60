//! Searching one type: the query carries the caller's restriction, so nothing outside it is counted, paged or included.

use crate::access::{self, Operation};
use crate::fhir::search::{self, Asked, Cursor};
use crate::fhir::value::quoted;
use crate::fhir::{Issue, IssueCode, ResourceType};
use crate::store::{Page, StoredVersion};

use super::{Answer, Call, Failure, Gateway};

/// A search as it came.
#[derive(Debug, Clone)]
pub struct Request {
    /// The type.
    pub kind: ResourceType,
    /// The parameters, decoded, in order; `_page` is ours.
    pub parameters: Vec<(String, String)>,
    /// `Prefer: handling=strict`
    pub strict: bool,
}

/// One page of matches as a searchset Bundle.
///
/// # Errors
/// 400 for parameters that can't be read, 403 for scopes.
pub async fn search(gateway: &Gateway, call: &mut Call, mut request: Request) -> Result<Answer, Failure> {
    let denied = |denied| Failure::Denied(denied, None);
    let caller = call.caller.clone();
    let admission = access::admit(&caller, Operation::Search, request.kind).map_err(denied)?;
    let after = take_page(gateway, &mut request)?;
    let mut asked =
        search::parse(request.kind, &request.parameters, request.strict, &gateway.base).map_err(Failure::Unreadable)?;
    asked.query.visible = access::visibility(&admission, call.at);
    asked.query.after = after;
    // An include may only bring in types that the scopes cover.
    let page = gateway.store.search(&asked.query).await?;
    let page = Page { included: readable(&caller, page.included), ..page };
    call.entry.query = Some(form(&asked.used));
    for version in page.matches.iter().chain(&page.included) {
        call.touch(version);
    }
    Ok(Answer::fhir(200, bundle(gateway, &request, &asked, &page)))
}

fn readable(caller: &access::Caller, versions: Vec<StoredVersion>) -> Vec<StoredVersion> {
    versions.into_iter().filter(|v| access::admit(caller, Operation::Read, v.key.kind).is_ok()).collect()
}

/// A page link is the whole query sealed: it takes the place of all parameters.
fn take_page(gateway: &Gateway, request: &mut Request) -> Result<Option<Cursor>, Failure> {
    let Some((_, sealed)) = request.parameters.iter().find(|(name, _)| name == "_page") else { return Ok(None) };
    let opened = gateway.seal.open(sealed).and_then(|text| {
        let (place, query) = text.split_once('|')?;
        let (kind, sequence) = place.split_once(' ')?;
        let cursor = Cursor { sequence: sequence.parse().ok()? };
        (kind == request.kind.as_str())
            .then(|| (cursor, form_urlencoded::parse(query.as_bytes()).into_owned().collect()))
    });
    match opened {
        Some((cursor, parameters)) => {
            request.parameters = parameters;
            Ok(Some(cursor))
        }
        None => Err(Failure::unreadable(Issue::error(
            IssueCode::Value,
            "page-unknown",
            "This page link is not one of ours; follow the links as they stand.",
            "Denna sidlänk är inte vår; följ länkarna som de står.",
        ))),
    }
}

fn form(parameters: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}

fn bundle(gateway: &Gateway, request: &Request, asked: &Asked, page: &Page) -> String {
    let mut out = String::from("{\"resourceType\":\"Bundle\",\"type\":\"searchset\"");
    if let Some(total) = page.total {
        out += &format!(",\"total\":{total}");
    }
    out += &format!(",\"link\":[{}]", links(gateway, request, asked, page));
    let matches = page.matches.iter().filter_map(|v| entry(gateway, v, "match"));
    let included = page.included.iter().filter_map(|v| entry(gateway, v, "include"));
    let outcome = outcome_entry(&asked.warnings);
    let entries: Vec<String> = matches.chain(included).chain(outcome).collect();
    // FHIR has no empty arrays.
    if !entries.is_empty() {
        out += &format!(",\"entry\":[{}]", entries.join(","));
    }
    out + "}"
}

fn links(gateway: &Gateway, request: &Request, asked: &Asked, page: &Page) -> String {
    let link = |relation: &str, query: &str| {
        let mark = if query.is_empty() { "" } else { "?" };
        let url = format!("{}/{}{mark}{query}", gateway.base, request.kind);
        format!("{{\"relation\":\"{relation}\",\"url\":{}}}", quoted(&url))
    };
    let mut links = link("self", &form(&asked.used));
    if let Some(next) = page.next {
        let place = format!("{} {}|{}", request.kind, next.sequence, form(&request.parameters));
        links += ",";
        links += &link("next", &format!("_page={}", gateway.seal.seal(&place, &*gateway.entropy)));
    }
    links
}

fn entry(gateway: &Gateway, version: &StoredVersion, mode: &str) -> Option<String> {
    let text = version.text.as_ref()?;
    Some(format!(
        "{{\"fullUrl\":\"{}/{}\",\"resource\":{text},\"search\":{{\"mode\":\"{mode}\"}}}}",
        gateway.base, version.key
    ))
}

fn outcome_entry(warnings: &[Issue]) -> Option<String> {
    if warnings.is_empty() {
        return None;
    }
    let outcome = crate::fhir::outcome::to_json(warnings);
    Some(format!("{{\"resource\":{outcome},\"search\":{{\"mode\":\"outcome\"}}}}"))
}
