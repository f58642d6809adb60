//! Who is told, where, and how much.

use std::collections::BTreeSet;
use std::fmt;

use url::Url;

use crate::fhir::ResourceType;

/// Somebody who is told of changes: a Subscription of theirs, or the Endpoint of a party to whom an agreement owes them.
#[derive(Clone, PartialEq, Eq)]
pub struct Receiver {
    /// `Subscription/x` or `Endpoint/y`.
    pub reference: String,
    /// HSA-id of the organisation that gets the data.
    pub organisation: String,
    /// Where notifications are POSTed to.
    pub address: Url,
    /// The channel's own headers, name and value. The values are secrets.
    pub headers: Vec<(String, String)>,
    /// How much it is told.
    pub payload: Payload,
    /// What it is told of.
    pub wants: Wants,
}

impl fmt::Debug for Receiver {
    /// Leaves out the headers and whatever stands in the URL beside the host: both may be credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("reference", &self.reference)
            .field("organisation", &self.organisation)
            .field("host", &self.address.host_str().unwrap_or_default())
            .field("payload", &self.payload)
            .field("wants", &self.wants)
            .finish_non_exhaustive()
    }
}

/// The content of a notification
/// ([payload types](https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/payloads.html)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Payload {
    /// That something happened, and nothing of what.
    Empty,
    /// What changed, by reference.
    IdOnly,
    /// The resources themselves.
    FullResource,
}

impl Payload {
    /// Reads the code of the extension `backport-payload-content`.
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "empty" => Some(Self::Empty),
            "id-only" => Some(Self::IdOnly),
            "full-resource" => Some(Self::FullResource),
            _ => None,
        }
    }

    /// The code of the extension `backport-payload-content`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::IdOnly => "id-only",
            Self::FullResource => "full-resource",
        }
    }
}

/// What selects events for a receiver.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wants {
    /// The canonical URL of the subscription's topic; none for a party that is told by agreement.
    pub topic: Option<String>,
    /// The types that it is told of; empty is every type.
    pub kinds: BTreeSet<ResourceType>,
}

impl Wants {
    /// Whether a change of a resource of this type is told of.
    pub fn selects(&self, kind: ResourceType) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_credential() {
        let receiver = Receiver {
            reference: "Subscription/1".into(),
            organisation: "SE2321000016-0001".into(),
            address: Url::parse("https://ehr.example/hook?token=s3cret").unwrap(),
            headers: vec![("Authorization".into(), "Bearer s3cret".into())],
            payload: Payload::Empty,
            wants: Wants::default(),
        };
        let shown = format!("{receiver:?}");
        assert!(shown.contains("ehr.example") && !shown.contains("s3cret"), "{shown}");
    }

    #[test]
    fn a_payload_code_reads_back_as_itself() {
        for payload in [Payload::Empty, Payload::IdOnly, Payload::FullResource] {
            assert_eq!(Payload::parse(payload.as_str()), Some(payload));
        }
        assert_eq!(Payload::parse("everything"), None);
    }
}
