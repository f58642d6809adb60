//! The issues found so far: each goes through the table of rules, and there is an end to them.

use crate::fhir::{Issue, NodeRef, Severity};

use super::rules::{Rule, TOO_MANY_ISSUES};
use super::{CodeQuestion, place};

/// So many issues are told; then one that says that there are more.
pub const MOST: usize = 200;

/// Collects issues.
#[derive(Default)]
pub struct Issues {
    found: Vec<Issue>,
    /// How many were left out, and the worst of them.
    left_out: usize,
    worst: Option<Severity>,
    questions: Vec<CodeQuestion>,
}

/// So many questions are left to others.
pub const MOST_QUESTIONS: usize = 400;

impl Issues {
    /// Notes that `node` breaks `rule`, with what to change in English and in Swedish.
    pub fn raise(&mut self, rule: &Rule, node: NodeRef<'_>, english: impl Into<String>, swedish: impl Into<String>) {
        self.push(rule, node, || Issue::error(rule.code, rule.name, english, swedish));
    }

    fn push(&mut self, rule: &Rule, node: NodeRef<'_>, issue: impl FnOnce() -> Issue) {
        if self.found.len() >= MOST && !self.make_room_for(rule.severity) {
            return self.leave_out(rule.severity);
        }
        self.found.push(issue().with_severity(rule.severity).at(place::of(node)));
    }

    /// [`Issues::raise`] with the constraint of a definition that is broken (its URL, `#`, its key).
    pub fn raise_constraint(
        &mut self,
        rule: &Rule,
        node: NodeRef<'_>,
        english: String,
        swedish: String,
        constraint: String,
    ) {
        self.push(rule, node, || Issue::error(rule.code, rule.name, english, swedish).of_constraint(constraint));
    }

    /// How many were found, told or not.
    pub fn count(&self) -> usize {
        self.found.len() + self.left_out
    }

    /// Notes an issue that says that codes were not checked, and what to ask of each.
    pub fn raise_asking(
        &mut self,
        rule: &Rule,
        node: NodeRef<'_>,
        english: impl Into<String>,
        swedish: impl Into<String>,
        questions: impl IntoIterator<Item = CodeQuestion>,
    ) {
        let before = self.left_out;
        self.raise(rule, node, english, swedish);
        let questions: Vec<CodeQuestion> = questions.into_iter().collect();
        // All of an issue's questions or none: answers to some would not settle it.
        if self.left_out == before && self.questions.len() + questions.len() <= MOST_QUESTIONS {
            let issue = self.found.len().saturating_sub(1);
            self.questions.extend(questions.into_iter().map(|question| CodeQuestion { issue, ..question }));
        }
    }

    /// Another code of a system of which it was said already that its codes were not checked.
    pub fn ask_again(&mut self, question: CodeQuestion) {
        let is_same = |it: &&CodeQuestion| {
            it.value_set == question.value_set && it.system == question.system && it.version == question.version
        };
        let issue = self.questions.iter().find(is_same).map(|it| it.issue);
        if let Some(issue) = issue.filter(|_| self.questions.len() < MOST_QUESTIONS) {
            self.questions.push(CodeQuestion { issue, ..question });
        }
    }

    /// The codes that the library can't judge.
    pub fn take_questions(&mut self) -> Vec<CodeQuestion> {
        std::mem::take(&mut self.questions)
    }

    /// Whether nothing more can be told: costly words (suggestions) are then in vain.
    pub fn is_full(&self) -> bool {
        self.found.len() >= MOST && self.found.iter().all(Issue::is_error)
    }

    /// Whether anything found, or left out, is an error.
    pub fn has_errors(&self) -> bool {
        self.worst >= Some(Severity::Error) || self.found.iter().any(Issue::is_error)
    }

    /// Errors drive out what is only worth knowing.
    fn make_room_for(&mut self, severity: Severity) -> bool {
        let milder = self.found.iter().rposition(|issue| issue.severity < severity);
        if let Some(at) = milder.filter(|_| severity >= Severity::Error) {
            let removed = self.found.remove(at);
            self.questions.retain(|question| question.issue != at);
            self.questions.iter_mut().filter(|question| question.issue > at).for_each(|question| question.issue -= 1);
            self.leave_out(removed.severity);
        }
        self.found.len() < MOST
    }

    fn leave_out(&mut self, severity: Severity) {
        self.left_out += 1;
        self.worst = self.worst.max(Some(severity));
    }

    /// Everything found; where some were left out, a last issue as bad as the worst of them says so.
    pub fn finish(mut self, root: NodeRef<'_>) -> Vec<Issue> {
        if let Some(worst) = self.worst {
            let english = format!("There are {} more issues; correct these first and send again.", self.left_out);
            let swedish = format!("Det finns {} fel till; rätta dessa först och skicka igen.", self.left_out);
            let issue = Issue::error(TOO_MANY_ISSUES.code, TOO_MANY_ISSUES.name, english, swedish);
            self.found.push(issue.with_severity(worst).at(place::of(root)));
        }
        self.found
    }
}

#[cfg(test)]
mod tests {
    use crate::fhir::Document;
    use crate::validate::rules::{ELEMENT_UNKNOWN, EXTENSION_UNKNOWN};

    use super::*;

    fn raised(counts: &[(&Rule, usize)]) -> Vec<Issue> {
        let document = Document::parse("{}").unwrap();
        let mut issues = Issues::default();
        for (rule, count) in counts {
            (0..*count).for_each(|_| issues.raise(rule, document.root(), "e", "s"));
        }
        issues.finish(document.root())
    }

    #[test]
    fn after_the_most_one_issue_says_that_there_are_more() {
        let issues = raised(&[(&ELEMENT_UNKNOWN, MOST + 7)]);
        assert_eq!(issues.len(), MOST + 1);
        assert_eq!(issues[MOST].rule, "too-many-issues");
        assert!(issues[MOST].english.contains("7 more") && issues[MOST].is_error());
    }

    #[test]
    fn errors_drive_out_information() {
        let issues = raised(&[(&EXTENSION_UNKNOWN, MOST), (&ELEMENT_UNKNOWN, 2)]);
        assert_eq!(issues.iter().filter(|issue| issue.is_error()).count(), 2);
        assert_eq!(issues[MOST].severity, Severity::Information);
    }
}
