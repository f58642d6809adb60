//! The official R4 cases (HL7, FHIR/fhir-test-cases) where they lie beside the repository.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fhir::tree::{Document, NodeRef};

use super::super::{Context, Expression, NoResolver};
use super::{now, shown};

/// How much of them must pass, in hundredths.
const GATE: usize = 97;

/// Beside the repository, or one folder further up.
fn folder() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["..", "../.."].map(|up| root.join(up).join("shared/reference/fhirpath-cases"));
    folders.into_iter().find(|folder| folder.is_dir())
}

fn outcome(document: &Document, expression: &str) -> Result<Vec<(String, String)>, String> {
    let compiled = Expression::parse(expression).map_err(|fault| fault.to_string())?;
    let context = Context { resource: document.root(), now: now(), resolver: &NoResolver };
    let items = compiled.evaluate(&context, document.root()).map_err(|fault| fault.to_string())?;
    Ok(items.iter().map(|item| (item.fhir_type_name().to_owned(), shown(item))).collect())
}

/// The outputs of these groups have no type in the cases, and so no place in the file; `times` and `quantities`
/// test what they are about.
fn is_without_outputs(group: &str) -> bool {
    matches!(group, "LowBoundary" | "HighBoundary" | "Comparable" | "Precision")
}

fn passes(case: NodeRef<'_>, result: &Result<Vec<(String, String)>, String>) -> bool {
    let expected: Vec<_> = case.list("outputs").collect();
    let is_invalid = case.get("invalid").is_some();
    match result {
        Err(_) => is_invalid,
        Ok(_) if is_invalid && expected.is_empty() => case.str_at("mode").as_deref() == Some("strict"),
        Ok(items) if is_without_outputs(&case.str_at("group").unwrap_or_default()) => items.len() <= 1,
        Ok(items) => {
            items.len() == expected.len()
                && items.iter().zip(expected).all(|((kind, text), output)| {
                    let wanted = output.str_at("value").unwrap_or_default();
                    output.str_at("type").as_deref() == Some(kind) && wanted.trim_start_matches('@') == text
                })
        }
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "says which cases fail, or that there are none")]
fn official_cases_pass() {
    let Some(folder) = folder() else {
        eprintln!("skipped: the official FHIRPath cases are not there");
        return;
    };
    let cases = Document::parse(fs::read_to_string(folder.join("cases.json")).unwrap()).unwrap();
    let (mut count, mut failed) = (0, Vec::new());
    for case in cases.root().children() {
        let input = case.str_at("input").unwrap_or("patient-example.json".into());
        let input = Document::parse(fs::read_to_string(folder.join("input").join(&*input)).unwrap()).unwrap();
        let expression = case.str_at("expression").unwrap();
        let result = outcome(&input, &expression);
        count += 1;
        if !passes(case, &result) {
            failed.push(format!("{}: {expression} -> {result:?}", case.str_at("name").unwrap()));
        }
    }
    eprintln!("{} of {count} pass\n{}", count - failed.len(), failed.join("\n"));
    assert!((count - failed.len()) * 100 >= count * GATE, "too few of the official cases pass");
}
