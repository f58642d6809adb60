//! Language tags ([BCP 47](https://www.rfc-editor.org/info/bcp47)): well formed, with languages of two letters and
//! regions from the registry. Longer languages, scripts and variants are taken by their form.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::list;

/// Whether a text is a language tag.
pub(super) fn is_tag(text: &str) -> bool {
    let mut parts = text.split('-').peekable();
    let first = parts.next().unwrap_or_default();
    if text.len() > 255 || !text.split('-').all(|part| (1..=8).contains(&part.len()) && is_alphanumeric(part)) {
        return false;
    }
    if first.eq_ignore_ascii_case("x") || first.eq_ignore_ascii_case("i") {
        return parts.peek().is_some();
    }
    if !is_language(first) {
        return false;
    }
    let mut rest: Vec<&str> = parts.collect();
    // Up to three extended languages, a script, a region, variants; then what follows a single letter.
    let mut at = rest.iter().take(3).take_while(|part| first.len() <= 3 && is_letters(part, 3)).count();
    at += usize::from(rest.get(at).is_some_and(|part| is_letters(part, 4)));
    at += usize::from(rest.get(at).is_some_and(|part| is_region(part)));
    at += rest[at..].iter().take_while(|part| is_variant(part)).count();
    let extensions = rest.split_off(at);
    are_extensions(&extensions)
}

fn is_alphanumeric(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn is_letters(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_alphabetic())
}

fn is_language(text: &str) -> bool {
    static TWO_LETTERS: LazyLock<HashSet<&str>> =
        LazyLock::new(|| list::words(include_str!("languages.txt")).collect());
    let is_of_letters = text.bytes().all(|b| b.is_ascii_alphabetic());
    match text.len() {
        2 => TWO_LETTERS.contains(text.to_ascii_lowercase().as_str()),
        3..=8 => is_of_letters,
        _ => false,
    }
}

fn is_region(text: &str) -> bool {
    let is_area = text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit());
    is_area || list::is_country(&text.to_ascii_uppercase())
}

fn is_variant(text: &str) -> bool {
    text.len() >= 5 || text.len() == 4 && text.starts_with(|c: char| c.is_ascii_digit())
}

/// Each begins with a single letter or digit and has parts of its own; those of `x` may be short.
fn are_extensions(parts: &[&str]) -> bool {
    let Some((first, rest)) = parts.split_first() else { return true };
    if first.len() != 1 {
        return false;
    }
    if first.eq_ignore_ascii_case("x") {
        return !rest.is_empty();
    }
    let own = rest.iter().take_while(|part| part.len() > 1).count();
    own > 0 && are_extensions(&rest[own..])
}

#[cfg(test)]
mod tests {
    use super::is_tag;

    #[test]
    fn tags_are_languages_with_what_they_need() {
        for good in [
            "sv",
            "sv-SE",
            "en-us",
            "de-CH-1901",
            "zh-Hant-TW",
            "sr-Latn-RS",
            "es-419",
            "sgn",
            "sma-NO",
            "zh-cmn-Hans-CN",
            "sl-rozaj-biske",
            "en-a-myext-b-another",
            "x-whatever",
            "de-DE-u-co-phonebk",
            "sv-x-a",
        ] {
            assert!(is_tag(good), "{good}");
        }
        for bad in
            ["", "s", "xx", "sv_SE", "sv-", "sv-QQ", "svenska språket", "sv-SE-SE", "en-a", "x", "sv--SE", "urdu9"]
        {
            assert!(!is_tag(bad), "{bad}");
        }
    }
}
