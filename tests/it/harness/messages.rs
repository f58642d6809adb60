//! Messages as record systems send them.

use serde_json::{Value, json};

/// A number of the Swedish Tax Agency's test series.
pub const NUMBER: &str = "191212121212";
/// Another one.
pub const OTHER_NUMBER: &str = "189002029800";
/// One that nobody has registered.
pub const UNKNOWN_NUMBER: &str = "199002222397";
/// The family name of every patient here.
pub const FAMILY: &str = "Tolvansson";
/// The system of personnummer.
pub const PERSONNUMMER: &str = "http://electronichealth.se/identifier/personnummer";

const LM: &str = "https://vardbro.example/fhir/CodeSystem/lm";
const HSA: &str = "urn:oid:1.2.752.29.4.19";
const SCT: &str = "http://snomed.info/sct";

pub fn patient(id: &str, number: &str) -> Value {
    json!({
        "resourceType": "Patient", "id": id,
        "identifier": [{"system": PERSONNUMMER, "value": number}],
        "name": [{"family": FAMILY, "given": ["Tolvan"]}],
        "birthDate": "1912-12-12"
    })
}

/// A conditional reference to the patient with a number, as concepts carry it.
pub fn by_number(number: &str) -> String {
    format!("Patient?identifier={PERSONNUMMER}|{number}")
}

pub fn caregiver(id: &str, hsa: &str, side: &str) -> Value {
    organisation(
        id,
        hsa,
        &json!([{"coding": [{"system": SCT, "code": "143591000052106"}]}, {"coding": [{"system": LM, "code": side}]}]),
        None,
    )
}

pub fn unit(id: &str, hsa: &str, code: &str, part_of: &str) -> Value {
    organisation(id, hsa, &json!([{"coding": [{"system": LM, "code": code}]}]), Some(part_of))
}

fn organisation(id: &str, hsa: &str, kind: &Value, part_of: Option<&str>) -> Value {
    let mut organisation = json!({
        "resourceType": "Organization", "id": id, "active": true,
        "identifier": [{"system": HSA, "value": hsa}], "name": format!("Enhet {id}"), "type": kind
    });
    if let Some(whole) = part_of {
        organisation["partOf"] = json!({"reference": format!("Organization/{whole}")});
    }
    organisation
}

/// An enrolment at a unit, with a hälsocentral of the region behind it.
pub fn enrolment(id: &str, patient: &str, unit: &str) -> Value {
    json!({
        "resourceType": "EpisodeOfCare", "id": id, "status": "active",
        "patient": {"reference": patient},
        "managingOrganization": {"reference": format!("Organization/{unit}")},
        "period": {"start": "2026-01-01"},
        "extension": [{
            "url": "https://vardbro.example/fhir/StructureDefinition/health-centre",
            "valueReference": {"reference": "Organization/hc"}
        }]
    })
}

pub fn statement(patient: &str, drug: &str) -> Value {
    json!({
        "resourceType": "MedicationStatement", "status": "active",
        "medicationCodeableConcept": {"coding": [{"system": "http://www.whocc.no/atc", "code": drug}]},
        "subject": {"reference": patient},
        "effectivePeriod": {"start": "2026-02-01"}
    })
}

/// A medication list without entries.
pub fn list(patient: &str) -> Value {
    json!({
        "resourceType": "List", "status": "current", "mode": "working",
        "code": {"coding": [{"system": "http://loinc.org", "code": "10160-0"}]},
        "subject": {"reference": patient}, "date": "2026-03-02T08:00:00+01:00"
    })
}

/// The same with a business identifier.
pub fn named_list(patient: &str, name: &str) -> Value {
    let mut list = list(patient);
    list["identifier"] = json!([{"system": "urn:example:list", "value": name}]);
    list
}

/// A transaction that stores a list with these medicines, each referred to by its `urn:uuid`.
pub fn list_with_statements(patient: &str, drugs: &[&str]) -> Value {
    let mut list = list(patient);
    list["entry"] = (0..drugs.len()).map(|n| json!({"item": {"reference": urn(n + 1)}})).collect();
    let mut entries = vec![post(&urn(0), &list)];
    entries.extend(drugs.iter().enumerate().map(|(n, drug)| post(&urn(n + 1), &statement(patient, drug))));
    bundle("transaction", &entries)
}

/// The concept medication-list.
pub fn list_concept(number: &str) -> Value {
    json!({
        "patient": number, "date": "2026-03-02",
        "medicines": [{"drug": {"atc": "C07AB02"}, "status": "active"}, {"drug": {"atc": "N02BE01"}, "status": "active"}]
    })
}

/// The name of an entry that others refer to it by.
pub fn urn(n: usize) -> String {
    format!("urn:uuid:00000000-0000-4000-8000-{n:012}")
}

pub fn bundle(kind: &str, entries: &[Value]) -> Value {
    if entries.is_empty() {
        return json!({"resourceType": "Bundle", "type": kind});
    }
    json!({"resourceType": "Bundle", "type": kind, "entry": entries})
}

/// An entry that creates.
pub fn post(full_url: &str, resource: &Value) -> Value {
    json!({"fullUrl": full_url, "resource": resource, "request": {"method": "POST", "url": resource["resourceType"]}})
}

/// An entry that puts a resource to its id.
pub fn put(resource: &Value) -> Value {
    let url = format!("{}/{}", resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap());
    json!({"resource": resource, "request": {"method": "PUT", "url": url}})
}

/// An entry without a resource.
pub fn request(method: &str, url: &str) -> Value {
    json!({"request": {"method": method, "url": url}})
}

/// A subscription to what matches the criteria.
pub fn subscription(id: &str, criteria: &str, endpoint: &str) -> Value {
    json!({
        "resourceType": "Subscription", "id": id, "status": "requested", "reason": "test", "criteria": criteria,
        "channel": {"type": "rest-hook", "endpoint": endpoint, "payload": "application/fhir+json"}
    })
}
