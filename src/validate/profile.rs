//! Which profiles a resource is held against: those that it claims, those that are asked for, those that stand behind
//! the place where it is ([profiling](https://hl7.org/fhir/R4/profiling.html)).

mod absent;
mod applying;
mod contradiction;
mod element;
mod group;
#[cfg(test)]
mod ours;
mod target;
#[cfg(test)]
mod tests;
mod trial;

pub use absent::check as absent;
pub use applying::{claimed, requested};
pub use contradiction::check as contradictions;
pub use element::{at_value, types as type_profiles};
pub use group::assign;
pub use target::check as target;
pub use trial::Trials;

use std::collections::HashSet;

/// What was told of profiles already: a Bundle of a hundred resources names the same few.
#[derive(Default)]
pub struct Told(HashSet<String>);

impl Told {
    /// Whether this is the first time that something is told.
    pub fn first(&mut self, what: &str) -> bool {
        // So many different ones are remembered; a list that is longer is hostile, and told of in vain.
        self.0.len() < 256 && self.0.insert(what.to_owned())
    }
}
