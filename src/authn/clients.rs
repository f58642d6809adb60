//! The clients that are registered: who may ask for tokens, for whom they act and what they may be granted.

use std::collections::BTreeMap;

use crate::access::{ActorRole, Caller, Purpose, Scopes};

use super::keys::PublicKey;

/// A registered client.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// HSA-id of the organisation that it acts for.
    pub organisation: String,
    /// The organisation's name.
    pub organisation_name: String,
    /// HSA-id of the unit, where it acts for one.
    pub unit: Option<String>,
    /// As what the organisation acts.
    pub role: ActorRole,
    /// HSA-id of the person that it stands for.
    pub person: Option<String>,
    /// What it accesses data for.
    pub purpose: Purpose,
    /// The most that it can be granted.
    pub scopes: Scopes,
    /// Its public keys.
    pub keys: Vec<PublicKey>,
}

/// All registered clients by id.
#[derive(Debug, Clone, Default)]
pub struct Clients(BTreeMap<String, Client>);

impl Clients {
    /// A registry of these; a later one with the same id replaces an earlier one.
    pub fn new(clients: impl IntoIterator<Item = Client>) -> Self {
        Self(clients.into_iter().map(|c| (c.id.clone(), c)).collect())
    }

    /// The client of that id.
    pub fn get(&self, id: &str) -> Option<&Client> {
        self.0.get(id)
    }
}

impl Client {
    /// The caller that a verified token of this client stands for.
    pub(super) fn caller(&self, scopes: &Scopes) -> Caller {
        Caller {
            client: self.id.clone(),
            organisation: self.organisation.clone(),
            organisation_name: self.organisation_name.clone(),
            unit: self.unit.clone(),
            role: self.role,
            person: self.person.clone(),
            purpose: self.purpose,
            scopes: scopes.within(&self.scopes),
        }
    }
}
