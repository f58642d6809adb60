//! Who calls: a role is a value.

use vardbro::access::{ActorRole, Purpose, Scopes};
use vardbro::authn::{Client, KeyPair};

/// A client of the tests.
#[derive(Debug, Clone, Copy)]
pub struct Role {
    /// The client's id.
    pub id: &'static str,
    /// HSA-id of its organisation.
    pub organisation: &'static str,
    /// The organisation's name.
    pub name: &'static str,
    /// As what it acts.
    pub role: ActorRole,
    /// What it is registered for.
    pub scope: &'static str,
}

const fn vardgivare(id: &'static str, organisation: &'static str, name: &'static str) -> Role {
    Role { id, organisation, name, role: ActorRole::CareProvider, scope: "system/*.cruds" }
}

/// The region's record system.
pub const REGION: Role = vardgivare("region-ehr", "SE2321000222-0001", "Region Västerbotten");
/// A kommun with a resident.
pub const UMEA: Role = vardgivare("umea", "SE2120002627-0001", "Umeå kommun");
/// A kommun that has nothing to do with that resident.
pub const SKELLEFTEA: Role = vardgivare("skelleftea", "SE2120002643-0001", "Skellefteå kommun");
/// A system of Umeå that only reads.
pub const READER: Role = Role { id: "umea-reader", scope: "system/*.rs", ..UMEA };
/// A system of Umeå that sees medication lists and nothing else.
pub const LISTS_ONLY: Role = Role { id: "umea-lists", scope: "system/List.rs", ..UMEA };
/// Those who run the gateway.
pub const REGION_IT: Role = Role {
    id: "region-it",
    role: ActorRole::Administration,
    scope: "system/AuditEvent.rs system/Organization.rs",
    ..REGION
};
/// The client that the policy does not restrict.
pub const SUITE: Role = Role {
    id: "suite",
    organisation: "SE0000000000-SUITE",
    name: "Suite",
    role: ActorRole::Suite,
    scope: "system/*.cruds",
};

/// All of them.
pub const ROLES: [Role; 7] = [REGION, UMEA, SKELLEFTEA, READER, LISTS_ONLY, REGION_IT, SUITE];

impl Role {
    /// As it is registered, with the public part of `key`.
    pub fn client(&self, key: &KeyPair) -> Client {
        Client {
            id: self.id.into(),
            organisation: self.organisation.into(),
            organisation_name: self.name.into(),
            unit: None,
            role: self.role,
            person: None,
            purpose: Purpose::Treatment,
            scopes: Scopes::parse(self.scope),
            keys: vec![key.public().clone()],
        }
    }
}
