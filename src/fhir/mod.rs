//! FHIR R4 as text: a lossless tree over the received bytes, what the definitions say, and the words to answer with.
//!
//! Nothing else in the gateway parses FHIR. Decimals stay text, key order stays, unknown members stay.

pub mod definitions;
pub mod http_date;
pub mod instant;
pub mod library;
pub mod outcome;
pub mod path;
pub mod reference;
pub mod search;
pub mod splice;
pub mod stamp;
pub mod terminology;
pub mod tree;
pub mod value;

pub use definitions::{Definitions, ResourceType};
pub use library::Library;
pub use outcome::{Issue, IssueCode, Severity};
pub use reference::{Reference, ResourceId, ResourceKey};
pub use tree::{Document, Kind, NodeRef};
pub use value::Value;
