//! Judging anew: by event, for subjects that a change marked, and by timer, for verdicts whose time has come.
//!
//! It reads state and nothing else, and is idempotent: a mark is answered in the transaction that stores the verdicts,
//! and one that was set meanwhile stays.

use std::collections::BTreeSet;
use std::pin::pin;
use std::time::Duration;

use jiff::Timestamp;

use crate::agreement::{Evidence, Subject, evaluate_all};
use crate::fhir::{Document, ResourceKey};
use crate::store::{Change, Expect, Refused, VerdictUpdate};

use super::neighbourhood::Neighbourhood;
use super::{Gateway, facts, relations};

/// Subjects that are judged in one change.
const BATCH: u32 = 32;
/// The longest rest without a bell.
const IDLE: Duration = Duration::from_secs(30);
/// The most resources whose evidence is read anew because one that they refer to changed.
const MOST_REFERRERS: u32 = 10_000;

/// Works until `stop`.
pub async fn run(gateway: Gateway, stop: impl Future<Output = ()>) {
    let mut stop = pin!(stop);
    loop {
        let worked = run_once(&gateway).await.unwrap_or_else(|refused| {
            tracing::warn!(%refused, "subjects could not be judged anew; their marks stay");
            0
        });
        let next = next(&gateway).await;
        tokio::select! {
            biased;
            () = &mut stop => return,
            () = std::future::ready(()), if worked > 0 => {}
            () = gateway.wake.reevaluate.notified() => {}
            () = gateway.clock.sleep_until(next) => {}
        }
    }
}

async fn next(gateway: &Gateway) -> Timestamp {
    let rest = gateway.clock.now() + IDLE;
    match gateway.store.next_expiry().await {
        Ok(Some(expiry)) => expiry.min(rest),
        _ => rest,
    }
}

/// Judges one batch of marked and one of expired subjects. Says how many.
///
/// # Errors
/// Where the store can't be used; marks and expiries stay.
pub async fn run_once(gateway: &Gateway) -> Result<usize, Refused> {
    let at = gateway.clock.now();
    let marked = gateway.store.marked(BATCH).await?;
    let mut change = Change { name: "reevaluate", ..Change::default() };
    for (mark, subject) in &marked {
        match subject {
            Subject::Resource { reference } | Subject::Context { reference } => {
                change.verdicts.push(answered(subject, *mark, at));
                let Some(key) = ResourceKey::parse(reference) else { continue };
                if matches!(subject, Subject::Resource { .. }) {
                    rederive(gateway, &key, &mut change, at).await?;
                }
                change.reevaluate.extend(around(gateway, &key, at).await?);
            }
            _ => change.verdicts.push(judge(gateway, subject, Some(*mark), at).await?),
        }
    }
    for subject in gateway.store.expired(at, BATCH).await? {
        change.verdicts.push(judge(gateway, &subject, None, at).await?);
    }
    let count = change.verdicts.len();
    if count > 0 {
        match gateway.store.commit(change).await {
            // Somebody wrote meanwhile: the marks stay and the batch is judged again.
            Ok(_) | Err(Refused::Conflict(_)) => {}
            Err(refused) => return Err(refused),
        }
    }
    Ok(count)
}

/// The verdicts on a subject at an instant.
///
/// # Errors
/// Where the store can't be read.
pub async fn judge(
    gateway: &Gateway,
    subject: &Subject,
    mark: Option<u64>,
    at: Timestamp,
) -> Result<VerdictUpdate, Refused> {
    let gathered = facts::gather(gateway, subject).await?;
    let verdicts = evaluate_all(&gateway.agreements, subject, &gathered.facts, at);
    Ok(VerdictUpdate { subject: subject.to_string(), verdicts, kommun: gathered.kommun, unit: gathered.unit, at, mark })
}

/// A mark that is answered without verdicts of its own.
fn answered(subject: &Subject, mark: u64, at: Timestamp) -> VerdictUpdate {
    VerdictUpdate { subject: subject.to_string(), verdicts: Vec::new(), kommun: None, unit: None, at, mark: Some(mark) }
}

/// Reads the evidence of those that refer to a changed resource anew, and marks their subjects.
async fn rederive(gateway: &Gateway, key: &ResourceKey, change: &mut Change, at: Timestamp) -> Result<(), Refused> {
    for referrer in referrers(gateway, key).await? {
        if !change.rederived.iter().any(|(done, ..)| *done == referrer) {
            rederive_one(gateway, &referrer, change, at).await?;
        }
    }
    Ok(())
}

/// Resources that hold evidence and refer to `key`, directly or through one that is itself looked through.
async fn referrers(gateway: &Gateway, key: &ResourceKey) -> Result<Vec<ResourceKey>, Refused> {
    let holding: BTreeSet<_> = gateway.evidence.resource_types().collect();
    let mut seen = BTreeSet::from([key.clone()]);
    let mut edge = vec![key.clone()];
    while let Some(target) = edge.pop() {
        for referrer in gateway.store.referrers(&target, MOST_REFERRERS).await? {
            let looked_through = gateway.evidence.resolved_types().contains(&referrer.kind);
            if seen.insert(referrer.clone()) && looked_through {
                edge.push(referrer);
            }
        }
    }
    seen.remove(key);
    Ok(seen.into_iter().filter(|it| holding.contains(&it.kind)).collect())
}

async fn rederive_one(gateway: &Gateway, key: &ResourceKey, change: &mut Change, at: Timestamp) -> Result<(), Refused> {
    let Some(version) = gateway.store.read(key).await? else { return Ok(()) };
    // A newer version brings its own evidence; what was read from this one must not take its place.
    change.expect.push(Expect::Version(key.clone(), Some(version.version)));
    let Some(document) = version.text.and_then(|text| Document::parse(text).ok()) else { return Ok(()) };
    let around = Neighbourhood::around(gateway, vec![(key.clone(), document.clone())]).await?;
    let evidence = gateway.evidence.extract(&document, key.kind, key, at, &around);
    let relations = relations::of(&document, key, &around, at);
    change.reevaluate.extend(evidence.iter().flat_map(subjects));
    change.rederived.push((key.clone(), evidence, relations));
    Ok(())
}

fn subjects(evidence: &Evidence) -> Vec<Subject> {
    let patient = evidence.patient.clone().map(|reference| Subject::Patient { reference });
    let unit = evidence.unit.clone().map(|reference| Subject::Unit { reference });
    patient.into_iter().chain(unit).collect()
}

/// The units and patients that a change of an organisation or its services concerns.
async fn around(gateway: &Gateway, key: &ResourceKey, at: Timestamp) -> Result<BTreeSet<Subject>, Refused> {
    let mut organisations = BTreeSet::from([key.to_string()]);
    if let Some(document) =
        gateway.store.read(key).await?.and_then(|v| v.text).and_then(|text| Document::parse(text).ok())
    {
        let around = Neighbourhood::around(gateway, vec![(key.clone(), document.clone())]).await?;
        let evidence = gateway.evidence.extract(&document, key.kind, key, at, &around);
        organisations.extend(evidence.iter().flat_map(|e| e.parties.iter().cloned().chain(e.unit.clone())));
    }
    let organisations: Vec<&str> = organisations.iter().map(String::as_str).collect();
    let anchors = gateway.store.evidence_involving(&["affiliation", "enrolment", "listing"], &organisations).await?;
    Ok(anchors.iter().flat_map(subjects).collect())
}
