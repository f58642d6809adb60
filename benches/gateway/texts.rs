//! Resources as the two sides send them.

use serde_json::{Value, json};

/// The region's HSA-id.
pub const REGION: &str = "SE2321000222-0001";
/// The municipality's HSA-id.
pub const KOMMUN: &str = "SE2120002627-0001";

const LM: &str = "https://vardbro.example/fhir/CodeSystem/lm";
const HSA: &str = "urn:oid:1.2.752.29.4.19";
const OWN: &str = "https://vardsystem.example/id";
const CAREGIVER: (&str, &str) = ("http://snomed.info/sct", "143591000052106");

/// An Organization: its place in the hierarchy, HSA-id, our type code, and further identifiers and types.
fn organization(id: &str, hsa: &str, kind: &str, part_of: Option<&str>) -> Value {
    let mut organization = json!({
        "resourceType": "Organization", "id": id, "active": true, "name": format!("Organisation {id}"),
        "identifier": [{ "system": HSA, "value": hsa }],
        "type": [{ "coding": [{ "system": LM, "code": kind }] }],
    });
    if let Some(part_of) = part_of {
        organization["partOf"] = json!({ "reference": format!("Organization/{part_of}") });
    }
    organization
}

/// The region, or the municipality: a vårdgivare with a code of the country's.
pub fn party(id: &str, hsa: &str, kind: &str, (system, code): (&str, &str)) -> Value {
    let mut party = organization(id, hsa, kind, None);
    party["type"] = json!([{ "coding": [
        { "system": CAREGIVER.0, "code": CAREGIVER.1 }, { "system": LM, "code": kind },
    ] }]);
    party["identifier"] = json!([{ "system": HSA, "value": hsa }, { "system": system, "value": code }]);
    party
}

/// A hälsocentral of the region.
pub fn health_centre(id: &str) -> Value {
    organization(id, &format!("SE2321000222-{}", id.to_uppercase()), "halsocentral", Some("region"))
}

/// A unit of the municipality.
pub fn unit(id: &str) -> Value {
    organization(id, &format!("SE2120002627-{}", id.to_uppercase()), "sarskilt-boende", Some("kommun"))
}

/// The hälsocentral that a unit belongs to.
pub fn affiliation(id: &str, unit: &str, health_centre: &str) -> Value {
    json!({
        "resourceType": "OrganizationAffiliation", "id": id, "active": true,
        "organization": { "reference": format!("Organization/{health_centre}") },
        "participatingOrganization": { "reference": format!("Organization/{unit}") },
        "code": [{ "coding": [{ "system": LM, "code": "halsocentralstillhorighet" }] }],
        "period": { "start": "2024-01-01" },
    })
}

/// The number by which a hälsocentral is reached.
pub fn direct_number(id: &str, health_centre: &str) -> Value {
    json!({
        "resourceType": "HealthcareService", "id": id, "active": true,
        "providedBy": { "reference": format!("Organization/{health_centre}") },
        "type": [{ "coding": [{ "system": LM, "code": "direktlinje-kommun" }] }],
        "telecom": [{ "system": "phone", "value": "090-000 00 00" }],
    })
}

/// A physician.
pub fn practitioner(id: &str) -> Value {
    json!({
        "resourceType": "Practitioner", "id": id,
        "identifier": [{ "system": HSA, "value": "SE2321000222-L001" }],
        "name": [{ "family": "Exempelsson", "given": ["Lena"] }],
    })
}

/// The physician's place at a hälsocentral.
pub fn role(id: &str, practitioner: &str, health_centre: &str) -> Value {
    json!({
        "resourceType": "PractitionerRole", "id": id, "active": true,
        "practitioner": { "reference": format!("Practitioner/{practitioner}") },
        "organization": { "reference": format!("Organization/{health_centre}") },
        "code": [{ "coding": [{ "system": "http://snomed.info/sct", "code": "309343006" }] }],
        "telecom": [{ "system": "phone", "value": "090-000 00 01" }],
    })
}

/// A patient listed at a hälsocentral.
pub fn patient(id: &str, health_centre: &str) -> Value {
    json!({
        "resourceType": "Patient", "id": id, "active": true,
        "identifier": [{ "system": OWN, "value": id }],
        "name": [{ "family": "Exempelsson", "given": ["Erik"] }], "gender": "male", "birthDate": "1940-02-29",
        "generalPractitioner": [{ "reference": format!("Organization/{health_centre}") }],
    })
}

/// A patient's enrolment at a unit.
pub fn enrolment(id: &str, patient: &str, unit: &str, health_centre: &str) -> Value {
    json!({
        "resourceType": "EpisodeOfCare", "id": id,
        "extension": [{
            "url": "https://vardbro.example/fhir/StructureDefinition/health-centre",
            "valueReference": { "reference": format!("Organization/{health_centre}") },
        }],
        "status": "active",
        "type": [{ "coding": [{ "system": LM, "code": "sarskilt-boende" }] }],
        "patient": { "reference": format!("Patient/{patient}") },
        "managingOrganization": { "reference": format!("Organization/{unit}") },
        "period": { "start": "2025-01-10" },
    })
}

/// A patient's named physician.
pub fn named_contact(id: &str, patient: &str, role: &str, health_centre: &str) -> Value {
    json!({
        "resourceType": "CareTeam", "id": id, "status": "active",
        "category": [{ "coding": [{
            "system": "https://fhir.inera.se/ig/careteam/CodeSystem/typ-av-careteam-cs", "code": "fast-kontakt",
        }] }],
        "subject": { "reference": format!("Patient/{patient}") },
        "period": { "start": "2025-01-12" },
        "participant": [{
            "role": [{ "coding": [{
                "system": "https://terminologitjansten.inera.se/inera-kodverksforvaltning/kodverk/kv_typ_av_fast_kontakt",
                "code": "2",
            }] }],
            "member": { "reference": format!("PractitionerRole/{role}") },
            "period": { "start": "2025-01-12" },
        }],
        "managingOrganization": [{ "reference": format!("Organization/{health_centre}") }],
    })
}

/// A medication list of these statements, or of none that are told.
pub fn medication_list(id: &str, patient: &str, role: &str, date: &str, items: &[String]) -> Value {
    let mut list = json!({
        "resourceType": "List", "id": id, "status": "current", "mode": "working",
        "code": { "coding": [
            { "system": "http://loinc.org", "code": "10160-0" },
            { "system": "http://terminology.hl7.org/CodeSystem/list-example-use-codes", "code": "medications" },
        ] },
        "subject": { "reference": format!("Patient/{patient}") }, "date": date,
        "source": { "reference": format!("PractitionerRole/{role}") },
    });
    if items.is_empty() {
        list["emptyReason"] = json!({ "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/list-empty-reason", "code": "nilknown",
        }] });
    } else {
        list["entry"] = items.iter().map(|item| json!({ "item": { "reference": item } })).collect();
    }
    list
}

/// A medicine of a patient, as long as they are in practice: 2 kB.
pub fn medication(patient: &str, number: u64) -> Value {
    let mut statement = json!({
        "resourceType": "MedicationStatement",
        "identifier": [{ "system": OWN, "value": format!("lm-{number}") }],
        "status": if number.is_multiple_of(4) { "completed" } else { "active" },
        "category": { "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/medication-statement-category", "code": "community",
        }] },
        "medicationCodeableConcept": {
            "coding": [{ "system": "http://www.whocc.no/atc", "code": "C07AB02", "display": "metoprolol" }],
            "text": "Metoprolol 50 mg",
        },
        "subject": { "reference": format!("Patient/{patient}") },
        "effectivePeriod": { "start": "2026-01-15" },
        "dateAsserted": "2026-03-02T08:00:00+01:00",
        "informationSource": { "reference": "PractitionerRole/role" },
        "reasonCode": [{ "text": "Högt blodtryck" }],
        "note": [{ "text": "" }],
        "dosage": [{
            "sequence": 1, "text": "1 tablett morgon, 1 tablett kväll",
            "timing": { "repeat": { "frequency": 2, "period": 1, "periodUnit": "d", "timeOfDay": ["08:00:00", "20:00:00"] } },
            "asNeededBoolean": false,
            "route": { "coding": [{ "system": "http://snomed.info/sct", "code": "26643006" }] },
            "doseAndRate": [{ "doseQuantity": { "value": 1.5, "unit": "tablett" } }],
        }],
    });
    let rest = 2000_usize.saturating_sub(statement.to_string().len());
    let words = "Ges med mat och ett glas vatten. ".repeat(rest / 32 + 1);
    statement["note"][0]["text"] = words[..rest].trim_end().into();
    statement
}

/// A transaction Bundle: each resource goes to its id, or to a new one.
pub fn transaction(resources: Vec<Value>) -> Value {
    let entries: Vec<Value> =
        resources.into_iter().enumerate().map(|(place, resource)| entry(place, &resource)).collect();
    json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries })
}

fn entry(place: usize, resource: &Value) -> Value {
    let kind = resource["resourceType"].as_str().unwrap_or_default();
    let request = match resource["id"].as_str() {
        Some(id) => json!({ "method": "PUT", "url": format!("{kind}/{id}") }),
        None => json!({ "method": "POST", "url": kind }),
    };
    json!({ "fullUrl": urn(place), "resource": resource, "request": request })
}

/// What other entries call the entry at a place.
pub fn urn(place: usize) -> String {
    format!("urn:uuid:00000000-0000-4000-8000-{place:012}")
}
