//! The files of the repository, and Rust text without its comments and literals.

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What is built or kept by tools and not written by us.
const NOT_OURS: [&str; 5] = ["target", ".git", "var", "Cargo.lock", "node_modules"];

/// All files below a folder of the repository, with their paths from the root.
pub fn files(below: &str) -> Vec<(String, PathBuf)> {
    let mut open = vec![root().join(below)];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if NOT_OURS.contains(&name.as_str()) {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else {
                found.push((path.strip_prefix(root()).unwrap().to_string_lossy().into_owned(), path));
            }
        }
    }
    found.sort();
    found
}

/// The Rust files below a folder: path from the root, and text.
pub fn rust(below: &str) -> Vec<(String, String)> {
    let is_rust = |(name, _): &(String, PathBuf)| name.ends_with(".rs");
    files(below)
        .into_iter()
        .filter(is_rust)
        .map(|(name, path)| (name, std::fs::read_to_string(path).unwrap()))
        .collect()
}

/// The text with comments and literals blanked, line by line as before.
pub fn code(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = at + literal(&bytes[at..], at.checked_sub(1).map(|before| bytes[before]));
        for byte in &mut out[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end.max(at + 1);
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// How many bytes the comment or literal takes that begins here; 0 where none does.
fn literal(rest: &[u8], before: Option<u8>) -> usize {
    let in_word = before.is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_');
    match rest {
        [b'/', b'/', ..] => rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len()),
        [b'/', b'*', ..] => find(rest, b"*/", 2),
        [b'r', b'"', ..] if !in_word => find(rest, b"\"", 2),
        [b'r', b'#', b'"', ..] if !in_word => find(rest, b"\"#", 3),
        [b'"', ..] => quoted(rest),
        [b'\'', b'\\', ..] => find(rest, b"'", 3),
        [b'\'', _, b'\'', ..] => 3,
        _ => 0,
    }
}

fn find(rest: &[u8], end: &[u8], from: usize) -> usize {
    let found = rest.get(from..).and_then(|tail| tail.windows(end.len()).position(|window| window == end));
    found.map_or(rest.len(), |position| from + position + end.len())
}

fn quoted(rest: &[u8]) -> usize {
    let mut at = 1;
    while let Some(byte) = rest.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

#[test]
fn literals_and_comments_are_blanked_and_nothing_else() {
    let text = "fn a<'a>() { \"{\\\"\"; '{'; '\\''; r#\"{\"\"#; b\"{\"; /* { */ } // {\n";
    let left: String = code(text).chars().filter(|c| "{}<>'".contains(*c)).collect();
    assert_eq!(left, "<'>{}");
}
