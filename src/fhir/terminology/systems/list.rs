//! The lists of ISO 3166-1 and ISO 4217, as code systems.

use std::sync::LazyLock;

use crate::fhir::terminology::code_system::CodeSystem;

/// The built-in code system of a URL.
pub(in super::super) fn code_system(url: &str) -> Option<&'static CodeSystem> {
    static COUNTRIES: LazyLock<CodeSystem> =
        LazyLock::new(|| CodeSystem::of_codes("urn:iso:std:iso:3166", words(include_str!("countries.txt"))));
    static CURRENCIES: LazyLock<CodeSystem> =
        LazyLock::new(|| CodeSystem::of_codes("urn:iso:std:iso:4217", words(include_str!("currencies.txt"))));
    match url {
        "urn:iso:std:iso:3166" => Some(&COUNTRIES),
        "urn:iso:std:iso:4217" => Some(&CURRENCIES),
        _ => None,
    }
}

/// The words of a table, but for its comments.
pub(super) fn words(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace)
}

/// Whether a code of two letters is a country's.
pub(super) fn is_country(code: &str) -> bool {
    code.len() == 2 && code_system("urn:iso:std:iso:3166").is_some_and(|system| system.find(code).is_some())
}

/// ISO 3166-2: a country, and one to three letters or digits: `SE-AC`.
pub(super) fn is_subdivision(code: &str) -> bool {
    let part = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    code.split_once('-').is_some_and(|(country, rest)| is_country(country) && part(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_have_three_codes_each_and_currencies_one() {
        let has = |url, code| code_system(url).unwrap().find(code).is_some();
        for code in ["SE", "SWE", "752", "AX", "GB"] {
            assert!(has("urn:iso:std:iso:3166", code), "{code}");
        }
        for code in ["UK", "XX", "se", "EN", "000"] {
            assert!(!has("urn:iso:std:iso:3166", code), "{code}");
        }
        assert!(has("urn:iso:std:iso:4217", "SEK") && has("urn:iso:std:iso:4217", "XXX"));
        assert!(!has("urn:iso:std:iso:4217", "kr") && !has("urn:iso:std:iso:4217", "SKR"));
        assert_eq!(code_system("urn:iso:std:iso:3166").unwrap().len(), 3 * 249);
        assert!(code_system("http://a.example").is_none());
    }

    #[test]
    fn a_subdivision_is_of_a_country() {
        assert!(is_subdivision("SE-AC") && is_subdivision("US-CA") && is_subdivision("FR-2A"));
        assert!(
            !is_subdivision("SE") && !is_subdivision("QQ-AC") && !is_subdivision("SE-ABCD") && !is_subdivision("SE-")
        );
    }
}
