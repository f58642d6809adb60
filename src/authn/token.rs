//! The gateway's own access tokens: issued to registered clients, verified on every request.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::access::{Caller, Scopes};

use super::clients::{Client, Clients};
use super::keys::{KeyFault, KeyPair};

/// What an access token says. Unverified until [`Tokens::verify`] has checked the signature.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: String,
    iat: i64,
    exp: i64,
    jti: String,
    scope: String,
}

/// Why a token is refused. The caller hears only that it is not accepted; the word is for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each text says it")]
pub enum TokenFault {
    #[error("no bearer token")]
    Missing,
    #[error("not a token of ours")]
    Unreadable,
    #[error("signature or key")]
    Signature,
    #[error("issuer or audience")]
    Audience,
    #[error("expired or not yet valid")]
    Expired,
    #[error("client is not registered")]
    Client,
}

/// A token as it is handed out.
#[derive(Debug, Clone)]
pub struct Issued {
    /// The token.
    pub token: String,
    /// What it grants.
    pub scopes: Scopes,
    /// Seconds that it lasts.
    pub expires_in: i64,
    /// Its id, for the audit.
    pub jti: String,
}

/// A verified token: who it stands for, and when it expires (seconds since 1970).
type Verified = (Arc<Caller>, i64);

/// Issues and verifies access tokens.
pub struct Tokens {
    key: KeyPair,
    decoding: jsonwebtoken::DecodingKey,
    issuer: String,
    audience: String,
    clients: Arc<Clients>,
    /// Verified tokens by their hash: a signature is checked once in a token's life, its times at every use.
    verified: Mutex<HashMap<[u8; 32], Verified>>,
}

/// Bounds the memory of verified tokens; past it the memory starts anew.
const MOST_VERIFIED: usize = 10_000;

impl Tokens {
    /// Tokens signed by `key`, issued by `issuer` for the FHIR base `audience`.
    ///
    /// # Errors
    /// Where the key is not valid.
    pub fn new(key: KeyPair, issuer: &str, audience: &str, clients: Arc<Clients>) -> Result<Self, KeyFault> {
        let decoding = key.public().decoding()?;
        Ok(Self {
            key,
            decoding,
            issuer: issuer.into(),
            audience: audience.into(),
            clients,
            verified: Mutex::default(),
        })
    }

    /// The key that signs.
    pub fn key(&self) -> &KeyPair {
        &self.key
    }

    /// A token for `client` with as much of `asked` as it is registered for.
    ///
    /// # Errors
    /// Where the key is not valid.
    pub fn issue(
        &self,
        client: &Client,
        asked: &Scopes,
        jti: String,
        now: Timestamp,
        lifetime: i64,
    ) -> Result<Issued, KeyFault> {
        let scopes = asked.within(&client.scopes);
        let claims = Claims {
            iss: self.issuer.clone(),
            sub: client.id.clone(),
            aud: self.audience.clone(),
            iat: now.as_second(),
            exp: now.as_second() + lifetime,
            jti: jti.clone(),
            scope: scopes.to_string(),
        };
        Ok(Issued { token: self.key.sign(&claims)?, scopes, expires_in: lifetime, jti })
    }

    /// The caller behind an `Authorization` header.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn verify(&self, authorization: Option<&str>, now: Timestamp) -> Result<Arc<Caller>, TokenFault> {
        let token = authorization.and_then(bearer).ok_or(TokenFault::Missing)?;
        let hash: [u8; 32] = Sha256::digest(token).into();
        let remembered = self.cache().get(&hash).cloned();
        let (caller, exp) = match remembered {
            Some(known) => known,
            None => self.verify_signed(token, hash, now)?,
        };
        if now.as_second() >= exp { Err(TokenFault::Expired) } else { Ok(caller) }
    }

    fn verify_signed(&self, token: &str, hash: [u8; 32], now: Timestamp) -> Result<Verified, TokenFault> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenFault::Unreadable)?;
        if header.alg != self.key.public().alg.jwt() || header.kid.as_deref() != Some(&self.key.public().kid) {
            return Err(TokenFault::Signature);
        }
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &validation(header.alg))
            .map_err(|_| TokenFault::Signature)?
            .claims;
        if claims.iss != self.issuer || claims.aud != self.audience {
            return Err(TokenFault::Audience);
        }
        if claims.iat > now.as_second() + LEEWAY {
            return Err(TokenFault::Expired);
        }
        let client = self.clients.get(&claims.sub).ok_or(TokenFault::Client)?;
        let known = (Arc::new(client.caller(&Scopes::parse(&claims.scope))), claims.exp);
        let mut cache = self.cache();
        if cache.len() >= MOST_VERIFIED {
            cache.clear();
        }
        cache.insert(hash, known.clone());
        Ok(known)
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], Verified>> {
        self.verified.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Seconds by which another machine's clock may be ahead of ours.
pub(super) const LEEWAY: i64 = 5;

/// Checks the signature alone: times, audience and issuer are compared by us, against our own clock.
pub(super) fn validation(algorithm: jsonwebtoken::Algorithm) -> jsonwebtoken::Validation {
    let mut validation = jsonwebtoken::Validation::new(algorithm);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    validation
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    // RFC 9110: the scheme's case does not matter.
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim()).filter(|t| !t.is_empty() && t.len() < 16_384)
}
