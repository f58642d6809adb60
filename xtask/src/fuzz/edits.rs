//! Edits of a JSON text: along its tree, and of its bytes.

use vardbro::fhir::{Document, NodeRef};

use super::random::Random;

/// Values that people and programs get wrong.
const VALUES: &[&str] = &[
    "null",
    "true",
    "{}",
    "[]",
    "[null]",
    "[[]]",
    "\"\"",
    "\" \"",
    "0",
    "-0",
    "1e400",
    "-1e-400",
    "1.10000000000000000000000000001",
    "99999999999999999999999999",
    "\"2026-02-30\"",
    "\"2026-03-02T08:00:00+14:00\"",
    "\"9999-12-31T23:59:60Z\"",
    "\"0000\"",
    "\"#\"",
    "\"#a\"",
    "\"Patient/1\"",
    "\"urn:uuid:c757873d-ec9a-4326-a141-556f43239520\"",
    "\"urn:oid:1.2\"",
    "\"http://hl7.org/fhir/StructureDefinition/Patient\"",
    "\"\\u0000\"",
    "\"\\ud83d\\ude00\"",
    "{\"resourceType\":\"Bundle\"}",
    "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"a\"}]}",
    "{\"reference\":\"#\"}",
    "{\"coding\":[{\"code\":\"a\"}]}",
    "{\"extension\":[{\"url\":\"http://a.example\",\"extension\":[]}]}",
    "{\"value\":1e20,\"code\":\"mg\"}",
    "\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\"><a b='&#0;'></div>\"",
];

/// Names of members that mean something nearly everywhere.
const NAMES: &[&str] = &[
    "id",
    "_id",
    "extension",
    "modifierExtension",
    "contained",
    "resourceType",
    "value",
    "valueString",
    "valueQuantity",
    "reference",
    "identifier",
    "url",
    "meta",
    "text",
    "entry",
    "code",
    "_code",
    "item",
    "a b",
    "",
];

/// One edit at a random value; `None` where the text is not JSON any more.
pub fn tree(text: &str, other: Option<&Document>, random: &mut Random) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let node = any(&document, random)?;
    let span = node.span();
    let whole = node.key_span().map_or(span.start, |key| key.start - 1)..span.end;
    let donor = other.and_then(|other| any(other, random)).map_or("null", |it| it.text());
    Some(match random.below(8) {
        0 => replaced(text, span, random.of(VALUES).copied().unwrap_or("null")),
        1 => replaced(text, span, donor),
        2 => replaced(text, span.clone(), &format!("[{}]", &text[span])),
        3 => removed(text, whole),
        // Once more, after itself.
        4 => replaced(text, span.end..span.end, &format!(",{}", &text[whole])),
        5 => node.key_span().map(|key| replaced(text, key, random.of(NAMES).copied().unwrap_or_default()))?,
        6 if text[span.clone()].starts_with('{') => {
            let name = random.of(NAMES).copied().unwrap_or_default();
            let comma = if node.children().next().is_some() { "," } else { "" };
            replaced(text, span.start + 1..span.start + 1, &format!("\"{name}\":{donor}{comma}"))
        }
        // Many of the same, as a list that grows.
        _ => replaced(text, span.clone(), &format!("[{}]", vec![&text[span]; 2 + random.below(30)].join(","))),
    })
}

/// A value of a document: down from the root, and stopping anywhere.
fn any<'d>(document: &'d Document, random: &mut Random) -> Option<NodeRef<'d>> {
    let mut node = document.root();
    loop {
        let count = node.children().count();
        if count == 0 || (node != document.root() && random.below(4) == 0) {
            return Some(node);
        }
        node = node.children().nth(random.below(count))?;
    }
}

fn replaced(text: &str, span: std::ops::Range<usize>, new: &str) -> String {
    format!("{}{new}{}", &text[..span.start], &text[span.end..])
}

/// Without a member or item, and without the comma beside it.
fn removed(text: &str, span: std::ops::Range<usize>) -> String {
    let (before, after) = (text[..span.start].trim_end(), text[span.end..].trim_start());
    match (before.strip_suffix(','), after.strip_prefix(',')) {
        (_, Some(after)) => format!("{before}{after}"),
        (Some(before), None) => format!("{before}{after}"),
        (None, None) => format!("{before}{after}"),
    }
}

/// A few bytes flipped, put in, taken out or repeated.
pub fn bytes(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len() + 1);
        match random.below(4) {
            0 => bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= 1 << random.below(8)),
            1 => bytes.insert(at, u8::try_from(random.below(256)).unwrap_or_default()),
            2 if at < bytes.len() => drop(bytes.remove(at)),
            _ => {
                let piece: Vec<u8> = bytes[at..(at + random.below(40)).min(bytes.len())].to_vec();
                bytes.splice(at..at, piece);
            }
        }
    }
}
