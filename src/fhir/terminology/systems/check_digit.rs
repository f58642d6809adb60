//! SNOMED CT and LOINC are not listed here, but their codes carry a check digit: a slip of the pen is found without
//! the list.

/// Whether a text may be a SNOMED CT code: an identifier of a concept or description
/// ([SCTID](https://confluence.ihtsdotools.org/display/DOCRELFMT/6.1+SCTID+Data+Type)), or an expression of several.
pub(super) fn is_snomed(text: &str) -> bool {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return is_snomed_id(text);
    }
    // Compositional grammar: only that it begins with a concept is looked at.
    let start = text.trim_start_matches(['=', '<', '(', ' ']);
    let digits = start.find(|c: char| !c.is_ascii_digit()).unwrap_or(start.len());
    let rest = start[digits..].trim_start();
    is_snomed_id(&start[..digits]) && rest.starts_with(['+', ':', '|', '(', ')', ','])
}

/// 6 to 18 digits, a partition that exists, and Verhoeff's check digit.
fn is_snomed_id(text: &str) -> bool {
    let is_sized = (6..=18).contains(&text.len()) && !text.starts_with('0');
    let partition = text.len().checked_sub(3).and_then(|at| text.get(at..at + 2));
    is_sized && matches!(partition, Some("00" | "01" | "02" | "10" | "11" | "12")) && verhoeff(text)
}

/// The dihedral group of ten elements: the first five turn, the others turn over.
fn multiply(a: u8, b: u8) -> u8 {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a - 5 + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    }
}

fn verhoeff(digits: &str) -> bool {
    const STEP: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let permuted = |digit: u8, times: usize| (0..times % 8).fold(digit, |digit, _| STEP[usize::from(digit % 10)]);
    let values = digits.bytes().rev().enumerate().map(|(at, b)| permuted(b.wrapping_sub(b'0') % 10, at));
    values.fold(0, multiply) == 0
}

/// Whether a text may be a LOINC code: a term (`8310-5`), or a part, answer, list or group (`LA6576-8`).
pub(super) fn is_loinc(text: &str) -> bool {
    let bare = ["LP", "LA", "LL", "LG"].iter().find_map(|prefix| text.strip_prefix(prefix));
    let Some((number, check)) = bare.unwrap_or(text).split_once('-') else { return false };
    let is_number =
        |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    // How the check digit of parts and answers is made is not told.
    let is_checked = || bare.is_some() || check.bytes().eq(std::iter::once(b'0' + luhn(number)));
    is_number(number, 8) && is_number(check, 1) && is_checked()
}

/// The check digit of the Luhn algorithm.
fn luhn(digits: &str) -> u8 {
    let doubled = |digit: u8| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let values = digits.bytes().rev().map(|b| b.wrapping_sub(b'0') % 10).enumerate();
    let sum = values.fold(0, |sum, (at, digit)| (sum + if at % 2 == 0 { doubled(digit) } else { digit }) % 10);
    (10 - sum) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_of_snomed_ct_finds_slips() {
        for good in ["73211009", "386661006", "276885007", "449868002", "900000000000207008", "840535000"] {
            assert!(is_snomed(good), "{good}");
        }
        assert!(is_snomed("128045006:{363698007=56459004}") && is_snomed("=== 73211009 |Diabetes mellitus|"));
        for bad in ["1", "2", "276885007x", "73211008", "73211090", "073211009", "", "abc", "12345678901234567890"] {
            assert!(!is_snomed(bad), "{bad}");
        }
    }

    #[test]
    fn the_check_digit_of_loinc_finds_slips() {
        for good in ["8310-5", "85354-9", "29463-7", "55284-4", "8867-4", "LA6576-8", "60591-5", "2708-6"] {
            assert!(is_loinc(good), "{good}");
        }
        for bad in ["8310-4", "8310", "", "-5", "83105", "a310-5", "8310-55"] {
            assert!(!is_loinc(bad), "{bad}");
        }
    }
}
