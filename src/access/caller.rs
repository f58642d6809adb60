//! Who is calling, once it is proven.

use super::scope::Scopes;

/// As what the caller's organisation acts. The same kommun is both vårdgivare and omsorgsgivare, and the law tells them
/// apart (SFS 2022:913 1 kap. 3 §), so the token must.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActorRole {
    /// Vårdgivare: health care under HSL.
    CareProvider,
    /// Omsorgsgivare: social services under SoL or LSS.
    SocialCareProvider,
    /// Those who run the gateway: audit, conformance, queues; no patient's data.
    Administration,
    /// The demo's client for suites and load, which the policy does not restrict. Only the demo can register one.
    Suite,
}

impl ActorRole {
    /// The word in tokens and in `demo.json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CareProvider => "care-provider",
            Self::SocialCareProvider => "social-care-provider",
            Self::Administration => "administration",
            Self::Suite => "suite",
        }
    }
}

/// What the access is for: a code of [v3-ActReason](http://terminology.hl7.org/CodeSystem/v3-ActReason).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Purpose {
    /// Treatment: vård och behandling.
    #[serde(rename = "TREAT")]
    Treatment,
    /// Care management.
    #[serde(rename = "CAREMGT")]
    CareManagement,
    /// Patient administration.
    #[serde(rename = "PATADMIN")]
    Administration,
    /// Quality improvement: kvalitetssäkring, follow-up.
    #[serde(rename = "HQUALIMP")]
    QualityImprovement,
}

impl Purpose {
    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Treatment => "TREAT",
            Self::CareManagement => "CAREMGT",
            Self::Administration => "PATADMIN",
            Self::QualityImprovement => "HQUALIMP",
        }
    }
}

/// An authenticated caller. Made by [`crate::authn`] from verified claims alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub(crate) client: String,
    pub(crate) organisation: String,
    pub(crate) organisation_name: String,
    pub(crate) unit: Option<String>,
    pub(crate) role: ActorRole,
    pub(crate) person: Option<String>,
    pub(crate) purpose: Purpose,
    pub(crate) scopes: Scopes,
}

impl Caller {
    /// The registered client (system).
    pub fn client(&self) -> &str {
        &self.client
    }

    /// HSA-id of the organisation that it acts for.
    pub fn organisation(&self) -> &str {
        &self.organisation
    }

    /// The organisation's name.
    pub fn organisation_name(&self) -> &str {
        &self.organisation_name
    }

    /// HSA-id of the vårdenhet, where the token names one.
    pub fn unit(&self) -> Option<&str> {
        self.unit.as_deref()
    }

    /// As what it acts.
    pub fn role(&self) -> ActorRole {
        self.role
    }

    /// HSA-id of the person behind the system, where the token names one.
    pub fn person(&self) -> Option<&str> {
        self.person.as_deref()
    }

    /// What the access is for.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// What it was granted.
    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }
}
