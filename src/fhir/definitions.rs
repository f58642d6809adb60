//! What the R4 definitions say, compiled ahead into a table that is embedded in the binary.
//!
//! `cargo run -p xtask -- definitions --package DIR` makes the table anew; `definitions/SOURCES.md` says from what.

mod model;
mod table;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::LazyLock;

pub use model::{
    Binding, CodeSet, Constraint, ElementDef, ElementType, SearchKind, SearchParameter, TypeDef, TypeKind,
};
pub use table::Table;

/// The name of an R4 resource type; only names that the definitions hold can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceType(&'static str);

impl ResourceType {
    /// The type of that name, case sensitive.
    pub fn parse(name: &str) -> Option<Self> {
        Definitions::r4().resource_type(name)
    }

    /// The name.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// The compiled definitions.
pub struct Definitions {
    types: Vec<TypeDef>,
    resource_types: Vec<ResourceType>,
    /// Parallel to `resource_types`.
    searches: Vec<Vec<SearchParameter>>,
    code_sets: Vec<CodeSet>,
    patient_compartment: Vec<(&'static str, Vec<&'static str>)>,
}

impl Definitions {
    /// The R4 (4.0.1) definitions, read from the binary at the first call.
    pub fn r4() -> &'static Self {
        static R4: LazyLock<Definitions> = LazyLock::new(|| {
            #[expect(clippy::expect_used, reason = "the table is part of the binary and a test reads it")]
            Table::from_bytes(include_bytes!("definitions/r4.bin")).expect("the embedded table is whole").into()
        });
        &R4
    }

    /// All concrete resource types, by name.
    pub fn resource_types(&self) -> &[ResourceType] {
        &self.resource_types
    }

    /// The concrete resource type of that name.
    pub fn resource_type(&self, name: &str) -> Option<ResourceType> {
        let at = self.resource_types.binary_search_by(|kind| kind.0.cmp(name)).ok()?;
        Some(self.resource_types[at])
    }

    /// All types, by name: data types, resource types (abstract ones too) and backbone types.
    pub fn types(&self) -> &[TypeDef] {
        &self.types
    }

    /// A data type, resource type or backbone type by its name: `Patient`, `HumanName`, `Patient.contact`, `date`.
    pub fn type_named(&self, name: &str) -> Option<&TypeDef> {
        let at = self.types.binary_search_by(|def| def.name.as_str().cmp(name)).ok()?;
        Some(&self.types[at])
    }

    /// The search parameters that apply to a type, those of Resource and DomainResource included; sorted by code.
    pub fn search_parameters(&self, kind: ResourceType) -> &[SearchParameter] {
        self.resource_types.binary_search(&kind).map_or(&[], |at| &self.searches[at])
    }

    /// The search parameter of a type by its code.
    pub fn search_parameter(&self, kind: ResourceType, code: &str) -> Option<&SearchParameter> {
        let all = self.search_parameters(kind);
        Some(&all[all.binary_search_by(|parameter| parameter.code.as_str().cmp(code)).ok()?])
    }

    /// The codes of a value set (canonical URL without version) that a required binding names, if it can be enumerated.
    pub fn codes(&self, value_set: &str) -> Option<&CodeSet> {
        let at = self.code_sets.binary_search_by(|set| set.value_set.as_str().cmp(value_set)).ok()?;
        Some(&self.code_sets[at])
    }

    /// The search parameters by which a resource of this type belongs to a Patient's compartment
    /// ([compartment](https://hl7.org/fhir/R4/compartmentdefinition-patient.html)); none where it never does.
    /// A Patient is in its own compartment besides.
    pub fn patient_compartment(&self, kind: ResourceType) -> &[&'static str] {
        let found = self.patient_compartment.binary_search_by(|(name, _)| (*name).cmp(kind.0));
        found.map_or(&[], |at| &self.patient_compartment[at].1)
    }
}

impl From<Table<'static>> for Definitions {
    fn from(table: Table<'static>) -> Self {
        let resource_types: Vec<_> = table.resource_types.iter().map(|name| ResourceType(name)).collect();
        let parameters = |name: &str| {
            let found = table.searches.binary_search_by(|(base, _)| (*base).cmp(name));
            found.map_or(&[][..], |at| &table.searches[at].1)
        };
        let base_of = |name: &str| {
            let found = table.types.binary_search_by(|def| def.name.as_str().cmp(name));
            found.map_or("", |at| table.types[at].base.as_str())
        };
        let searches = table.resource_types.iter().map(|name| {
            let bases = ["Resource", base_of(name), name];
            let distinct = if bases[0] == bases[1] { &bases[1..] } else { &bases[..] };
            let mut all: Vec<_> = distinct.iter().flat_map(|base| parameters(base)).cloned().collect();
            all.sort_by(|a, b| a.code.cmp(&b.code));
            all
        });
        let searches = searches.collect();
        Self {
            types: table.types,
            resource_types,
            searches,
            code_sets: table.code_sets,
            patient_compartment: table.patient_compartment,
        }
    }
}
