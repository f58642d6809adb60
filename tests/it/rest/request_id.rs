//! [X-Request-Id](https://hl7.org/fhir/R4/http.html#custom)

use crate::harness::messages::*;
use crate::harness::*;

#[tokio::test]
async fn a_request_id_is_repeated_or_given() {
    let gateway = Gateway::start().await;
    let given = gateway.anonymous().with("X-Request-Id", "my-request.1").get("/livez").await;
    assert_eq!(given.header("x-request-id"), "my-request.1");
    assert_eq!(gateway.anonymous().get("/livez").await.header("x-request-id").len(), 36);
    gateway.finish().await;
}

#[tokio::test]
async fn an_unsound_one_is_replaced() {
    let gateway = Gateway::start().await;
    for unsound in ["a b", "<script>", &"x".repeat(65), NUMBER, "19121212-1212", ""] {
        let reply = gateway.anonymous().with("X-Request-Id", unsound).get("/livez").await;
        assert_eq!(reply.header("x-request-id").len(), 36, "{unsound}");
    }
    gateway.finish().await;
}
