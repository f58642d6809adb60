//! Displays compared as people read them.

/// Whether two texts are the same but for case and white space.
pub(super) fn same(a: &str, b: &str) -> bool {
    a == b || folded(a).eq(folded(b))
}

/// The words in lower case, with one space between.
fn folded(text: &str) -> impl Iterator<Item = char> {
    let words = text.split_whitespace().enumerate();
    words.flat_map(|(at, word)| (at > 0).then_some(' ').into_iter().chain(word.chars().flat_map(char::to_lowercase)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn case_and_white_space_do_not_matter() {
        assert!(super::same("Body  Weight ", "body weight"));
        assert!(super::same("Ögonläkare", "ÖGONLÄKARE"));
        assert!(!super::same("body weight", "bodyweight") && !super::same("body", "body weight"));
    }
}
