//! What an answer to a question makes of the issue that it stands behind.

use crate::fhir::Issue;
use crate::validate::CodeQuestion;
use crate::validate::rules::{CODE_NOT_IN_SYSTEM, CODE_OUTSIDE, CODE_UNKNOWN};

use super::words;

impl CodeQuestion {
    /// The issue of a code that is found not to be in its value set, or its system, after all.
    pub fn refused(&self) -> Issue {
        let rule = match (self.value_set.is_empty(), self.is_required) {
            (true, _) => &CODE_NOT_IN_SYSTEM,
            (false, true) => &CODE_UNKNOWN,
            (false, false) => &CODE_OUTSIDE,
        };
        let (english, swedish) = if self.value_set.is_empty() {
            let url = &self.system;
            (
                format!("The code system {url} does not have this code; correct the code or its system."),
                format!("Kodsystemet {url} har inte denna kod; rätta koden eller dess system."),
            )
        } else {
            words::outside(rule, &self.value_set, &self.code, &[])
        };
        Issue::error(rule.code, rule.name, english, swedish).with_severity(rule.severity).at(self.place.clone())
    }
}
