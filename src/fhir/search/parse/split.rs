//! Separators and escapes in search values ([escaping](https://hl7.org/fhir/R4/search.html#escaping)).

/// The parts between separators that no backslash stands before.
pub(super) fn unescaped(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut is_escaped = false;
    text.split(move |character| {
        let splits = character == separator && !is_escaped;
        is_escaped = character == '\\' && !is_escaped;
        splits
    })
}

/// `\,`, `\|`, `\$` and `\\` without their backslash; before anything else a backslash is itself.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        match after.chars().next().filter(|next| matches!(next, ',' | '|' | '$' | '\\')) {
            Some(next) => out.push(next),
            None => out.push('\\'),
        }
        rest = after.strip_prefix([',', '|', '$', '\\']).unwrap_or(after);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escaped_separators_do_not_separate() {
        let parts: Vec<_> = unescaped(r"a\,b,c\\,d", ',').map(unescape).collect();
        assert_eq!(parts, ["a,b", r"c\", "d"]);
        assert_eq!(unescape(r"a\b\"), r"a\b\");
    }

    proptest! {
        #[test]
        fn what_is_escaped_comes_back(texts in prop::collection::vec("[a,|$\\\\]{0,6}", 1..4)) {
            let escape = |text: &String| {
                text.chars().flat_map(|c| (c != 'a').then_some('\\').into_iter().chain([c])).collect::<String>()
            };
            let joined = texts.iter().map(escape).collect::<Vec<_>>().join(",");
            prop_assert_eq!(unescaped(&joined, ',').map(unescape).collect::<Vec<_>>(), texts);
        }
    }
}
