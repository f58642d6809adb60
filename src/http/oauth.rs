//! SMART Backend Services: discovery, token endpoint, keys.

use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::audit::{Entry, Interaction, Outcome};
use crate::authn::Grant;
use crate::exchange::Failure;
use crate::fhir::Value;
use crate::store::{Change, Refused};

use super::{Web, access, error, parameters, respond};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// GET `/.well-known/smart-configuration`, JSON whatever is accepted.
pub async fn discovery(State(web): State<Web>) -> Response {
    let root = &web.root;
    let document = Value::from([
        ("issuer", root.to_string().into()),
        ("jwks_uri", format!("{root}/oauth2/jwks").into()),
        ("token_endpoint", format!("{root}/oauth2/token").into()),
        ("token_endpoint_auth_methods_supported", ["private_key_jwt"].into()),
        ("token_endpoint_auth_signing_alg_values_supported", ["ES384", "ES256"].into()),
        ("grant_types_supported", ["client_credentials"].into()),
        ("scopes_supported", ["system/*.cruds", "system/*.rs"].into()),
        ("code_challenge_methods_supported", ["S256"].into()),
        ("capabilities", ["client-confidential-asymmetric", "permission-v2", "permission-v1"].into()),
    ]);
    respond::json(StatusCode::OK, document.to_string())
}

/// GET `/oauth2/jwks`: the keys that verify the gateway's tokens.
pub async fn jwks(State(web): State<Web>) -> Response {
    let key = serde_json::to_string(web.tokens.key().public()).unwrap_or_default();
    respond::json(StatusCode::OK, format!("{{\"keys\":[{key}]}}"))
}

/// POST `/oauth2/token`: client credentials with a signed assertion.
pub async fn token(State(web): State<Web>, headers: HeaderMap, body: Bytes) -> Response {
    let at = web.gateway.clock.now();
    let mut entry = Entry::begin(
        Interaction::Token,
        "oauth2.token",
        None,
        &access::request_id(&headers),
        at,
        &*web.gateway.entropy,
    );
    let form = parameters::pairs(std::str::from_utf8(&body).unwrap_or_default());
    match grant(&web, &form) {
        Ok(grant) => {
            entry.client.clone_from(&grant.client.id);
            entry.organisation.clone_from(&grant.client.organisation);
            entry.organisation_name.clone_from(&grant.client.organisation_name);
            issue(&web, &grant, entry).await
        }
        Err(refusal) => refuse(&web, entry, refusal).await,
    }
}

/// An error of RFC 6749 section 5.2, with a word for the audit.
struct Refusal {
    status: StatusCode,
    error: &'static str,
    why: String,
}

fn grant(web: &Web, form: &[(String, String)]) -> Result<Grant, Refusal> {
    let field = |name| parameters::first(form, name).unwrap_or_default();
    if field("grant_type") != "client_credentials" {
        return Err(Refusal {
            status: StatusCode::BAD_REQUEST,
            error: "unsupported_grant_type",
            why: "grant type".into(),
        });
    }
    if field("client_assertion_type") != ASSERTION_TYPE {
        return Err(Refusal {
            status: StatusCode::BAD_REQUEST,
            error: "invalid_request",
            why: "assertion type".into(),
        });
    }
    let now = web.gateway.clock.now();
    let grant = web.assertions.verify(field("client_assertion"), field("scope"), now).map_err(|fault| Refusal {
        status: StatusCode::UNAUTHORIZED,
        error: "invalid_client",
        why: fault.to_string(),
    })?;
    if grant.asked.within(&grant.client.scopes).is_empty() {
        return Err(Refusal { status: StatusCode::BAD_REQUEST, error: "invalid_scope", why: "scope".into() });
    }
    Ok(grant)
}

/// Uses the assertion's id up and answers with a token, in that order: an id that was used before gets nothing.
async fn issue(web: &Web, grant: &Grant, entry: Entry) -> Response {
    let now = web.gateway.clock.now();
    let jti = web.gateway.entropy.uuid();
    let Ok(issued) = web.tokens.issue(&grant.client, &grant.asked, jti, now, web.limits.token_lifetime) else {
        return respond::outcome(StatusCode::INTERNAL_SERVER_ERROR, &[error::fault()]);
    };
    let request_id = entry.request_id.clone();
    let change = Change {
        name: "token",
        token_ids: vec![(grant.client.id.clone(), grant.jti.clone(), grant.expires)],
        audit: vec![entry.clone().complete(Outcome::Success(200), now)],
        ..Change::default()
    };
    match web.gateway.store.commit(change).await {
        Ok(_) => uncached(respond::json(
            StatusCode::OK,
            Value::from([
                ("access_token", issued.token.into()),
                ("token_type", "bearer".into()),
                ("expires_in", issued.expires_in.into()),
                ("scope", issued.scopes.to_string().into()),
            ])
            .to_string(),
        )),
        Err(Refused::TokenReplayed) => {
            let refusal =
                Refusal { status: StatusCode::UNAUTHORIZED, error: "invalid_client", why: "jti replayed".into() };
            refuse(web, entry, refusal).await
        }
        Err(refused) => error::response(Failure::Store(refused), &request_id),
    }
}

async fn refuse(web: &Web, entry: Entry, refusal: Refusal) -> Response {
    let at = web.gateway.clock.now();
    let row = entry.complete(Outcome::Refused(refusal.status.as_u16(), refusal.why), at);
    let response = uncached(respond::json(refusal.status, Value::from([("error", refusal.error.into())]).to_string()));
    access::record(web, row).await.map_or_else(|unrecorded| unrecorded, |()| response)
}

fn uncached(mut response: Response) -> Response {
    respond::set(&mut response, "Cache-Control", "no-store");
    respond::set(&mut response, "Pragma", "no-cache");
    response
}
