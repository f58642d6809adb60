//! Strings as they are compared: without case, accents and runs of white space, but Swedish keeps its own letters.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Folds a string for comparing: lower case, accents removed except that å, ä and ö are letters of their own, white
/// space collapsed and trimmed.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let end = folded.len();
        if !folded.is_empty() {
            folded.push(' ');
        }
        let start = folded.len();
        word.nfc().flat_map(char::to_lowercase).for_each(|letter| push(letter, &mut folded));
        // Of a word of marks alone nothing is left, and no blank before it either.
        if folded.len() == start {
            folded.truncate(end);
        }
    }
    folded
}

fn push(letter: char, folded: &mut String) {
    match letter {
        'å' | 'ä' | 'ö' => folded.push(letter),
        _ => decompose_canonical(letter, |part| {
            if !is_combining_mark(part) {
                folded.push(part);
            }
        }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::fold;

    #[test]
    fn swedish_letters_stay_and_accents_go() {
        assert_eq!(fold("  Åsa\u{a0}\tÄNGLAMARK   Öst "), "åsa änglamark öst");
        assert_eq!(fold("André Müller Çelik"), "andre muller celik");
        assert_eq!(fold("A\u{30a}sa ANDRE\u{301}"), "åsa andre");
        assert_eq!(fold("\u{301} a \u{9d7} b \u{9d7}"), "a b");
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,20}") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }
    }
}
