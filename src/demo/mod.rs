//! The county that the demo runs on: Västerbotten's region and its fifteen kommuner, with invented people.
//!
//! [`county`] is a pure function of the present instant and a seed: the same two give the same bytes. What it tells are
//! transaction Bundles in an order in which they can be loaded one after the other. Nearly all of it goes through the
//! [`crate::concept`] types, so that the demo shows what a sender's system would send.
//!
//! Nobody in it exists: the numbers of people have a birth number of 980 to 999, which Skatteverket keeps for tests, the
//! family names are made up, and telephone numbers are those that PTS keeps for fiction. Organisations bear the names of
//! places; which of them does what well or badly is invented.

mod bundles;
mod care_events;
mod cases;
mod catalogue;
mod contacts;
mod deaths;
mod dice;
mod directory;
mod enrolments;
pub mod examples;
mod medicines;
mod people;
mod plans;
mod resources;
mod reviews;
mod rounds;
mod setup;
mod staff;
#[cfg(test)]
mod tests;
mod when;

use jiff::Timestamp;

pub use self::cases::{CASES, ORGANISATION_CASES};
pub use self::setup::{Identity, Loaded, clients, load, manifest};
use crate::fhir::Value;

/// HSA-id of Region Västerbotten, the vårdgivare.
pub const REGION: &str = "SE2321000222-0000";
/// HSA-id of Umeå kommun as vårdgivare.
pub const UMEA: &str = "SE2120002627-0000";
/// HSA-id of Umeå kommun as omsorgsgivare: social services, which the law keeps apart from its health care.
pub const UMEA_SOCIAL: &str = "SE2120002627-OMS0";
/// HSA-id of the suite client's organisation, which nobody has.
pub const SUITE: &str = "SE0000000000-SUITE";
/// HSA-id of Skellefteå kommun as vårdgivare.
pub const SKELLEFTEA: &str = "SE2120009482-0000";

/// One submission: a transaction Bundle and where it comes from.
#[derive(Debug, Clone)]
pub struct Seed {
    /// HSA-id of the vårdgivare or omsorgsgivare that it comes from.
    pub caregiver: &'static str,
    /// HSA-id of the unit, where one stands behind it.
    pub unit: Option<String>,
    /// The transaction.
    pub bundle: Value,
}

/// The county as it is at `now`: a year of data, in the order in which it is to be loaded.
///
/// `receiver` is the URL at which Umeå kommun takes messages; without one it has no Endpoint.
pub fn county(now: Timestamp, seed: u64, receiver: Option<&str>) -> Vec<Seed> {
    let world = World::new(now, seed);
    let mut bundles = bundles::Bundles::new(seed);
    directory::write(receiver, &mut bundles);
    staff::write(&mut bundles);
    for part in [
        people::write,
        enrolments::write,
        contacts::write,
        medicines::write,
        reviews::write,
        plans::write,
        deaths::write,
        care_events::write,
        rounds::write,
    ] {
        part(&world, &mut bundles);
    }
    bundles.finish()
}

/// What all parts of the county are made from.
struct World {
    when: when::When,
    seed: u64,
    people: Vec<people::Person>,
}

impl World {
    fn new(now: Timestamp, seed: u64) -> Self {
        let when = when::When::new(now);
        let people = people::people(&when, seed);
        Self { when, seed, people }
    }

    /// The people of a unit.
    fn at<'a>(&'a self, unit: &'a catalogue::Unit) -> impl Iterator<Item = &'a people::Person> {
        self.people.iter().filter(move |person| person.unit.id == unit.id)
    }
}
