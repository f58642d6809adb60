//! A death that an enrolment tells of reaches the Patient that is known already: the conditional create does not.

use crate::access::{self, Caller, Operation};
use crate::concept::Enrolment;
use crate::fhir::outcome::Place;
use crate::fhir::splice::Splices;
use crate::fhir::value::quoted;
use crate::fhir::{Document, Issue, IssueCode, ResourceType, Severity};

use super::super::receive::Done;
use super::super::{Failure, Gateway};
use super::complete::{Addition, patient, replacing};

/// The mapping's word that a known Patient stays as it is: it holds for a transaction that is sent by itself.
pub const NEEDS_MORE: &str = "deceased-of-known-patient";

/// The entry that marks a known Patient as dead; none where the Patient is unknown or known to be dead.
///
/// # Errors
/// Where the store can't be read.
pub async fn recorded(gateway: &Gateway, enrolment: &Enrolment) -> Result<Addition, Failure> {
    let Some(deceased) = enrolment.demographics.as_ref().and_then(|who| who.deceased.as_ref()) else {
        return Ok(Addition::default());
    };
    let known = patient(gateway, &enrolment.patient).await?;
    let Some((version, text)) = known.as_ref().and_then(|version| Some((version, version.text.clone()?))) else {
        return Ok(Addition::default());
    };
    let document = Document::parse(text).map_err(Failure::syntax)?;
    match document.root().str_at("deceasedDateTime") {
        Some(before) if before == deceased.as_str() => Ok(Addition::default()),
        Some(_) => Ok(Addition { entries: Vec::new(), issues: vec![differs()] }),
        None => {
            let text = with_death(&document, deceased.as_str());
            Ok(Addition { entries: vec![replacing(gateway, version, &text)], issues: Vec::new() })
        }
    }
}

/// The Patient with the time of death, every other byte as it was.
fn with_death(patient: &Document, at: &str) -> String {
    let root = patient.root();
    let mut splices = Splices::new();
    match (root.get("deceasedBoolean"), root.get("resourceType")) {
        (Some(flag), _) => {
            splices.replace(flag.key_span().unwrap_or_default(), "deceasedDateTime");
            splices.replace(flag.span(), quoted(at));
        }
        (None, Some(kind)) => splices.insert(kind.span().end, format!(",\"deceasedDateTime\":{}", quoted(at))),
        (None, None) => {}
    }
    splices.apply(patient.text()).0
}

/// Whether the caller's scopes let it change a Patient at all.
pub fn may_be_recorded(caller: &Caller) -> bool {
    ResourceType::parse("Patient").is_some_and(|kind| access::admit(caller, Operation::Update, kind).is_ok())
}

/// Whether the Patient, as it was stored, says that the person is dead.
pub fn is_recorded(done: &[Done]) -> bool {
    let patients = done.iter().filter(|done| done.key.as_ref().is_some_and(|key| key.kind.as_str() == "Patient"));
    let mut texts = patients.filter_map(|done| Document::parse(done.text.clone()?).ok());
    texts.any(|patient| patient.root().get("deceasedDateTime").is_some())
}

fn place() -> Place {
    Place { pointer: "/demographics/deceased".to_owned(), ..Place::default() }
}

/// The death can't be written down, so nothing of the enrolment was.
pub fn not_recorded() -> Issue {
    Issue::error(
        IssueCode::Forbidden,
        "deceased-not-recorded",
        "The patient is known and you may not change the Patient, so the death can't be recorded and nothing was stored: tell whoever registered the patient, and send the enrolment without `deceased`.",
        "Patienten är känd och du får inte ändra Patient, så dödsfallet kan inte registreras och inget sparades: meddela den som registrerade patienten och skicka inskrivningen utan `deceased`.",
    )
    .at(place())
}

/// Somebody registered the patient in the same moment.
pub fn lost() -> Issue {
    Issue::error(
        IssueCode::Conflict,
        "deceased-not-recorded",
        "The enrolment was stored but not the death: the patient was registered in the same moment. Send it again.",
        "Inskrivningen sparades men inte dödsfallet: patienten registrerades i samma stund. Skicka igen.",
    )
    .at(place())
}

fn differs() -> Issue {
    Issue::error(
        IssueCode::BusinessRule,
        "deceased-differs",
        "The Patient has another time of death, which was kept: correct Patient.deceasedDateTime if this one is right.",
        "Patienten har redan en annan dödstidpunkt, som behölls: rätta Patient.deceasedDateTime om denna stämmer.",
    )
    .with_severity(Severity::Warning)
    .at(place())
}
