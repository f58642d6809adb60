//! What becomes of content with faults that may be let through: a mode for each profile and each client.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::fhir::{Issue, Library, NodeRef, ResourceType, Severity};
use crate::validate::is_lenient;

/// What becomes of content that breaks a profile, an invariant or terminology; the later the stricter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// It is stored as it is; the sender is told.
    ReportOnly,
    /// It is stored with a tag that says so; the sender is told.
    AcceptAndTag,
    /// It is refused.
    #[default]
    Reject,
}

impl Mode {
    /// The word in the configuration and in metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReportOnly => "report-only",
            Self::AcceptAndTag => "accept-and-tag",
            Self::Reject => "reject",
        }
    }

    /// Whether content with this fault is stored all the same.
    pub fn lets_through(self, issue: &Issue) -> bool {
        self < Self::Reject && issue.is_error() && is_lenient(issue.rule)
    }

    /// Makes warnings of what is let through.
    pub fn soften(self, issues: &mut [Issue]) {
        issues.iter_mut().filter(|it| self.lets_through(it)).for_each(|it| it.severity = Severity::Warning);
    }
}

/// Who decided what.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// Where nobody else has.
    pub default: Mode,
    /// Of a profile, by its canonical URL without version.
    pub profiles: BTreeMap<String, Mode>,
    /// Of a client, by its id.
    pub clients: BTreeMap<String, Mode>,
    /// Profiles that every resource of a type is held against when it is written.
    pub required: BTreeMap<ResourceType, Vec<String>>,
}

impl Policy {
    /// The mode for a resource of a client that is held against these profiles.
    ///
    /// A client's word takes the place of the default. A profile without a word of its own has that; of the profiles and
    /// the client the strictest decides. So a new profile can be tried on everybody but those who are held to more, and a
    /// client that is being introduced is not let off what a profile insists on.
    pub fn mode<'p>(&self, client: &str, profiles: impl IntoIterator<Item = &'p str>) -> Mode {
        let own = self.clients.get(client).copied();
        let usual = own.unwrap_or(self.default);
        let of_profile = |url: &str| {
            let bare = url.split('|').next().unwrap_or(url);
            self.profiles.get(bare).copied().unwrap_or(usual)
        };
        profiles.into_iter().map(of_profile).chain(own).max().unwrap_or(usual)
    }

    /// The profiles that a resource of a type must meet when it is written.
    pub fn required(&self, kind: ResourceType) -> &[String] {
        self.required.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// The required profiles that a library can't be asked for; clients may still write them.
    pub fn unknown<'p>(&'p self, library: &'p Library) -> impl Iterator<Item = &'p str> {
        let profiles = self.required.values().flatten().map(String::as_str);
        profiles.filter(|url| !matches!(library.structure(url), Some(Ok(_))))
    }

    /// The mode for a resource, by the profiles that it claims and those that its type must meet.
    pub fn mode_of(&self, client: &str, kind: ResourceType, resource: NodeRef<'_>) -> Mode {
        let claimed: Vec<String> = resource
            .get("meta")
            .into_iter()
            .flat_map(|meta| meta.list("profile"))
            .filter_map(|profile| Some(profile.as_str()?.into_owned()))
            .collect();
        self.mode(client, claimed.iter().chain(self.required(kind)).map(String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::Mode::{AcceptAndTag, Reject, ReportOnly};
    use super::*;
    use crate::fhir::IssueCode;

    const TRIED: &str = "https://vardbro.example/fhir/StructureDefinition/tried";
    const STRICT: &str = "https://vardbro.example/fhir/StructureDefinition/strict";

    fn policy() -> Policy {
        Policy {
            default: Reject,
            profiles: [(TRIED.to_owned(), AcceptAndTag), (STRICT.to_owned(), Reject)].into(),
            clients: [("new".to_owned(), ReportOnly), ("held".to_owned(), Reject)].into(),
            required: BTreeMap::new(),
        }
    }

    #[test]
    fn of_the_profiles_and_the_client_the_strictest_decides() {
        let cases: [(&str, &[&str], Mode); 9] = [
            ("any", &[], Reject),
            ("any", &[TRIED], AcceptAndTag),
            ("any", &["https://vardbro.example/fhir/StructureDefinition/tried|1.0"], AcceptAndTag),
            ("any", &[TRIED, "http://other.example/p"], Reject),
            ("new", &[], ReportOnly),
            ("new", &["http://other.example/p"], ReportOnly),
            ("new", &[TRIED], AcceptAndTag),
            ("new", &[STRICT], Reject),
            ("held", &[TRIED], Reject),
        ];
        for (client, profiles, mode) in cases {
            assert_eq!(policy().mode(client, profiles.iter().copied()), mode, "{client} {profiles:?}");
        }
    }

    #[test]
    fn only_faults_that_may_be_let_through_become_warnings() {
        let issue = |rule| Issue::error(IssueCode::Structure, rule, "e", "s");
        let mut issues = [issue("profile-min"), issue("element-unknown")];
        Reject.soften(&mut issues);
        assert!(issues.iter().all(Issue::is_error));
        ReportOnly.soften(&mut issues);
        assert_eq!(issues.map(|it| it.severity), [Severity::Warning, Severity::Error]);
    }
}
