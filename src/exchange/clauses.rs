//! Which clause of an agreement stands behind a fault: where a profile asks for something because an obligation does,
//! the issue carries the words of the agreement.
//!
//! `profiles/clauses.json` says which element or constraint of a profile rests on which obligation; what the obligation
//! says is looked up in the agreements at hand, so that the words are always theirs.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::agreement::Agreement;
use crate::fhir::Issue;
use crate::fhir::outcome::Clause;

/// A row of the table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    /// Canonical URL of the profile.
    profile: String,
    /// The id of an element (`MedicationStatement.dosage`) or the key of a constraint (`lm-1`).
    on: String,
    /// The id of the obligation.
    obligation: String,
}

const TABLE: &str = include_str!("../../profiles/clauses.json");

/// `profile#on` -> the obligation's id.
fn table() -> &'static HashMap<String, String> {
    static ROWS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
        // A test reads the table; a damaged one is a table without rows.
        let rows: Vec<Row> = serde_json::from_str(TABLE).unwrap_or_default();
        rows.into_iter().map(|row| (format!("{}#{}", row.profile, row.on), row.obligation)).collect()
    });
    &ROWS
}

/// Gives each issue that rests on an obligation of these agreements its clause and quote.
pub fn attach(issues: &mut [Issue], agreements: &[Agreement]) {
    attach_by(table(), issues, agreements);
}

fn attach_by(table: &HashMap<String, String>, issues: &mut [Issue], agreements: &[Agreement]) {
    for issue in issues.iter_mut().filter(|issue| issue.clause.is_none()) {
        let behind = issue.constraint.as_ref().and_then(|constraint| table.get(constraint));
        issue.clause = behind.and_then(|obligation| clause(obligation, agreements));
    }
}

fn clause(id: &str, agreements: &[Agreement]) -> Option<Clause> {
    let obligation = agreements.iter().find_map(|agreement| agreement.obligation(id))?;
    Some(Clause {
        obligation: obligation.id.clone(),
        section: obligation.clause.clone(),
        quote: obligation.quote.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::IssueCode;
    use crate::fhir::library::profile::Node;

    #[test]
    fn every_row_names_an_obligation_that_there_is() {
        let rows: Vec<Row> = serde_json::from_str(TABLE).unwrap();
        for row in rows {
            assert!(clause(&row.obligation, Agreement::embedded()).is_some(), "{row:?}");
        }
    }

    /// Whether an element of that id, or a constraint of that key, is in a profile.
    fn has(node: &Node, on: &str) -> bool {
        let own = node.id == on || node.constraints.iter().any(|constraint| constraint.key == on);
        own || node.children.iter().chain(&node.slices).any(|inside| has(inside, on))
    }

    #[test]
    fn every_row_names_something_that_a_profile_asks_for() {
        let rows: Vec<Row> = serde_json::from_str(TABLE).unwrap();
        let profiles = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles/StructureDefinition");
        let (library, _) = crate::packages::load(&[profiles], None).unwrap();
        let asks = |row: &Row| library.structure(&row.profile).unwrap().is_ok_and(|it| has(&it.root, &row.on));
        let idle: Vec<_> = rows.iter().filter(|row| !asks(row)).collect();
        assert!(idle.is_empty(), "{idle:#?}");
    }

    #[test]
    fn an_issue_of_such_a_constraint_carries_the_words_and_others_do_not() {
        let agreements = Agreement::embedded();
        let obligation = &agreements[0].obligations[0];
        let table = HashMap::from([("http://a.example/p#Patient.name".to_owned(), obligation.id.clone())]);
        let issue = |constraint: &str| {
            Issue::error(IssueCode::Required, "profile-min", "e", "s").of_constraint(constraint.to_owned())
        };
        let mut issues = [issue("http://a.example/p#Patient.name"), issue("http://a.example/p#Patient.birthDate")];
        attach_by(&table, &mut issues, agreements);
        let quotes = issues.map(|issue| issue.clause.map(|clause| clause.quote));
        assert_eq!(quotes, [Some(obligation.quote.clone()), None]);
    }
}
