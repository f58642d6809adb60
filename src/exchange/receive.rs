//! Receiving: the one way in for everything that changes anything.
//!
//! | step | | if it fails |
//! |---|---|---|
//! | recall | the same request answered before gets the same answer | 409 for other content under the key |
//! | parse, entries | keeping the text | 400 |
//! | validate | everything at once | 422 |
//! | resolve | which resources, which versions, what references point at | 412, 422 |
//! | permit | each resource, against relation and source | 403, or as an unknown id |
//! | compose | versions with index, evidence, relations | |
//! | commit | versions, outbox, marks, audit entry, remembered answer: one transaction | tried again, 409, 503 |

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::access::{self, ActorRole, Denied, DeniedReason};
use crate::agreement::Subject;
use crate::fhir::{Document, Issue, IssueCode, NodeRef, ResourceKey};
use crate::store::{Change, NewVersion, Refused, Relation, Source};

use super::compose::{self, Draft};
use super::entries::Entry;
use super::neighbourhood::Neighbourhood;
use super::resolve::{Action, Plan, Step, require_match, resolve, stale};
use super::validation::write::{Found, validated};
use super::{Answer, Call, Failure, Gateway, ownership, permission, recorded, subscriptions};

/// What is submitted.
pub struct Submission<'a> {
    /// The parsed body; for a plain delete an empty object.
    pub document: &'a Document,
    /// What to do.
    pub entries: &'a [Entry<'a>],
    /// The client's idempotency key, with the hash of the request that came with it.
    pub idempotency: Option<(String, [u8; 32])>,
    /// Whether others are told of it; not for loads of the past.
    pub notify: bool,
}

/// Two writers meeting at one resource is rare, three times in a row rarer; more than this is a fault elsewhere.
const ATTEMPTS: usize = 5;

/// Receives a submission and answers each of its steps, in order, once all of it is on disk.
///
/// # Errors
/// [`Failure`]; nothing was changed then.
pub async fn receive<F>(
    gateway: &Gateway,
    call: &mut Call,
    submission: &Submission<'_>,
    answer: F,
) -> Result<Answer, Failure>
where
    F: Fn(&[Done]) -> Answer + Sync + Send,
{
    if let Some(earlier) = recorded::recall(gateway, call, submission).await? {
        return Ok(earlier);
    }
    let found = validated(gateway, call, submission).await?;
    for _ in 0..ATTEMPTS {
        let plan = resolve(gateway, &call.caller, submission.entries).await?;
        let at = gateway.clock.now();
        let drafts = compose::drafts(gateway, &plan, |step| found.get(step).is_some_and(|it| it.is_tagged), at);
        let versions = permitted(gateway, call, &plan, drafts, at).await?;
        let done = done(&plan, &versions, &found);
        note(call, &plan, &done);
        let answer = answer(&done);
        let marks = marks(gateway, &versions).await?;
        let change = Change { reevaluate: marks, ..change(call, &plan, versions, submission, &answer, at) };
        let written: Vec<ResourceKey> = change.versions.iter().map(|version| version.key.clone()).collect();
        let committed = gateway.store.commit(change).await;
        // Also where it is not known what came of it.
        gateway.validation.definitions.changed(written);
        match committed {
            Ok(_) => {
                call.recorded = true;
                gateway.wake.dispatch.notify_one();
                gateway.wake.reevaluate.notify_one();
                return Ok(answer);
            }
            Err(Refused::Conflict(_)) => {}
            Err(Refused::Remembered(earlier)) => return recorded::same_request(&earlier, submission),
            Err(refused) => return Err(refused.into()),
        }
    }
    Err(Failure::Conflict(Issue::error(
        IssueCode::Conflict,
        "contended",
        "Others change the same resource at the same time; try again.",
        "Andra ändrar samma resurs samtidigt; försök igen.",
    )))
}

/// Goes as far as [`receive`] would before it changes anything.
///
/// # Errors
/// Why it would be refused whatever is in it.
pub async fn rehearse(gateway: &Gateway, call: &mut Call, entries: &[Entry<'_>]) -> Result<(), Failure> {
    let plan = resolve(gateway, &call.caller, entries).await?;
    let at = gateway.clock.now();
    let drafts = compose::drafts(gateway, &plan, |_| false, at);
    let deleted = plan.steps.iter().find(|step| step.action == Action::Delete).and_then(|step| step.key.clone());
    let versions = permitted(gateway, call, &plan, drafts, at).await?;
    // A deletion that is not the caller's to make is answered as one of nothing; who asks whether it could be made knows
    // of the resource.
    match deleted.filter(|_| versions.is_empty()) {
        Some(key) => Err(Failure::Denied(Denied { reason: DeniedReason::NotSubmitter }, Some(key))),
        None => Ok(()),
    }
}

/// One step as it was done.
#[derive(Debug, Clone)]
pub struct Done {
    /// The resource; `None` for a GET of a transaction, which is answered afterwards.
    pub key: Option<ResourceKey>,
    /// The newest version now.
    pub version: u64,
    /// When it was made.
    pub updated: Timestamp,
    /// 200, 201 or 204.
    pub status: u16,
    /// Its text; `None` after a deletion.
    pub text: Option<String>,
    /// What validation found in it, without what stops a submission.
    pub warnings: Arc<[Issue]>,
}

/// Asks leave for every draft and finishes those that have it.
async fn permitted(
    gateway: &Gateway,
    call: &mut Call,
    plan: &Plan<'_>,
    drafts: Vec<Draft>,
    at: Timestamp,
) -> Result<Vec<NewVersion>, Failure> {
    let documents = drafts.iter().filter_map(|d| Some((d.key.clone(), d.document.clone()?))).collect();
    let around = Neighbourhood::needed(gateway, documents).await?;
    let made: Vec<Relation> = drafts
        .iter()
        .filter_map(|d| Some(super::relations::of(d.document.as_ref()?, &d.key, &around, at)))
        .flatten()
        .collect();
    kept(gateway, call, plan, &made).await?;
    let steps: HashMap<&ResourceKey, &Step<'_>> =
        plan.steps.iter().filter(|s| s.action != Action::Keep).filter_map(|s| Some((s.key.as_ref()?, s))).collect();
    for step in plan.steps.iter().filter(|s| s.action == Action::Delete) {
        if step.current.as_ref().is_none_or(|current| current.text.is_none()) {
            require_match(step.entry, step.current.as_ref())?;
        }
    }
    let patients: BTreeSet<String> = drafts.iter().flat_map(|d| d.patients.iter().cloned()).collect();
    let mut versions = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let Some(step) = steps.get(&draft.key).copied() else { continue };
        let (_permit, basis) = match permission::to_submit(gateway, call, &draft, step, &made).await {
            Ok(permitted) => permitted,
            // To the caller there is nothing to delete, and deleting nothing is no fault.
            Err(Failure::Denied(denied, _)) if is_hidden_deletion(&draft, step, &denied) => {
                call.entry.basis = Some(denied.reason.as_str().to_owned());
                continue;
            }
            Err(failure) => {
                let strangers = permission::strangers(gateway, &call.caller, patients, &made).await?;
                return Err(hide_all(hide(failure, step), plan, &strangers));
            }
        };
        require_match(step.entry, step.current.as_ref())?;
        ownership::keeps_its_patient(&draft, step)?;
        ownership::of_endpoint(call, &draft, &around)?;
        if let Some(resource) = step.entry.resource {
            subscriptions::check(&call.caller, draft.key.kind, resource, &gateway.base, &gateway.guard)?;
        }
        known_patients(gateway, &draft, &steps, step).await?;
        call.entry.basis = Some(basis.as_str().to_owned());
        let source = source(call, step);
        versions.push(compose::finish(gateway, draft, &around, &source, at));
    }
    Ok(versions)
}

/// Where a version comes from: the caller. A Patient stays with who registered it, whoever corrects it; so does what the
/// suite rewrites.
fn source(call: &Call, step: &Step<'_>) -> Source {
    let stays = call.caller.role() == ActorRole::Suite || step.entry.kind.as_str() == "Patient";
    match step.current.as_ref().filter(|current| stays && current.text.is_some()) {
        Some(current) => Source { system: call.caller.client().to_owned(), ..current.source.clone() },
        None => call.source(),
    }
}

/// Asks leave to be told of what conditional creates matched.
async fn kept(gateway: &Gateway, call: &Call, plan: &Plan<'_>, made: &[Relation]) -> Result<(), Failure> {
    for step in plan.steps.iter().filter(|s| s.action == Action::Keep) {
        if let Some(current) = &step.current {
            permission::to_keep(gateway, call, current, made).await.map_err(|failure| hide(failure, step))?;
        }
    }
    Ok(())
}

/// A refusal because of the patient gets the answer of a patient that does not exist, and under `If-Match` that of a
/// version that is not the newest.
fn hide(failure: Failure, step: &Step<'_>) -> Failure {
    use crate::access::DeniedReason::{NoRelation, OthersItem};
    match (&failure, step.entry.resource) {
        (Failure::Denied(denied, _), _)
            if matches!(denied.reason, NoRelation | OthersItem) && step.entry.wish.has_if_match() =>
        {
            stale()
        }
        (Failure::Denied(denied, _), Some(resource)) if denied.reason == NoRelation => {
            patient_unknown(resource).map_or(failure, |issue| Failure::Invalid(vec![issue]))
        }
        _ => failure,
    }
}

fn is_hidden_deletion(draft: &Draft, step: &Step<'_>, denied: &Denied) -> bool {
    let is_hidden = denied.reason != DeniedReason::Scope && !access::is_directory(draft.key.kind);
    draft.document.is_none() && is_hidden && !step.entry.wish.has_if_match()
}

/// Patients that do not exist have one issue for each reference to them; so have those that the caller may not know of.
fn hide_all(failure: Failure, plan: &Plan<'_>, strangers: &BTreeSet<String>) -> Failure {
    let Failure::Invalid(_) = &failure else { return failure };
    let is_hidden = |node: &NodeRef<'_>| {
        let text = node.as_str().unwrap_or_default();
        strangers.contains(plan.references.get(text.as_ref()).map_or(text.as_ref(), String::as_str))
    };
    let nodes = plan.steps.iter().filter_map(|s| s.entry.resource).flat_map(crate::fhir::reference::nodes);
    let patient = crate::fhir::ResourceType::parse("Patient");
    let issue = |node| patient.map(|kind| super::resolve::leads_nowhere(kind, node));
    let issues: Vec<Issue> = nodes.filter(is_hidden).filter_map(issue).collect();
    if issues.is_empty() { failure } else { Failure::Invalid(issues) }
}

/// Whether every patient that a draft is about exists.
async fn known_patients(
    gateway: &Gateway,
    draft: &Draft,
    steps: &HashMap<&ResourceKey, &Step<'_>>,
    step: &Step<'_>,
) -> Result<(), Failure> {
    for patient in &draft.patients {
        let Some(key) = ResourceKey::parse(patient) else { continue };
        let exists = steps.contains_key(&key) || gateway.store.read(&key).await?.is_some_and(|v| v.text.is_some());
        if let (false, Some(issue)) = (exists, step.entry.resource.and_then(patient_unknown)) {
            return Err(Failure::Invalid(vec![issue]));
        }
    }
    Ok(())
}

fn patient_unknown(resource: NodeRef<'_>) -> Option<Issue> {
    let patient = crate::fhir::ResourceType::parse("Patient")?;
    let names_patient = |text: &str| text.contains("Patient/") || text.starts_with("Patient?");
    let nodes = crate::fhir::reference::nodes(resource);
    let node = nodes.into_iter().find(|n| n.as_str().is_some_and(|t| names_patient(&t))).unwrap_or(resource);
    Some(super::resolve::leads_nowhere(patient, node))
}

fn done(plan: &Plan<'_>, versions: &[NewVersion], found: &[Found]) -> Vec<Done> {
    let written: HashMap<&ResourceKey, &NewVersion> = versions.iter().map(|v| (&v.key, v)).collect();
    let warnings = |index: usize| found.get(index).map(|found| found.issues.clone()).unwrap_or_default();
    plan.steps.iter().enumerate().map(|(index, step)| done_step(step, &written, warnings(index))).collect()
}

fn done_step(step: &Step<'_>, written: &HashMap<&ResourceKey, &NewVersion>, warnings: Arc<[Issue]>) -> Done {
    let current = step.current.as_ref();
    let written = step.key.as_ref().and_then(|key| written.get(key));
    let text = match written.map(|v| &v.content) {
        Some(crate::store::Content::Text { text, .. }) => Some(text.clone()),
        Some(crate::store::Content::Deletion) => None,
        None => current.and_then(|c| c.text.clone()),
    };
    let existed = current.is_some_and(|c| c.text.is_some());
    let status = match step.action {
        Action::Write if !existed => 201,
        Action::Delete => 204,
        Action::Write | Action::Keep | Action::Get => 200,
    };
    Done {
        key: step.key.clone(),
        version: written.map(|v| v.version).or(current.map(|c| c.version)).unwrap_or(0),
        updated: written.map(|v| v.updated).or(current.map(|c| c.updated)).unwrap_or(Timestamp::UNIX_EPOCH),
        status,
        text: text.filter(|_| step.action != Action::Delete),
        warnings,
    }
}

fn note(call: &mut Call, plan: &Plan<'_>, done: &[Done]) {
    let source = call.source();
    call.entry.touched.clear();
    for (step, done) in plan.steps.iter().zip(done) {
        let Some(key) = &done.key else { continue };
        let patients = match (&step.current, key.kind.as_str()) {
            (_, "Patient") => BTreeSet::from([key.to_string()]),
            (Some(current), _) => current.patients.clone(),
            (None, _) => BTreeSet::new(),
        };
        call.entry.touch(key, Some(done.version), Some(&source), &patients);
    }
}

fn change(
    call: &mut Call,
    plan: &Plan<'_>,
    versions: Vec<NewVersion>,
    submission: &Submission<'_>,
    answer: &Answer,
    at: Timestamp,
) -> Change {
    call.entry.patients.extend(versions.iter().flat_map(|v| v.patients.iter().cloned()));
    Change {
        name: "receive",
        expect: plan.expect.clone(),
        notify: submission.notify,
        audit: vec![call.success_row(answer.status, at)],
        remember: recorded::to_remember(call, submission, answer, at),
        versions,
        ..Change::default()
    }
}

/// The subjects whose obligations may come out otherwise now: patients and units of the evidence; those around what is
/// about no patient; and those whose evidence was read through a resource that is now another.
async fn marks(gateway: &Gateway, versions: &[NewVersion]) -> Result<BTreeSet<Subject>, Refused> {
    let mut marks = BTreeSet::new();
    for version in versions {
        marks.extend(version.patients.iter().cloned().map(|reference| Subject::Patient { reference }));
        let units = version.evidence.iter().filter_map(|e| e.unit.clone());
        marks.extend(units.map(|reference| Subject::Unit { reference }));
        let reference = version.key.to_string();
        let looked_through = gateway.evidence.resolved_types().contains(&version.key.kind);
        if looked_through && !gateway.store.referrers(&version.key, 1).await?.is_empty() {
            marks.insert(Subject::Resource { reference });
        } else if version.patients.is_empty() && gateway.evidence.resource_types().any(|kind| kind == version.key.kind)
        {
            marks.insert(Subject::Context { reference });
        }
    }
    Ok(marks)
}

/// The hash by which a repeated request is told from another one under the same key.
pub fn request_hash(parts: &[&[u8]]) -> [u8; 32] {
    let hash = |hash: Sha256, part: &&[u8]| hash.chain_update(part.len().to_le_bytes()).chain_update(part);
    parts.iter().fold(Sha256::new(), hash).finalize().into()
}
