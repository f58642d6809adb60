//! In a batch and in a transaction each entry counts for itself.

use vardbro::exchange::Validation;
use vardbro::exchange::validation::{Mode, Policy};
use vardbro::fhir::Library;

use super::*;
use crate::harness::messages::*;

async fn gateway() -> Gateway {
    let policy = Policy { profiles: [(BORN.to_owned(), Mode::AcceptAndTag)].into(), ..Policy::default() };
    let gateway = Gateway::validating_by(Validation::new(policy, Library::embedded().clone())).await;
    gateway.by(&SUITE).store(&born()).await;
    gateway
}

#[tokio::test]
async fn only_the_entry_with_the_fault_is_tagged_and_told_of_it() {
    let gateway = gateway().await;
    for (n, kind) in ["transaction", "batch"].into_iter().enumerate() {
        let (good, bad) = (patient(&format!("good{n}"), OTHER_NUMBER), unborn(&format!("bad{n}")));
        let reply = gateway.by(&SUITE).post("/fhir", &bundle(kind, &[put(&good), put(&bad)])).await.expect(200).json();
        assert!(reply["entry"][0]["response"].get("outcome").is_none(), "{reply}");
        let outcome = &reply["entry"][1]["response"]["outcome"];
        assert_eq!(severities(outcome, "profile-min"), ["warning"]);
        let stored = async |id: String| gateway.by(&SUITE).get(&format!("/fhir/Patient/{id}")).await.json();
        assert!(stored(format!("good{n}")).await["meta"].get("tag").is_none());
        assert_eq!(stored(format!("bad{n}")).await["meta"]["tag"][0]["code"], "invalid");
    }
    gateway.finish().await;
}

#[tokio::test]
async fn one_entry_that_is_refused_refuses_the_transaction_and_not_the_batch() {
    let gateway = gateway().await;
    let mut wrong = patient("wrong", OTHER_NUMBER);
    wrong["nmae"] = 1.into();
    let entries = [put(&unborn("bad")), put(&wrong)];
    gateway.by(&SUITE).post("/fhir", &bundle("transaction", &entries)).await.expect(422);
    gateway.by(&SUITE).get("/fhir/Patient/bad").await.expect(404);
    let reply = gateway.by(&SUITE).post("/fhir", &bundle("batch", &entries)).await.expect(200).json();
    assert_eq!(reply["entry"][1]["response"]["status"], "422 Unprocessable Entity");
    gateway.by(&SUITE).get("/fhir/Patient/bad").await.expect(200);
    gateway.finish().await;
}
