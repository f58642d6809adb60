//! Observations of vital signs meet the profile of their code, claimed or not
//! ([vital signs](https://hl7.org/fhir/R4/observation-vitalsigns.html)).

use crate::fhir::NodeRef;

/// The profile of the vital sign that an Observation's code means.
pub fn vital_sign(observation: NodeRef<'_>) -> Option<&'static str> {
    let codings = observation.get("code").into_iter().flat_map(|code| code.list("coding"));
    codings.filter_map(|coding| profile(&coding.str_at("system")?, &coding.str_at("code")?)).next()
}

fn profile(system: &str, code: &str) -> Option<&'static str> {
    Some(match (system, code) {
        ("http://loinc.org", "85353-1") => "http://hl7.org/fhir/StructureDefinition/vitalspanel",
        ("http://loinc.org", "9279-1") => "http://hl7.org/fhir/StructureDefinition/resprate",
        ("http://loinc.org", "8867-4") => "http://hl7.org/fhir/StructureDefinition/heartrate",
        ("http://loinc.org", "2708-6") => "http://hl7.org/fhir/StructureDefinition/oxygensat",
        ("http://loinc.org", "8310-5") => "http://hl7.org/fhir/StructureDefinition/bodytemp",
        ("http://loinc.org", "8302-2") => "http://hl7.org/fhir/StructureDefinition/bodyheight",
        ("http://loinc.org", "9843-4") => "http://hl7.org/fhir/StructureDefinition/headcircum",
        ("http://loinc.org", "29463-7") => "http://hl7.org/fhir/StructureDefinition/bodyweight",
        ("http://loinc.org", "39156-5") => "http://hl7.org/fhir/StructureDefinition/bmi",
        ("http://loinc.org", "85354-9") => "http://hl7.org/fhir/StructureDefinition/bp",
        // Core body temperature.
        ("http://snomed.info/sct", "276885007") => "http://hl7.org/fhir/StructureDefinition/bodytemp",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::Document;

    #[test]
    fn the_code_tells_the_vital_sign() {
        let json =
            r#"{"code":{"coding":[{"system":"urn:x","code":"8310-5"},{"system":"http://loinc.org","code":"8310-5"}]}}"#;
        let document = Document::parse(json).unwrap();
        assert!(vital_sign(document.root()).unwrap().ends_with("/bodytemp"));
        assert_eq!(vital_sign(Document::parse("{}").unwrap().root()), None);
    }
}
