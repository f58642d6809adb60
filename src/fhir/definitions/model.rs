//! The words of the definitions: types, elements, bindings, invariants, code sets, search parameters.

/// What sort of type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum TypeKind {
    /// A JSON scalar with a format: `date`, `code`, ...
    Primitive,
    /// A data type with elements.
    Complex,
    /// The elements inside one element of a resource or data type.
    Backbone,
    /// A resource.
    Resource,
}

/// A type and its elements (those it inherits included).
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct TypeDef {
    /// `Patient`, `HumanName`, `Patient.contact`, `date`.
    pub name: String,
    /// What sort.
    pub kind: TypeKind,
    /// The type it specialises, as `DomainResource`; empty at the top.
    pub base: String,
    /// Abstract types have no instances.
    pub is_abstract: bool,
    /// Its elements in the order of the definition.
    pub elements: Vec<ElementDef>,
    /// The invariants of every value of this type, those that it inherits included.
    pub constraints: Vec<Constraint>,
    /// For primitives: the regular expression of the value, where the definition has one.
    pub pattern: Option<String>,
}

impl TypeDef {
    /// The element of that name (without `[x]`).
    pub fn element(&self, name: &str) -> Option<&ElementDef> {
        self.elements.iter().find(|element| element.name == name)
    }
}

/// An element of a type.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct ElementDef {
    /// The name without `[x]`, as `name` or `deceased`.
    pub name: String,
    /// Whether the JSON name carries the type: `deceasedBoolean`.
    pub is_choice: bool,
    /// Least number.
    pub min: u16,
    /// Greatest number; `None` is `*`.
    pub max: Option<u16>,
    /// The types it may have; a backbone element (or a content reference) names its [`TypeKind::Backbone`] type.
    pub types: Vec<ElementType>,
    /// Value set and strength, where it is bound.
    pub binding: Option<Binding>,
    /// A modifier: not to be overlooked.
    pub is_modifier: bool,
    /// Part of the summary.
    pub is_summary: bool,
    /// The greatest number of characters of a string, where there is one.
    pub max_length: Option<u32>,
    /// The invariants of this element beyond those of its types; they are evaluated with the element as context.
    pub constraints: Vec<Constraint>,
}

/// An invariant ([ElementDefinition.constraint](https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.constraint)).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Constraint {
    /// Its name, as `pat-1`.
    pub key: String,
    /// Whether breaking it is an error; else it is a warning.
    pub is_error: bool,
    /// What it asks for, in the specification's words.
    pub human: String,
    /// FHIRPath.
    pub expression: String,
}

/// A type that an element may have.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct ElementType {
    /// Name of the type; `Resource` where any resource may stand.
    pub name: String,
    /// For Reference and canonical: the resource types that it may point at; empty is any.
    pub targets: Vec<String>,
    /// Canonical URLs of the profiles that a value must meet, as that of SimpleQuantity; of several, one.
    pub profiles: Vec<String>,
}

/// A binding to a value set.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Binding {
    /// `required`, `extensible`, `preferred` or `example`.
    pub strength: String,
    /// Canonical URL without version.
    pub value_set: String,
}

/// The codes of one value set.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(from = "GroupedCodes", into = "GroupedCodes")]
pub struct CodeSet {
    /// Canonical URL without version.
    pub value_set: String,
    /// (system, code), sorted.
    pub codes: Vec<(String, String)>,
}

impl CodeSet {
    /// Whether a code is in it, whatever its system: for elements of type `code`, which have none.
    pub fn has_code(&self, code: &str) -> bool {
        self.codes.iter().any(|(_, it)| it == code)
    }

    /// Whether a Coding is in it.
    pub fn has(&self, system: &str, code: &str) -> bool {
        self.codes.binary_search_by(|(s, c)| (s.as_str(), c.as_str()).cmp(&(system, code))).is_ok()
    }
}

/// A [`CodeSet`] as it is stored: each system once.
#[derive(serde::Serialize, serde::Deserialize)]
struct GroupedCodes {
    value_set: String,
    systems: Vec<(String, Vec<String>)>,
}

impl From<CodeSet> for GroupedCodes {
    fn from(set: CodeSet) -> Self {
        let mut systems: Vec<(String, Vec<String>)> = Vec::new();
        for (system, code) in set.codes {
            match systems.last_mut() {
                Some((last, codes)) if *last == system => codes.push(code),
                _ => systems.push((system, vec![code])),
            }
        }
        Self { value_set: set.value_set, systems }
    }
}

impl From<GroupedCodes> for CodeSet {
    fn from(grouped: GroupedCodes) -> Self {
        let pairs = |(system, codes): (String, Vec<String>)| codes.into_iter().map(move |code| (system.clone(), code));
        Self { value_set: grouped.value_set, codes: grouped.systems.into_iter().flat_map(pairs).collect() }
    }
}

/// The type of a search parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[expect(missing_docs, reason = "the names are those of the specification")]
pub enum SearchKind {
    Number,
    Date,
    String,
    Token,
    Reference,
    Composite,
    Quantity,
    Uri,
    Special,
}

/// A search parameter of one type.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct SearchParameter {
    /// The code in the URL, as `patient`.
    pub code: String,
    /// Canonical URL of its definition.
    pub url: String,
    /// Its type.
    pub kind: SearchKind,
    /// FHIRPath of what it looks at in this type: of a union, the parts that apply. Empty where the definition has none.
    pub expression: String,
    /// For references: the types that it may point at.
    pub targets: Vec<String>,
}
