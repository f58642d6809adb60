//! From a header to a [`Caller`]: signed short-lived tokens, checked on every request.
//!
//! `Authorization` header -> [`UnverifiedClaims`](token) -> verified claims -> the registered client -> [`Caller`].
//! Systems get tokens at `/oauth2/token` by SMART Backend Services
//! ([client_credentials with private_key_jwt](https://hl7.org/fhir/smart-app-launch/backend-services.html)).

mod assertion;
mod clients;
mod keys;
mod token;

pub use crate::access::Caller;
pub use assertion::{AssertionFault, Assertions, Grant};
pub use clients::{Client, Clients};
pub use keys::{Algorithm, KeyFault, KeyPair, PublicKey};
pub use token::{Issued, TokenFault, Tokens};
