//! Personal identity numbers do not belong in a link: what to show of a search value in place of one.

/// What stands where a number was.
const REDACTED: &str = "redacted";

/// The value as it may be shown.
pub(super) fn shown(value: &str) -> &str {
    let is_personal = value.split(',').any(|part| is_personal_number(part.rsplit('|').next().unwrap_or(part)));
    if is_personal { REDACTED } else { value }
}

/// Personnummer and samordningsnummer (10 or 12 digits) and reservnummer (letters may be among the last four), with or
/// without separator.
pub(super) fn is_personal_number(text: &str) -> bool {
    let compact: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'-' | b'+' | b' ' | b'\\')).collect();
    let Some((day, rest)) = compact.len().checked_sub(4).and_then(|at| compact.split_at_checked(at)) else {
        return false;
    };
    matches!(day.len(), 6 | 8) && day.iter().all(u8::is_ascii_digit) && rest.iter().all(u8::is_ascii_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_numbers_are_blanked_in_all_their_forms() {
        let system = "http://electronichealth.se/identifier/personnummer";
        for number in ["191212121212", "19121212-1212", "121212-1212", "121212+1212", "1212121212", "20210325K069"] {
            assert_eq!(shown(number), REDACTED, "{number}");
            assert_eq!(shown(&format!("{system}|{number}")), REDACTED, "{number}");
            assert_eq!(shown(&format!("a|b,{system}|{number}")), REDACTED, "{number}");
        }
    }

    #[test]
    fn other_values_are_shown() {
        for value in
            ["Patient/1", "1912-12-12", "ge2026-03-02", "2026-03-02T08:00:00Z", "active", "SE2321000016-1H2B", ""]
        {
            assert_eq!(shown(value), value);
        }
    }
}
