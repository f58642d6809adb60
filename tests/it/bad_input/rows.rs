//! The rows.

use crate::harness::RESIDENT;
use crate::harness::messages::*;
use serde_json::{Value, json};

/// A request that must be refused.
pub struct Row {
    pub name: &'static str,
    pub method: &'static str,
    pub path: String,
    pub headers: Vec<(&'static str, &'static str)>,
    pub body: Vec<u8>,
    pub status: u16,
    /// Names of rules that must be among the issues.
    pub rules: &'static [&'static str],
    /// A JSON pointer that must be among the locations; empty where there is none to tell.
    pub pointer: &'static str,
}

type Rules = &'static [&'static str];

fn row(
    name: &'static str,
    method: &'static str,
    path: &str,
    body: impl Into<Vec<u8>>,
    status: u16,
    rules: Rules,
) -> Row {
    let headers = if body_expected(method) { vec![("Content-Type", "application/fhir+json")] } else { Vec::new() };
    Row { name, method, path: path.into(), headers, body: body.into(), status, rules, pointer: "" }
}

fn body_expected(method: &str) -> bool {
    matches!(method, "POST" | "PUT")
}

impl Row {
    fn at(self, pointer: &'static str) -> Self {
        Self { pointer, ..self }
    }

    fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name, value));
        self
    }
}

/// The valid patient with one member replaced, or taken away.
fn spoilt(member: &str, value: Value) -> Vec<u8> {
    let mut patient = patient("resident", NUMBER);
    patient[member] = value;
    patient.to_string().into_bytes()
}

fn concept(member: &str, value: Value) -> Vec<u8> {
    let mut list = list_concept(NUMBER);
    list[member] = value;
    list.to_string().into_bytes()
}

/// All rows.
pub fn rows() -> Vec<Row> {
    let all = [texts(), resources(), references(), requests(), searches(), concepts(), bundles()];
    all.into_iter().flatten().collect()
}

/// What is no JSON, or no FHIR JSON.
fn texts() -> Vec<Row> {
    let create = |name, body: Vec<u8>, status, rules| row(name, "POST", "/fhir/Patient", body, status, rules);
    let whole = patient("resident", NUMBER).to_string();
    let twice = format!(r#"{{"birthDate":"1912-12-12",{}"#, whole.get(1..).unwrap());
    let deep = format!(r#"{{"resourceType":"Patient","extension":{}{}}}"#, "[".repeat(5000), "]".repeat(5000));
    vec![
        create("truncated JSON", whole.as_bytes()[..whole.len() - 9].to_vec(), 400, &["json-syntax"]),
        create("empty body", Vec::new(), 400, &["json-syntax"]),
        create("blank body", b"  \n".to_vec(), 400, &["json-syntax"]),
        create("array body", format!("[{whole}]").into(), 400, &["resource-type-missing"]),
        create("text body", format!("\"{NUMBER}\"").into(), 400, &["resource-type-missing"]),
        create("null body", b"null".to_vec(), 400, &["resource-type-missing"]),
        create("a member twice", twice.into(), 400, &["json-duplicate-key"]),
        create("deep nesting", deep.into(), 400, &["json-depth"]),
        create("not UTF-8", [whole.as_bytes(), b"\xff"].concat(), 400, &["json-utf8"]),
        create(
            "UTF-8 cut short in a name",
            b"{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"Tolvansson\xc3\"}]}".to_vec(),
            400,
            &["json-utf8"],
        ),
        create("raw control character", whole.replace("Tolvansson", "Tolvansson\u{1}").into(), 400, &["json-syntax"]),
        create("trailing text", format!("{whole}{whole}").into(), 400, &["json-syntax"]),
        create("single quotes", whole.replace('"', "'").into(), 400, &["json-syntax"]),
        create("number with a leading zero", whole.replace("\"1912-12-12\"", "01912").into(), 400, &["json-syntax"]),
        create("NaN", whole.replace("\"1912-12-12\"", "NaN").into(), 400, &["json-syntax"]),
        create("more than is taken", vec![b' '; 50 << 20], 413, &["json-size"]),
        create("XML", format!("<Patient><id value=\"{NUMBER}\"/></Patient>").into(), 415, &["media-type"])
            .with("Content-Type", "application/fhir+xml"),
    ]
}

/// Resources that break R4's rules.
fn resources() -> Vec<Row> {
    let put = |name, body: Vec<u8>, status, rules| row(name, "PUT", "/fhir/Patient/resident", body, status, rules);
    let observation = |value: &str| {
        let text =
            r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":VALUE}}"#;
        row("a number too long", "POST", "/fhir/Observation", text.replace("VALUE", value), 422, &["decimal-digits"])
    };
    vec![
        put("unknown element", spoilt("nickname", FAMILY.into()), 422, &["element-unknown"]).at("/nickname"),
        put("unknown resource type", spoilt("resourceType", "Unicorn".into()), 400, &["resource-type-differs"])
            .at("/resourceType"),
        put("another resource type", spoilt("resourceType", "Person".into()), 400, &["resource-type-differs"])
            .at("/resourceType"),
        put("resource type that is a number", spoilt("resourceType", 1.into()), 400, &["resource-type-missing"]),
        put("another id", spoilt("id", "another".into()), 400, &["id-differs"]).at("/id"),
        put("an id that is a number", spoilt("id", 1.into()), 400, &["id-differs"]).at("/id"),
        put("a wrong type", spoilt("name", FAMILY.into()), 422, &["array-expected"]).at("/name"),
        put("an object for a text", spoilt("birthDate", json!({"year": 1912})), 422, &["json-kind"]).at("/birthDate"),
        put("a bad date", spoilt("birthDate", "1912-02-30".into()), 422, &["date-format"]).at("/birthDate"),
        put("a date in words", spoilt("birthDate", NUMBER.into()), 422, &["date-format"]).at("/birthDate"),
        put("a boolean in words", spoilt("active", "yes".into()), 422, &["json-kind"]).at("/active"),
        put("an empty text", spoilt("name", json!([{"family": ""}])), 422, &["string-empty"]).at("/name/0/family"),
        put("an empty object", spoilt("name", json!([{}])), 422, &["object-empty"]).at("/name/0"),
        put("an empty array", spoilt("name", json!([])), 422, &["array-empty"]).at("/name"),
        put("null", spoilt("birthDate", Value::Null), 422, &["null-value"]).at("/birthDate"),
        put(
            "two of a choice",
            {
                let mut both = patient("resident", NUMBER);
                both["deceasedBoolean"] = true.into();
                both["deceasedDateTime"] = "2026-01-01".into();
                both.to_string().into_bytes()
            },
            422,
            &["choice-several"],
        ),
        put("control characters", spoilt("name", json!([{"family": "Tolvansson\u{1}"}])), 422, &["string-characters"])
            .at("/name/0/family"),
        put(
            "an active narrative",
            spoilt(
                "text",
                json!({"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><script>Tolvansson</script></div>"}),
            ),
            422,
            &["narrative-active"],
        ),
        put("an unknown code", spoilt("gender", FAMILY.into()), 422, &["code-unknown"]).at("/gender"),
        observation(&format!("1.{}", "1".repeat(40))).at("/valueQuantity/value"),
        row(
            "a required element is missing",
            "POST",
            "/fhir/MedicationStatement",
            json!({"resourceType": "MedicationStatement", "status": "active", "subject": {"reference": RESIDENT}})
                .to_string(),
            422,
            &["cardinality-min"],
        ),
    ]
}

/// References that lead where they must not.
fn references() -> Vec<Row> {
    let create = |name, reference: &str, status, rules| {
        row(name, "POST", "/fhir/MedicationStatement", statement(reference, "N02BE01").to_string(), status, rules)
    };
    vec![
        create("an unknown patient", "Patient/nobody", 422, &["patient-unknown"]).at("/subject/reference"),
        create(
            "a conditional reference outside a transaction",
            &by_number(UNKNOWN_NUMBER),
            422,
            &["reference-conditional"],
        )
        .at("/subject/reference"),
        create("a reference to a type that cannot be one", "Organization/hc", 422, &["reference-target"])
            .at("/subject/reference"),
        create("a reference of no form", "not a reference", 422, &["reference-form"]).at("/subject/reference"),
        create("a reference into nothing contained", "#nothing", 422, &["reference-contained"])
            .at("/subject/reference"),
        row(
            "a list for an unknown patient",
            "POST",
            "/fhir/List",
            list("Patient/nobody").to_string(),
            422,
            &["patient-unknown"],
        )
        .at("/subject/reference"),
    ]
}

/// Requests whose address or headers can't be meant.
fn requests() -> Vec<Row> {
    let good = || patient("resident", NUMBER).to_string();
    vec![
        row("If-Match garbage", "PUT", "/fhir/Patient/resident", good(), 412, &["if-match"])
            .with("If-Match", "garbage"),
        row("If-Match of long ago", "PUT", "/fhir/Patient/resident", good(), 412, &["if-match"])
            .with("If-Match", "W/\"99\""),
        row("an unknown type", "POST", "/fhir/Unicorn", good(), 404, &["type-unknown"]),
        row("an id of no form", "PUT", "/fhir/Patient/a%20b", good(), 404, &["not-found"]),
        row("an id that is a number of a person", "PUT", "/fhir/Patient/191212121212", good(), 400, &["id-personal"]),
        row("a condition that asks nothing", "POST", "/fhir/Patient", good(), 400, &["condition-empty"])
            .with("If-None-Exist", "_format=json"),
        row("a conditional update of everything", "PUT", "/fhir/Patient", good(), 400, &["condition-empty"]),
        row("writing the audit log", "POST", "/fhir/AuditEvent", good(), 405, &["audit-is-ours"]),
        row("an unknown concept", "POST", "/concepts/unicorn", good(), 404, &["concept-unknown"]),
        row("a body of another media type", "POST", "/fhir", good(), 415, &["media-type"])
            .with("Content-Type", "image/png"),
        row("a version that was never", "GET", "/fhir/Patient/resident/_history/77", "", 404, &["not-found"]),
    ]
}

/// Searches that can't be understood.
fn searches() -> Vec<Row> {
    let get = |name, query: &str, rules| row(name, "GET", &format!("/fhir/Patient?{query}"), "", 400, rules);
    vec![
        get("a bad search value", "birthdate=19121212", &["search-value-invalid"]),
        get("an unknown modifier", "family:sounds=Tolvansson", &["search-modifier-unsupported"]),
        get("a bad count", "_count=Tolvansson", &["search-value-invalid"]),
        get("a bad page", "_page=Tolvansson", &["page-unknown"]),
        get("a bad sort", "_sort=Tolvansson", &["search-value-invalid"]),
        get("a bad include", "_include=Tolvansson", &["search-value-invalid"]),
        get("a number as the name of a parameter", "191212121212=1", &["search-parameter-unknown"])
            .with("Prefer", "handling=strict"),
        row("a bad audit search", "GET", "/fhir/AuditEvent?191212121212=1", "", 400, &["audit-parameter"]),
        row("a search form that is JSON", "POST", "/fhir/Patient/_search", "{}", 400, &["search-form"]),
        row(
            "a bad instant",
            "GET",
            "/obligations?subject=Patient/resident&asOf=Tolvansson",
            "",
            400,
            &["instant-invalid"],
        ),
    ]
}

/// Concepts that break their schema or their rules.
fn concepts() -> Vec<Row> {
    let post = |name, body: Vec<u8>, rules| {
        row(name, "POST", "/concepts/medication-list", body, 422, rules).with("Content-Type", "application/json")
    };
    let xml = |name, body: &str, rules| {
        row(name, "POST", "/concepts/medication-list", body, 422, rules).with("Content-Type", "application/xml")
    };
    vec![
        post("an unknown concept field", concept("nickname", FAMILY.into()), &["schema-unknown-member"])
            .at("/nickname"),
        post("a wrong check digit", concept("patient", "191212121213".into()), &["patient-identity"]).at("/patient"),
        post("a patient nobody knows", list_concept(UNKNOWN_NUMBER).to_string().into_bytes(), &["patient-unknown"]),
        post("a time in the spring gap", concept("date", "2026-03-29T02:30:00".into()), &["time-in-gap"]).at("/date"),
        post(
            "a concept without its patient",
            json!({"date": "2026-03-02", "medicines": []}).to_string().into_bytes(),
            &["schema-required"],
        ),
        post(
            "a drug that is a text",
            concept("medicines", json!([{"drug": "Tolvansson", "status": "active"}])),
            &["schema-type"],
        )
        .at("/medicines/0/drug"),
        row(
            "a concept that is no JSON",
            "POST",
            "/concepts/medication-list",
            "{\"patient\":\"19121212-1212\"",
            400,
            &["json-syntax"],
        ),
        xml("XML with a DOCTYPE", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>", &[]),
        xml("XML of something else", "<Patient>Tolvansson 191212121212</Patient>", &[]),
        xml("XML that ends too early", "<GetMedicationHistoryResponse>", &[]),
    ]
}

/// Bundles that can't be processed.
fn bundles() -> Vec<Row> {
    let post = |name, body: &Value, status, rules| row(name, "POST", "/fhir", body.to_string(), status, rules);
    let resident = patient("resident", NUMBER);
    let without_request = json!({"resource": resident});
    let mut stale = put(&resident);
    stale["request"]["ifMatch"] = "Tolvansson".into();
    vec![
        post("an entry without a request", &bundle("transaction", &[without_request]), 400, &["bundle-request"])
            .at("/entry/0"),
        post(
            "a method that does not exist",
            &bundle("transaction", &[request("STEAL", "Patient/resident")]),
            400,
            &["bundle-request"],
        ),
        post(
            "one resource twice",
            &bundle("transaction", &[put(&resident), put(&resident)]),
            400,
            &["transaction-overlap"],
        ),
        post("ifMatch garbage", &bundle("transaction", &[stale]), 400, &["bundle-request"]),
        post("a bundle of no sort", &json!({"resourceType": "Bundle"}), 400, &["bundle-type"]),
        post("no bundle", &resident, 400, &["bundle-type"]),
    ]
}
