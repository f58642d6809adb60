//! What delivery asks of the rest of the gateway: who is to be told, whether it may, and how a disclosure is logged.

use async_trait::async_trait;
use jiff::Timestamp;

use super::answer::Answer;
use super::contents::Content;
use super::receiver::Receiver;
use crate::store::{AuditRow, Delivery, OutboxEntry, Refused, StoredVersion};

/// Who is told of what.
#[async_trait]
pub trait Receivers: Send + Sync + 'static {
    /// Everybody who is to be told of a change: its subscribers, and the parties to whom an agreement owes it.
    ///
    /// Asked again for the same entry after a crash; the store keeps one delivery for each receiver, entry and patient.
    ///
    /// # Errors
    /// When the answer can't be known now. The entry stays in the outbox.
    async fn for_change(&self, entry: &OutboxEntry, versions: &[StoredVersion]) -> Result<Vec<Receiver>, Refused>;

    /// The same for several changes, in their order; one that looks things up can do it once for all of them.
    ///
    /// # Errors
    /// As [`Receivers::for_change`], for all of them.
    async fn for_changes(&self, changes: &[(OutboxEntry, Vec<StoredVersion>)]) -> Result<Vec<Vec<Receiver>>, Refused> {
        let mut all = Vec::with_capacity(changes.len());
        for (entry, versions) in changes {
            all.push(self.for_change(entry, versions).await?);
        }
        Ok(all)
    }

    /// The receiver of that name as it is now; none once it is removed or switched off.
    ///
    /// # Errors
    /// When the answer can't be known now. The delivery is tried again.
    async fn receiver(&self, reference: &str) -> Result<Option<Receiver>, Refused>;
}

/// Whether something may be sent now.
#[async_trait]
pub trait Permission: Send + Sync + 'static {
    /// Decides for one version, as relation, consent and blocks stand now. Fails closed.
    ///
    /// # Errors
    /// [`Withheld::Denied`] if it may not be sent, [`Withheld::Undecided`] if that can't be known now.
    async fn may_deliver(&self, receiver: &Receiver, version: &StoredVersion) -> Result<(), Withheld>;
}

/// Why nothing is sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Withheld {
    /// It may not be sent; the delivery ends here. The reason is a word of the policy, without personal data.
    #[error("{0}")]
    Denied(&'static str),
    /// Nobody could say; it is asked again.
    #[error("permission could not be decided")]
    Undecided,
}

/// The part of a delivery that may be sent to one receiver now. Only [`Permitted::ask`] makes one, and a notification is
/// made from one and from nothing else ([`super::client::Parcel`]), so that a sender that forgets to ask does not compile.
#[derive(Debug)]
#[must_use = "a permission that is not used was asked for in vain"]
pub struct Permitted<'a> {
    receiver: &'a Receiver,
    versions: Vec<StoredVersion>,
}

impl<'a> Permitted<'a> {
    /// Asks for each content, and keeps those that may be sent. One that has changed since needs permission for both its
    /// versions: the one that the delivery names, and the newest, which is sent.
    ///
    /// # Errors
    /// [`Withheld::Denied`] if nothing is left, [`Withheld::Undecided`] if any of it can't be known now.
    pub async fn ask(
        policy: &dyn Permission,
        receiver: &'a Receiver,
        contents: Vec<Content>,
    ) -> Result<Self, Withheld> {
        let mut versions = Vec::with_capacity(contents.len());
        let mut why = Withheld::Denied("nothing of it is left");
        for content in contents {
            match decide(policy, receiver, &content).await {
                Ok(()) => versions.push(content.newest),
                Err(Withheld::Undecided) => return Err(Withheld::Undecided),
                Err(denied) => why = denied,
            }
        }
        if versions.is_empty() { Err(why) } else { Ok(Self { receiver, versions }) }
    }

    /// To whom.
    pub fn receiver(&self) -> &'a Receiver {
        self.receiver
    }

    /// What, in the order of the delivery; never empty.
    pub fn versions(&self) -> &[StoredVersion] {
        &self.versions
    }
}

async fn decide(policy: &dyn Permission, receiver: &Receiver, content: &Content) -> Result<(), Withheld> {
    for version in content.versions() {
        policy.may_deliver(receiver, version).await?;
    }
    Ok(())
}

/// One attempt to disclose, as its audit entry tells of it.
#[derive(Debug, Clone, Copy)]
pub struct Disclosure<'a> {
    /// To whom.
    pub receiver: &'a Receiver,
    /// The delivery that it belongs to.
    pub delivery: &'a Delivery,
    /// What is disclosed.
    pub versions: &'a [StoredVersion],
    /// The `X-Request-Id` of the attempt.
    pub request_id: &'a str,
    /// When it began.
    pub at: Timestamp,
}

/// How disclosures are written down (PDL chapter 4 section 3): opened on disk before the first byte, closed after the last.
pub trait DisclosureLog: Send + Sync + 'static {
    /// The open entry.
    fn open(&self, disclosure: Disclosure<'_>) -> AuditRow;
    /// The entry's text as it reads once it is known how the attempt ended.
    fn close(&self, opened: &AuditRow, disclosure: Disclosure<'_>, answer: &Answer, at: Timestamp) -> String;
}
