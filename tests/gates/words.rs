//! The repository speaks of the product alone, and nothing in it is left for later.

use crate::tree::files;

/// Put together here so that this file does not hold them.
fn forbidden() -> Vec<String> {
    let halves = [
        ("/wo", "rk/"),
        ("issue", " #"),
        ("TO", "DO"),
        ("FIX", "ME"),
        ("XX", "X:"),
        ("todo", "!("),
        ("unimplemen", "ted!("),
    ];
    halves.into_iter().map(|(a, b)| format!("{a}{b}")).collect()
}

/// Text that others wrote and that is kept as they wrote it.
fn is_quoted(path: &str) -> bool {
    path.starts_with("fixtures/official/") || path.starts_with("definitions/")
}

#[test]
fn no_text_holds_a_forbidden_word() {
    let mut faults = Vec::new();
    for (path, file) in files("").into_iter().filter(|(path, _)| !is_quoted(path)) {
        // What is no text holds no words.
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let lines = text.lines().enumerate();
        let found = lines.filter(|(_, line)| forbidden().iter().any(|word| line.contains(word.as_str())));
        faults.extend(found.map(|(n, _)| format!("{path}:{}", n + 1)));
    }
    assert!(faults.is_empty(), "{faults:#?}");
}
