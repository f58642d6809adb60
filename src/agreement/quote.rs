//! Whether an agreement says what its source says: every quote must stand in the document, word for word.

use super::document::Agreement;
use crate::fhir::outcome::{Clause, Place};
use crate::fhir::{Issue, IssueCode};

impl Agreement {
    /// An issue for each quote from the agreement's own document that does not stand in `source_text`. White space is
    /// one space on both sides, since documents wrap their lines; nothing else is forgiven.
    pub fn check_quotes(&self, source_text: &str) -> Vec<Issue> {
        let source = one_line(source_text);
        let own = self.obligations.iter().enumerate().filter(|(_, it)| it.document.is_none());
        let invented = own.filter(|(_, it)| !source.contains(&one_line(&it.quote)));
        invented.map(|(index, it)| not_there(index, &it.id, &it.clause, &it.quote)).collect()
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn not_there(index: usize, id: &str, section: &str, quote: &str) -> Issue {
    let place = Place { pointer: format!("/obligations/{index}/quote"), ..Place::default() };
    let clause = Clause { obligation: id.to_owned(), section: section.to_owned(), quote: quote.to_owned() };
    let issue = Issue::error(
        IssueCode::Value,
        "agreement-quote",
        format!("Quote {id} word for word: these words do not stand in the document."),
        format!("Citera {id} ordagrant: orden står inte i dokumentet."),
    );
    Issue { clause: Some(clause), ..issue.at(place) }
}

#[cfg(test)]
mod tests {
    use crate::agreement::check::tests::agreement;

    #[test]
    fn a_quote_may_be_wrapped_in_its_source_and_not_changed() {
        let agreement = agreement();
        assert!(agreement.check_quotes("6. Rond ska\n utföras   veckovis. 7.").is_empty());
        let issues = agreement.check_quotes("Rond ska utföras månadsvis.");
        assert_eq!(issues[0].place.pointer, "/obligations/0/quote");
    }
}
