//! The contract's simple types: TimeStampType, xs:double, xs:boolean, CVType, IIType, HSAIdType.

use super::element::El;
use super::words::{CODE, HSA_ID, IDENTIFIER, NUMBER, TIME, TIME_IN_FOLD, TIME_IN_GAP};
use crate::concept::decimal::Decimal;
use crate::concept::ids::{Hsa, Identifier};
use crate::concept::parts::Coded;
use crate::concept::systems::SCT;
use crate::concept::time::{DateTime, Reading, TimeFault};

/// The OID under which a system's own ids stand when it has none of its own (RIV-TA code system list).
const LOCAL_IDS: &str = "1.2.752.129.2.1.2.1";
/// The OID of SNOMED CT SE.
const SNOMED_SE: &str = "1.2.752.116.2.1.1";

/// A TimeStampType: `YYYYMMDDhhmmss`, local time in Sweden.
pub(super) fn timestamp(el: El<'_>) -> Option<DateTime> {
    time(el, false)
}

/// A TimeStampType where the contract speaks of a day: also `YYYYMMDD`.
pub(super) fn timestamp_or_date(el: El<'_>) -> Option<DateTime> {
    time(el, true)
}

fn time(el: El<'_>, or_date: bool) -> Option<DateTime> {
    let text = el.text()?;
    let read = spelled(&text, or_date).ok_or(TimeFault::Form).and_then(|text| DateTime::read(&text));
    match read {
        Ok((time, Reading::Exact)) => return Some(time),
        Ok((time, Reading::FirstOfTwo)) => {
            el.note(&TIME_IN_FOLD);
            return Some(time);
        }
        Err(TimeFault::Gap) => el.note(&TIME_IN_GAP),
        Err(TimeFault::Form) => el.note(&TIME),
    }
    None
}

/// The same time in ISO 8601.
fn spelled(text: &str, or_date: bool) -> Option<String> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, until: usize| text.get(from..until);
    let date = format!("{}-{}-{}", part(0, 4)?, part(4, 6)?, part(6, 8)?);
    match text.len() {
        8 if or_date => Some(date),
        14 => Some(format!("{date}T{}:{}:{}", part(8, 10)?, part(10, 12)?, part(12, 14)?)),
        _ => None,
    }
}

/// An xs:double that is not negative, digits kept.
pub(super) fn number(el: El<'_>) -> Option<Decimal> {
    let text = el.text()?;
    let read = (text.len() <= 30).then(|| as_json(&text)).flatten().and_then(|text| Decimal::parse(&text));
    if read.is_none() {
        el.note(&NUMBER);
    }
    read
}

/// The same number as JSON writes it: xs:double also allows `+5`, `.5`, `5.` and `05`.
fn as_json(text: &str) -> Option<String> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let (mantissa, exponent) = text.find(['e', 'E']).map_or((text, ""), |at| text.split_at(at));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if mantissa.len() <= usize::from(mantissa.contains('.')) || !digits(whole) || !digits(fraction) {
        return None;
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{whole}{point}{fraction}{exponent}"))
}

/// An xs:boolean.
pub(super) fn boolean(el: El<'_>) -> Option<bool> {
    match el.text()?.as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => {
            el.note(&CODE);
            None
        }
    }
}

/// A CVType. A code without its system says nothing by itself: it is kept as words.
pub(super) fn coded(el: El<'_>) -> Option<Coded> {
    let (code, system) = (el.text_of("code"), el.text_of("codeSystem"));
    let (display, original) = (el.text_of("displayName"), el.text_of("originalText"));
    // A label of the system that the OID already names.
    el.skip("codeSystemName");
    match (code, system.as_deref().and_then(system_uri)) {
        (Some(code), Some(system)) if is_code(&code) => {
            Some(Coded { text: original, system: Some(system), code: Some(code), display })
        }
        (code, _) => original.or(display).or(code).map(Coded::of_text),
    }
}

/// The words of a CVType, however it holds them.
pub(super) fn words(coded: &Coded) -> Option<String> {
    coded.text.clone().or_else(|| coded.display.clone()).or_else(|| coded.code.clone())
}

/// The URI of a code system that is named by OID or by URI.
fn system_uri(system: &str) -> Option<String> {
    match system {
        SNOMED_SE => Some(SCT.to_owned()),
        oid if is_oid(oid) => Some(format!("urn:oid:{oid}")),
        uri => url::Url::parse(uri).is_ok_and(|_| !uri.contains(char::is_whitespace)).then(|| uri.to_owned()),
    }
}

fn is_oid(text: &str) -> bool {
    text.contains('.') && text.split('.').all(|arc| !arc.is_empty() && arc.bytes().all(|byte| byte.is_ascii_digit()))
}

/// FHIR's form of a code: words with single spaces between.
fn is_code(text: &str) -> bool {
    text.chars().count() <= 200 && text.split(' ').all(|word| !word.is_empty() && !word.contains(char::is_whitespace))
}

/// An IIType. Ids of the national OID for local ids are only unique together with the system that made them: where
/// the value does not begin with it, it is put before, or two systems' records would replace each other.
pub(super) fn identifier(el: El<'_>, source: Option<&str>) -> Option<Identifier> {
    let root = el.required_text("root")?;
    let Some(system) = root_uri(&root) else {
        el.note(&IDENTIFIER);
        return None;
    };
    let Some(value) = el.text_of("extension") else {
        return Some(Identifier { system: "urn:ietf:rfc:3986".to_owned(), value: system });
    };
    let own = source.filter(|source| root == LOCAL_IDS && !value.starts_with(&format!("{source}:")));
    let value = own.map_or(value.clone(), |source| format!("{source}:{value}"));
    Some(Identifier { system, value })
}

fn root_uri(root: &str) -> Option<String> {
    let is_uuid = root.len() == 36 && root.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    match root {
        oid if is_oid(oid) => Some(format!("urn:oid:{oid}")),
        uuid if is_uuid => Some(format!("urn:uuid:{uuid}")),
        _ => None,
    }
}

/// An HSA-id; the contract allows local ids in its place, for which there is no place.
pub(super) fn hsa_id(el: El<'_>) -> Option<Hsa> {
    let text = el.text()?;
    let read = Hsa::parse(&text);
    if read.is_none() {
        el.note(&HSA_ID);
    }
    read
}

#[cfg(test)]
mod tests {
    use super::{as_json, spelled};

    #[test]
    fn every_spelling_of_a_double_keeps_its_digits() {
        let cases =
            [("20.0", "20.0"), ("+5", "5"), (".5", "0.5"), ("5.", "5"), ("007.50", "7.50"), ("1.0E-3", "1.0E-3")];
        for (text, json) in cases {
            assert_eq!(as_json(text).as_deref(), Some(json), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_or_is_negative_is_none() {
        for text in ["", ".", "-1", "2,5", "INF", "NaN", "1 000", "0x10"] {
            assert_eq!(as_json(text), None, "{text}");
        }
    }

    #[test]
    fn times_are_fourteen_digits_and_days_eight() {
        assert_eq!(spelled("20260914103000", false).as_deref(), Some("2026-09-14T10:30:00"));
        assert_eq!(spelled("20260914", true).as_deref(), Some("2026-09-14"));
        for text in ["20260914", "202609141030", "2026-09-14", "2026091410300å"] {
            assert_eq!(spelled(text, false), None, "{text}");
        }
    }
}
