//! Whether an item of a questionnaire is enabled by the answers given elsewhere
//! ([enableWhen](https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen)).

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;

use crate::fhir::NodeRef;

/// The answers of a response by linkId.
pub struct Answers<'a>(HashMap<Cow<'a, str>, Vec<NodeRef<'a>>>);

impl<'a> Answers<'a> {
    /// Those of a response.
    pub fn of(response: NodeRef<'a>) -> Self {
        let mut by_id: HashMap<_, Vec<_>> = HashMap::new();
        let mut open: Vec<_> = response.list("item").collect();
        while let Some(item) = open.pop() {
            open.extend(item.list("item"));
            for answer in item.list("answer") {
                open.extend(answer.list("item"));
                if let (Some(id), Some(value)) = (item.str_at("linkId"), member(answer, "value")) {
                    by_id.entry(id).or_default().push(value);
                }
            }
        }
        Self(by_id)
    }

    /// Whether an item of the questionnaire is enabled; `None` where that can't be told.
    pub fn enable(&self, item: NodeRef<'_>) -> Option<bool> {
        let mut conditions = item.list("enableWhen").map(|when| self.holds(when)).peekable();
        if conditions.peek().is_none() {
            return Some(true);
        }
        let any = item.str_at("enableBehavior").as_deref() == Some("any");
        let told: Vec<_> = conditions.collect();
        if told.contains(&Some(any)) {
            return Some(any);
        }
        (!told.contains(&None)).then_some(!any)
    }

    fn holds(&self, when: NodeRef<'_>) -> Option<bool> {
        let given = self.0.get(&when.str_at("question")?).map_or(&[][..], Vec::as_slice);
        let wanted = member(when, "answer")?;
        let operator = when.str_at("operator")?;
        if operator == "exists" {
            return Some(given.is_empty() != wanted.as_bool()?);
        }
        let told: Vec<_> = given.iter().map(|value| compare(*value, wanted)).collect();
        let fits = |order: &Option<Ordering>| match (&*operator, order) {
            ("=", Some(order)) => Some(order.is_eq()),
            ("!=", Some(order)) => Some(order.is_ne()),
            (">", Some(order)) => Some(order.is_gt()),
            ("<", Some(order)) => Some(order.is_lt()),
            (">=", Some(order)) => Some(order.is_ge()),
            ("<=", Some(order)) => Some(order.is_le()),
            _ => None,
        };
        let told: Vec<_> = told.iter().map(fits).collect();
        if told.contains(&Some(true)) { Some(true) } else { (!told.contains(&None)).then_some(false) }
    }
}

/// The member `value[x]` or `answer[x]`.
pub fn member<'a>(owner: NodeRef<'a>, name: &str) -> Option<NodeRef<'a>> {
    owner.children().find(|it| {
        it.key().is_some_and(|key| key.strip_prefix(name).is_some_and(|rest| rest.starts_with(char::is_uppercase)))
    })
}

/// Whether two Codings name the same code; a system that is not given is any.
pub fn same_coding(a: NodeRef<'_>, b: NodeRef<'_>) -> bool {
    let same = |name: &str| a.str_at(name).zip(b.str_at(name)).is_none_or(|(a, b)| a == b);
    a.get("code").is_some() == b.get("code").is_some() && same("code") && same("system")
}

fn compare(value: NodeRef<'_>, wanted: NodeRef<'_>) -> Option<Ordering> {
    if let (Some(a), Some(b)) = (value.as_str(), wanted.as_str()) {
        return Some(a.cmp(&b));
    }
    if let (Some(a), Some(b)) = (value.as_bool(), wanted.as_bool()) {
        return Some(a.cmp(&b));
    }
    if let (Some(a), Some(b)) = (value.as_number(), wanted.as_number()) {
        return a.parse::<f64>().ok()?.partial_cmp(&b.parse::<f64>().ok()?);
    }
    if value.get("value").is_some() && value.get("code").map(|it| it.text()) == wanted.get("code").map(|it| it.text()) {
        return compare(value.get("value")?, wanted.get("value")?);
    }
    let are_codings = value.get("code").is_some() && wanted.get("code").is_some() && value.get("value").is_none();
    are_codings.then(|| if same_coding(value, wanted) { Ordering::Equal } else { Ordering::Less })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::Document;

    fn enabled(answer: &str, item: &str) -> Option<bool> {
        let response = Document::parse(format!(r#"{{"item":[{{"linkId":"1","answer":[{answer}]}}]}}"#)).unwrap();
        let item = Document::parse(item).unwrap();
        Answers::of(response.root()).enable(item.root())
    }

    #[test]
    fn operators_compare_the_answers() {
        let when = |operator: &str, answer: &str| {
            format!(r#"{{"enableWhen":[{{"question":"1","operator":"{operator}",{answer}}}]}}"#)
        };
        let five = r#"{"valueInteger":5}"#;
        assert_eq!(enabled(five, &when(">", r#""answerInteger":4"#)), Some(true));
        assert_eq!(enabled(five, &when("<=", r#""answerInteger":4"#)), Some(false));
        assert_eq!(enabled(five, &when("exists", r#""answerBoolean":false"#)), Some(false));
        assert_eq!(enabled(five, "{}"), Some(true));
        let coding = r#"{"valueCoding":{"system":"s","code":"a"}}"#;
        assert_eq!(enabled(coding, &when("=", r#""answerCoding":{"system":"s","code":"a"}"#)), Some(true));
        assert_eq!(enabled(coding, &when("=", r#""answerCoding":{"system":"t","code":"a"}"#)), Some(false));
    }

    #[test]
    fn behavior_says_whether_all_or_any_must_hold() {
        let both = |behavior: &str| {
            format!(
                r#"{{"enableBehavior":"{behavior}","enableWhen":[{{"question":"1","operator":"=","answerInteger":5}},
                {{"question":"2","operator":"exists","answerBoolean":true}}]}}"#
            )
        };
        assert_eq!(enabled(r#"{"valueInteger":5}"#, &both("any")), Some(true));
        assert_eq!(enabled(r#"{"valueInteger":5}"#, &both("all")), Some(false));
    }
}
