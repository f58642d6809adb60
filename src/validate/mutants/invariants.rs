//! Broken invariants: for each a recipe that breaks it wherever its type stands.

use serde_json::Value;

use crate::fhir::Library;

use super::place::Object;
use super::{Fault, Mutant, Original, Spoil};

pub(super) const KINDS: &[Spoil] = &[broken_invariant];

/// The invariant's key, the type that it is of, where it is told (below the type's place), and the edits that break it:
/// members of the type and their new values; an empty value takes the member out.
type Recipe = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

#[rustfmt::skip]
const RECIPES: &[Recipe] = &[
    ("att-1", "Attachment", "", &[("data", r#""YWJj""#), ("contentType", "")]),
    ("cpt-2", "ContactPoint", "", &[("value", r#""1""#), ("system", "")]),
    ("per-1", "Period", "", &[("start", r#""2026-03-02""#), ("end", r#""2026-03-01""#)]),
    ("per-1", "Period", "", &[("start", r#""2026-03-02T08:00:00Z""#), ("end", r#""2026-03-02T08:59:00+01:00""#)]),
    ("qty-3", "Quantity", "", &[("value", "1"), ("code", r#""mg""#), ("system", "")]),
    ("rng-2", "Range", "", &[("low", r#"{"value":2}"#), ("high", r#"{"value":1}"#)]),
    ("rat-1", "Ratio", "", &[("numerator", r#"{"value":1}"#), ("denominator", "")]),
    ("rat-1", "Ratio", "", &[("denominator", r#"{"value":1}"#), ("numerator", "")]),
    ("drt-1", "Duration", "", &[("code", r#""min""#), ("system", r#""http://a.example""#)]),
    ("drt-1", "Duration", "", &[("code", r#""min""#), ("system", r#""http://unitsofmeasure.org""#), ("value", ""), ("unit", r#""x""#)]),
    ("age-1", "Age", "", &[("value", "-1")]),
    ("age-1", "Age", "", &[("value", "1"), ("code", ""), ("system", "")]),
    ("tim-1", "Timing.repeat", "", &[("duration", "1"), ("durationUnit", "")]),
    ("tim-2", "Timing.repeat", "", &[("period", "1"), ("periodUnit", "")]),
    ("tim-4", "Timing.repeat", "", &[("duration", "-1"), ("durationUnit", r#""h""#)]),
    ("tim-5", "Timing.repeat", "", &[("period", "-1"), ("periodUnit", r#""d""#)]),
    ("tim-6", "Timing.repeat", "", &[("periodMax", "2"), ("period", "")]),
    ("tim-7", "Timing.repeat", "", &[("durationMax", "2"), ("duration", "")]),
    ("tim-8", "Timing.repeat", "", &[("countMax", "2"), ("count", "")]),
    ("tim-9", "Timing.repeat", "", &[("offset", "30"), ("when", "")]),
    ("tim-9", "Timing.repeat", "", &[("offset", "30"), ("when", r#"["CM"]"#), ("timeOfDay", "")]),
    ("tim-10", "Timing.repeat", "", &[("timeOfDay", r#"["08:00:00"]"#), ("when", r#"["MORN"]"#)]),
    ("ait-1", "AllergyIntolerance", "", &[("clinicalStatus", "")]),
    ("ait-2", "AllergyIntolerance", "", &[("verificationStatus",
        r#"{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-verification","code":"entered-in-error"}]}"#)]),
    ("app-1", "Appointment.participant", "", &[("actor", ""), ("type", "")]),
    ("app-2", "Appointment", "", &[("end", "")]),
    ("app-3", "Appointment", "", &[("start", ""), ("end", ""), ("minutesDuration", ""), ("status", r#""booked""#)]),
    ("app-4", "Appointment", "", &[("cancelationReason", r#"{"text":"x"}"#), ("status", r#""booked""#)]),
    ("cpl-3", "CarePlan.activity", "", &[("detail", r#"{"status":"scheduled"}"#), ("reference", r#"{"display":"x"}"#)]),
    ("con-4", "Condition", "", &[("abatementString", r#""x""#)]),
    ("con-5", "Condition", "", &[("verificationStatus",
        r#"{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-ver-status","code":"entered-in-error"}]}"#)]),
    ("con-1", "Condition", "/stage/0", &[("stage", r#"[{"type":{"text":"x"}}]"#)]),
    ("con-2", "Condition", "/evidence/0", &[("evidence", r#"[{"extension":[{"url":"http://a.example","valueString":"x"}]}]"#)]),
    ("ppc-1", "Consent", "", &[("policy", ""), ("policyRule", "")]),
    ("cmp-1", "Composition.section", "", &[("text", ""), ("entry", ""), ("section", "")]),
    ("cmp-2", "Composition.section", "", &[("entry", r#"[{"display":"x"}]"#), ("emptyReason", r#"{"text":"x"}"#)]),
    ("gol-1", "Goal.target", "", &[("detailString", r#""x""#), ("measure", "")]),
    ("imm-1", "Immunization", "/education/0", &[("education", r#"[{"publicationDate":"2026-03-02"}]"#)]),
    ("lst-1", "List", "", &[("entry", r#"[{"item":{"display":"x"}}]"#), ("emptyReason", r#"{"text":"x"}"#)]),
    ("lst-2", "List", "", &[("mode", r#""working""#), ("entry", r#"[{"deleted":true,"item":{"display":"x"}}]"#), ("emptyReason", "")]),
    ("lst-3", "List", "", &[("mode", r#""snapshot""#), ("entry", r#"[{"date":"2026-03-02","item":{"display":"x"}}]"#), ("emptyReason", "")]),
    ("mdd-1", "MedicationDispense", "", &[("whenPrepared", r#""2026-03-02""#), ("whenHandedOver", r#""2026-03-01""#)]),
    ("mad-1", "MedicationAdministration", "/dosage", &[("dosage", r#"{"text":"x"}"#)]),
    ("obs-3", "Observation", "/referenceRange/0", &[("referenceRange", r#"[{"type":{"text":"x"}}]"#)]),
    ("obs-6", "Observation", "", &[("dataAbsentReason", r#"{"text":"x"}"#), ("valueString", r#""x""#),
        ("valueQuantity", ""), ("valueCodeableConcept", ""), ("valueBoolean", "")]),
    ("obs-7", "Observation", "", &[("code", r#"{"coding":[{"code":"a"}]}"#), ("valueString", r#""x""#),
        ("valueQuantity", ""), ("valueCodeableConcept", ""), ("valueBoolean", ""),
        ("component", r#"[{"code":{"coding":[{"code":"a"}]},"valueString":"x"}]"#)]),
    ("org-1", "Organization", "", &[("name", ""), ("identifier", ""), ("active", "true")]),
    ("org-2", "Organization", "/address/0", &[("address", r#"[{"use":"home","text":"x"}]"#)]),
    ("org-3", "Organization", "/telecom/0", &[("telecom", r#"[{"system":"phone","value":"1","use":"home"}]"#)]),
    ("inv-1", "Parameters.parameter", "", &[("valueString", r#""x""#), ("part", r#"[{"name":"a","valueString":"x"}]"#)]),
    ("pat-1", "Patient", "/contact/0", &[("contact", r#"[{"gender":"female"}]"#)]),
    ("prr-1", "ServiceRequest", "", &[("orderDetail", r#"[{"text":"x"}]"#), ("code", "")]),
    ("inv-1", "Task", "", &[("authoredOn", r#""2026-03-02""#), ("lastModified", r#""2026-03-01""#)]),
    ("qrs-1", "QuestionnaireResponse.item", "", &[("answer", r#"[{"valueString":"x"}]"#), ("item", r#"[{"linkId":"z"}]"#)]),
    ("que-1", "Questionnaire.item", "", &[("type", r#""group""#), ("item", "")]),
    ("que-2", "Questionnaire", "", &[("item", r#"[{"linkId":"a","type":"string"},{"linkId":"a","type":"string"}]"#)]),
    ("que-3", "Questionnaire.item", "", &[("type", r#""display""#), ("code", r#"[{"code":"x"}]"#)]),
    ("que-4", "Questionnaire.item", "", &[("type", r#""choice""#), ("answerOption", r#"[{"valueString":"x"}]"#), ("answerValueSet", r#""http://a.example/v""#)]),
    ("que-5", "Questionnaire.item", "", &[("type", r#""boolean""#), ("answerOption", r#"[{"valueString":"x"}]"#)]),
    ("que-6", "Questionnaire.item", "", &[("type", r#""display""#), ("required", "true")]),
    ("que-7", "Questionnaire.item", "/enableWhen/0", &[("enableWhen", r#"[{"question":"a","operator":"exists","answerString":"x"}]"#)]),
    ("que-8", "Questionnaire.item", "", &[("type", r#""display""#), ("initial", r#"[{"valueString":"x"}]"#)]),
    ("que-9", "Questionnaire.item", "", &[("type", r#""display""#), ("readOnly", "true")]),
    ("que-10", "Questionnaire.item", "", &[("type", r#""date""#), ("maxLength", "5")]),
    ("que-11", "Questionnaire.item", "", &[("type", r#""choice""#), ("answerOption", r#"[{"valueString":"x"}]"#), ("initial", r#"[{"valueString":"x"}]"#)]),
    ("que-12", "Questionnaire.item", "", &[("enableWhen", r#"[{"question":"a","operator":"=","answerString":"x"},{"question":"a","operator":"=","answerString":"y"}]"#), ("enableBehavior", "")]),
    ("que-13", "Questionnaire.item", "", &[("initial", r#"[{"valueString":"x"},{"valueString":"y"}]"#), ("repeats", "")]),
    ("vsd-1", "ValueSet.compose.include", "", &[("system", ""), ("version", r#""1""#)]),
    ("vsd-2", "ValueSet.compose.include", "", &[("system", ""), ("valueSet", r#"["http://a.example/v"]"#), ("concept", r#"[{"code":"x"}]"#)]),
    ("vsd-3", "ValueSet.compose.include", "", &[("concept", r#"[{"code":"x"}]"#), ("filter", r#"[{"property":"a","op":"=","value":"b"}]"#)]),
    ("csd-1", "CodeSystem", "", &[("concept", r#"[{"code":"a"},{"code":"b","concept":[{"code":"a"}]}]"#)]),
    ("cmd-1", "ConceptMap.group.element.target", "", &[("equivalence", r#""narrower""#), ("comment", "")]),
    ("eld-2", "ElementDefinition", "", &[("min", "2"), ("max", r#""1""#)]),
    ("eld-3", "ElementDefinition", "/max", &[("max", r#""x""#)]),
    ("eld-8", "ElementDefinition", "", &[("patternString", r#""x""#), ("fixedString", r#""x""#)]),
    ("eld-18", "ElementDefinition", "", &[("isModifier", "true"), ("isModifierReason", "")]),
    ("eld-22", "ElementDefinition", "", &[("sliceIsConstraining", "true"), ("sliceName", "")]),
    ("sdf-4", "StructureDefinition", "", &[("baseDefinition", "")]),
    ("sdf-6", "StructureDefinition", "", &[("snapshot", ""), ("differential", "")]),
    ("sdf-18", "StructureDefinition", "", &[("contextInvariant", r#"["true"]"#)]),
    ("fhs-1", "FamilyMemberHistory", "", &[("ageString", r#""x""#), ("bornString", r#""x""#)]),
    ("grp-1", "Group", "", &[("actual", "false"), ("member", r#"[{"entity":{"display":"x"}}]"#)]),
];

/// Small valid resources of types that are not among the gateway's own.
pub(super) const SAMPLES: &[&str] = &[
    r#"{"resourceType":"AllergyIntolerance","patient":{"reference":"Patient/1"},"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical","code":"active"}]},"onsetAge":{"value":4,"system":"http://unitsofmeasure.org","code":"a"}}"#,
    r#"{"resourceType":"Condition","subject":{"reference":"Patient/1"},"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"onsetRange":{"low":{"value":1},"high":{"value":2}}}"#,
    r#"{"resourceType":"Composition","status":"final","type":{"text":"x"},"date":"2026-03-02","title":"x","author":[{"display":"x"}],"section":[{"title":"a","entry":[{"display":"x"}]}]}"#,
    r#"{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"x"},"subject":{"reference":"Patient/1"},"target":[{"measure":{"text":"x"},"dueDate":"2026-03-02"}]}"#,
    r#"{"resourceType":"Immunization","status":"completed","vaccineCode":{"text":"x"},"patient":{"reference":"Patient/1"},"occurrenceDateTime":"2026-03-02"}"#,
    r#"{"resourceType":"MedicationDispense","status":"completed","medicationCodeableConcept":{"text":"x"}}"#,
    r#"{"resourceType":"MedicationAdministration","status":"completed","medicationCodeableConcept":{"text":"x"},"subject":{"reference":"Patient/1"},"effectiveDateTime":"2026-03-02","dosage":{"rateRatio":{"numerator":{"value":1},"denominator":{"value":2}}}}"#,
    r#"{"resourceType":"Parameters","parameter":[{"name":"a","valueString":"x"}]}"#,
    r#"{"resourceType":"ServiceRequest","status":"active","intent":"order","code":{"text":"x"},"subject":{"reference":"Patient/1"}}"#,
    r#"{"resourceType":"Task","status":"requested","intent":"order","authoredOn":"2026-03-02","lastModified":"2026-03-03"}"#,
    r#"{"resourceType":"QuestionnaireResponse","status":"completed","item":[{"linkId":"a","answer":[{"valueString":"x"}]}]}"#,
    r#"{"resourceType":"Questionnaire","status":"draft","item":[{"linkId":"a","type":"string","text":"x"},{"linkId":"b","type":"group","item":[{"linkId":"c","type":"choice","answerOption":[{"valueString":"x"}]}]}]}"#,
    r#"{"resourceType":"ValueSet","status":"draft","name":"A","compose":{"include":[{"system":"http://a.example"}]}}"#,
    r#"{"resourceType":"CodeSystem","status":"draft","content":"complete","concept":[{"code":"a"}]}"#,
    r#"{"resourceType":"ConceptMap","status":"draft","group":[{"element":[{"code":"a","target":[{"code":"b","equivalence":"equal"}]}]}]}"#,
    r#"{"resourceType":"StructureDefinition","url":"http://a.example/p","name":"A","status":"draft","kind":"resource","abstract":false,"type":"Patient","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint","differential":{"element":[{"id":"Patient","path":"Patient"},{"id":"Patient.active","path":"Patient.active","min":1}]}}"#,
    r#"{"resourceType":"FamilyMemberHistory","status":"completed","patient":{"reference":"Patient/1"},"relationship":{"text":"x"}}"#,
    r#"{"resourceType":"Group","type":"person","actual":true}"#,
    r#"{"resourceType":"Encounter","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"HH"},"length":{"value":90,"system":"http://unitsofmeasure.org","code":"min"}}"#,
    r#"{"resourceType":"DocumentReference","status":"current","content":[{"attachment":{"contentType":"application/pdf","data":"YWJj"}}]}"#,
];

fn broken_invariant(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for object in original.objects() {
        for (key, _, place, edits) in RECIPES.iter().filter(|recipe| recipe.1 == object.shape.def.name) {
            let faults = vec![Fault { rule: "invariant", key, pointer: format!("{}{place}", object.pointer) }];
            let pointers: Vec<String> = edits.iter().map(|(name, _)| object.at(name)).collect();
            let edits = edits.iter().zip(&pointers).filter_map(|(edit, pointer)| new_value(&object, edit, pointer));
            let edits: Vec<_> = edits.collect();
            original.spoil_all(out, "broken-invariant", &edits, faults);
        }
    }
}

/// What is not there need not be taken out.
fn new_value<'p>(object: &Object<'_>, edit: &(&str, &str), pointer: &'p str) -> Option<(&'p str, Option<Value>)> {
    let (name, json) = edit;
    match *json {
        "" => object.value.contains_key(*name).then_some((pointer, None)),
        json => Some((pointer, Some(serde_json::from_str(json).ok()?))),
    }
}
