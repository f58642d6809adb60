//! `private_key_jwt` assertions at the token endpoint (RFC 7523 section 3; SMART App Launch 2.2 backend services).

use std::sync::Arc;

use jiff::Timestamp;
use serde::Deserialize;

use crate::access::Scopes;

use super::clients::{Client, Clients};
use super::token::{LEEWAY, validation};

/// What an assertion says.
#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    #[serde(default)]
    nbf: Option<i64>,
    #[serde(default)]
    iat: Option<i64>,
    jti: String,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    fn names(&self, wanted: &str) -> bool {
        match self {
            Self::One(aud) => aud == wanted,
            Self::Many(all) => all.iter().any(|aud| aud == wanted),
        }
    }
}

/// Why an assertion is refused; the client hears `invalid_client`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each text says it")]
pub enum AssertionFault {
    #[error("not a signed JWT with ES384 or ES256")]
    Unreadable,
    #[error("client or key is not registered")]
    Client,
    #[error("signature")]
    Signature,
    #[error("iss and sub must be the client, aud this endpoint")]
    Parties,
    #[error("exp must be ahead and at most five minutes")]
    Times,
    #[error("jti must be there")]
    Id,
}

/// A verified assertion. Its `jti` has yet to be used up in the store.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Who.
    pub client: Client,
    /// What is asked for.
    pub asked: Scopes,
    /// The assertion's id.
    pub jti: String,
    /// Until when the id must be remembered.
    pub expires: Timestamp,
}

/// Verifies assertions for one token endpoint.
pub struct Assertions {
    endpoint: String,
    clients: Arc<Clients>,
}

/// The longest that an assertion may be valid, in seconds (SMART: five minutes).
const LONGEST: i64 = 300;

impl Assertions {
    /// For the endpoint of that URL.
    pub fn new(endpoint: &str, clients: Arc<Clients>) -> Self {
        Self { endpoint: endpoint.into(), clients }
    }

    /// Checks an assertion: algorithm, key, signature, parties and times.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn verify(&self, assertion: &str, scope: &str, now: Timestamp) -> Result<Grant, AssertionFault> {
        use jsonwebtoken::Algorithm::{ES256, ES384};
        if assertion.len() > 8_192 {
            return Err(AssertionFault::Unreadable);
        }
        let header = jsonwebtoken::decode_header(assertion).map_err(|_| AssertionFault::Unreadable)?;
        if !matches!(header.alg, ES256 | ES384) {
            return Err(AssertionFault::Unreadable);
        }
        let unverified: Claims =
            jsonwebtoken::dangerous::insecure_decode(assertion).map_err(|_| AssertionFault::Unreadable)?.claims;
        let client = self.clients.get(&unverified.iss).ok_or(AssertionFault::Client)?;
        let key = client
            .keys
            .iter()
            .find(|key| Some(key.kid.as_str()) == header.kid.as_deref() && key.alg.jwt() == header.alg)
            .ok_or(AssertionFault::Client)?;
        let decoding = key.decoding().map_err(|_| AssertionFault::Client)?;
        let claims = jsonwebtoken::decode::<Claims>(assertion, &decoding, &validation(header.alg))
            .map_err(|_| AssertionFault::Signature)?
            .claims;
        self.check(&claims, now)?;
        let expires = Timestamp::from_second(claims.exp + LEEWAY).map_err(|_| AssertionFault::Times)?;
        Ok(Grant { client: client.clone(), asked: Scopes::parse(scope), jti: claims.jti, expires })
    }

    fn check(&self, claims: &Claims, now: Timestamp) -> Result<(), AssertionFault> {
        let now = now.as_second();
        let ahead = |instant: Option<i64>| instant.is_some_and(|t| t > now + LEEWAY);
        if claims.iss != claims.sub || !claims.aud.names(&self.endpoint) {
            Err(AssertionFault::Parties)
        } else if claims.exp <= now || claims.exp > now + LONGEST + LEEWAY || ahead(claims.nbf) || ahead(claims.iat) {
            Err(AssertionFault::Times)
        } else if claims.jti.is_empty() || claims.jti.len() > 256 {
            Err(AssertionFault::Id)
        } else {
            Ok(())
        }
    }
}
