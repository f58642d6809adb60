//! Answers held against their questionnaire
//! ([QuestionnaireResponse](https://hl7.org/fhir/R4/questionnaireresponse.html)).

use std::borrow::Cow;
use std::collections::HashMap;

use crate::fhir::NodeRef;
use crate::fhir::library::DefinitionKind;
use crate::fhir::terminology::{Coded, Membership};
use crate::validate::rules::{
    ANSWER_DISABLED, ANSWER_LINK, ANSWER_MISSING, ANSWER_OPTION, ANSWER_ORDER, ANSWER_REPEATS, ANSWER_STRUCTURE,
    ANSWER_TYPE, QUESTIONNAIRE_UNKNOWN, Rule,
};
use crate::validate::walk::Walk;

use super::enablement::{Answers, member, same_coding};

/// Checks a QuestionnaireResponse.
pub fn check<'a>(response: NodeRef<'a>, walk: &mut Walk<'a>) {
    let Some((node, canonical)) = response.get("questionnaire").and_then(|node| Some((node, node.as_str()?))) else {
        return;
    };
    let contained = canonical.strip_prefix('#').map(|id| walk.scope.node(id));
    let found = match contained {
        Some(found) => found,
        None => walk.setting.library.document(DefinitionKind::Other, &canonical).map(|document| document.root()),
    };
    let is_questionnaire = |it: &NodeRef<'_>| it.str_at("resourceType").as_deref() == Some("Questionnaire");
    let Some(questionnaire) = found.filter(is_questionnaire) else {
        return walk.issues.raise(
            &QUESTIONNAIRE_UNKNOWN,
            node,
            "The questionnaire is not among the definitions at hand, so the answers were not held against it.",
            "Formuläret finns inte bland de tillgängliga definitionerna, så svaren prövades inte mot det.",
        );
    };
    let is_finished =
        !matches!(response.str_at("status").as_deref(), Some("in-progress" | "stopped" | "entered-in-error"));
    let mut check = Check { answers: Answers::of(response), questionnaire, is_finished, walk };
    check.items(response, questionnaire);
}

struct Check<'a, 'w> {
    answers: Answers<'a>,
    questionnaire: NodeRef<'a>,
    is_finished: bool,
    walk: &'w mut Walk<'a>,
}

impl<'a> Check<'a, '_> {
    /// The items of `owner` are those that `asked` (the questionnaire or one of its items) has, in its order.
    fn items(&mut self, owner: NodeRef<'a>, asked: NodeRef<'a>) {
        let order: HashMap<Cow<'a, str>, (usize, NodeRef<'a>)> = asked
            .list("item")
            .enumerate()
            .filter_map(|(at, item)| Some((item.str_at("linkId")?, (at, item))))
            .collect();
        let mut given: HashMap<usize, Vec<NodeRef<'a>>> = HashMap::new();
        let mut last = 0;
        for item in owner.list("item") {
            let Some((at, _)) = item.str_at("linkId").and_then(|id| order.get(&id).copied()) else {
                let place = item.get("linkId").unwrap_or(item);
                self.raise(
                    &ANSWER_LINK,
                    place,
                    "The questionnaire has no item with this linkId here; correct it.",
                    "Formuläret har ingen fråga med detta linkId här; rätta det.",
                );
                continue;
            };
            if at < last {
                self.raise(
                    &ANSWER_ORDER,
                    item,
                    "Items come in the order of the questionnaire; move this one.",
                    "Svaren kommer i formulärets ordning; flytta detta.",
                );
            }
            last = last.max(at);
            given.entry(at).or_default().push(item);
        }
        for (at, question) in asked.list("item").enumerate() {
            self.question(owner, question, given.get(&at).map_or(&[], Vec::as_slice));
        }
    }

    fn question(&mut self, owner: NodeRef<'a>, question: NodeRef<'a>, given: &[NodeRef<'a>]) {
        let enabled = self.answers.enable(question);
        let is = |name: &str| question.get(name).and_then(|it| it.as_bool()) == Some(true);
        let kind = question.str_at("type").unwrap_or_default();
        let answered =
            given.iter().any(|item| item.list("answer").next().is_some() || item.list("item").next().is_some());
        if enabled == Some(false) {
            if let Some(item) = given.iter().find(|item| item.list("answer").next().is_some()) {
                self.raise(
                    &ANSWER_DISABLED,
                    *item,
                    "This item is not enabled by the other answers; leave its answer out.",
                    "Frågan är inte aktiverad av de andra svaren; utelämna svaret.",
                );
            }
            return;
        }
        if is("required") && enabled == Some(true) && self.is_finished && !answered && kind != "display" {
            let id = question.str_at("linkId").unwrap_or_default();
            let english = format!("The questionnaire requires an answer to the item {id}; add it.");
            let swedish = format!("Formuläret kräver svar på frågan {id}; lägg till det.");
            self.walk.issues.raise(&ANSWER_MISSING, given.first().copied().unwrap_or(owner), english, swedish);
        }
        let count = given.iter().map(|item| item.list("answer").count()).max().unwrap_or(0);
        if !is("repeats") && (given.len() > 1 || count > 1) {
            let place = given.last().copied().unwrap_or(owner);
            self.raise(
                &ANSWER_REPEATS,
                place,
                "The questionnaire allows one answer to this item; keep one.",
                "Formuläret tillåter ett svar på denna fråga; behåll ett.",
            );
        }
        for item in given {
            self.item(*item, question, &kind);
        }
    }

    fn item(&mut self, item: NodeRef<'a>, question: NodeRef<'a>, kind: &str) {
        let is_group = matches!(kind, "group" | "display");
        if is_group && item.list("answer").next().is_some() {
            self.raise(
                &ANSWER_STRUCTURE,
                item,
                "Groups and displayed texts have no answers; remove them.",
                "Grupper och visade texter har inga svar; ta bort dem.",
            );
        }
        if kind == "group" {
            return self.items(item, question);
        }
        if item.list("item").next().is_some() {
            self.raise(
                &ANSWER_STRUCTURE,
                item,
                "Items below a question stand inside its answer; move them.",
                "Frågor under en fråga står inuti dess svar; flytta dem.",
            );
        }
        for answer in item.list("answer").filter(|_| !is_group) {
            if let Some(value) = member(answer, "value") {
                self.value(value, question, kind);
            }
            self.items(answer, question);
        }
    }

    fn value(&mut self, value: NodeRef<'a>, question: NodeRef<'a>, kind: &str) {
        let key = value.key().unwrap_or_default();
        let name = key.strip_prefix("value").unwrap_or_default();
        let allowed: &[&str] = match kind {
            "boolean" => &["Boolean"],
            "decimal" => &["Decimal"],
            "integer" => &["Integer"],
            "date" => &["Date"],
            "dateTime" => &["DateTime"],
            "time" => &["Time"],
            "string" | "text" => &["String"],
            "url" => &["Uri"],
            "choice" => &["Coding", "Date", "Time", "Integer", "String"],
            "open-choice" => &["Coding", "Date", "Time", "Integer", "String"],
            "attachment" => &["Attachment"],
            "reference" => &["Reference"],
            "quantity" => &["Quantity"],
            _ => return,
        };
        if !allowed.contains(&name) {
            let english = format!("The questionnaire asks for an answer of the type {kind} here; give one.");
            let swedish = format!("Formuläret begär ett svar av typen {kind} här; ange ett sådant.");
            return self.walk.issues.raise(&ANSWER_TYPE, value, english, swedish);
        }
        if matches!(kind, "choice" | "open-choice") && !(kind == "open-choice" && name == "String") {
            self.option(value, question, name);
        }
    }

    fn option(&mut self, value: NodeRef<'a>, question: NodeRef<'a>, name: &str) {
        let mut options = question.list("answerOption").filter_map(|it| member(it, "value")).peekable();
        let is_coding = name == "Coding";
        let fits = if options.peek().is_some() {
            options.any(|it| if is_coding { same_coding(value, it) } else { value.text() == it.text() })
        } else {
            !is_coding || self.is_member(value, question)
        };
        if !fits {
            self.raise(
                &ANSWER_OPTION,
                value,
                "The questionnaire does not offer this answer; give one that it offers.",
                "Formuläret erbjuder inte detta svar; ange ett som det erbjuder.",
            );
        }
    }

    /// Whether a Coding may be in the value set of the answers; one that can't be judged may.
    fn is_member(&self, value: NodeRef<'a>, question: NodeRef<'a>) -> bool {
        let (Some(value_set), Some(code)) = (question.str_at("answerValueSet"), value.str_at("code")) else {
            return true;
        };
        let (system, version) = (value.str_at("system"), value.str_at("version"));
        let coded = Coded { system: system.as_deref(), version: version.as_deref(), code: &code, display: None };
        let library = self.walk.setting.library;
        let membership = match value_set.strip_prefix('#') {
            None => library.membership(&value_set, coded),
            Some(id) => {
                let mut contained = self.questionnaire.list("contained");
                let Some(own) = contained.find(|it| it.str_at("id").as_deref() == Some(id)) else { return true };
                let own = crate::fhir::terminology::ValueSet::read(own);
                library.judge(&library.members_of(&own), &coded)
            }
        };
        membership != Membership::NotMember
    }

    fn raise(&mut self, rule: &Rule, node: NodeRef<'a>, english: &str, swedish: &str) {
        self.walk.issues.raise(rule, node, english, swedish);
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::found_with;

    const FORM: &str = r#"{"resourceType":"Questionnaire","url":"http://a.example/q","status":"active","item":[
        {"linkId":"g","type":"group","item":[{"linkId":"s","type":"boolean","required":true}]},
        {"linkId":"n","type":"integer","enableWhen":[{"question":"s","operator":"=","answerBoolean":true}]},
        {"linkId":"c","type":"choice","answerOption":[{"valueCoding":{"system":"http://a.example/cs","code":"a"}}]}]}"#;

    fn answers(items: &str) -> Vec<(&'static str, String)> {
        let json = format!(
            r#"{{"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"http://a.example/q","item":[{items}]}}"#
        );
        found_with(&json, &[FORM])
    }

    const YES: &str = r#"{"linkId":"g","item":[{"linkId":"s","answer":[{"valueBoolean":true}]}]}"#;

    #[test]
    fn good_answers_are_fine() {
        let rest = r#"{"linkId":"n","answer":[{"valueInteger":1}]},{"linkId":"c","answer":[{"valueCoding":{"system":"http://a.example/cs","code":"a"}}]}"#;
        assert_eq!(answers(&format!("{YES},{rest}")), []);
    }

    #[test]
    fn items_are_those_of_the_form_in_its_order() {
        let unknown = answers(&format!(r#"{YES},{{"linkId":"x"}}"#));
        assert_eq!(unknown, [("answer-link", "/item/1/linkId".into())]);
        let order = answers(&format!(r#"{{"linkId":"n","answer":[{{"valueInteger":1}}]}},{YES}"#));
        assert_eq!(order, [("answer-order", "/item/1".into())]);
    }

    #[test]
    fn what_is_required_is_answered_once_with_the_right_type() {
        assert_eq!(answers(r#"{"linkId":"g","item":[{"linkId":"s"}]}"#), [("answer-missing", "/item/0/item/0".into())]);
        let wrong = answers(&format!(r#"{YES},{{"linkId":"n","answer":[{{"valueString":"1"}}]}}"#));
        assert_eq!(wrong, [("answer-type", "/item/1/answer/0/valueString".into())]);
        let two = answers(&format!(r#"{YES},{{"linkId":"n","answer":[{{"valueInteger":1}},{{"valueInteger":2}}]}}"#));
        assert_eq!(two, [("answer-repeats", "/item/1".into())]);
    }

    #[test]
    fn answers_are_offered_and_enabled() {
        let other = answers(&format!(
            r#"{YES},{{"linkId":"c","answer":[{{"valueCoding":{{"system":"http://a.example/cs","code":"b"}}}}]}}"#
        ));
        assert_eq!(other, [("answer-option", "/item/1/answer/0/valueCoding".into())]);
        let no = YES.replace("true", "false");
        let disabled = answers(&format!(r#"{no},{{"linkId":"n","answer":[{{"valueInteger":1}}]}}"#));
        assert_eq!(disabled, [("answer-disabled", "/item/1".into())]);
    }

    #[test]
    fn groups_have_items_and_questions_answers() {
        let group = answers(
            r#"{"linkId":"g","answer":[{"valueBoolean":true,"item":[{"linkId":"s","answer":[{"valueBoolean":true}]}]}]}"#,
        );
        assert!(group.contains(&("answer-structure", "/item/0".into())), "{group:?}");
    }

    #[test]
    fn an_unknown_form_is_told() {
        let json =
            r#"{"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"http://a.example/other"}"#;
        assert_eq!(found_with(json, &[]), [("questionnaire-unknown", "/questionnaire".into())]);
    }
}
