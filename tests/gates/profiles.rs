//! Our own definitions hold together: what one names another defines, what the program writes has a code, and every
//! profile has examples that meet it and break it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use vardbro::concept::{CareForm, round::RoundKind, unit::ServiceKind};

use crate::tree::{files, rust};

const BASE: &str = "https://vardbro.example/fhir/";
const LM: &str = "https://vardbro.example/fhir/CodeSystem/lm";
const FOLDERS: [&str; 4] = ["StructureDefinition", "ValueSet", "CodeSystem", "SearchParameter"];

fn json(below: &str) -> Vec<(String, Value)> {
    let is_json = |path: &str| std::path::Path::new(path).extension().is_some_and(|it| it == "json");
    files(below)
        .into_iter()
        .filter(|(path, _)| is_json(path))
        .map(|(path, file)| {
            let text = std::fs::read_to_string(file).unwrap();
            let value = serde_json::from_str(&text).unwrap_or_else(|fault| panic!("{path}: {fault}"));
            (path, value)
        })
        .collect()
}

fn definitions() -> Vec<(String, Value)> {
    FOLDERS.iter().flat_map(|folder| json(&format!("profiles/{folder}"))).collect()
}

fn strings<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(members) => members.values().for_each(|member| strings(member, found)),
        _ => {}
    }
}

fn codes(system: &str) -> BTreeSet<String> {
    let (_, system) = definitions().into_iter().find(|(_, it)| it["url"] == system).unwrap();
    let concepts = system["concept"].as_array().unwrap();
    let codes: BTreeSet<String> = concepts.iter().filter_map(|it| it["code"].as_str()).map(str::to_owned).collect();
    assert_eq!(codes.len(), concepts.len(), "a code stands twice");
    codes
}

/// The profile at the bottom of each URL of ours: the type that it is for.
fn profiles() -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let is_profile = |it: &Value| it["resourceType"] == "StructureDefinition" && it["kind"] == "resource";
    let all = definitions().into_iter().filter(|(_, it)| is_profile(it));
    all.map(|(_, it)| (text(&it["url"]), text(&it["type"]))).collect()
}

#[test]
fn a_definition_is_found_by_its_name() {
    for (path, it) in definitions() {
        let (kind, id) = (it["resourceType"].as_str().unwrap(), it["id"].as_str().unwrap());
        assert_eq!(path, format!("profiles/{kind}/{id}.json"));
        assert_eq!(it["url"], format!("{BASE}{kind}/{id}"), "{path}");
        assert!(it.get("snapshot").is_none(), "{path} is a differential");
    }
}

#[test]
fn what_a_definition_names_is_defined() {
    let all = definitions();
    let known: BTreeSet<&str> = all.iter().filter_map(|(_, it)| it["url"].as_str()).collect();
    let is_ours = |text: &&str| FOLDERS.iter().any(|folder| text.starts_with(&format!("{BASE}{folder}/")));
    let mut faults = Vec::new();
    for (path, it) in &all {
        let mut found = Vec::new();
        strings(it, &mut found);
        let missing = found.into_iter().filter(is_ours).filter(|text| !known.contains(text));
        faults.extend(missing.map(|url| format!("{path}: {url}")));
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn the_codes_of_the_agreements_are_all_defined() {
    let known = codes(LM);
    let mut used: BTreeSet<String> = BTreeSet::new();
    used.extend(CareForm::ALL.iter().map(|it| it.as_str().to_owned()));
    used.extend(RoundKind::ALL.iter().map(|it| it.as_str().to_owned()));
    used.extend(ServiceKind::ALL.iter().map(|it| it.as_str().to_owned()));
    for (_, text) in rust("src") {
        used.extend(local_codes(&text).map(str::to_owned));
    }
    for (_, value) in json("profiles/ValueSet") {
        for include in value["compose"]["include"].as_array().unwrap().iter().filter(|it| it["system"] == LM) {
            let concepts = include["concept"].as_array().into_iter().flatten();
            used.extend(concepts.filter_map(|it| it["code"].as_str()).map(str::to_owned));
        }
    }
    used.extend(fixed_codes());
    let missing: Vec<_> = used.difference(&known).collect();
    assert!(missing.is_empty(), "{LM} lacks: {missing:?}");
}

/// What is written as `local("code")`, by the helper that makes a concept of a code of ours.
fn local_codes(text: &str) -> impl Iterator<Item = &str> {
    let is_call = |at: usize| !text[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.'));
    text.match_indices("local(\"")
        .filter(move |(at, _)| is_call(*at))
        .filter_map(|(at, call)| text[at + call.len()..].split_once("\")").map(|(code, _)| code))
        .filter(|code| code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
}

/// The codes of ours in the patterns of profiles and in the examples.
fn fixed_codes() -> Vec<String> {
    fn codings(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| codings(item, found)),
            Value::Object(members) => {
                if members.get("system").is_some_and(|system| system == LM) {
                    found.extend(members.get("code").and_then(Value::as_str).map(str::to_owned));
                }
                members.values().for_each(|member| codings(member, found));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    let examples = json("fixtures/profiles").into_iter().filter(|(path, _)| path.contains("/valid/"));
    json("profiles/StructureDefinition").into_iter().chain(examples).for_each(|(_, it)| codings(&it, &mut found));
    found
}

#[test]
fn the_table_of_concepts_names_profiles_of_the_right_type() {
    let profiles = profiles();
    let text = std::fs::read_to_string(crate::tree::root().join("profiles/concepts.json")).unwrap();
    let table: BTreeMap<String, BTreeMap<String, Value>> = serde_json::from_str(&text).unwrap();
    assert_eq!(table.len(), 15);
    for (concept, types) in table {
        for (kind, named) in types {
            let several = named.as_array().cloned().unwrap_or_else(|| vec![named.clone()]);
            for profile in several {
                let profile = profile.as_str().unwrap();
                assert_eq!(profiles.get(profile), Some(&kind), "{concept}: {profile}");
            }
        }
    }
}

#[test]
fn every_profile_has_examples_that_meet_and_break_it() {
    let rules = codes("https://vardbro.example/fhir/CodeSystem/issue");
    for (url, kind) in profiles() {
        let id = url.rsplit('/').next().unwrap();
        let valid = json(&format!("fixtures/profiles/{id}/valid"));
        let (expectations, invalid): (Vec<_>, Vec<_>) = json(&format!("fixtures/profiles/{id}/invalid"))
            .into_iter()
            .partition(|(path, _)| path.ends_with(".expected.json"));
        assert!(!valid.is_empty() && invalid.len() >= 2, "{id} has too few examples");
        let of_type = valid.iter().chain(&invalid).all(|(_, example)| example["resourceType"] == kind.as_str());
        assert!(of_type, "an example of {id} is no {kind}");
        let names = |all: &[(String, Value)]| -> Vec<String> {
            all.iter().map(|(path, _)| path.replace(".expected.json", ".json")).collect()
        };
        assert_eq!(names(&expectations), names(&invalid), "an example of {id} has no expectation");
        for (path, expected) in expectations {
            let issues = expected["issues"].as_array().unwrap();
            let known = |issue: &Value| issue["rule"].as_str().is_some_and(|rule| rules.contains(rule));
            assert!(!issues.is_empty() && issues.iter().all(known), "{path} names a rule that is none");
        }
    }
}
