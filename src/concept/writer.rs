//! Towards FHIR: the transaction Bundle, its references, and the parts that all concepts share.

use sha2::{Digest, Sha256};

use super::Mapped;
use super::ids::{Hsa, Identifier, Patient};
use super::parts::{Caregiver, Coded, Organisation, Period, Profession, Professional, Quantity};
use super::systems::{EXTENSION, HSA, LM, PART_ID, ROLE_ID, SCT, UCUM};
use crate::fhir::{Issue, IssueCode, Severity, Value};

/// Collects the entries of a transaction.
pub(super) struct Writer<'a> {
    ids: &'a mut dyn FnMut() -> String,
    entries: Vec<Value>,
    shared: Vec<Shared>,
    issues: Vec<Issue>,
}

/// A resource that others use too, created only if it is not there.
struct Shared {
    condition: String,
    url: String,
    /// Its place among the entries.
    entry: usize,
}

impl<'a> Writer<'a> {
    pub(super) fn new(ids: &'a mut dyn FnMut() -> String) -> Self {
        Self { ids, entries: Vec::new(), shared: Vec::new(), issues: Vec::new() }
    }

    pub(super) fn finish(self) -> Mapped {
        let bundle = resource("Bundle").with("type", "transaction").with("entry", self.entries);
        Mapped { bundle, issues: self.issues }
    }

    pub(super) fn note(&mut self, issue: Issue) {
        self.issues.push(issue);
    }

    /// A resource of the concept's own: replaced when it has a business identifier, else created. Gives a Reference.
    pub(super) fn own(&mut self, identifier: Option<&Identifier>, resource: Value) -> Value {
        let kind = kind_of(&resource);
        let request = match identifier {
            Some(id) => request("PUT", format!("{kind}?{}", condition(&id.system, &id.value))),
            None => request("POST", kind),
        };
        let url = self.fresh();
        self.push(&url, resource, request);
        reference(&url)
    }

    /// A part of the concept with no name of its own: it takes one from `whole`, so that it is replaced with it.
    pub(super) fn part(&mut self, whole: Option<&Identifier>, part: &str, resource: Value) -> Value {
        let identifier = whole.map(|whole| Identifier {
            system: PART_ID.to_owned(),
            value: digest(&format!("{}|{}|{part}", whole.system, whole.value)),
        });
        let named = match &identifier {
            Some(id) => resource.with("identifier", [self::identifier(id)]),
            None => resource,
        };
        self.own(identifier.as_ref(), named)
    }

    /// A resource that others use too: created only if none has that identifier. Gives a Reference.
    pub(super) fn shared(&mut self, system: &str, value: &str, resource: Value) -> Value {
        let kind = kind_of(&resource);
        let condition = format!("{kind}?{}", condition(system, value));
        if let Some(known) = self.shared.iter().find(|known| known.condition == condition) {
            let (url, entry) = (known.url.clone(), known.entry);
            self.complete(entry, &resource);
            return reference(&url);
        }
        let url = self.fresh();
        let query = condition.split_once('?').map_or("", |(_, query)| query).to_owned();
        self.shared.push(Shared { condition, url: url.clone(), entry: self.entries.len() });
        self.push(&url, resource, request("POST", kind).with("ifNoneExist", query));
        reference(&url)
    }

    /// A resource that is spoken of again: what was not said the first time is added, what differs is reported.
    fn complete(&mut self, entry: usize, again: &Value) {
        let Some(Value::Object(members)) = self.entries.get_mut(entry) else { return };
        let Some((_, known)) = members.iter_mut().find(|(name, _)| name == "resource") else { return };
        let Value::Object(said) = again else { return };
        let mut differs = false;
        for (name, value) in said {
            match known.get(name) {
                Some(before) => differs |= before != value,
                None => {
                    known.set(name, value.clone());
                }
            }
        }
        if differs {
            self.note(two_faces());
        }
    }

    /// Who answers for something: a professional's role, or the unit alone.
    pub(super) fn performer(&mut self, who: &Professional) -> Value {
        let unit = who.unit.as_ref().filter(|_| Professional { unit: None, ..who.clone() } == Professional::default());
        match unit {
            Some(unit) => self.organisation(unit),
            None => self.professional(who),
        }
    }

    /// The patient, who must be known already.
    pub(super) fn patient(&self, patient: &Patient) -> Value {
        let (system, value) = (patient.0.system(), patient.0.value());
        Value::object()
            .with("reference", format!("Patient?{}", condition(system, value)))
            .with("identifier", Value::object().with("system", system).with("value", value))
    }

    pub(super) fn organisation(&mut self, unit: &Organisation) -> Value {
        self.organisation_of_type(unit, Value::Null)
    }

    /// An organisation with the code of what it is.
    pub(super) fn organisation_of_type(&mut self, unit: &Organisation, kind: Value) -> Value {
        let part_of = unit.caregiver.as_ref().map(|caregiver| self.caregiver(caregiver));
        let resource =
            organisation(&unit.hsa_id, unit.name.as_deref()).with("type", listed(kind)).with("partOf", part_of);
        self.shared(HSA, unit.hsa_id.as_str(), resource)
    }

    /// The place of a unit, under the unit's HSA-id.
    pub(super) fn location(&mut self, unit: &Organisation) -> Value {
        let organisation = self.organisation(unit);
        let place = resource("Location")
            .with("identifier", [hsa_identifier(&unit.hsa_id)])
            .with("status", "active")
            .with("name", unit.name.clone())
            .with("managingOrganization", organisation);
        self.shared(HSA, unit.hsa_id.as_str(), place)
    }

    pub(super) fn caregiver(&mut self, caregiver: &Caregiver) -> Value {
        let kind = coding_concept(SCT, "143591000052106");
        let resource = organisation(&caregiver.hsa_id, caregiver.name.as_deref()).with("type", [kind]);
        self.shared(HSA, caregiver.hsa_id.as_str(), resource)
    }

    /// A professional's role. A role is a value: all its parts name it, so no other sender's role is overwritten.
    pub(super) fn professional(&mut self, who: &Professional) -> Value {
        let name = role_name(who);
        let identifier = Value::object().with("system", ROLE_ID).with("value", name.as_str());
        let mut role = resource("PractitionerRole");
        let person = self.person(who, &mut role);
        let unit = who.unit.as_ref().map(|unit| self.organisation(unit));
        role.set("identifier", [identifier]).set("active", true).set("practitioner", person).set("organization", unit);
        role.set("code", role_codes(who)).set("telecom", phone(who.phone.as_deref()));
        self.shared(ROLE_ID, &name, role)
    }

    /// Who has no HSA-id is known only inside the role.
    fn person(&mut self, who: &Professional, role: &mut Value) -> Value {
        let name = human_name(who);
        match &who.hsa_id {
            Some(hsa) => {
                let person =
                    resource("Practitioner").with("identifier", [hsa_identifier(hsa)]).with("name", listed(name));
                self.shared(HSA, hsa.as_str(), person)
            }
            None if name.is_absent() => Value::Null,
            None => {
                role.set("contained", [resource("Practitioner").with("id", "person").with("name", [name])]);
                reference("#person")
            }
        }
    }

    fn fresh(&mut self) -> String {
        format!("urn:uuid:{}", (self.ids)())
    }

    fn push(&mut self, url: &str, resource: Value, request: Value) {
        self.entries.push(Value::object().with("fullUrl", url).with("resource", resource).with("request", request));
    }
}

fn two_faces() -> Issue {
    Issue::error(
        IssueCode::BusinessRule,
        "directory-conflict",
        "The same HSA-id stands with two different names or units: the first was kept. Correct the other.",
        "Samma HSA-id står med två olika namn eller enheter: det första behölls. Rätta det andra.",
    )
    .with_severity(Severity::Warning)
}

/// A resource of that type without elements.
pub(super) fn resource(kind: &str) -> Value {
    Value::object().with("resourceType", kind)
}

fn kind_of(resource: &Value) -> String {
    resource.get("resourceType").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn request(method: &str, url: String) -> Value {
    Value::object().with("method", method).with("url", url)
}

pub(super) fn reference(url: &str) -> Value {
    Value::object().with("reference", url)
}

/// A list of one, or nothing.
pub(super) fn listed(value: Value) -> Value {
    if value.is_absent() { Value::Null } else { Value::Array(vec![value]) }
}

/// `identifier=system|value` as part of a URL: FHIR's own escapes first, then those of URLs.
fn condition(system: &str, value: &str) -> String {
    format!("identifier={}|{}", escaped(system), escaped(value))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | ',' | '|' | '$') {
            out.push('\\');
        }
        out.push(c);
    }
    percent_encoding::utf8_percent_encode(&out, QUERY).to_string()
}

/// What may not stand in the value of a query parameter.
const QUERY: &percent_encoding::AsciiSet = &percent_encoding::CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// 32 hexadecimal digits that stand for a text.
pub(super) fn digest(text: &str) -> String {
    Sha256::digest(text).iter().take(16).fold(String::with_capacity(32), |hex, byte| hex + &format!("{byte:02x}"))
}

fn role_name(who: &Professional) -> String {
    #[expect(clippy::expect_used, reason = "a tree of strings always has a JSON form")]
    digest(&serde_json::to_string(who).expect("strings serialise"))
}

fn role_codes(who: &Professional) -> Vec<Value> {
    let profession = who.profession.map(|p| coding_concept(SCT, profession_code(p)));
    profession.into_iter().chain(who.role.as_ref().map(codeable)).collect()
}

/// SNOMED CT: 309343006 physician, 224535009 registered nurse.
pub(super) fn profession_code(profession: Profession) -> &'static str {
    match profession {
        Profession::Physician => "309343006",
        Profession::Nurse => "224535009",
    }
}

fn human_name(who: &Professional) -> Value {
    Value::object()
        .with("text", who.name.clone())
        .with("family", who.family.clone())
        .with("given", who.given.clone().map(|given| vec![given]))
}

fn organisation(hsa: &Hsa, name: Option<&str>) -> Value {
    resource("Organization").with("identifier", [hsa_identifier(hsa)]).with("active", true).with("name", name)
}

pub(super) fn hsa_identifier(hsa: &Hsa) -> Value {
    Value::object().with("system", HSA).with("value", hsa.as_str())
}

/// A work phone as `telecom`.
pub(super) fn phone(number: Option<&str>) -> Value {
    let point = |number: &str| Value::object().with("system", "phone").with("value", number).with("use", "work");
    number.map(|number| vec![point(number)]).into()
}

pub(super) fn identifier(id: &Identifier) -> Value {
    Value::object().with("system", id.system.as_str()).with("value", id.value.as_str())
}

/// The concept's own identifier as a list.
pub(super) fn identifiers(id: Option<&Identifier>) -> Value {
    id.map(|id| vec![identifier(id)]).into()
}

pub(super) fn coding(system: &str, code: &str) -> Value {
    Value::object().with("system", system).with("code", code)
}

/// A CodeableConcept of one coding.
pub(super) fn coding_concept(system: &str, code: &str) -> Value {
    Value::object().with("coding", [coding(system, code)])
}

/// A CodeableConcept of one of the product's own codes.
pub(super) fn local(code: &str) -> Value {
    coding_concept(LM, code)
}

pub(super) fn codeable(coded: &Coded) -> Value {
    let coding = Value::object()
        .with("system", coded.system.clone())
        .with("code", coded.code.clone())
        .with("display", coded.display.clone());
    Value::object().with("coding", listed(coding)).with("text", coded.text.clone())
}

pub(super) fn quantity(quantity: &Quantity) -> Value {
    Value::object()
        .with("value", Value::Number(quantity.value.as_str().to_owned()))
        .with("unit", quantity.unit.clone())
        .with("system", quantity.ucum.as_ref().map(|_| UCUM))
        .with("code", quantity.ucum.clone())
}

pub(super) fn period(period: &Period) -> Value {
    Value::object()
        .with("start", period.start.as_ref().map(|at| at.as_str()))
        .with("end", period.end.as_ref().map(|at| at.as_str()))
}

/// One of our extensions, `value` under the name `value[x]` that fits its type; absent values give no extension.
pub(super) fn extension(name: &str, member: &str, value: impl Into<Value>) -> Option<Value> {
    let value = value.into();
    (!value.is_absent()).then(|| Value::object().with("url", format!("{EXTENSION}{name}")).with(member, value))
}
