//! No answer without a token of ours; every attempt is on record.

use crate::harness::*;
use serde_json::{Value, json};
use std::time::Duration;
use vardbro::audit::Outcome;
use vardbro::authn::{Algorithm, KeyPair};
use vardbro::clock::Clock;

async fn is_refused(gateway: &Gateway, authorization: &str) {
    let caller = gateway.anonymous().with("Authorization", authorization);
    let reply = caller.get("/fhir/Patient/resident").await.expect(401);
    assert_eq!(reply.rules(), ["login"]);
    assert!(reply.header("www-authenticate").starts_with("Bearer"));
    let audit = gateway.audit_of(reply.header("x-request-id")).await;
    let [(entry, true)] = audit.as_slice() else { panic!("{audit:?}") };
    assert!(matches!(&entry.outcome, Outcome::Refused(401, _)), "{entry:?}");
    assert_eq!((entry.client.as_str(), entry.patients.len()), ("", 0));
}

#[tokio::test]
async fn no_token_and_garbage_are_refused() {
    let gateway = Gateway::with_resident().await;
    let token = gateway.token(&UMEA, UMEA.scope, 300);
    for authorization in
        ["", "Bearer", "Bearer ", "Bearer garbage", "Bearer a.b.c", "Basic dTpw", &token, &format!("Bearer {token}x")]
    {
        is_refused(&gateway, authorization).await;
    }
    assert_eq!(gateway.anonymous().get("/fhir/Patient/resident").await.status, 401);
    gateway.finish().await;
}

#[tokio::test]
async fn a_token_ends_at_its_time() {
    let gateway = Gateway::with_resident().await;
    let bearer = format!("Bearer {}", gateway.token(&UMEA, UMEA.scope, 300));
    let caller = gateway.anonymous().with("Authorization", bearer.clone());
    gateway.clock.advance(Duration::from_secs(299));
    caller.get("/fhir/Patient/resident").await.expect(200);
    gateway.clock.advance(Duration::from_secs(1));
    is_refused(&gateway, &bearer).await;
    gateway.finish().await;
}

fn claims(gateway: &Gateway) -> Value {
    let now = gateway.clock.now().as_second();
    let (root, fhir) = (&gateway.root, format!("{}/fhir", gateway.root));
    json!({"iss": root, "sub": UMEA.id, "aud": fhir, "iat": now, "exp": now + 300, "jti": "1", "scope": UMEA.scope})
}

#[tokio::test]
async fn a_token_of_other_parties_is_refused() {
    let gateway = Gateway::with_resident().await;
    let good = format!("Bearer {}", gateway.key.sign(&claims(&gateway)).unwrap());
    gateway.anonymous().with("Authorization", good).get("/fhir/Patient/resident").await.expect(200);
    for (claim, value) in [("iss", "https://other.example"), ("aud", "https://other.example/fhir"), ("sub", "nobody")] {
        let mut claims = claims(&gateway);
        claims[claim] = value.into();
        is_refused(&gateway, &format!("Bearer {}", gateway.key.sign(&claims).unwrap())).await;
    }
    gateway.finish().await;
}

#[tokio::test]
async fn a_token_signed_by_another_key_or_by_none_is_refused() {
    let gateway = Gateway::with_resident().await;
    for (algorithm, kid) in
        [(Algorithm::Es256, "gateway-1"), (Algorithm::Es384, "gateway-1"), (Algorithm::Es256, "other")]
    {
        let key = KeyPair::generate(algorithm, kid).unwrap();
        is_refused(&gateway, &format!("Bearer {}", key.sign(&claims(&gateway)).unwrap())).await;
    }
    is_refused(&gateway, &format!("Bearer {}", super::token_endpoint::unsigned(&claims(&gateway)))).await;
    gateway.finish().await;
}
