//! Questionnaires: what enables an item is another item
//! ([enableWhen](https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen)).

use std::borrow::Cow;
use std::collections::HashSet;

use crate::fhir::NodeRef;
use crate::validate::rules::QUESTIONNAIRE_ENABLE_WHEN;
use crate::validate::walk::Walk;

/// Checks a Questionnaire.
pub fn check<'a>(questionnaire: NodeRef<'a>, walk: &mut Walk<'a>) {
    let items = items(questionnaire);
    let ids: HashSet<Cow<'a, str>> = items.iter().filter_map(|item| item.str_at("linkId")).collect();
    for item in &items {
        let own = item.str_at("linkId");
        for question in item.list("enableWhen").filter_map(|when| when.get("question")) {
            let Some(id) = question.as_str() else { continue };
            if !ids.contains(&id) || own.as_ref() == Some(&id) {
                walk.issues.raise(
                    &QUESTIONNAIRE_ENABLE_WHEN,
                    question,
                    "An enableWhen names the linkId of another item of this questionnaire; correct it.",
                    "enableWhen anger linkId för en annan fråga i detta formulär; rätta det.",
                );
            }
        }
    }
}

/// All items, whatever their depth.
fn items(questionnaire: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    let mut found: Vec<_> = questionnaire.list("item").collect();
    let mut next = 0;
    while let Some(item) = found.get(next).copied() {
        found.extend(item.list("item"));
        next += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::found;

    #[test]
    fn enable_when_names_another_item() {
        let with = |question: &str| {
            found(&format!(
                r#"{{"resourceType":"Questionnaire","status":"draft","item":[{{"linkId":"1","type":"boolean"}},{{"linkId":"2","type":"string",
                "enableWhen":[{{"question":"{question}","operator":"exists","answerBoolean":true}}]}}]}}"#
            ))
        };
        assert_eq!(with("1"), []);
        let place = || "/item/1/enableWhen/0/question".to_owned();
        assert_eq!(with("3"), [("questionnaire-enable-when", place())]);
        assert_eq!(with("2"), [("questionnaire-enable-when", place())]);
    }
}
