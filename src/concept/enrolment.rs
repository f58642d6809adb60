//! `enrolment`: a patient is enrolled at a unit of the municipality: inskrivning, inflyttning, utflyttning.
//!
//! FHIR: an EpisodeOfCare whose type is the form of care. With demographics the Patient is created, if unknown.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::care_form::CareForm;
use super::code::codes;
use super::ids::{Identifier, Patient};
use super::parts::{Organisation, Period};
use super::source::{El, Source, missing};
use super::systems::SECURITY;
use super::time::DateTime;
use super::writer::{Writer, coding, extension, identifiers, listed, local, period, resource};
use crate::fhir::{Issue, IssueCode, Severity, Value};

/// An enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Enrolment {
    /// The sender's name for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<Identifier>,
    /// Who is enrolled.
    pub patient: Patient,
    /// How things stand with it.
    pub status: EnrolmentStatus,
    /// In which form of care.
    pub care_form: CareForm,
    /// At which unit.
    pub unit: Organisation,
    /// The hälsocentral that answers for the physician.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health_centre: Option<Organisation>,
    /// From when to when.
    pub period: Period,
    /// Who the patient is, for a gateway that may not know yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demographics: Option<Demographics>,
}

codes! {
    /// The states of an EpisodeOfCare that an enrolment has.
    EnrolmentStatus {
        /// To begin.
        Planned = "planned",
        /// Going on.
        Active = "active",
        /// Ended: moved out, discharged or dead.
        Finished = "finished",
    }
}

/// What is known of the person.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Demographics {
    /// Given names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<String>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// Date of birth; a number does not always tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<String>,
    /// Marks of protected identity.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub protection: Vec<Protection>,
    /// When the person died.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deceased: Option<DateTime>,
}

impl fmt::Debug for Demographics {
    /// Says nothing of the person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Demographics(..)")
    }
}

codes! {
    /// Protected identity, as the Swedish base labels it.
    Protection {
        /// Sekretessmarkering.
        Confidential = "sekretessmarkering",
        /// Skyddad folkbokföring.
        ProtectedRegistration = "skyddadFolkbokforing",
    }
}

pub(super) fn to_fhir(enrolment: &Enrolment, out: &mut Writer<'_>) {
    let centre = enrolment.health_centre.as_ref().map(|unit| out.organisation_of_type(unit, local("halsocentral")));
    let patient = patient(enrolment, centre.as_ref(), out);
    let unit = out.organisation_of_type(&enrolment.unit, local(enrolment.care_form.as_str()));
    let episode = resource("EpisodeOfCare")
        .with("extension", listed(extension("health-centre", "valueReference", centre).into()))
        .with("identifier", identifiers(enrolment.identifier.as_ref()))
        .with("status", enrolment.status.as_str())
        .with("type", [local(enrolment.care_form.as_str())])
        .with("patient", patient)
        .with("managingOrganization", unit)
        .with("period", period(&enrolment.period));
    out.own(enrolment.identifier.as_ref(), episode);
}

/// The Reference to the patient; with demographics it points at the entry that creates an unknown one.
fn patient(enrolment: &Enrolment, centre: Option<&Value>, out: &mut Writer<'_>) -> Value {
    let known = out.patient(&enrolment.patient);
    let (Some(who), Some(identifier)) = (&enrolment.demographics, known.get("identifier").cloned()) else {
        return known;
    };
    if who.deceased.is_some() {
        out.note(death_needs_more());
    }
    let marks: Vec<Value> = who.protection.iter().map(|mark| coding(SECURITY, mark.as_str())).collect();
    let name =
        Value::object().with("family", who.family.clone()).with("given", who.given.clone().map(|given| vec![given]));
    let person = resource("Patient")
        .with("meta", Value::object().with("security", marks))
        .with("identifier", [identifier.clone()])
        .with("name", listed(name))
        .with("birthDate", who.birth_date.clone())
        .with("deceasedDateTime", who.deceased.as_ref().map(|at| at.as_str()))
        .with("generalPractitioner", centre.cloned().map(|centre| vec![centre]));
    out.shared(enrolment.patient.0.system(), enrolment.patient.0.value(), person).with("identifier", identifier)
}

/// The transaction creates an unknown Patient and never changes a known one: much more than it knows may stand there. A
/// gateway that receives the enrolment itself sees whether the Patient is known, and records the death there.
fn death_needs_more() -> Issue {
    Issue::error(
        IssueCode::Informational,
        "deceased-of-known-patient",
        "This transaction records the death if the patient is not known yet; submit the enrolment itself, or send Patient.deceasedDateTime, for a known one.",
        "Transaktionen registrerar dödsfallet om patienten inte redan är känd; för en känd patient: skicka in själva inskrivningen, eller Patient.deceasedDateTime.",
    )
    .with_severity(Severity::Information)
}

pub(super) fn from_fhir(source: &Source<'_>) -> Vec<Enrolment> {
    source.all("EpisodeOfCare").into_iter().filter_map(read).collect()
}

/// Episodes of other sorts of care are not ours and are passed over.
fn read(episode: El<'_>) -> Option<Enrolment> {
    let care_form = episode.local("type", CareForm::parse)?;
    let period = episode.period("period");
    if period.is_none() {
        episode.note(missing(episode.node(), "period"));
    }
    let unit = episode.organisation("managingOrganization");
    if unit.is_none() {
        episode.note(missing(episode.node(), "managingOrganization"));
    }
    let read = Enrolment {
        identifier: episode.identifier(),
        patient: episode.patient("patient")?,
        status: episode.parsed("status", EnrolmentStatus::parse)?,
        care_form,
        unit: unit?,
        health_centre: episode.ext("health-centre").and_then(|e| e.organisation("valueReference")),
        period: period?,
        demographics: episode.target_of("patient", "Patient").map(demographics),
    };
    episode.source().report_leftovers(episode);
    Some(read)
}

fn demographics(patient: El<'_>) -> Demographics {
    let name = patient.list("name").next();
    let given: Vec<String> = name.map(|n| n.list("given").filter_map(El::as_string).collect()).unwrap_or_default();
    let labels = patient.get("meta").into_iter().flat_map(|meta| meta.list("security"));
    let ours = labels.filter(|label| label.peek("system").as_deref() == Some(SECURITY));
    Demographics {
        given: (!given.is_empty()).then(|| given.join(" ")),
        family: name.and_then(|name| name.string("family")),
        birth_date: patient.string("birthDate"),
        protection: ours.filter_map(|label| label.parsed("code", Protection::parse)).collect(),
        deceased: patient.date("deceasedDateTime"),
    }
}

#[cfg(test)]
mod tests;
