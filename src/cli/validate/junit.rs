//! What was found, for build servers: JUnit XML, one test case a file. Source lines are not in it, for they may hold
//! what is personal, and reports are kept.

use vardbro::fhir::Issue;

use super::judge::Judged;

/// The report.
pub fn render(judged: &[Judged], unread: &[(String, String)], skipped: &[(String, String)]) -> String {
    let failures = judged.iter().filter(|it| !it.is_valid()).count();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite name=\"vardbro validate\" tests=\"{}\" \
         failures=\"{failures}\" errors=\"{}\" skipped=\"{}\">\n",
        judged.len() + unread.len() + skipped.len(),
        unread.len(),
        skipped.len()
    );
    judged.iter().for_each(|it| out += &case(&it.name, &content(it)));
    unread.iter().for_each(|(name, why)| out += &case(name, &element("error", "unreadable", why, "")));
    skipped.iter().for_each(|(name, why)| out += &case(name, &format!("<skipped message=\"{}\"/>", escaped(why))));
    out + "</testsuite>\n</testsuites>\n"
}

fn case(name: &str, content: &str) -> String {
    format!("<testcase classname=\"vardbro.validate\" name=\"{}\">{content}</testcase>\n", escaped(name))
}

fn content(judged: &Judged) -> String {
    if judged.issues.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = judged.issues.iter().map(line).collect();
    let lines = lines.join("\n");
    if judged.is_valid() {
        return format!("<system-out>{}</system-out>", escaped(&lines));
    }
    let errors = judged.issues.iter().filter(|it| it.is_error()).count();
    let first = judged.issues.iter().find(|it| it.is_error());
    let (rule, sentence) = first.map_or(("invalid", ""), |it| (it.rule, it.english.as_str()));
    let message = if errors == 1 { sentence.to_owned() } else { format!("{errors} errors; the first: {sentence}") };
    element("failure", rule, &message, &lines)
}

fn element(name: &str, kind: &str, message: &str, content: &str) -> String {
    format!("<{name} type=\"{}\" message=\"{}\">{}</{name}>", escaped(kind), escaped(message), escaped(content))
}

fn line(issue: &Issue) -> String {
    let clause = issue.clause.iter().map(|it| format!(" ({} {}: {})", it.obligation, it.section, it.quote));
    format!("{issue}{}", clause.collect::<String>())
}

/// Text for XML 1.0, in an element or an attribute; what XML has no way to write becomes U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' | '\r' => out.push(' '),
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use quick_xml::Reader;
    use quick_xml::events::Event;
    use vardbro::fhir::{IssueCode, Severity};

    use super::*;

    fn judged(name: &str, issues: Vec<Issue>) -> Judged {
        Judged { name: name.into(), source: "SECRET".into(), issues }
    }

    fn issue(text: &str) -> Issue {
        Issue::error(IssueCode::Value, "code-format", text, text)
    }

    #[test]
    fn each_file_is_a_test_case_with_all_its_issues() {
        let warned = judged("w.json", vec![issue("w").with_severity(Severity::Warning)]);
        let broken = judged("b.json", vec![issue("one"), issue("two")]);
        let xml = render(&[warned, broken], &[("u.json".into(), "gone".into())], &[("x.xml".into(), "XML".into())]);
        assert!(xml.contains("tests=\"4\" failures=\"1\" errors=\"1\" skipped=\"1\""));
        assert!(xml.contains("<system-out>warning: w [code-format]</system-out>"));
        assert!(xml.contains("2 errors; the first: one\">error: one [code-format]&#10;error: two [code-format]<"));
        assert!(!xml.contains("SECRET"));
    }

    #[test]
    fn whatever_is_in_a_name_the_report_stays_xml() {
        let xml = render(&[judged("a\"<&>\u{1}\u{1b}]].json", vec![issue("<b> & \"c\"\u{0}")])], &[], &[]);
        let mut reader = Reader::from_str(&xml);
        let mut depth = 0;
        loop {
            match reader.read_event().unwrap() {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(depth, 0);
        assert!(xml.chars().all(|c| c == '\n' || !c.is_control()));
    }
}
