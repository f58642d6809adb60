//! Faults of form: each primitive type with values that it can't have.

use serde_json::{Value, json};

use crate::fhir::Library;
use crate::validate::primitive::Primitive;
use crate::validate::shape::Content;

use super::{Fault, Mutant, Original, Spoil};

pub(super) const KINDS: &[Spoil] = &[wrong_json_kind, bad_form, bad_number, too_precise];

fn primitives(original: &Original) -> Vec<(String, Primitive, Value)> {
    let of = |single: super::place::Single<'_>| match single.member.content {
        Content::Primitive(primitive) => Some((single.pointer, primitive, single.value.clone())),
        _ => None,
    };
    original.singles().into_iter().filter_map(of).collect()
}

fn wrong_json_kind(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for (pointer, _, value) in primitives(original) {
        let others = match value {
            Value::String(_) => vec![json!(7), json!(true)],
            Value::Bool(is) => vec![json!(is.to_string()), json!(1)],
            number => vec![json!(number.to_string()), json!(false)],
        };
        for other in others {
            let faults = vec![Fault::new("json-kind", &pointer)];
            original.spoil(out, "wrong-json-kind", (&pointer, Some(other)), faults);
        }
    }
}

/// The kind of the mutants, the rule, and values that break it.
fn wrong_texts(primitive: Primitive) -> (&'static str, &'static str, &'static [&'static str]) {
    match primitive {
        Primitive::Date => (
            "bad-date",
            "date-format",
            &["2026-02-30", "2026-13-01", "2026-2-3", "20260302", "26", "2026-03-02T08:00:00Z"],
        ),
        Primitive::DateTime => (
            "bad-date-time",
            "date-time-format",
            &["2026-02-30", "2026-03-02T08:00:00", "2026-03-02T25:00:00Z", "2026-03-02 08:00", "02/03/2026", "idag"],
        ),
        Primitive::Instant => {
            ("bad-instant", "instant-format", &["2026-03-02", "2026-03-02T08:00Z", "2026-03-02T08:00:00", "nu"])
        }
        Primitive::Time => ("bad-time", "time-format", &["8:00:00", "08:00", "24:00:00", "08:00:00Z", "morgon"]),
        Primitive::Id => ("bad-id", "id-format", &["a_b", "å", "a b", "a/b", LONG_ID]),
        Primitive::Code => ("bad-code", "code-format", &[" a", "a ", "a  b", "a\tb"]),
        Primitive::Uri => ("bad-uri", "uri-format", &["http://a b", " urn:a", "urn:a\n"]),
        Primitive::Oid => ("bad-oid", "oid-format", &["1.2.3", "urn:oid:", "urn:oid:1.a", "urn:oid:01.2"]),
        Primitive::Uuid => ("bad-uuid", "uuid-format", &["urn:uuid:1", "c757873d-ec9a-4326-a141-556f43239520"]),
        Primitive::Base64Binary => ("bad-base64", "base64-format", &["abc", "a===", "å", "ab=c"]),
        Primitive::String | Primitive::Markdown => ("bad-string", "string-characters", &["a\u{1}b", "\u{feff}a"]),
        _ => ("", "", &[]),
    }
}

const LONG_ID: &str = "a-0123456789-0123456789-0123456789-0123456789-0123456789-0123456789";

fn bad_form(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for (pointer, primitive, value) in primitives(original) {
        let (kind, rule, texts) = wrong_texts(primitive);
        for text in texts {
            let faults = vec![Fault::new(rule, &pointer)];
            original.spoil(out, kind, (&pointer, Some(json!(text))), faults);
        }
        if value.is_string() && primitive != Primitive::Xhtml {
            let blank = ["string-empty", rule];
            for text in ["", " "] {
                original.spoil(out, "empty-string", (&pointer, Some(json!(text))), Fault::any(&blank, &pointer));
            }
        }
    }
}

fn bad_number(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for (pointer, primitive, _) in primitives(original) {
        let wrong: &[Value] = match primitive {
            Primitive::Integer => &[json!(1.5), json!(2_147_483_648_i64)],
            Primitive::UnsignedInt => &[json!(1.5), json!(-1), json!(2_147_483_648_i64)],
            Primitive::PositiveInt => &[json!(1.5), json!(0), json!(-1), json!(2_147_483_648_i64)],
            _ => &[],
        };
        for value in wrong {
            let faults = vec![Fault::new("integer-format", &pointer)];
            original.spoil(out, "bad-integer", (&pointer, Some(value.clone())), faults);
        }
    }
}

/// Stands for a number that JSON has and Rust's do not.
const HOLE: &str = "hole-for-a-number";

fn too_precise(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for (pointer, primitive, _) in primitives(original) {
        let (rule, numbers): (_, &[&str]) = match primitive {
            Primitive::Decimal => {
                ("decimal-digits", &["1.0000000000000000001", "1234567890123456789.5", "12345678901234567890e-3"])
            }
            Primitive::Integer | Primitive::UnsignedInt | Primitive::PositiveInt => {
                ("integer-format", &["1.0", "1e2", "-0", "10000000000000000000000"])
            }
            _ => continue,
        };
        let Some(text) = original.edited(&[(&pointer, Some(json!(HOLE)))]) else { continue };
        for number in numbers {
            let text = text.replace(&format!("\"{HOLE}\""), number);
            let faults = vec![Fault::new(rule, &pointer)];
            out.push(Mutant { kind: "too-precise", original: original.name.clone(), text, faults });
        }
    }
}
