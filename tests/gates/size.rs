//! No file and no function that a newcomer dreads to open.

use crate::tree::{code, rust};

const LONGEST_FILE: usize = 500;
const LONGEST_FUNCTION: usize = 80;

#[test]
fn no_file_is_too_long() {
    let all = ["src", "tests", "crates", "xtask"].into_iter().flat_map(rust);
    let lengths = all.map(|(path, text)| (path, text.lines().count()));
    let faults: Vec<_> = lengths.filter(|(_, lines)| *lines > LONGEST_FILE).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn no_function_is_too_long() {
    let all = ["src", "tests", "crates", "xtask"].into_iter().flat_map(rust);
    let faults: Vec<_> = all.flat_map(|(path, text)| too_long(&path, &text)).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

/// The functions of a text that take too many lines, by matching braces.
fn too_long(path: &str, text: &str) -> Vec<String> {
    let text = code(text);
    let is_start = |at: usize| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let starts = text.match_indices("fn ").map(|(at, _)| at).filter(|at| is_start(*at));
    starts.filter_map(|at| function(path, &text[at..])).collect()
}

fn function(path: &str, text: &str) -> Option<String> {
    let (mut depth, mut brackets, mut lines) = (0_usize, 0_i32, 1);
    for c in text.chars() {
        match c {
            // A declaration without a body.
            ';' if depth == 0 && brackets == 0 => return None,
            '[' => brackets += 1,
            ']' => brackets -= 1,
            '{' => depth += 1,
            '}' => depth = depth.checked_sub(1)?,
            '\n' => lines += 1,
            _ => {}
        }
        if c == '}' && depth == 0 {
            let name: String = text[3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            return (lines > LONGEST_FUNCTION).then(|| format!("{path}: {name} has {lines} lines"));
        }
    }
    None
}

#[test]
fn a_long_function_is_found() {
    let long = format!("fn b();\nfn a(x: [u8; 3]) {{\n{}}}\n", "x;\n".repeat(80));
    assert_eq!(too_long("p", &long), ["p: a has 82 lines"]);
}
