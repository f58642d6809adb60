//! `vardbro validate`: what it says, and what its exit code means.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const GOOD: &str = r#"{"resourceType":"Patient","birthDate":"1912-12-12"}"#;
const BAD: &str = "{\n\t\"resourceType\": \"Patient\",\n\t\"gender\": \"unkown\"\n}\n";

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn validate(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vardbro"));
    command.arg("validate").args(arguments).current_dir(folder);
    command
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn complained(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn the_exit_code_tells_valid_invalid_and_not_checked_apart() {
    let folder = folder(&[("good.json", GOOD), ("bad.json", BAD), ("x.xml", "<Patient/>")]);
    let at = |arguments: &[&str]| code(&validate(folder.path(), arguments));
    assert_eq!(at(&["good.json"]), 0);
    assert_eq!(at(&["good.json", "bad.json"]), 1);
    assert_eq!(at(&["bad.json", "gone.json"]), 2);
    assert_eq!(at(&["x.xml"]), 2);
    assert_eq!(at(&["good.json", "--profile", "http://nowhere.example/p"]), 2);
}

#[test]
fn what_could_not_be_checked_is_one_line_and_the_rest_is_checked_all_the_same() {
    let folder = folder(&[("good.json", GOOD)]);
    let output = validate(folder.path(), &["gone.json", "good.json"]);
    assert_eq!(complained(&output).lines().filter(|line| line.starts_with("vardbro: gone.json: ")).count(), 1);
    assert!(said(&output).starts_with("good.json: valid\n"));
}

#[test]
fn people_see_the_line_and_a_caret_under_the_place() {
    let folder = folder(&[("bad.json", BAD)]);
    let text = said(&validate(folder.path(), &["bad.json"]));
    assert!(text.starts_with("bad.json: invalid\n  error: "), "{text}");
    assert!(text.contains("[code-unknown]\n    Patient.gender, line 3, column 12\n"), "{text}");
    assert!(text.contains("    3 |     \"gender\": \"unkown\"\n      |               ^^^^^^^^\n"), "{text}");
    assert!(!text.contains('\u{1b}'));
    let swedish = said(&validate(folder.path(), &["bad.json", "--language", "sv"]));
    assert!(swedish.starts_with("bad.json: ogiltig\n  fel: "), "{swedish}");
}

#[test]
fn standard_input_is_validated_as_a_file() {
    let folder = folder(&[("bad.json", BAD)]);
    let input = std::fs::File::open(folder.path().join("bad.json")).unwrap();
    let output = command(folder.path(), &["-"]).stdin(Stdio::from(input)).output().unwrap();
    assert_eq!(code(&output), 1);
    assert!(said(&output).starts_with("-: invalid\n"));
}

#[test]
fn a_folder_is_walked_in_order_and_summed_up() {
    let folder = folder(&[("b/bad.json", BAD), ("a/good.json", GOOD), ("a/old.xml", "<Patient/>")]);
    let output = validate(folder.path(), &["."]);
    let text = said(&output);
    let heads: Vec<_> = text.lines().filter(|line| line.starts_with("./")).collect();
    assert_eq!((code(&output), heads), (1, vec!["./a/good.json: valid", "./b/bad.json: invalid"]));
    assert!(text.ends_with("3 files: 1 valid, 1 invalid, 1 not checked\n"), "{text}");
    assert!(complained(&output).contains("./a/old.xml: XML is not supported"));
}

#[test]
fn programs_get_an_outcome_a_line_with_every_part_of_an_issue() {
    let folder = folder(&[("good.json", GOOD), ("bad.json", BAD)]);
    let text = said(&validate(folder.path(), &["good.json", "bad.json", "--format", "json"]));
    let outcomes: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let issue = &outcomes[1]["issue"][0];
    assert_eq!((outcomes.len(), &issue["severity"], &issue["code"]), (2, &"error".into(), &"code-invalid".into()));
    assert_eq!(issue["details"]["coding"][0]["system"], "https://vardbro.example/fhir/CodeSystem/issue");
    assert_eq!(issue["expression"][0], "Patient.gender");
    assert_eq!(issue["location"], serde_json::json!(["/gender", "line 3, column 12"]));
    assert!(issue["diagnostics"].is_string() && issue["details"]["text"].is_string());
    assert!(!text.contains("unkown"));
}

#[test]
fn build_servers_get_junit() {
    let folder = folder(&[("good.json", GOOD), ("bad.json", BAD)]);
    let output = validate(folder.path(), &["good.json", "bad.json", "gone.json", "--format", "junit"]);
    let text = said(&output);
    assert!(text.contains("tests=\"3\" failures=\"1\" errors=\"1\""), "{text}");
    assert!(text.contains("name=\"good.json\"></testcase>") && text.contains("Patient.gender (line 3, column 12)"));
    assert!(!text.contains("unkown"));
}
