//! Dependencies point one way, as `src/lib.rs` says.

use crate::tree::{code, rust};

/// The pure middle: no I/O, no tasks, nothing of the layers above.
const PURE: [&str; 6] = ["access", "validate", "concept", "agreement", "fhir", "identity"];
const NOT_IN_PURE: [&str; 5] = ["axum", "reqwest", "rusqlite", "tokio", "async_trait"];
const ABOVE_PURE: [&str; 12] = [
    "store",
    "exchange",
    "http",
    "app",
    "authn",
    "audit",
    "delivery",
    "config",
    "telemetry",
    "demo",
    "clock",
    "entropy",
];
/// Who may know of HTTP: those who put the gateway together.
const KNOW_HTTP: [&str; 4] = ["src/http/", "src/app.rs", "src/cli/", "src/demo/"];

/// The name of the module that a file belongs to.
fn module(path: &str) -> &str {
    let rest = path.strip_prefix("src/").unwrap_or(path);
    rest.split('/').next().unwrap_or(rest).trim_end_matches(".rs")
}

/// The names that follow `prefix` in a text, those in braces included.
fn named(text: &str, prefix: &str) -> Vec<String> {
    let text: String = code(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let mut names = Vec::new();
    for (at, _) in text.match_indices(prefix) {
        let is_word_before =
            text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':');
        if is_word_before {
            continue;
        }
        let rest = &text[at + prefix.len()..];
        match rest.strip_prefix('{') {
            Some(group) => names.extend(top_names(group)),
            None => names.push(word(rest)),
        }
    }
    names
}

fn word(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The first word of each item of a group in braces.
fn top_names(group: &str) -> Vec<String> {
    let (mut depth, mut names, mut start) = (0, Vec::new(), 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                names.push(word(&group[start..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(word(&group[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    names
}

#[test]
fn the_pure_middle_knows_no_io_and_nobody_above_it() {
    let mut faults = Vec::new();
    for (path, text) in rust("src").into_iter().filter(|(path, _)| PURE.contains(&module(path))) {
        let above = named(&text, "crate::").into_iter().filter(|name| ABOVE_PURE.contains(&name.as_str()));
        faults.extend(above.map(|name| format!("{path} knows crate::{name}")));
        let text = code(&text);
        let outside = NOT_IN_PURE.iter().filter(|name| text.contains(&format!("{name}::")));
        faults.extend(outside.map(|name| format!("{path} uses {name}")));
        if text.contains("async fn") || text.contains(".await") {
            faults.push(format!("{path} is asynchronous"));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn nothing_below_knows_http() {
    let below = rust("src").into_iter().filter(|(path, _)| !KNOW_HTTP.iter().any(|known| path.starts_with(known)));
    let knows = |text: &str| named(text, "crate::").iter().chain(&named(text, "vardbro::")).any(|name| name == "http");
    let faults: Vec<_> = below.filter(|(_, text)| knows(text)).map(|(path, _)| path).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn the_store_knows_no_use_case() {
    let mut faults = Vec::new();
    for (path, text) in rust("src/store") {
        let above = ["exchange", "http", "app", "authn", "delivery", "demo"];
        faults.extend(
            named(&text, "crate::").into_iter().filter(|n| above.contains(&n.as_str())).map(|n| format!("{path}: {n}")),
        );
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn names_are_found_plain_and_in_groups() {
    let text = "use crate::fhir::x;\nuse crate::{store::{a, b}, http};\n// crate::no\nlet x = crate::audit::y();";
    assert_eq!(named(text, "crate::"), ["fhir", "store", "http", "audit"]);
}
