//! Whether something conforms to a profile, asked on the way: for slices told apart by profile, for types with several
//! profiles, for what references point at.

use std::collections::HashMap;

use crate::fhir::NodeRef;
use crate::fhir::library::Profile;

use crate::validate::overlay::Overlay;
use crate::validate::walk::Walk;

/// So deep trials lead to others; beyond that the answer is yes. It stops chains of references through a large Bundle.
const MOST_DEEP: usize = 6;

/// The answers so far, and the trials that are going on.
#[derive(Default)]
pub struct Trials {
    /// (start of the value, profile) -> the answer; yes while it is being found, so that circles end.
    answers: HashMap<(usize, *const Profile), bool>,
    depth: usize,
}

impl<'a> Walk<'a> {
    /// Whether a resource or element has no errors against a profile.
    pub fn conforms(&mut self, value: NodeRef<'a>, profile: &'a Profile) -> bool {
        let key = (value.span().start, std::ptr::from_ref(profile));
        if let Some(answer) = self.trials.answers.get(&key) {
            return *answer;
        }
        if self.trials.depth >= MOST_DEEP {
            return true;
        }
        self.trials.answers.insert(key, true);
        self.trials.depth += 1;
        let issues = std::mem::take(&mut self.issues);
        let scope = std::mem::take(&mut self.scope);
        let told = std::mem::take(&mut self.told);
        self.tried(value, Overlay::root(profile));
        self.told = told;
        self.scope = scope;
        let answer = !std::mem::replace(&mut self.issues, issues).has_errors();
        self.trials.depth -= 1;
        self.trials.answers.insert(key, answer);
        answer
    }
}
