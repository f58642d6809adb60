//! Whether a text may be shown: in a self link, a log line, an error of somebody else's library.

use percent_encoding::percent_decode_str;

/// Whether the text holds anything of the form of a person's number, in any notation, mistyped ones included.
///
/// The rule is wide on purpose: six or eight digits that can be a day (month beginning with 0 or 1, which no
/// organisationsnummer has), an optional `-`, `+` or space, and four more characters; also when percent-encoded.
/// UUIDs are let through.
pub fn looks_personal(text: &str) -> bool {
    holds_number(text.as_bytes()) || (text.contains('%') && holds_number(&percent_decode_str(text).collect::<Vec<_>>()))
}

fn holds_number(text: &[u8]) -> bool {
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let before = at.checked_sub(1).and_then(|before| text.get(before)).copied();
        if !before.is_some_and(|byte| byte.is_ascii_alphanumeric()) && is_uuid(rest) {
            at += UUID_LENGTH;
            continue;
        }
        if number_begins(before, rest) {
            return true;
        }
        at += 1;
    }
    false
}

fn number_begins(before: Option<u8>, rest: &[u8]) -> bool {
    let starts = !before.is_some_and(|byte| byte.is_ascii_digit());
    let alone = !before.is_some_and(|byte| byte.is_ascii_alphanumeric());
    starts && (is_number(rest, 8, alone) || is_number(rest, 6, false))
}

/// Whether the text begins with a number whose day takes `width` digits; only with `letters` may the last four hold some.
fn is_number(text: &[u8], width: usize, letters: bool) -> bool {
    let Some((day, rest)) = text.split_at_checked(width) else { return false };
    let month_begins = day.get(width - 4);
    if !day.iter().all(u8::is_ascii_digit) || !matches!(month_begins, Some(b'0' | b'1')) {
        return false;
    }
    let rest = rest.strip_prefix(b"-").or(rest.strip_prefix(b"+")).or(rest.strip_prefix(b" ")).unwrap_or(rest);
    let Some((last, after)) = rest.split_at_checked(4) else { return false };
    let ends_word = !after.first().is_some_and(u8::is_ascii_alphanumeric);
    let ends_digits = !after.first().is_some_and(u8::is_ascii_digit);
    let mixed = last.iter().all(u8::is_ascii_alphanumeric) && last.iter().any(u8::is_ascii_digit);
    (last.iter().all(u8::is_ascii_digit) && ends_digits) || (letters && mixed && ends_word)
}

const UUID_LENGTH: usize = 36;

/// Whether the text begins with a UUID (RFC 9562): its groups of digits are nobody's.
fn is_uuid(text: &[u8]) -> bool {
    let fits = |(at, byte): (usize, &u8)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.get(..UUID_LENGTH).is_some_and(|head| head.iter().enumerate().all(fits))
        && !text.get(UUID_LENGTH).is_some_and(u8::is_ascii_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::looks_personal;

    #[test]
    fn every_notation_is_seen_wherever_it_stands() {
        let numbers = ["191212121212", "19121212-1212", "121212-1212", "121212+1212", "1212121212", "19701063-2391"];
        for number in numbers.into_iter().chain(["20210325K069", "98240301AA06", "22950606-FH20", "19121212 1212"]) {
            for text in [
                number.to_owned(),
                format!("identifier=http://electronichealth.se/identifier/personnummer|{number}"),
                format!("/fhir/Patient?identifier=x%7C{}&_count=1", number.replace('+', "%2B")),
                format!("no patient {number}, sorry"),
            ] {
                assert!(looks_personal(&text), "{text}");
            }
        }
    }

    #[test]
    fn a_mistyped_number_is_seen_too() {
        assert!(looks_personal("191219991213"));
    }

    #[test]
    fn what_is_nobodys_number_is_let_through() {
        for text in [
            "",
            "ge2026-03-02",
            "2026-03-02T08:00:00.123456+01:00",
            "20260302080000",
            "SE2321000016-1H2B",
            "556559-4230",
            "10160-0",
            "20010131000012",
            "12120101-1234-4000-8000-121212121212",
            "143591000052106",
        ] {
            assert!(!looks_personal(text), "{text}");
        }
    }
}
