//! Bad input, row by row: each is refused with a status, the names of the rules and a place; nothing is stored, the
//! attempt is on record, and what was sent is repeated nowhere.

mod rows;

use crate::harness::messages::*;
use crate::harness::*;
use rows::{Row, rows};
use serde_json::Value;
use vardbro::store::Store as _;

/// What is wrong with how a row is answered. The region may write about the resident, so that nothing but the row's own
/// fault refuses it.
async fn faults(gateway: &Gateway, row: &Row) -> Vec<String> {
    let mut caller = gateway.by(&REGION);
    for (name, value) in &row.headers {
        caller = caller.with(name, *value);
    }
    let reply = caller.send(row.method, row.path.as_str(), row.body.clone()).await;
    let mut faults = Vec::new();
    if reply.status != row.status {
        faults.push(format!("{} and not {}: {}", reply.status, row.status, reply.text));
    }
    faults.extend(shape_faults(&reply, row));
    let told = format!("{} {:?}", reply.text, reply.headers);
    faults.extend(SECRETS.iter().filter(|secret| told.contains(**secret)).map(|secret| format!("{secret} in {told}")));
    let audit = gateway.audit_of(reply.header("x-request-id")).await;
    if !matches!(audit.as_slice(), [(_, true)]) || SECRETS.iter().any(|secret| format!("{audit:?}").contains(*secret)) {
        faults.push(format!("the audit entry: {audit:?}"));
    }
    faults.into_iter().map(|fault| format!("{}: {fault}", row.name)).collect()
}

/// What was sent and must be repeated nowhere.
const SECRETS: [&str; 6] = [NUMBER, "19121212-1212", "191212121213", UNKNOWN_NUMBER, FAMILY, "Tolvan"];

/// What an OperationOutcome lacks: severity, code and coding of each issue, the row's rules and its place.
fn shape_faults(reply: &Reply, row: &Row) -> Vec<String> {
    let Ok(outcome) = serde_json::from_str::<Value>(&reply.text) else {
        return vec![format!("no JSON: {}", reply.text)];
    };
    let issues = outcome["issue"].as_array().cloned().unwrap_or_default();
    let coding = |issue: &Value| issue["details"]["coding"][0].clone();
    let complete = |i: &Value| {
        i["severity"].is_string()
            && i["code"].is_string()
            && coding(i)["system"].is_string()
            && coding(i)["code"].is_string()
    };
    let has_rule = |rule: &&&str| issues.iter().any(|issue| coding(issue)["code"] == **rule);
    let is_there = |issue: &Value| issue["location"].as_array().is_some_and(|all| all.iter().any(|l| l == row.pointer));
    let mut faults = Vec::new();
    if outcome["resourceType"] != "OperationOutcome" || issues.is_empty() || !issues.iter().all(complete) {
        faults.push(format!("no whole outcome: {outcome}"));
    }
    faults.extend(row.rules.iter().filter(|rule| !has_rule(rule)).map(|rule| format!("no {rule} in {outcome}")));
    if !row.pointer.is_empty() && !issues.iter().any(is_there) {
        faults.push(format!("no {} in {outcome}", row.pointer));
    }
    faults
}

/// How many versions there are of everything that the rows could have written.
async fn stored(gateway: &Gateway) -> Vec<u64> {
    let mut counts = Vec::new();
    for kind in
        ["Patient", "List", "MedicationStatement", "Observation", "Bundle", "EpisodeOfCare", "Organization", "Basic"]
    {
        counts.push(gateway.by(&SUITE).get(&format!("/fhir/{kind}?_count=0")).await.json()["total"].as_u64().unwrap());
    }
    let history = gateway.by(&SUITE).get("/fhir/Patient/resident/_history").await.json();
    counts.push(history["entry"].as_array().unwrap().len() as u64);
    counts.push(gateway.store.queue_state().await.unwrap().outbox);
    counts
}

#[tokio::test]
async fn every_row_is_refused_and_changes_nothing() {
    let gateway = Gateway::with_resident().await;
    gateway.settle().await;
    let (rows, before) = (rows(), stored(&gateway).await);
    assert!(rows.len() >= 50, "{}", rows.len());
    let mut all = Vec::new();
    for row in &rows {
        all.extend(faults(&gateway, row).await);
    }
    assert!(all.is_empty(), "{all:#?}");
    assert_eq!(stored(&gateway).await, before);
    gateway.anonymous().get("/livez").await.expect(200);
    let log = log::text();
    for secret in SECRETS.iter().chain(&["Bearer"]) {
        let line = log.lines().find(|line| line.contains(*secret)).unwrap_or_default();
        assert!(line.is_empty(), "{secret} in the log: {line}");
    }
    assert!(log.contains("\"request\""), "the log is captured");
    gateway.finish().await;
}
