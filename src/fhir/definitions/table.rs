//! The table as it is stored: written by `xtask`, read once.

use serde::{Deserialize, Serialize};

use super::{CodeSet, SearchParameter, TypeDef};

/// Everything that is taken over from the definitions. Names that live as long as the binary are borrowed from it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Table<'a> {
    /// The concrete resource types, sorted.
    #[serde(borrow)]
    pub resource_types: Vec<&'a str>,
    /// All types, sorted by name.
    pub types: Vec<TypeDef>,
    /// The search parameters of each base (`Resource` and `DomainResource` too), sorted by base.
    #[serde(borrow)]
    pub searches: Vec<(&'a str, Vec<SearchParameter>)>,
    /// The value sets that can be enumerated, sorted by URL.
    pub code_sets: Vec<CodeSet>,
    /// Resource type and the parameters that put it into a Patient's compartment, sorted.
    #[serde(borrow)]
    pub patient_compartment: Vec<(&'a str, Vec<&'a str>)>,
}

impl<'a> Table<'a> {
    /// Reads what [`Table::to_bytes`] wrote.
    ///
    /// # Errors
    /// Where the bytes are something else.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, postcard::Error> {
        postcard::from_bytes(bytes)
    }

    /// The stored form ([postcard](https://postcard.jamesmunns.com/wire-format)).
    ///
    /// # Errors
    /// Never for this table; the encoder's signature has them.
    pub fn to_bytes(&self) -> Result<Vec<u8>, postcard::Error> {
        postcard::to_stdvec(self)
    }
}
