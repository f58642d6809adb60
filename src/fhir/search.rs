//! Search, the pure part: what of a resource goes into the index, and what a query asks of it.
//!
//! Parameters come from the definitions as data; no code here knows a resource type.
//! [Search](https://hl7.org/fhir/R4/search.html) is the specification.

mod fold;
mod index;
mod parse;
mod plan;
mod redact;
#[cfg(test)]
mod tests;
mod value;

use jiff::Timestamp;

pub use fold::fold;
pub use index::index;
pub use parse::{DEFAULT_COUNT, MOST_ALTERNATIVES, MOST_FILTERS, MOST_PER_PAGE, parse};
pub use plan::supported;

use super::instant::Interval;
use super::outcome::Issue;
use super::reference::ResourceKey;
use super::{ResourceId, ResourceType};

/// A row of the search index: one value of one parameter of one resource.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexRow {
    /// The parameter's code.
    pub parameter: &'static str,
    /// The value.
    pub value: IndexValue,
}

/// An indexed value.
#[derive(Debug, Clone, PartialEq)]
pub enum IndexValue {
    /// Token: system (empty where there is none) and code.
    Token {
        /// The code system or identifier system.
        system: String,
        /// The code or identifier value.
        code: String,
    },
    /// Date: the interval that it covers.
    Date(Interval),
    /// Reference to a local resource.
    Reference(ResourceKey),
    /// Reference to something elsewhere, or a uri.
    Uri(String),
    /// String: folded (lower case, no accents but å, ä, ö) and as it was.
    Text {
        /// For comparing.
        folded: String,
        /// As received.
        exact: String,
    },
    /// Number or quantity: the bounds that its precision implies, and its unit.
    Number {
        /// Lower bound.
        low: f64,
        /// Upper bound.
        high: f64,
        /// Unit's system and code, or the unit's text; empty for plain numbers.
        unit: String,
    },
}

/// A search as the store answers it.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The type that is searched.
    pub kind: ResourceType,
    /// All of these must hold.
    pub filters: Vec<Filter>,
    /// Order.
    pub sort: Sort,
    /// At most so many matches a page; 0 asks for the total alone.
    pub count: u32,
    /// Where the page begins; `None` is the first page.
    pub after: Option<Cursor>,
    /// What to add to the matches.
    pub includes: Vec<Include>,
    /// Whether the number of all matches is wanted.
    pub total: bool,
    /// Whose resources may be seen at all; set by the permit, never by a parameter.
    pub visible: Visibility,
}

/// Whose resources a caller may see: the restriction that goes into every query, so that totals and pages can't leak.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Visibility {
    /// Nothing.
    #[default]
    Nothing,
    /// Everything: the demo's suite client alone.
    Everything,
    /// What `organisation` (an HSA-id) submitted itself, what belongs to no patient and is directory data, and what
    /// belongs to patients that have a relation to it at `at`.
    Organisation {
        /// HSA-id of the vårdgivare.
        organisation: String,
        /// When.
        at: Timestamp,
    },
}

/// One condition; its alternatives are joined by OR.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// The parameter's code.
    pub parameter: String,
    /// Any of these.
    pub any: Vec<Test>,
}

/// A test of one indexed value.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// `_id`
    Id(ResourceId),
    /// `_lastUpdated`: the instant lies in the interval.
    Updated(Interval),
    /// Token; `system` `None` is any system, `Some("")` none; `code` `None` is any code.
    Token {
        /// The system asked for.
        system: Option<String>,
        /// The code asked for.
        code: Option<String>,
    },
    /// Date interval against the prefix's rule ([prefixes](https://hl7.org/fhir/R4/search.html#prefix)).
    Date(Prefix, Interval),
    /// Reference to a local resource; `kind` `None` where only an id was given.
    Reference {
        /// The type, if it was given.
        kind: Option<ResourceType>,
        /// The id.
        id: ResourceId,
    },
    /// A uri or foreign reference, equal.
    Uri(String),
    /// String that starts with this (folded).
    TextStart(String),
    /// String that holds this (folded).
    TextContains(String),
    /// String that is exactly this, as received.
    TextExact(String),
    /// No value of the parameter meets any of these; resources without a value match too.
    NoneOf(Vec<Test>),
    /// The parameter has a value at all, or not.
    Missing(bool),
}

/// How a date is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the specification")]
pub enum Prefix {
    Eq,
    Ne,
    Gt,
    Lt,
    Ge,
    Le,
    Sa,
    Eb,
    Ap,
}

/// The order of matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// By `_lastUpdated`, oldest first.
    OldestFirst,
    /// By `_lastUpdated`, newest first (what is used when nothing is asked).
    NewestFirst,
}

/// Where a page ended: the position of its last match in the order. Opaque to clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The store's sequence number of the last match.
    pub sequence: u64,
}

/// `_include=Source:parameter[:Target]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Include {
    /// The parameter whose references are followed.
    pub parameter: String,
    /// Only targets of this type.
    pub target: Option<ResourceType>,
}

/// What the client asked, read from its parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The query, with [`Visibility::Nothing`] until a permit sets it.
    pub query: Query,
    /// The parameters that were used, in order, for the self link; personal identity numbers in them are blanked.
    pub used: Vec<(String, String)>,
    /// Warnings about parameters that were ignored (lenient handling).
    pub warnings: Vec<Issue>,
}
