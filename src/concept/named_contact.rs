//! `named-contact`: who is the patient's fast läkarkontakt, fast vårdkontakt or fast omsorgskontakt, and who stands in.
//!
//! FHIR: a CareTeam of Inera's category `fast-kontakt`. A contact is a participant whose role says which sort, a
//! substitute (vikarie) one whose period says when; each member is a PractitionerRole with its own telephone.

use serde::{Deserialize, Serialize};

use super::code::codes;
use super::ids::{Identifier, Patient};
use super::parts::{Organisation, Period, Professional};
use super::source::{El, Source, missing};
use super::systems::{CTC, FK, LM};
use super::writer::{Writer, coding_concept, identifiers, local, period, resource};
use crate::fhir::Value;

/// The named contacts of a patient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NamedContact {
    /// The sender's name for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<Identifier>,
    /// Whose contacts.
    pub patient: Patient,
    /// From when to when the whole holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// The organisation that answers for the appointment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<Organisation>,
    /// The contacts.
    pub contacts: Vec<Contact>,
    /// Who stands in for them, and when.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub substitutes: Vec<Substitute>,
}

codes! {
    /// The sorts of contact; the first four are Inera's codes 1 to 4, the last is the product's own.
    ContactKind {
        /// Fast vårdkontakt.
        Care = "care-contact",
        /// Fast läkarkontakt i primärvård; a patient has at most one at a time.
        Physician = "physician-contact",
        /// Fast omsorgskontakt i hemtjänsten.
        SocialCare = "social-care-contact",
        /// Fast vårdkontakt med övergripande samordningsansvar.
        Coordinating = "coordinating-care-contact",
        /// Rådgivningsansvarig läkare.
        AdvisingPhysician = "advising-physician",
    }
}

impl ContactKind {
    fn coding(self) -> (&'static str, &'static str) {
        match self {
            Self::Care => (FK, "1"),
            Self::Physician => (FK, "2"),
            Self::SocialCare => (FK, "3"),
            Self::Coordinating => (FK, "4"),
            Self::AdvisingPhysician => (LM, "radgivningsansvarig-lakare"),
        }
    }
}

/// A named contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Which sort.
    pub kind: ContactKind,
    /// Who, where, and by which telephone.
    pub who: Professional,
    /// From when to when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
}

/// Who stands in for a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Substitute {
    /// Who, where, and by which telephone.
    pub who: Professional,
    /// From when to when.
    pub period: Period,
}

/// The code of a substitute's role.
const SUBSTITUTE: &str = "vikarie";

pub(super) fn to_fhir(contact: &NamedContact, out: &mut Writer<'_>) {
    let subject = out.patient(&contact.patient);
    let managing = contact.organisation.as_ref().map(|unit| vec![out.organisation(unit)]);
    let mut participants = Vec::new();
    for one in &contact.contacts {
        let (system, code) = one.kind.coding();
        participants.push(participant(coding_concept(system, code), &one.who, one.period.as_ref(), out));
    }
    for one in &contact.substitutes {
        participants.push(participant(local(SUBSTITUTE), &one.who, Some(&one.period), out));
    }
    let team = resource("CareTeam")
        .with("identifier", identifiers(contact.identifier.as_ref()))
        .with("status", "active")
        .with("category", [coding_concept(CTC, "fast-kontakt")])
        .with("subject", subject)
        .with("period", contact.period.as_ref().map(period))
        .with("participant", participants)
        .with("managingOrganization", managing);
    out.own(contact.identifier.as_ref(), team);
}

fn participant(role: Value, who: &Professional, when: Option<&Period>, out: &mut Writer<'_>) -> Value {
    let member = out.professional(who);
    Value::object().with("role", [role]).with("member", member).with("period", when.map(period))
}

pub(super) fn from_fhir(source: &Source<'_>) -> Vec<NamedContact> {
    let named = |team: &El<'_>| team.has_code("category", CTC, "fast-kontakt");
    source.all("CareTeam").into_iter().filter(named).filter_map(read).collect()
}

fn read(team: El<'_>) -> Option<NamedContact> {
    if !team.status_is(&["active"]) {
        return None;
    }
    let mut read = NamedContact {
        identifier: team.identifier(),
        patient: team.patient("subject")?,
        period: team.period("period"),
        organisation: team.list("managingOrganization").next().and_then(El::organisation_here),
        contacts: Vec::new(),
        substitutes: Vec::new(),
    };
    team.list("participant").for_each(|participant| add(participant, &mut read));
    if read.contacts.is_empty() {
        team.note(missing(team.node(), "participant.role"));
    }
    team.source().report_leftovers(team);
    Some(read)
}

/// A participant in another role than those of the concept is left over, and so reported.
fn add(participant: El<'_>, read: &mut NamedContact) {
    let kind = ContactKind::ALL.iter().copied().find(|kind| {
        let (system, code) = kind.coding();
        participant.has_code("role", system, code)
    });
    let substitute = kind.is_none() && participant.has_code("role", LM, SUBSTITUTE);
    if kind.is_none() && !substitute {
        return;
    }
    let Some(who) = participant.professional("member") else {
        return participant.note(missing(participant.node(), "member"));
    };
    let period = participant.period("period");
    match kind {
        Some(kind) => read.contacts.push(Contact { kind, who, period }),
        None => read.substitutes.push(Substitute { who, period: period.unwrap_or_default() }),
    }
}

#[cfg(test)]
mod tests;
