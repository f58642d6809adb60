//! Faults of the JSON text itself.

use crate::fhir::Library;

use super::{Fault, Mutant, Original, Spoil};

pub(super) const KINDS: &[Spoil] = &[duplicate_key, broken_text];

fn duplicate_key(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for element in original.elements() {
        // The member is written once more before the others of its object: the mark says where that begins.
        let mark = format!("{}/ mark", element.object);
        let Some(text) = original.edited(&[(&mark, Some("here".into()))]) else { continue };
        let again = format!("{}:{}", serde_json::Value::from(&*element.member.name), element.value);
        let text = text.replace("\" mark\":\"here\"", &again);
        let faults = vec![Fault::new("json-duplicate-key", &element.pointer)];
        out.push(Mutant { kind: "duplicate-key", original: original.name.clone(), text, faults });
    }
}

fn broken_text(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    let text = original.value.to_string();
    let broken = [
        text[..text.len() - 1].to_owned(),
        format!("{text}}}"),
        text.replacen(':', "", 1),
        text.replacen('"', "'", 2),
        text.replacen(",\"", ",,\"", 1),
        text.replacen('{', "{,", 1),
        text.replacen(":\"", ":01,\"", 1),
        text.replacen(":\"", ":\"\\x", 1),
        text.replacen(":\"", ":\"\n", 1),
        text.replacen(":\"", ":\"\\ud800", 1),
        text.replacen("{\"", "{/* */\"", 1),
        text.replacen(":\"", ":NaN,\"", 1),
        String::new(),
    ];
    for text in broken {
        let faults = vec![Fault::new("json-syntax", "")];
        out.push(Mutant { kind: "broken-text", original: original.name.clone(), text, faults });
    }
}
