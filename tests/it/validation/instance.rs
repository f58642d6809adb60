//! `$validate` on what is stored: by the same rules, and on the same record, as a read.

use serde_json::json;

use super::*;

const PATH: &str = "/fhir/Patient/resident/$validate";

#[tokio::test]
async fn the_stored_instance_is_validated_by_get_and_by_post() {
    let gateway = Gateway::with_resident().await;
    let caller = gateway.by(&UMEA);
    assert!(!has_error(&caller.get(PATH).await.expect(200).json()));
    let reply = caller.send("POST", PATH, "").await.expect(200);
    assert!(!has_error(&reply.json()));
    let (entry, is_closed) = gateway.audit_of(reply.header("x-request-id")).await.remove(0);
    assert!(is_closed && entry.patients.contains(RESIDENT));
    assert_eq!(entry.touched.first().unwrap().reference, "Patient/resident/_history/1");
    gateway.finish().await;
}

#[tokio::test]
async fn a_profile_is_asked_of_what_is_stored() {
    let gateway = Gateway::start().await;
    gateway.by(&SUITE).store(&born()).await;
    let mut plain = unborn("p");
    plain.as_object_mut().unwrap().remove("meta");
    gateway.by(&SUITE).store(&plain).await;
    let path = format!("/fhir/Patient/p/$validate?mode=profile&profile={BORN}");
    assert_eq!(severities(&gateway.by(&SUITE).get(&path).await.expect(200).json(), "profile-min"), ["error"]);
    let parameters = json!({"resourceType": "Parameters", "parameter": [{"name": "profile", "valueUri": BORN}]});
    let reply = gateway.by(&SUITE).post("/fhir/Patient/p/$validate", &parameters).await.expect(200);
    assert_eq!(severities(&reply.json(), "profile-min"), ["error"]);
    gateway.finish().await;
}

#[tokio::test]
async fn who_may_not_know_of_it_learns_nothing() {
    let gateway = Gateway::with_resident().await;
    let stranger = gateway.by(&SKELLEFTEA);
    let absent = stranger.get("/fhir/Patient/nobody/$validate").await.expect(404);
    for query in ["", "?mode=update", "?mode=delete"] {
        let hidden = stranger.get(&format!("{PATH}{query}")).await;
        assert_eq!(hidden.face(), absent.face());
    }
    gateway.by(&LISTS_ONLY).get(PATH).await.expect(403);
    gateway.anonymous().get(PATH).await.expect(401);
    gateway.finish().await;
}

#[tokio::test]
async fn mode_update_and_delete_ask_whether_it_could_be_done() {
    let gateway = Gateway::with_resident().await;
    gateway
        .by(&REGION)
        .store(&{
            let mut list = messages::list(RESIDENT);
            list["id"] = "l".into();
            list
        })
        .await;
    let mut newer = messages::list(RESIDENT);
    newer["id"] = "l".into();
    let path = |mode: &str| format!("/fhir/List/l/$validate?mode={mode}");
    let post = async |role: &Role, mode: &str| gateway.by(role).post(&path(mode), &newer).await.expect(200).json();
    assert!(!has_error(&post(&REGION, "update").await));
    assert!(!has_error(&post(&REGION, "delete").await));
    // Umeå may read it; it is not Umeå's to change.
    assert_eq!(severities(&post(&UMEA, "update").await, "not-submitter"), ["error"]);
    assert_eq!(severities(&post(&UMEA, "delete").await, "not-submitter"), ["error"]);
    let deletion = gateway.by(&REGION).get(&path("delete")).await.expect(200);
    assert_eq!(deletion.rules(), ["deletable"]);
    newer["id"] = "other".into();
    let other = gateway.by(&REGION).post(&path("update"), &newer).await.expect(200);
    assert_eq!(severities(&other.json(), "id-differs"), ["error"]);
    gateway.by(&REGION).get("/fhir/List/l").await.expect(200);
    assert_eq!(gateway.by(&REGION).get("/fhir/List/l").await.header("etag"), "W/\"1\"");
    gateway.finish().await;
}

#[tokio::test]
async fn what_was_deleted_is_gone() {
    let gateway = Gateway::start().await;
    gateway.by(&SUITE).store(&messages::patient("p", messages::NUMBER)).await;
    gateway.by(&SUITE).delete("/fhir/Patient/p").await.expect(204);
    gateway.by(&SUITE).get("/fhir/Patient/p/$validate").await.expect(410);
    gateway.finish().await;
}
