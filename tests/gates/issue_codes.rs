//! `profiles/CodeSystem/issue.json` has every rule: those of the validator's table, word for word, and those that the
//! gateway raises elsewhere.
//!
//! `VARDBRO_WRITE=1 cargo test --test gates issue_codes` writes what the table says into the file and keeps the rest:
//! the Swedish words, and the codes that are not of the table.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use vardbro::validate::rules::{ALL, Rule};

use crate::tree::{root, rust};

const FILE: &str = "profiles/CodeSystem/issue.json";

fn code_system() -> Value {
    serde_json::from_str(&std::fs::read_to_string(root().join(FILE)).unwrap()).unwrap()
}

/// The concept as the table says it, with the Swedish words that it had.
fn concept(rule: &Rule, before: Option<&Value>) -> Value {
    let mut concept = json!({"code": rule.name, "display": rule.meaning});
    if let Some(words) = before.and_then(|before| before.get("designation")) {
        concept["designation"] = words.clone();
    }
    concept["property"] = json!([
        {"code": "severity", "valueCode": rule.severity.code()},
        {"code": "type", "valueCode": rule.code.code()},
    ]);
    concept
}

/// The file as it should be: the rules in the table's order, then all others as they stand.
fn expected(now: &Value) -> Value {
    let concepts: &[Value] = now["concept"].as_array().map_or(&[], Vec::as_slice);
    let found = |code: &str| concepts.iter().find(|it| it["code"] == code);
    let of_table = ALL.iter().map(|rule| concept(rule, found(rule.name)));
    let others = concepts.iter().filter(|it| !ALL.iter().any(|rule| it["code"] == rule.name)).cloned();
    let all: Vec<Value> = of_table.chain(others).collect();
    let mut expected = now.clone();
    expected["count"] = json!(all.len());
    expected["concept"] = Value::Array(all);
    expected
}

/// Names that stand as `IssueCode::X, "name"` in the code itself.
fn raised(text: &str) -> impl Iterator<Item = &str> {
    let text = text.split("#[cfg(test)]").next().unwrap_or(text);
    text.split("IssueCode::").skip(1).filter_map(|after| {
        let rest = after.trim_start_matches(char::is_alphanumeric).strip_prefix(',')?.trim_start();
        rest.strip_prefix('"')?.split('"').next().filter(|name| is_name(name))
    })
}

fn is_name(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

#[test]
fn every_rule_is_in_the_code_system() {
    let now = code_system();
    let expected = expected(&now);
    if std::env::var_os("VARDBRO_WRITE").is_some() {
        std::fs::write(root().join(FILE), format!("{expected:#}\n")).unwrap();
        return;
    }
    let differ: Vec<&str> = ALL
        .iter()
        .map(|rule| rule.name)
        .filter(|name| {
            let of = |system: &Value| {
                system["concept"].as_array().and_then(|all| all.iter().find(|it| it["code"] == *name).cloned())
            };
            of(&now) != of(&expected)
        })
        .collect();
    assert!(differ.is_empty(), "write them with VARDBRO_WRITE=1: {differ:?}");
    assert_eq!(now["count"], expected["count"], "write it with VARDBRO_WRITE=1");
}

#[test]
fn what_the_gateway_raises_elsewhere_is_in_the_code_system() {
    let system = code_system();
    let known: BTreeSet<&str> =
        system["concept"].as_array().unwrap().iter().filter_map(|it| it["code"].as_str()).collect();
    let ours = |path: &str| !path.contains("test") && !path.ends_with("validate/rules.rs");
    let files = rust("src").into_iter().filter(|(path, _)| ours(path));
    let faults: Vec<String> = files
        .flat_map(|(path, text)| raised(&text).map(|name| format!("{path}: {name}")).collect::<Vec<_>>())
        .filter(|fault| !known.contains(fault.rsplit(": ").next().unwrap_or_default()))
        .collect();
    assert!(faults.is_empty(), "{FILE} lacks: {faults:#?}");
}
