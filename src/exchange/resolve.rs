//! From entries to a plan: which resource each entry is about, what it is now, and what every reference points at.
//!
//! Rules T4 to T6 of [transaction processing](https://hl7.org/fhir/R4/http.html#trules). Conditions find what the caller
//! may see. One is searched over everything: a Patient by exactly one identifier with its system, because a new
//! enrolment must find the patient whom nobody has related to the sender yet; whether the caller may touch that one is
//! asked afterwards, and a refusal there looks like no match.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::access::{self, Caller, Operation};
use crate::fhir::search::{self, Query, Test, Visibility};
use crate::fhir::{Issue, IssueCode, NodeRef, Reference, ResourceId, ResourceKey, ResourceType, reference};
use crate::store::{Expect, StoredVersion};

use super::entries::{Entry, Wish};
use super::failure::place;
use super::{Failure, Gateway, permission};

/// One entry with its resource named.
pub struct Step<'a> {
    /// The entry.
    pub entry: &'a Entry<'a>,
    /// The resource that it is about; `None` for GET.
    pub key: Option<ResourceKey>,
    /// The newest version, a deletion included.
    pub current: Option<StoredVersion>,
    /// What happens.
    pub action: Action,
}

/// What happens to a step's resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// A new version.
    Write,
    /// A deletion, or nothing where it is gone already.
    Delete,
    /// A conditional create that matched: the resource stays as it is.
    Keep,
    /// A GET.
    Get,
}

/// All steps, what they expect of the store, and where references lead.
pub struct Plan<'a> {
    /// In the order of the entries.
    pub steps: Vec<Step<'a>>,
    /// Conditions that must still hold at the commit.
    pub expect: Vec<Expect>,
    /// fullUrl and conditional reference -> `Type/id`.
    pub references: HashMap<String, String>,
}

/// Names every entry's resource and every reference.
///
/// # Errors
/// 412 for a condition that matches several and for a stale `If-Match`; 400 for two entries about the same resource;
/// 422 for references that lead nowhere.
pub async fn resolve<'a>(gateway: &Gateway, caller: &Caller, entries: &'a [Entry<'a>]) -> Result<Plan<'a>, Failure> {
    let mut plan = Plan { steps: Vec::with_capacity(entries.len()), expect: Vec::new(), references: HashMap::new() };
    for entry in entries {
        let step = match twin(&plan.steps, entry) {
            Some(key) => Step { entry, key: Some(key), current: None, action: Action::Keep },
            None => step(gateway, caller, entry, &mut plan.expect).await?,
        };
        if let (Some(url), Some(key)) = (&entry.full_url, &step.key) {
            plan.references.insert(url.clone(), key.to_string());
        }
        plan.steps.push(step);
    }
    refuse_overlap(&plan.steps)?;
    conditional_references(gateway, caller, entries, &mut plan.references).await?;
    Ok(plan)
}

/// The new resource of an earlier entry that is created on the same condition: this entry means that one.
fn twin(steps: &[Step<'_>], entry: &Entry<'_>) -> Option<ResourceKey> {
    let condition = |it: &Entry<'_>| match &it.wish {
        Wish::Create { if_none_exist } => if_none_exist.clone().map(|condition| (it.kind, condition)),
        _ => None,
    };
    let wanted = condition(entry)?;
    steps
        .iter()
        .find(|step| step.action == Action::Write && condition(step.entry).as_ref() == Some(&wanted))?
        .key
        .clone()
}

async fn step<'a>(
    gateway: &Gateway,
    caller: &Caller,
    entry: &'a Entry<'a>,
    expect: &mut Vec<Expect>,
) -> Result<Step<'a>, Failure> {
    let (key, current, action) = match &entry.wish {
        Wish::Get { .. } => return Ok(Step { entry, key: None, current: None, action: Action::Get }),
        Wish::Create { if_none_exist: None } => (fresh(gateway, entry.kind), None, Action::Write),
        Wish::Create { if_none_exist: Some(condition) } => {
            match matching(gateway, caller, entry.kind, condition).await? {
                Match::None(query) => {
                    expect.push(Expect::NoMatch(query));
                    (fresh(gateway, entry.kind), None, Action::Write)
                }
                Match::One(version) => (version.key.clone(), Some(version), Action::Keep),
            }
        }
        Wish::UpdateMatching { query, .. } => match matching(gateway, caller, entry.kind, query).await? {
            Match::None(query) => {
                expect.push(Expect::NoMatch(query));
                let id = entry.resource.and_then(|r| r.str_at("id")).and_then(|id| ResourceId::parse(&id));
                let key = id.map_or_else(|| fresh(gateway, entry.kind), |id| ResourceKey::new(entry.kind, id));
                let current = gateway.store.read(&key).await?;
                (key, current, Action::Write)
            }
            Match::One(version) => {
                same_id(entry, &version)?;
                (version.key.clone(), Some(version), Action::Write)
            }
        },
        Wish::Update { id, .. } | Wish::Delete { id, .. } => {
            let key = ResourceKey::new(entry.kind, id.clone());
            let current = gateway.store.read(&key).await?;
            (key, current, if matches!(entry.wish, Wish::Delete { .. }) { Action::Delete } else { Action::Write })
        }
    };
    if action != Action::Keep {
        expect.push(Expect::Version(key.clone(), current.as_ref().map(|c| c.version)));
    }
    Ok(Step { entry, key: Some(key), current, action })
}

fn fresh(gateway: &Gateway, kind: ResourceType) -> ResourceKey {
    // A UUID has the form of an id.
    #[expect(clippy::expect_used, reason = "36 of hex digits and hyphens is a logical id")]
    let id = ResourceId::parse(&gateway.entropy.uuid()).expect("a UUID is an id");
    ResourceKey::new(kind, id)
}

/// Whether the newest version is the one that `If-Match` names. Asked once the caller has leave: before that the answer
/// would tell of what it may not know.
///
/// # Errors
/// 412.
pub fn require_match(entry: &Entry<'_>, current: Option<&StoredVersion>) -> Result<(), Failure> {
    let wanted = match &entry.wish {
        Wish::Update { if_match, .. } | Wish::UpdateMatching { if_match, .. } | Wish::Delete { if_match, .. } => {
            *if_match
        }
        Wish::Create { .. } | Wish::Get { .. } => None,
    };
    match wanted {
        Some(version) if current.map(|c| c.version) != Some(version) => Err(stale()),
        _ => Ok(()),
    }
}

/// 412 for an `If-Match` that does not name the newest version.
pub fn stale() -> Failure {
    Failure::PreconditionFailed(Issue::error(
        IssueCode::Conflict,
        "if-match",
        "Another version is the newest now; read it and try again.",
        "En annan version är nu den senaste; läs den och försök igen.",
    ))
}

/// A conditional update may name the id of the one that matches, and no other.
fn same_id(entry: &Entry<'_>, matched: &StoredVersion) -> Result<(), Failure> {
    let Some(node) = entry.resource.and_then(|r| r.get("id")) else { return Ok(()) };
    if node.as_str().as_deref() == Some(matched.key.id.as_str()) {
        return Ok(());
    }
    let issue = Issue::error(
        IssueCode::Value,
        "id-differs",
        "The resource that matches has another id; leave the id out or send that one.",
        "Resursen som träffas har ett annat id; utelämna id eller skicka det rätta.",
    );
    Err(Failure::unreadable(issue.at(place(node))))
}

enum Match {
    None(Query),
    One(StoredVersion),
}

async fn matching(gateway: &Gateway, caller: &Caller, kind: ResourceType, condition: &str) -> Result<Match, Failure> {
    let parameters: Vec<(String, String)> = form_urlencoded::parse(condition.as_bytes()).into_owned().collect();
    if let Some(empty) = parameters.iter().find(|(_, value)| value.is_empty()) {
        tracing::debug!(parameter = empty.0, "a condition without a value");
        return Err(Failure::unreadable(condition_empty()));
    }
    let mut query = search::parse(kind, &parameters, true, &gateway.base).map_err(Failure::Unreadable)?.query;
    let admission = access::admit(caller, Operation::Search, kind).map_err(|denied| Failure::Denied(denied, None))?;
    query.visible = if is_one_patient(&query) {
        Visibility::Everything
    } else {
        access::visibility(&admission, gateway.clock.now())
    };
    query.count = 2;
    query.total = false;
    if query.filters.is_empty() {
        return Err(Failure::unreadable(condition_empty()));
    }
    let mut matches = gateway.store.search(&query).await?.matches;
    match (matches.pop(), matches.is_empty()) {
        (None, _) => Ok(Match::None(query)),
        (Some(version), true) => Ok(Match::One(version)),
        (Some(_), false) => Err(Failure::PreconditionFailed(Issue::error(
            IssueCode::MultipleMatches,
            "condition-multiple",
            "The condition matches more than one resource; make it narrower.",
            "Villkoret träffar mer än en resurs; gör det snävare.",
        ))),
    }
}

fn condition_empty() -> Issue {
    Issue::error(
        IssueCode::Value,
        "condition-empty",
        "A condition must name at least one search parameter, each with a value.",
        "Ett villkor måste ange minst en sökparameter, var och en med ett värde.",
    )
}

/// A Patient by exactly one identifier and its system, and nothing else.
fn is_one_patient(query: &Query) -> bool {
    let exact = |test: &Test| matches!(test, Test::Token { system: Some(system), code: Some(_) } if !system.is_empty());
    match query.filters.as_slice() {
        [only] => {
            query.kind.as_str() == "Patient"
                && only.parameter == "identifier"
                && only.any.len() == 1
                && only.any.iter().all(exact)
        }
        _ => false,
    }
}

fn refuse_overlap(steps: &[Step<'_>]) -> Result<(), Failure> {
    let mut seen = HashSet::new();
    let overlap =
        steps.iter().filter(|s| s.action != Action::Keep).filter_map(|s| s.key.as_ref()).find(|key| !seen.insert(*key));
    match overlap {
        None => Ok(()),
        Some(_) => Err(Failure::unreadable(Issue::error(
            IssueCode::Duplicate,
            "transaction-overlap",
            "Two entries of the transaction are about the same resource.",
            "Två entry i transaktionen gäller samma resurs.",
        ))),
    }
}

async fn conditional_references(
    gateway: &Gateway,
    caller: &Caller,
    entries: &[Entry<'_>],
    references: &mut HashMap<String, String>,
) -> Result<(), Failure> {
    let (mut faults, mut hidden) = (Faults::default(), HashSet::new());
    for node in entries.iter().filter_map(|e| e.resource).flat_map(reference::nodes) {
        let Some(text) = node.as_str() else { continue };
        let Reference::Conditional(kind, condition) = Reference::parse(&text, &gateway.base) else { continue };
        if references.contains_key(text.as_ref()) {
            if hidden.contains(text.as_ref()) {
                faults.perhaps(leads_nowhere(kind, node));
            }
            continue;
        }
        match matching(gateway, caller, kind, &condition).await {
            Ok(Match::One(version)) => {
                if is_stranger(gateway, caller, &version.key).await? {
                    faults.perhaps(leads_nowhere(kind, node));
                    hidden.insert(text.to_string());
                }
                references.insert(text.into_owned(), version.key.to_string());
            }
            Ok(Match::None(_)) => faults.certain(leads_nowhere(kind, node)),
            Err(Failure::PreconditionFailed(issue)) => faults.certain(issue.at(place(node))),
            Err(other) => return Err(other),
        }
    }
    faults.into_result()
}

async fn is_stranger(gateway: &Gateway, caller: &Caller, key: &ResourceKey) -> Result<bool, Failure> {
    if key.kind.as_str() != "Patient" {
        return Ok(false);
    }
    Ok(!permission::strangers(gateway, caller, BTreeSet::from([key.to_string()]), &[]).await?.is_empty())
}

/// Faults in their order. A patient whom the caller does not know is one only beside others: by itself it may yet be
/// known by an enrolment of the same submission, and beside others its silence would tell that there is such a patient.
#[derive(Default)]
struct Faults {
    issues: Vec<Issue>,
    is_certain: bool,
}

impl Faults {
    fn perhaps(&mut self, issue: Issue) {
        self.issues.push(issue);
    }

    fn certain(&mut self, issue: Issue) {
        self.is_certain = true;
        self.issues.push(issue);
    }

    fn into_result(self) -> Result<(), Failure> {
        if self.is_certain { Err(Failure::Invalid(self.issues)) } else { Ok(()) }
    }
}

/// The issue for a reference to a resource that does not exist, or that the caller may not know of.
pub fn leads_nowhere(kind: ResourceType, node: NodeRef<'_>) -> Issue {
    let (rule, english, swedish) = if kind.as_str() == "Patient" {
        ("patient-unknown", "The patient is not known here.".to_owned(), "Patienten är inte känd här.".to_owned())
    } else {
        ("reference-unknown", format!("There is no such {kind} here."), format!("Här finns ingen sådan {kind}."))
    };
    Issue::error(IssueCode::NotFound, rule, english, swedish).at(place(node))
}
