//! The invariants of a type or an element, compiled at their first use and kept.

use std::sync::OnceLock;

use crate::fhir::definitions::{Constraint, TypeDef};
use crate::fhir::path::Expression;

use super::corrections::corrected;
use super::native::is_native;

/// The invariants of a type or an element that are evaluated.
pub struct Constraints {
    /// The type that has them, or the element that has them.
    pub owner: &'static TypeDef,
    published: &'static [Constraint],
    compiled: OnceLock<Box<[Compiled]>>,
}

/// An invariant with its expression.
pub struct Compiled {
    /// As it is published.
    pub constraint: &'static Constraint,
    /// What is evaluated; `None` where it can't be compiled.
    pub expression: Option<Expression>,
}

impl Constraints {
    /// Those of a list that no rule of ours checks itself.
    pub fn of(owner: &'static TypeDef, published: &'static [Constraint]) -> Self {
        Self { owner, published, compiled: OnceLock::new() }
    }

    /// The invariants.
    pub fn compiled(&self) -> &[Compiled] {
        self.compiled.get_or_init(|| {
            let evaluated = self.published.iter().filter(|it| !it.expression.is_empty() && !is_native(&it.key));
            evaluated.map(Compiled::of).collect()
        })
    }
}

impl Compiled {
    fn of(constraint: &'static Constraint) -> Self {
        Self { constraint, expression: Expression::parse(corrected(&constraint.expression)).ok() }
    }
}

/// The canonical URL of the definition that a type of R4 is in: that of `Patient` for `Patient.contact`.
pub fn source(def: &TypeDef) -> String {
    let name = def.name.split('.').next().unwrap_or(&def.name);
    format!("http://hl7.org/fhir/StructureDefinition/{name}")
}
