//! Strings and the tokens made of them.

use super::fault::{CHARACTERS, EMPTY, Fault, LONG};

/// The most bytes of a string.
const MOST_BYTES: usize = 1 << 20;

/// What is wrong with a string or markdown text.
pub fn string_fault(text: &str) -> Option<Fault> {
    let is_control = |b: u8| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r');
    if text.len() > MOST_BYTES {
        Some(LONG)
    } else if text.trim().is_empty() {
        Some(EMPTY)
    } else if text.starts_with('\u{FEFF}') || text.bytes().any(is_control) {
        Some(CHARACTERS)
    } else {
        None
    }
}

/// Something without white space at its ends, and with single white space inside.
pub fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text.split([' ', '\t', '\r', '\n']).all(|word| !word.is_empty())
        && !text.contains(char::is_control)
}

/// 1 to 64 letters, digits, hyphens and full stops.
pub fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
}

/// Something without white space.
pub fn is_uri(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b > b' ') && (text.is_ascii() || !text.contains(char::is_whitespace))
}

/// `urn:oid:` and at least two numbers, the first of them 0 to 2.
pub fn is_oid(text: &str) -> bool {
    let Some((root, rest)) = text.strip_prefix("urn:oid:").and_then(|oid| oid.split_once('.')) else {
        return false;
    };
    let is_arc =
        |arc: &str| !arc.is_empty() && arc.bytes().all(|b| b.is_ascii_digit()) && (arc == "0" || !arc.starts_with('0'));
    matches!(root, "0" | "1" | "2") && rest.split('.').all(is_arc)
}

/// `urn:uuid:` and a UUID in lower case.
pub fn is_uuid(text: &str) -> bool {
    let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    let fits = |(at, b): (usize, u8)| if matches!(at, 8 | 13 | 18 | 23) { b == b'-' } else { is_hex(b) };
    let uuid = text.strip_prefix("urn:uuid:").filter(|uuid| uuid.len() == 36);
    uuid.is_some_and(|uuid| uuid.bytes().enumerate().all(fits))
}

/// Whole groups of four with padding only at the end; white space anywhere.
pub fn is_base64(text: &str) -> bool {
    let (mut count, mut padding) = (0_usize, 0_usize);
    for b in text.bytes().filter(|b| !b.is_ascii_whitespace()) {
        match b {
            b'=' => padding += 1,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => {}
            _ => return false,
        }
        count += 1;
    }
    count > 0 && count.is_multiple_of(4) && padding <= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_say_something_and_nothing_unseen() {
        assert!(string_fault(" åäö\r\n\t ").is_none());
        for (text, rule) in [
            ("", "string-empty"),
            (" \n", "string-empty"),
            ("\u{FEFF}a", "string-characters"),
            ("a\u{1}", "string-characters"),
        ] {
            assert_eq!(string_fault(text).map(|fault| fault.0.name), Some(rule));
        }
        assert_eq!(string_fault(&"a".repeat(MOST_BYTES + 1)).map(|fault| fault.0.name), Some("string-too-long"));
    }

    #[test]
    fn codes_have_single_spaces_inside() {
        assert!(is_code("a") && is_code("a b"));
        assert!(["", " a", "a ", "a  b", "a\n"].iter().all(|text| !is_code(text)));
    }

    #[test]
    fn uris_have_no_white_space() {
        assert!(is_uri("urn:oid:1.2") && is_uri("http://a.example/å?b=c|d"));
        assert!(["", "a b", "a\u{a0}b", "a\t"].iter().all(|text| !is_uri(text)));
    }

    #[test]
    fn oids_and_uuids_are_urns() {
        assert!(is_oid("urn:oid:1.2.752.29.4.19") && is_oid("urn:oid:2.5.4.97") && is_oid("urn:oid:0.0"));
        assert!(["urn:oid:3.1", "1.2.3", "urn:oid:1.02", "urn:oid:1.", "urn:oid:1"].iter().all(|text| !is_oid(text)));
        assert!(is_uuid("urn:uuid:c757873d-ec9a-4326-a141-556f43239520"));
        for text in
            ["urn:uuid:C757873D-EC9A-4326-A141-556F43239520", "c757873d-ec9a-4326-a141-556f43239520", "urn:uuid:"]
        {
            assert!(!is_uuid(text));
        }
    }

    #[test]
    fn base64_comes_in_groups_of_four() {
        assert!(is_base64("YWJj") && is_base64("YQ==") && is_base64("YW Jj\r\nYWI="));
        assert!(["", "YWJ", "YQ=a", "Y===", "YW-_"].iter().all(|text| !is_base64(text)));
    }
}
