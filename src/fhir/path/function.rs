//! The functions that an expression may name; each family of them lists its own.

use regex::Regex;

use super::evaluate::{Answer, At, Items, families};

/// One function.
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) arguments: Arguments,
    /// Compiles the first argument, where that is a regular expression.
    pub(super) pattern: Option<Compile>,
    pub(super) run: Run,
}

/// Calls that are frequent, simple, and answered without a collection in between where that is all that is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Short {
    /// `exists()`
    Exists,
    /// `empty()`
    Empty,
    /// `not()`
    Not,
    /// `first()`
    First,
    /// `defineVariable(...)`, which the path that it stands in must know of.
    DefineVariable,
}

impl Short {
    /// The short cut for a call of `name` with so many arguments.
    pub(super) fn of(name: &str, arguments: usize) -> Option<Self> {
        match (name, arguments) {
            ("exists", 0) => Some(Self::Exists),
            ("empty", 0) => Some(Self::Empty),
            ("not", 0) => Some(Self::Not),
            ("first", 0) => Some(Self::First),
            ("defineVariable", _) => Some(Self::DefineVariable),
            _ => None,
        }
    }
}

/// What compiles a regular expression.
pub(super) type Compile = fn(&str) -> Result<Regex, regex::Error>;

/// What computes a function from its input.
pub(super) type Run = for<'x, 'a> fn(&At<'x, 'a>, Items<'a>) -> Answer<'a>;

/// How many arguments a function takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arguments {
    /// From so many to so many.
    Between(u8, u8),
    /// The name of a type.
    Type,
}

impl Arguments {
    pub(super) fn allows(self, count: usize) -> bool {
        match self {
            Self::Between(least, most) => (usize::from(least)..=usize::from(most)).contains(&count),
            Self::Type => count == 1,
        }
    }
}

impl Function {
    /// A function of `least` to `most` arguments.
    pub(super) const fn new(name: &'static str, least: u8, most: u8, run: Run) -> Self {
        Self { name, arguments: Arguments::Between(least, most), pattern: None, run }
    }

    /// A function of the name of a type.
    pub(super) const fn of_type(name: &'static str, run: Run) -> Self {
        Self { name, arguments: Arguments::Type, pattern: None, run }
    }

    /// A function whose first of `count` arguments is a regular expression; one more may hold its flags.
    pub(super) const fn of_pattern(name: &'static str, count: u8, pattern: Compile, run: Run) -> Self {
        Self { name, arguments: Arguments::Between(count, count + 1), pattern: Some(pattern), run }
    }
}

/// The function of that name, case sensitive.
pub(super) fn named(name: &str) -> Option<&'static Function> {
    families().iter().flat_map(|family| family.iter()).find(|function| function.name == name)
}
