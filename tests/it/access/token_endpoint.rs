//! [SMART Backend Services](https://hl7.org/fhir/smart-app-launch/backend-services.html): a token for a signed assertion.

use crate::harness::*;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use vardbro::authn::{Algorithm, KeyPair};
use vardbro::clock::Clock;

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A JWT with `alg` none.
pub(super) fn unsigned(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", part(&json!({"alg": "none", "kid": UMEA.id, "typ": "JWT"})), part(claims))
}

fn claims(gateway: &Gateway, jti: &str) -> Value {
    let (now, aud) = (gateway.clock.now().as_second(), format!("{}/oauth2/token", gateway.root));
    json!({"iss": UMEA.id, "sub": UMEA.id, "aud": aud, "exp": now + 240, "iat": now, "jti": jti})
}

async fn ask(gateway: &Gateway, assertion: &str, scope: &str) -> Reply {
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("grant_type", "client_credentials"), ("client_assertion_type", JWT_BEARER)])
        .extend_pairs([("client_assertion", assertion), ("scope", scope)])
        .finish();
    let caller = gateway.anonymous().with("Content-Type", "application/x-www-form-urlencoded");
    let reply = caller.send("POST", "/oauth2/token", form).await;
    assert_eq!(gateway.audit_of(reply.header("x-request-id")).await.len(), 1);
    assert_eq!((reply.header("cache-control"), reply.header("pragma")), ("no-store", "no-cache"));
    reply
}

#[tokio::test]
async fn a_good_assertion_gets_a_token_that_works() {
    let gateway = Gateway::with_resident().await;
    let assertion = gateway.keys[UMEA.id].sign(&claims(&gateway, "1")).unwrap();
    let reply = ask(&gateway, &assertion, "system/Patient.rs").await.expect(200).json();
    assert_eq!(
        (&reply["token_type"], &reply["expires_in"], &reply["scope"]),
        (&"bearer".into(), &300.into(), &"system/Patient.rs".into())
    );
    let caller =
        gateway.anonymous().with("Authorization", format!("Bearer {}", reply["access_token"].as_str().unwrap()));
    caller.get("/fhir/Patient/resident").await.expect(200);
    caller.get("/fhir/List").await.expect(403);
    gateway.finish().await;
}

#[tokio::test]
async fn an_assertion_is_used_once() {
    let gateway = Gateway::start().await;
    let assertion = gateway.keys[UMEA.id].sign(&claims(&gateway, "once")).unwrap();
    ask(&gateway, &assertion, "system/*.rs").await.expect(200);
    assert_eq!(ask(&gateway, &assertion, "system/*.rs").await.expect(401).json()["error"], "invalid_client");
    let other = gateway.keys[UMEA.id].sign(&claims(&gateway, "twice")).unwrap();
    ask(&gateway, &other, "system/*.rs").await.expect(200);
    gateway.finish().await;
}

#[tokio::test]
async fn a_claim_that_is_wrong_gets_nothing() {
    let gateway = Gateway::start().await;
    let now = gateway.clock.now().as_second();
    let wrong = [
        ("aud", json!("https://other.example/token")),
        ("aud", json!([])),
        ("exp", json!(now - 1)),
        ("exp", json!(now + 3600)),
        ("iat", json!(now + 3600)),
        ("nbf", json!(now + 3600)),
        ("sub", json!("region-ehr")),
        ("iss", json!("nobody")),
        ("jti", json!("")),
    ];
    for (claim, value) in wrong {
        let mut claims = claims(&gateway, "1");
        claims[claim] = value;
        let assertion = gateway.keys[UMEA.id].sign(&claims).unwrap();
        assert_eq!(
            ask(&gateway, &assertion, "system/*.rs").await.expect(401).json()["error"],
            "invalid_client",
            "{claim}"
        );
    }
    gateway.finish().await;
}

#[tokio::test]
async fn a_signature_that_is_wrong_gets_nothing() {
    let gateway = Gateway::start().await;
    let claims = claims(&gateway, "1");
    let unknown_kid = KeyPair::generate(Algorithm::Es384, "other").unwrap().sign(&claims).unwrap();
    let others_key = gateway.keys[REGION.id].sign(&claims).unwrap();
    let same_kid = KeyPair::generate(Algorithm::Es384, UMEA.id).unwrap().sign(&claims).unwrap();
    let gateways_key = gateway.key.sign(&claims).unwrap();
    for assertion in
        [unsigned(&claims), unknown_kid, others_key, same_kid, gateways_key, "garbage".into(), String::new()]
    {
        assert_eq!(ask(&gateway, &assertion, "system/*.rs").await.expect(401).json()["error"], "invalid_client");
    }
    gateway.finish().await;
}

#[tokio::test]
async fn scopes_that_grant_nothing_get_no_token() {
    let gateway = Gateway::start().await;
    for (jti, scope) in ["", "user/*.rs", "system/Unicorn.rs"].iter().enumerate() {
        let assertion = gateway.keys[UMEA.id].sign(&claims(&gateway, &jti.to_string())).unwrap();
        assert_eq!(ask(&gateway, &assertion, scope).await.expect(400).json()["error"], "invalid_scope");
    }
    let assertion = gateway.keys[UMEA.id].sign(&claims(&gateway, "more")).unwrap();
    let reply = gateway
        .anonymous()
        .send("POST", "/oauth2/token", format!("grant_type=password&client_assertion={assertion}"))
        .await;
    assert_eq!(reply.expect(400).json()["error"], "unsupported_grant_type");
    gateway.finish().await;
}

#[tokio::test]
async fn what_is_published_leads_to_the_endpoint_and_its_keys() {
    let gateway = Gateway::start().await;
    for path in ["/.well-known/smart-configuration", "/fhir/.well-known/smart-configuration"] {
        let published = gateway.anonymous().with("Accept", "application/xml").get(path).await.expect(200).json();
        assert_eq!(published["token_endpoint"], format!("{}/oauth2/token", gateway.root));
    }
    let keys = gateway.anonymous().get("/oauth2/jwks").await.expect(200);
    assert_eq!(keys.json()["keys"][0]["kid"], "gateway-1");
    assert!(keys.json()["keys"][0].get("d").is_none(), "the private part is nobody's");
    gateway.finish().await;
}
