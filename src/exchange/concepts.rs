//! Concepts in and out: their JSON (or RIV-TA XML) becomes a transaction like any other, and comes back from what is stored.

mod complete;
mod death;
mod gather;
mod supersede;

use crate::concept::formats::rivta;
use crate::concept::{self, Concept, ConceptKind};
use crate::fhir::value::quoted;
use crate::fhir::{Document, Issue, IssueCode, ResourceId, ResourceKey, ResourceType, outcome};

use super::entries;
use super::receive::{Done, Submission, receive};
use super::{Answer, Call, Failure, Gateway};

/// The form that a concept comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The concept's own JSON.
    Json,
    /// A RIV-TA response message.
    RivTa,
}

/// A concept as it was read.
pub struct Incoming {
    concept: Concept,
    format: Format,
    issues: Vec<Issue>,
}

/// Reads a concept without storing it.
///
/// # Errors
/// Everything that is wrong with it (400 where it can't be read, 422 where it can).
pub fn read(gateway: &Gateway, kind: ConceptKind, format: Format, body: &[u8]) -> Result<Incoming, Failure> {
    let (concept, issues) = match format {
        Format::Json => read_json(kind, body)?,
        Format::RivTa => read_rivta(gateway, kind, body)?,
    };
    Ok(Incoming { concept, format, issues })
}

fn read_json(kind: ConceptKind, body: &[u8]) -> Result<(Concept, Vec<Issue>), Failure> {
    // The parser tells where a body stops being UTF-8 or JSON.
    let document = Document::parse_bytes(body, crate::fhir::tree::Limits::default()).map_err(Failure::syntax)?;
    concept::read_with_warnings(kind, document.text()).map_err(Failure::Invalid)
}

fn read_rivta(gateway: &Gateway, kind: ConceptKind, body: &[u8]) -> Result<(Concept, Vec<Issue>), Failure> {
    if kind != ConceptKind::MedicationList {
        return Err(Failure::unreadable(Issue::error(
            IssueCode::NotSupported,
            "rivta-kind",
            "Only medication-list is read from RIV-TA XML (GetMedicationHistory 2.2).",
            "Bara medication-list läses från RIV-TA-XML (GetMedicationHistory 2.2).",
        )));
    }
    // What came by itself answers nobody's question: an empty message is no claim that there are no medicines.
    let request = rivta::Request { patient: None, complete: false, now: gateway.clock.now() };
    let read = rivta::medication_history(body, &request);
    read.map(|(list, issues)| (Concept::MedicationList(Box::new(list)), issues)).map_err(Failure::Invalid)
}

impl Incoming {
    /// The answer of `$map`: the transaction Bundle by itself, and what is worth knowing. What it would replace of what is
    /// stored is found when it is submitted.
    pub fn mapped(&self, gateway: &Gateway) -> Answer {
        let mapped = self.concept.to_fhir(&mut || gateway.entropy.uuid());
        let issues: Vec<Issue> = self.issues.iter().chain(&mapped.issues).cloned().collect();
        pair(200, &mapped.bundle.to_string(), &issues)
    }

    /// Whether it tells of a death.
    fn tells_of_death(&self) -> bool {
        let Concept::Enrolment(enrolment) = &self.concept else { return false };
        enrolment.demographics.as_ref().is_some_and(|who| who.deceased.is_some())
    }
}

fn pair(status: u16, bundle: &str, issues: &[Issue]) -> Answer {
    Answer::json(status, format!("{{\"bundle\":{bundle},\"outcome\":{}}}", outcome::to_json(issues)))
}

/// How often a concept is completed anew because what it replaces was changed meanwhile.
const ATTEMPTS: usize = 3;

/// Receives a concept, together with what it changes in what is stored already.
///
/// # Errors
/// As [`read`] and [`receive`].
pub async fn submit(
    gateway: &Gateway,
    call: &mut Call,
    incoming: &Incoming,
    idempotency: Option<(String, [u8; 32])>,
) -> Result<Answer, Failure> {
    let mut attempt = 1;
    loop {
        match attempt_to_submit(gateway, call, incoming, idempotency.clone()).await {
            Err(Failure::PreconditionFailed(issue)) if issue.rule == "if-match" && attempt < ATTEMPTS => attempt += 1,
            Err(Failure::Denied(..)) if incoming.tells_of_death() && !death::may_be_recorded(&call.caller) => {
                return Err(Failure::Invalid(vec![death::not_recorded()]));
            }
            result => return result,
        }
    }
}

async fn attempt_to_submit(
    gateway: &Gateway,
    call: &mut Call,
    incoming: &Incoming,
    idempotency: Option<(String, [u8; 32])>,
) -> Result<Answer, Failure> {
    let (bundle, more) = complete::complete(gateway, call, &incoming.concept, incoming.format).await?;
    let entries = entries::of_bundle(bundle.root()).map_err(Failure::Unreadable)?;
    let submission = Submission { document: &bundle, entries: &entries, idempotency, notify: true };
    let base = gateway.base.clone();
    let mut issues = incoming.issues.clone();
    issues.extend(more);
    let is_death = incoming.tells_of_death();
    let answer = move |done: &[Done]| {
        let lost = (is_death && !death::is_recorded(done)).then(death::lost);
        let issues: Vec<Issue> = issues.iter().cloned().chain(lost).collect();
        pair(201, &stored_bundle(done, &base), &issues)
    };
    receive(gateway, call, &submission, answer).await
}

/// What was stored, each resource with its place and version.
fn stored_bundle(done: &[Done], base: &str) -> String {
    let entries: Vec<String> = done.iter().filter_map(|d| stored_entry(d, base)).collect();
    format!("{{\"resourceType\":\"Bundle\",\"type\":\"transaction-response\",\"entry\":[{}]}}", entries.join(","))
}

fn stored_entry(done: &Done, base: &str) -> Option<String> {
    let key = done.key.as_ref()?;
    let resource = done.text.as_ref().map(|text| format!("\"resource\":{text},")).unwrap_or_default();
    let location = quoted(&format!("{base}/{key}/_history/{}", done.version));
    let etag = quoted(&super::answer::etag(done.version));
    Some(format!(
        "{{\"fullUrl\":\"{base}/{key}\",{resource}\"response\":{{\"status\":\"{}\",\"location\":{location},\"etag\":{etag}}}}}",
        done.status
    ))
}

/// The concepts of a kind that are stored about a patient, as JSON; for kinds about no patient, all that the caller may see.
///
/// # Errors
/// 404 for a patient that does not exist or that the caller may not know of; 403 for scopes; 422 where a concept can't
/// be read from what is stored, or where there is too much of it for one answer.
pub async fn of_patient(
    gateway: &Gateway,
    call: &mut Call,
    kind: ConceptKind,
    patient: Option<&ResourceKey>,
) -> Result<Answer, Failure> {
    if let Some(patient) = patient {
        super::read::read(gateway, call, patient, super::read::Known::default()).await?;
    }
    let bundle = gather::gather(gateway, call, kind, patient).await?;
    let (concepts, issues) = concept::from_fhir(kind, &bundle).map_err(Failure::Invalid)?;
    let concepts: Vec<String> = concepts.iter().map(Concept::to_json).collect();
    Ok(Answer::json(
        200,
        format!("{{\"concepts\":[{}],\"outcome\":{}}}", concepts.join(","), outcome::to_json(&issues)),
    ))
}

fn patient_needed() -> Failure {
    Failure::unreadable(Issue::error(
        IssueCode::Required,
        "patient-needed",
        "Name the patient: ?patient=Patient/[id].",
        "Ange patienten: ?patient=Patient/[id].",
    ))
}

/// Reads `Patient/1` or `1`.
///
/// # Errors
/// 400 where it is neither.
pub fn patient(text: &str) -> Result<ResourceKey, Failure> {
    let key = ResourceKey::parse(text).filter(|key| key.kind.as_str() == "Patient");
    let bare = || Some(ResourceKey::new(ResourceType::parse("Patient")?, ResourceId::parse(text)?));
    key.or_else(bare).ok_or_else(patient_needed)
}

#[cfg(test)]
mod tests;
