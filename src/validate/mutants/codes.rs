//! Faults of codes and references.

use serde_json::{Value, json};

use crate::fhir::Library;
use crate::validate::shape::{Content, Family, Shapes};

use super::place::Single;
use super::{Fault, Mutant, Original, Spoil};

pub(super) const KINDS: &[Spoil] =
    &[bad_required_code, bad_required_concept, bad_reference, wrong_target, wrong_stated_type, lost_contained];

fn family(single: &Single<'_>) -> Option<Family> {
    match single.member.content {
        Content::Object(index) => Some(Shapes::r4().get(index).family),
        _ => None,
    }
}

fn bad_required_code(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for single in original.singles().iter().filter(|single| single.member.codes.is_some() && single.value.is_string()) {
        for code in ["okänd", "x-unknown", "NULL"] {
            let faults = vec![Fault::new("code-unknown", &single.pointer)];
            original.spoil(out, "bad-required-code", (&single.pointer, Some(json!(code))), faults);
        }
    }
}

/// Every coding of a required concept gets another code or system.
fn bad_required_concept(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for single in original.singles().iter().filter(|single| single.member.codes.is_some()) {
        let rules = ["code-unknown", "code-system-unknown", "coding-unknown"];
        let here = |ends: &[&str]| {
            ends.iter().flat_map(|end| Fault::any(&rules, &format!("{}{end}", single.pointer))).collect::<Vec<_>>()
        };
        match single.member.type_name {
            "CodeableConcept" => {
                let concept = json!({"coding": [{"system": "http://a.example", "code": "x"}]});
                let faults = here(&["", "/coding", "/coding/0", "/coding/0/code"]);
                original.spoil(out, "bad-required-concept", (&single.pointer, Some(concept)), faults);
            }
            "Coding" => {
                let coding = json!({"system": "http://a.example", "code": "x"});
                original.spoil(out, "bad-required-concept", (&single.pointer, Some(coding)), here(&["", "/code"]));
            }
            _ => {}
        }
    }
}

fn references(original: &Original) -> Vec<(String, Single<'_>)> {
    let singles = original.singles().into_iter();
    let with_text = singles.filter(|it| family(it) == Some(Family::Reference) && it.value["reference"].is_string());
    with_text.map(|single| (format!("{}/reference", single.pointer), single)).collect()
}

fn bad_reference(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for (pointer, _) in references(original) {
        for text in ["1", "Patienten/1", "Patient/", "Patient/a_b", "urn:uuid:1", "Patient//1"] {
            let rule = if text.starts_with("urn:") { "reference-urn" } else { "reference-form" };
            let faults = vec![Fault::new(rule, &pointer)];
            original.spoil(out, "bad-reference", (&pointer, Some(json!(text))), faults);
        }
    }
}

/// Types of which no element allows all.
const TYPES: [&str; 5] = ["Patient", "Account", "VisionPrescription", "Organization", "Linkage"];

fn wrong_target(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for (pointer, single) in references(original) {
        let targets = single.member.targets;
        for name in TYPES.into_iter().filter(|name| !targets.is_empty() && !targets.iter().any(|it| it == name)) {
            for text in [format!("{name}/1"), format!("https://a.example/fhir/{name}/1")] {
                let without_type = single.value.as_object().map(|members| {
                    let mut members = members.clone();
                    members.shift_remove("type");
                    members.insert("reference".into(), text.into());
                    Value::Object(members)
                });
                let faults = vec![Fault::new("reference-target", &pointer)];
                original.spoil(out, "wrong-target", (&single.pointer, without_type), faults);
            }
        }
    }
}

fn wrong_stated_type(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for (pointer, single) in references(original) {
        let text = single.value["reference"].as_str().unwrap_or_default();
        let is_typed = text.split_once('/').is_some_and(|(name, _)| crate::fhir::ResourceType::parse(name).is_some());
        if is_typed && !text.starts_with("Basic/") {
            let at = format!("{}/type", single.pointer);
            let faults = [Fault::any(&["reference-type"], &at), Fault::any(&["reference-target"], &pointer)].concat();
            original.spoil(out, "wrong-stated-type", (&at, Some(json!("Basic"))), faults);
        }
    }
}

fn lost_contained(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for (pointer, _) in references(original) {
        let faults = vec![Fault::new("reference-contained", &pointer)];
        original.spoil(out, "lost-contained", (&pointer, Some(json!("#no-such"))), faults);
    }
}
