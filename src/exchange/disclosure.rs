//! A delivery's audit entry: opened before the first byte, closed after the last, swept to "unknown" if the gateway
//! stopped in between.

use std::time::Duration;

use jiff::Timestamp;

use crate::audit::{Entry, Interaction, Outcome};
use crate::delivery::DisclosureLog;
use crate::delivery::answer::Answer;
use crate::delivery::ports::Disclosure;
use crate::store::{AuditRow, Change, Refused};

use super::Gateway;

/// Writes disclosures as audit entries.
pub struct Disclosures {
    gateway: Gateway,
}

impl Disclosures {
    /// Over a gateway's clock and randomness.
    pub fn new(gateway: Gateway) -> Self {
        Self { gateway }
    }
}

impl DisclosureLog for Disclosures {
    fn open(&self, disclosure: Disclosure<'_>) -> AuditRow {
        let entropy = &*self.gateway.entropy;
        let mut entry =
            Entry::begin(Interaction::Delivery, "delivery", None, disclosure.request_id, disclosure.at, entropy);
        entry.client.clone_from(&disclosure.receiver.reference);
        entry.organisation.clone_from(&disclosure.receiver.organisation);
        "receiver".clone_into(&mut entry.role);
        entry.patients.extend(Some(disclosure.delivery.what.patient.clone()).filter(|p| !p.is_empty()));
        for version in disclosure.versions {
            entry.touch(&version.key, Some(version.version), Some(&version.source), &version.patients);
        }
        entry.open_row()
    }

    fn close(&self, opened: &AuditRow, _disclosure: Disclosure<'_>, answer: &Answer, _at: Timestamp) -> String {
        let outcome = match answer {
            Answer::Status { code, .. } if (200..300).contains(code) => Outcome::Success(*code),
            Answer::Status { code, .. } => Outcome::Failed(*code, "the receiver refused".into()),
            Answer::Silence(silence) => Outcome::Failed(0, format!("{silence:?}")),
            Answer::Unsendable(refusal) => Outcome::Refused(0, refusal.to_string()),
        };
        Entry::parse(&opened.entry).map(|entry| entry.closed_text(outcome)).unwrap_or_default()
    }
}

/// An attempt takes at most this long; an entry that is open longer is nobody's any more.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// Closes entries whose gateway stopped in the middle, as "unknown". Says how many.
///
/// # Errors
/// Where the store can't be used.
pub async fn sweep(gateway: &Gateway) -> Result<usize, Refused> {
    let now = gateway.clock.now();
    let open = gateway.store.unclosed_audit(now - LONGEST, 500).await?;
    let closed: Vec<_> = open
        .iter()
        .filter_map(|row| Some((row.id.clone(), now, Entry::parse(&row.entry)?.closed_text(Outcome::Unknown))))
        .collect();
    let count = closed.len();
    if count > 0 {
        gateway.store.commit(Change { name: "audit-sweep", audit_closed: closed, ..Change::default() }).await?;
        metrics::counter!("vardbro_audit_unknown_total").increment(count as u64);
        tracing::warn!(count, "audit entries were open when the gateway stopped; closed as unknown");
    }
    Ok(count)
}
