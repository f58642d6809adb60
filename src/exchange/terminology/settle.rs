//! What the answers of a terminology service make of a report.

use std::collections::HashMap;

use futures_util::future::join_all;

use super::{Answer, ServiceFault, TerminologyService};
use crate::fhir::Issue;
use crate::validate::{CodeQuestion, MOST_QUESTIONS, Report};

type Found = Result<Answer, ServiceFault>;

/// Asks a service what the report leaves open. An issue that says that a code was not checked goes, or becomes the
/// issue of a code that is wrong; what is still open stays, and says why.
pub async fn settle(mut report: Report, service: &dyn TerminologyService) -> Report {
    if report.questions.is_empty() {
        return report;
    }
    let questions = std::mem::take(&mut report.questions);
    // Where questions were left out, the codes that are not asked about keep their issue.
    let are_all = questions.len() < MOST_QUESTIONS;
    let found = answers(&questions, service).await;
    let mut by_issue: HashMap<usize, Vec<(CodeQuestion, Found)>> = HashMap::new();
    for asked in questions.into_iter().zip(found) {
        by_issue.entry(asked.0.issue).or_default().push(asked);
    }
    let issues = std::mem::take(&mut report.issues);
    for (at, issue) in issues.into_iter().enumerate() {
        match by_issue.remove(&at) {
            Some(asked) => one(issue, asked, are_all, &mut report),
            None => report.issues.push(issue),
        }
    }
    report
}

/// Asks each different question once, all together; how many are under way is the service's business.
async fn answers(questions: &[CodeQuestion], service: &dyn TerminologyService) -> Vec<Found> {
    let key = |it: &CodeQuestion| [&it.value_set, &it.system, &it.version, &it.code].map(String::clone);
    let mut places: HashMap<[String; 4], usize> = HashMap::new();
    let mut different: Vec<&CodeQuestion> = Vec::new();
    let places: Vec<usize> = questions
        .iter()
        .map(|question| {
            *places.entry(key(question)).or_insert_with(|| {
                different.push(question);
                different.len() - 1
            })
        })
        .collect();
    let found = join_all(different.into_iter().map(|question| service.validate_code(question))).await;
    places.into_iter().map(|at| found.get(at).copied().unwrap_or(Err(ServiceFault::Away))).collect()
}

/// Puts back the issue behind some questions, or what has become of it.
fn one(issue: Issue, asked: Vec<(CodeQuestion, Found)>, are_all: bool, report: &mut Report) {
    let is_of_value_set = asked.iter().any(|(question, _)| !question.value_set.is_empty());
    let open = asked.iter().find(|(_, found)| !matches!(found, Ok(Answer::Yes | Answer::No))).map(|(_, found)| *found);
    let has = |answer| asked.iter().any(|(_, found)| *found == Ok(answer));
    if is_of_value_set {
        // One code of a concept in the value set is enough, and only if none can be is it wrong.
        match (has(Answer::Yes), open) {
            (true, _) => {}
            (false, None) => report.issues.extend(asked.first().map(|(question, _)| question.refused())),
            (false, Some(found)) => keep(issue, asked, found, report),
        }
        return;
    }
    let refused = asked.iter().filter(|(_, found)| *found == Ok(Answer::No));
    let refused: Vec<Issue> = refused.map(|(question, _)| question.refused()).collect();
    match open {
        Some(found) => keep(issue, asked, found, report),
        None if !are_all => report.issues.push(issue),
        None => {}
    }
    report.issues.extend(refused);
}

/// Keeps an issue with what is still asked, and says why that is so.
fn keep(mut issue: Issue, asked: Vec<(CodeQuestion, Found)>, found: Found, report: &mut Report) {
    let (english, swedish) = match found {
        Ok(_) => (" The terminology service does not know either.", " Terminologitjänsten vet det inte heller."),
        Err(_) => (" The terminology service did not answer.", " Terminologitjänsten svarade inte."),
    };
    issue.english.push_str(english);
    issue.swedish.push_str(swedish);
    let place = report.issues.len();
    report.issues.push(issue);
    let open = asked.into_iter().filter(|(_, found)| !matches!(found, Ok(Answer::Yes | Answer::No)));
    report.questions.extend(open.map(|(question, _)| CodeQuestion { issue: place, ..question }));
}
