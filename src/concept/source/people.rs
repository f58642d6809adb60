//! Following references: to the patient, to professionals and to organisations.

use super::element::El;
use super::{missing, other_patient};
use crate::concept::ids::{Hsa, Patient};
use crate::concept::issue::fault;
use crate::concept::parts::{Caregiver, Organisation, Profession, Professional};
use crate::concept::systems::{HSA, HSA_INERA, SCT};
use crate::concept::writer::profession_code;
use crate::fhir::{Issue, IssueCode, NodeRef, Severity};

impl<'a> El<'a> {
    /// The resource that this Reference points at, if it is in the Bundle or contained. Takes the Reference.
    pub(in crate::concept) fn target(self) -> Option<El<'a>> {
        self.take();
        let text = self.node().str_at("reference")?;
        let node = match text.strip_prefix('#') {
            Some(id) => contained(self.node(), id),
            None => self.source().find(&text),
        };
        node.map(|node| El::new(node, self.source()))
    }

    /// [`El::target`] of the member `name`, when it is of that type.
    pub(in crate::concept) fn target_of(self, name: &str, kind: &str) -> Option<El<'a>> {
        self.get(name)?.target().filter(|target| target.is(kind))
    }

    /// Whether this Reference points at a resource of that type that is at hand; takes nothing.
    pub(in crate::concept) fn target_is(self, kind: &str) -> bool {
        self.peek("reference")
            .and_then(|text| self.source().find(&text))
            .is_some_and(|node| El::new(node, self.source()).is(kind))
    }

    /// Whether this is a resource of that type.
    pub(in crate::concept) fn is(self, kind: &str) -> bool {
        self.node().str_at("resourceType").as_deref() == Some(kind)
    }

    /// The patient behind the Reference `name`; an error when it can't be told who it is.
    pub(in crate::concept) fn patient(self, name: &str) -> Option<Patient> {
        let found = self.get(name).and_then(El::who);
        if found.is_none() {
            self.note(missing(self.get(name).map_or(self.node(), Self::node), name));
        }
        found
    }

    /// Whether the Reference `name` points at that patient; one that can't be told is not.
    pub(in crate::concept) fn is_about(self, name: &str, patient: &Patient) -> bool {
        self.get(name).and_then(El::who).as_ref() == Some(patient)
    }

    /// Whether this is free to stand in a concept about that patient; otherwise that is reported.
    pub(in crate::concept) fn belongs_to(self, name: &str, patient: &Patient) -> bool {
        let belongs = self.get(name).is_none() || self.is_about(name, patient);
        if !belongs {
            self.note_loss(other_patient(self.node()));
        }
        belongs
    }

    /// The patient that this Reference points at. Where that resource is at hand it says who it is, whatever number
    /// stands beside the reference.
    fn who(self) -> Option<Patient> {
        let own = self.list("identifier").find_map(patient_number);
        let target = self.target().into_iter();
        let known: Vec<Patient> = target.flat_map(|t| t.list("identifier")).filter_map(patient_number).collect();
        match own {
            Some(own) if known.is_empty() || known.contains(&own) => Some(own),
            _ => known.into_iter().next().or_else(|| by_condition(self)),
        }
    }

    /// The professional behind the Reference `name`.
    pub(in crate::concept) fn professional(self, name: &str) -> Option<Professional> {
        self.get(name)?.professional_here()
    }

    /// The professional behind this Reference: a role, a person, or an organisation that stands for one.
    pub(in crate::concept) fn professional_here(self) -> Option<Professional> {
        match self.target() {
            Some(target) if target.is("PractitionerRole") => Some(role(target)),
            Some(target) if target.is("Practitioner") => Some(person(target, Professional::default())),
            Some(target) if target.is("Organization") => {
                Some(Professional { unit: organisation(target), ..Professional::default() })
            }
            _ => self.named_only(),
        }
    }

    /// A Reference that says itself who it is.
    fn named_only(self) -> Option<Professional> {
        let hsa_id = self.get("identifier").and_then(hsa_number);
        let name = self.peek("display");
        if hsa_id.is_none() && name.is_none() {
            self.note(unresolved(self.node()));
            return None;
        }
        Some(Professional { hsa_id, name, ..Professional::default() })
    }

    /// The organisation behind the Reference `name`.
    pub(in crate::concept) fn organisation(self, name: &str) -> Option<Organisation> {
        self.get(name)?.organisation_here()
    }

    /// The organisation behind this Reference.
    pub(in crate::concept) fn organisation_here(self) -> Option<Organisation> {
        let found = match self.target() {
            Some(target) if target.is("Organization") => organisation(target),
            // One step and no more: a role that names itself as its organisation must not lead us round in circles.
            Some(target) if target.is("PractitionerRole") => {
                target.target_of("organization", "Organization").and_then(organisation)
            }
            _ => self.get("identifier").and_then(hsa_number).map(|hsa_id| Organisation {
                hsa_id,
                name: self.peek("display"),
                caregiver: None,
            }),
        };
        if found.is_none() {
            self.note(unresolved(self.node()));
        }
        found
    }

    /// The first work phone of `telecom`.
    pub(in crate::concept) fn phone(self) -> Option<String> {
        let mut phones = self.list("telecom").filter(|point| point.peek("system").as_deref() == Some("phone"));
        let point = phones.next()?;
        point.skip("system");
        point.skip("use");
        point.string("value")
    }

    /// The HSA-id of this resource.
    pub(in crate::concept) fn hsa_id(self) -> Option<Hsa> {
        self.list("identifier").find_map(hsa_number)
    }

    /// The HSA-id that this Identifier holds.
    pub(in crate::concept) fn hsa_id_here(self) -> Option<Hsa> {
        hsa_number(self)
    }
}

fn contained<'a>(from: NodeRef<'a>, id: &str) -> Option<NodeRef<'a>> {
    let mut at = Some(from);
    while let Some(node) = at {
        if let Some(hit) = node.list("contained").find(|inner| inner.str_at("id").as_deref() == Some(id)) {
            return Some(hit);
        }
        at = node.parent();
    }
    None
}

fn patient_number(identifier: El<'_>) -> Option<Patient> {
    let value = identifier.peek("value")?;
    let patient = match identifier.peek("system") {
        Some(system) => Patient::parse_as(&system, &value),
        None => Patient::parse(&value),
    }?;
    identifier.take();
    Some(patient)
}

/// `Patient?identifier=system|value`.
fn by_condition(reference: El<'_>) -> Option<Patient> {
    let text = reference.peek("reference")?;
    Patient::parse(text.strip_prefix("Patient?identifier=")?)
}

fn hsa_number(identifier: El<'_>) -> Option<Hsa> {
    let system = identifier.peek("system")?;
    let value = (system == HSA || system == HSA_INERA).then(|| identifier.peek("value"))??;
    let hsa = Hsa::parse(&value)?;
    identifier.take();
    Some(hsa)
}

fn role(role: El<'_>) -> Professional {
    let (profession, other) = role_codes(role);
    let rest = Professional {
        profession,
        role: other,
        unit: role.organisation("organization"),
        phone: role.phone(),
        ..Professional::default()
    };
    match role.get("practitioner") {
        None => rest,
        Some(reference) => match reference.target() {
            Some(target) => person(target, rest),
            None => named(reference, rest),
        },
    }
}

fn named(reference: El<'_>, rest: Professional) -> Professional {
    let found = reference.named_only().unwrap_or_default();
    Professional { hsa_id: found.hsa_id, name: found.name, ..rest }
}

fn role_codes(role: El<'_>) -> (Option<Profession>, Option<crate::concept::parts::Coded>) {
    let mut profession = None;
    let mut other = None;
    for code in role.list("code") {
        let known = Profession::ALL
            .iter()
            .copied()
            .find(|p| code.coding(SCT).is_some_and(|c| c.fixed("code", profession_code(*p))));
        match known {
            Some(known) if profession.is_none() => profession = Some(known),
            _ if other.is_none() => other = Some(code.coded()),
            _ => {}
        }
    }
    (profession, other)
}

fn person(person: El<'_>, rest: Professional) -> Professional {
    let name = person.list("name").next();
    let given: Vec<String> =
        name.map(|name| name.list("given").filter_map(El::as_string).collect()).unwrap_or_default();
    Professional {
        hsa_id: person.hsa_id(),
        name: name.and_then(|name| name.string("text")),
        given: (!given.is_empty()).then(|| given.join(" ")),
        family: name.and_then(|name| name.string("family")),
        ..rest
    }
}

/// An Organization and the vårdgivare it is part of.
pub(in crate::concept) fn organisation(resource: El<'_>) -> Option<Organisation> {
    let caregiver = resource
        .get("partOf")
        .and_then(El::target)
        .and_then(|parent| Some(Caregiver { hsa_id: parent.hsa_id()?, name: parent.string("name") }));
    Some(Organisation { hsa_id: resource.hsa_id()?, name: resource.string("name"), caregiver })
}

fn unresolved(node: NodeRef<'_>) -> Issue {
    fault(
        node,
        IssueCode::NotFound,
        "reference-unresolved",
        "The Bundle does not hold what this refers to, or that has no HSA-id: it is left out of the concept.",
        "Samlingen innehåller inte det som detta hänvisar till, eller så saknar det HSA-id: det utelämnas ur begreppet.",
    )
    .with_severity(Severity::Warning)
}
