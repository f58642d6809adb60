//! FHIRPath (N1, <http://hl7.org/fhirpath/N1>) over the lossless tree: compiled once, evaluated without copies.
//!
//! The way of an expression: `lexer` cuts it into tokens, `parser` builds the form in `syntax`, `evaluate` runs that
//! over nodes, one file to a family of functions. What hostile input can drive is bounded: an expression nests at
//! most 100 levels, an evaluation takes a fixed number of steps, and no text in it grows past a megabyte.

mod compare;
mod evaluate;
mod function;
mod item;
mod lexer;
mod member;
mod parser;
mod quantity;
mod syntax;
mod temporal;
mod types;
mod ucum;

#[cfg(test)]
mod tests;

use jiff::Timestamp;

use super::tree::{Document, NodeRef};

pub use item::Item;

/// A compiled expression; share it freely between threads.
pub struct Expression {
    text: String,
    root: syntax::Expr,
}

/// What an evaluation may look at besides the node it starts from.
pub struct Context<'a> {
    /// `%resource`: the resource that holds the node; `%rootResource` is the one that it is contained in, or itself.
    pub resource: NodeRef<'a>,
    /// What `now()` and `today()` say (in Europe/Stockholm).
    pub now: Timestamp,
    /// Answers what the tree alone cannot: `resolve()` for what is not contained, `memberOf()`, `conformsTo()`.
    pub resolver: &'a dyn Resolver,
}

/// Answers what lies outside the document.
pub trait Resolver {
    /// The parsed resource that `reference` (as it stands in the text) points at, if it is at hand. The document
    /// lives as long as the resolver does.
    fn resolve(&self, reference: &str) -> Option<&Document>;

    /// Whether a code, Coding or CodeableConcept is in the value set; `None`, an error for the evaluation, where
    /// that is not known.
    fn member_of(&self, _coded: &Item<'_>, _value_set: &str) -> Option<bool> {
        None
    }

    /// Whether a resource or element conforms to a profile that is not one of the base definitions; `None`, an
    /// error for the evaluation, where that is not known.
    fn conforms_to(&self, _element: NodeRef<'_>, _profile: &str) -> Option<bool> {
        None
    }
}

/// A resolver that knows nothing.
pub struct NoResolver;

impl Resolver for NoResolver {
    fn resolve(&self, _reference: &str) -> Option<&Document> {
        None
    }
}

/// An expression that can't be read: where and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("FHIRPath at character {offset}: {message}")]
pub struct ParseError {
    /// Character offset in the expression, from 0.
    pub offset: usize,
    /// Why.
    pub message: String,
}

/// An evaluation that the specification says must fail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("FHIRPath: {0}")]
pub struct EvaluationError(pub String);

impl Expression {
    /// Compiles an expression.
    ///
    /// # Errors
    /// Where the text is not FHIRPath, or names a function that we do not have.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        Ok(Self { text: text.to_owned(), root: parser::parse(text)? })
    }

    /// The text it was compiled from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Evaluates with `start` as `$this`; an element that is no resource gets its type from its place.
    ///
    /// # Errors
    /// Where the specification says that the evaluation must end with an error.
    pub fn evaluate<'a>(&self, context: &Context<'a>, start: NodeRef<'a>) -> Result<Vec<Item<'a>>, EvaluationError> {
        self.evaluate_item(context, &evaluate::located(start))
    }

    /// Evaluates with an item, as another evaluation gave it, as `$this`.
    ///
    /// # Errors
    /// As [`Expression::evaluate`].
    pub fn evaluate_item<'a>(&self, context: &Context<'a>, start: &Item<'a>) -> Result<Vec<Item<'a>>, EvaluationError> {
        evaluate::Evaluator::new(context, start).items(&self.root)
    }

    /// Evaluates as a condition: the one Boolean item's value, true for any one other item, false for none.
    ///
    /// # Errors
    /// As [`Expression::evaluate`], and for several items.
    pub fn is_true<'a>(&self, context: &Context<'a>, start: NodeRef<'a>) -> Result<bool, EvaluationError> {
        self.is_true_of(context, &evaluate::located(start))
    }

    /// Evaluates as a condition that may take at most so many steps (items, comparisons, sixteen bytes of text); those
    /// that it took are taken from `steps`. `None` where the condition is empty.
    ///
    /// # Errors
    /// As [`Expression::is_true`], and where the steps do not suffice.
    pub fn truth_within<'a>(
        &self,
        context: &Context<'a>,
        start: &Item<'a>,
        steps: &mut u32,
    ) -> Result<Option<bool>, EvaluationError> {
        let evaluator = evaluate::Evaluator::within(context, start, *steps);
        let truth = evaluator.truth(&self.root);
        *steps = evaluator.left();
        truth
    }

    /// [`Expression::is_true`] of an item, as another evaluation gave it.
    ///
    /// # Errors
    /// As [`Expression::is_true`].
    pub fn is_true_of<'a>(&self, context: &Context<'a>, start: &Item<'a>) -> Result<bool, EvaluationError> {
        Ok(evaluate::Evaluator::new(context, start).truth(&self.root)?.unwrap_or(false))
    }
}
