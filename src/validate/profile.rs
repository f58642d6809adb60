//! `meta.profile`: this stage reads the base definitions only, and says so.

use std::borrow::Cow;

use crate::fhir::NodeRef;

use super::issues::Issues;
use super::rules::PROFILE_NOT_CHECKED;

/// The profiles that were told of already: a Bundle of a hundred resources names the same few.
#[derive(Default)]
pub struct Profiles<'a>(Vec<Cow<'a, str>>);

/// So many different profiles are remembered; a list that is longer is hostile, and searched in vain.
const MOST: usize = 64;

impl<'a> Profiles<'a> {
    /// Tells of each claimed profile, at its first place, that it was not checked here.
    pub fn check(&mut self, meta: NodeRef<'a>, issues: &mut Issues) {
        for (node, url) in meta.list("profile").filter_map(|profile| Some((profile, profile.as_str()?))) {
            if self.0.len() >= MOST || self.0.contains(&url) {
                continue;
            }
            self.0.push(url);
            issues.raise(
                &PROFILE_NOT_CHECKED,
                node,
                "The base definitions of FHIR R4 were checked, this profile was not.",
                "Grunddefinitionerna i FHIR R4 kontrollerades, denna profil gjorde det inte.",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::fhir::Severity;
    use crate::validate::testing::{issue, patient};

    #[test]
    fn a_claimed_profile_is_noted_once_and_no_error() {
        let issue = issue(&patient(r#""meta":{"profile":["http://a.example/p","http://a.example/p"]}"#));
        assert_eq!((issue.rule, issue.severity), ("profile-not-checked", Severity::Information));
        assert_eq!(issue.place.pointer, "/meta/profile/0");
    }
}
