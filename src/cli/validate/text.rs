//! What was found, for people.

use vardbro::fhir::{Issue, Severity};

use super::Language;
use super::excerpt;
use super::judge::Judged;
use super::terminal::{Paint, plain};

/// A file with its verdict and its issues.
pub fn render(judged: &Judged, language: Language, paint: Paint) -> String {
    let verdict = match (judged.is_valid(), language) {
        (true, Language::En) => paint.green("valid"),
        (true, Language::Sv) => paint.green("giltig"),
        (false, Language::En) => paint.red("invalid"),
        (false, Language::Sv) => paint.red("ogiltig"),
    };
    let head = format!("{}: {verdict}\n", paint.bold(&plain(&judged.name)));
    judged.issues.iter().fold(head, |out, issue| out + &render_issue(issue, &judged.source, language, paint))
}

fn render_issue(issue: &Issue, source: &str, language: Language, paint: Paint) -> String {
    let sentence = if language == Language::Sv { &issue.swedish } else { &issue.english };
    let severity = word(issue.severity, language);
    let severity = match issue.severity {
        Severity::Error | Severity::Fatal => paint.red(severity),
        Severity::Warning => paint.yellow(severity),
        Severity::Information => paint.dim(severity),
    };
    let mut out = format!("  {severity}: {} {}\n", plain(sentence), paint.dim(&format!("[{}]", issue.rule)));
    if let Some(place) = place(issue, language) {
        out += &format!("    {}\n", plain(&place));
    }
    out += &caret(issue, source, paint).unwrap_or_default();
    if let Some(clause) = &issue.clause {
        out += &format!("    {}\n", plain(&format!("{} ({}): ”{}”", clause.obligation, clause.section, clause.quote)));
    }
    out
}

fn word(severity: Severity, language: Language) -> &'static str {
    match (language, severity) {
        (Language::En, _) => severity.code(),
        (Language::Sv, Severity::Fatal) => "oläsligt",
        (Language::Sv, Severity::Error) => "fel",
        (Language::Sv, Severity::Warning) => "varning",
        (Language::Sv, Severity::Information) => "upplysning",
    }
}

fn place(issue: &Issue, language: Language) -> Option<String> {
    let position = issue.place.position.map(|(line, column)| match language {
        Language::En => format!("line {line}, column {column}"),
        Language::Sv => format!("rad {line}, kolumn {column}"),
    });
    let expression = Some(issue.place.expression.clone()).filter(|it| !it.is_empty());
    let parts: Vec<String> = expression.into_iter().chain(position).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The source line and a caret under the place.
fn caret(issue: &Issue, source: &str, paint: Paint) -> Option<String> {
    let (number, column) = issue.place.position?;
    let shown = excerpt::around(excerpt::line(source, number)?, column);
    let number = number.to_string();
    let (margin, caret) = (" ".repeat(number.len()), "^".repeat(shown.width));
    Some(format!(
        "    {} {}\n    {} {}{}\n",
        paint.dim(&format!("{number} |")),
        shown.text,
        paint.dim(&format!("{margin} |")),
        " ".repeat(shown.indent),
        paint.red(&caret)
    ))
}

/// The line that closes what was said of several files.
pub fn summary(language: Language, valid: usize, invalid: usize, unchecked: usize) -> String {
    let total = valid + invalid + unchecked;
    match language {
        Language::En => format!(
            "{total} {}: {valid} valid, {invalid} invalid, {unchecked} not checked",
            if total == 1 { "file" } else { "files" }
        ),
        Language::Sv => {
            format!("{total} filer: {valid} giltiga, {invalid} ogiltiga, {unchecked} inte kontrollerade")
        }
    }
}

#[cfg(test)]
mod tests {
    use vardbro::fhir::IssueCode;
    use vardbro::fhir::outcome::{Clause, Place};

    use super::*;

    fn judged() -> Judged {
        let source = "{\n  \"resourceType\": \"Patient\",\n  \"nmae\": [1]\n}\n".to_owned();
        let place = Place { expression: "Patient.nmae".into(), pointer: "/nmae".into(), position: Some((3, 11)) };
        let clause = Clause { obligation: "VB-1".into(), section: "9".into(), quote: "Ordet".into() };
        let issue = Issue::error(IssueCode::Structure, "element-unknown", "Remove it.", "Ta bort det.").at(place);
        Judged { name: "a.json".into(), source, issues: vec![Issue { clause: Some(clause), ..issue }] }
    }

    #[test]
    fn an_issue_has_its_sentence_rule_path_line_caret_and_clause() {
        let expected = "a.json: invalid\n  error: Remove it. [element-unknown]\n    Patient.nmae, line 3, column 11\n    \
                        3 |   \"nmae\": [1]\n      |           ^\n    VB-1 (9): ”Ordet”\n";
        assert_eq!(render(&judged(), Language::En, Paint::NONE), expected);
    }

    #[test]
    fn the_same_in_swedish() {
        let text = render(&judged(), Language::Sv, Paint::NONE);
        assert!(text.starts_with("a.json: ogiltig\n  fel: Ta bort det. [element-unknown]\n    Patient.nmae, rad 3"));
    }

    #[test]
    fn nothing_of_a_file_is_obeyed() {
        let mut judged = judged();
        judged.name = "\u{1b}]0;x\u{7}.json".into();
        judged.issues[0].english = "\u{1b}[31m".into();
        assert!(!render(&judged, Language::En, Paint::NONE).contains('\u{1b}'));
    }
}
