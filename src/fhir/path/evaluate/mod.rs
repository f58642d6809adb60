//! Runs a compiled expression over nodes.

#![expect(clippy::needless_pass_by_value, reason = "the functions in one table have one shape")]

mod boundary;
mod combining;
mod conversion;
mod existence;
mod fhir;
mod filtering;
mod math;
mod navigation;
mod operators;
mod strings;
mod subsetting;
mod type_functions;
mod utility;
mod variables;

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

use jiff::Timestamp;

use crate::fhir::tree::NodeRef;

use super::function::{Function, Short};
use super::syntax::{Call, Expr, Step};
use super::{Context, EvaluationError, Item, Resolver};

pub(super) use navigation::located;

/// A collection.
pub(super) type Items<'a> = Vec<Item<'a>>;
/// What an evaluation step gives.
pub(super) type Answer<'a> = Result<Items<'a>, EvaluationError>;

/// How many items, comparisons and sixteen bytes of text one evaluation may produce.
const BUDGET: u32 = 5_000_000;
/// The longest text that one evaluation may build.
const TEXT: usize = 1 << 20;

/// The functions, family by family.
pub(super) fn families() -> [&'static [Function]; 12] {
    [
        filtering::FUNCTIONS,
        existence::FUNCTIONS,
        subsetting::FUNCTIONS,
        combining::FUNCTIONS,
        fhir::FUNCTIONS,
        type_functions::FUNCTIONS,
        strings::FUNCTIONS,
        conversion::FUNCTIONS,
        navigation::FUNCTIONS,
        utility::FUNCTIONS,
        math::FUNCTIONS,
        boundary::FUNCTIONS,
    ]
}

/// One evaluation.
pub(super) struct Evaluator<'a> {
    /// `%resource`
    resource: NodeRef<'a>,
    now: Timestamp,
    resolver: &'a dyn Resolver,
    /// `%context`
    start: Item<'a>,
    left: Cell<u32>,
}

/// What `$this`, `$index`, `$total` and the defined variables are at one place of the expression.
#[derive(Clone)]
pub(super) struct Scope<'s, 'a> {
    this: &'s [Item<'a>],
    index: Option<usize>,
    total: Option<&'s [Item<'a>]>,
    variables: Option<Rc<Variable<'a>>>,
}

/// A variable of `defineVariable`, and those defined before it.
struct Variable<'a> {
    name: String,
    value: Items<'a>,
    outer: Option<Rc<Variable<'a>>>,
}

/// The place of a call: whom it may ask, its arguments and where they are evaluated.
pub(super) struct At<'x, 'a> {
    evaluator: &'x Evaluator<'a>,
    call: &'x Call,
    scope: &'x Scope<'x, 'a>,
}

/// An error with a text of ours.
fn fail<T>(message: impl Into<String>) -> Result<T, EvaluationError> {
    Err(EvaluationError(message.into()))
}

/// The only item, if there is one.
fn at_most_one<'i, 'a>(items: &'i [Item<'a>]) -> Result<Option<&'i Item<'a>>, EvaluationError> {
    match items {
        [] => Ok(None),
        [item] => Ok(Some(item)),
        _ => fail("one item was expected, but there are several"),
    }
}

/// The only item, if there is one and it has a value: an element given by its extensions alone has none.
fn valued<'i, 'a>(items: &'i [Item<'a>]) -> Result<Option<&'i Item<'a>>, EvaluationError> {
    Ok(at_most_one(items)?.filter(|item| !item.is_bare()))
}

/// Singleton evaluation: a Boolean's value, true for any other one item (FHIRPath N1, "Singleton Evaluation").
fn boolean(items: &[Item<'_>]) -> Result<Option<bool>, EvaluationError> {
    let item = at_most_one(items)?;
    Ok(item.and_then(|item| match item.to_system().as_ref() {
        Item::Boolean(value) => Some(*value),
        Item::Node { type_name: "boolean", .. } => None,
        _ => Some(true),
    }))
}

/// A collection of one Boolean, or of nothing.
fn booleans<'a>(value: Option<bool>) -> Items<'a> {
    value.map(Item::Boolean).into_iter().collect()
}

impl<'a> Evaluator<'a> {
    /// An evaluation that starts from `start`.
    pub(super) fn new(context: &Context<'a>, start: &Item<'a>) -> Self {
        Self::within(context, start, BUDGET)
    }

    /// An evaluation of at most so many steps.
    pub(super) fn within(context: &Context<'a>, start: &Item<'a>, steps: u32) -> Self {
        Self {
            resource: context.resource,
            now: context.now,
            resolver: context.resolver,
            start: start.clone(),
            left: Cell::new(steps),
        }
    }

    /// The steps that are left.
    pub(super) fn left(&self) -> u32 {
        self.left.get()
    }

    fn outermost(&self) -> Scope<'_, 'a> {
        Scope { this: std::slice::from_ref(&self.start), index: None, total: None, variables: None }
    }

    /// The expression's value.
    pub(super) fn items(&self, expression: &Expr) -> Answer<'a> {
        self.evaluate(expression, &self.outermost())
    }

    /// The expression's value as a condition.
    pub(super) fn truth(&self, expression: &Expr) -> Result<Option<bool>, EvaluationError> {
        self.condition(expression, &self.outermost())
    }

    /// Takes `steps` from what the evaluation may still do.
    fn charge(&self, steps: usize) -> Result<(), EvaluationError> {
        let left = u32::try_from(steps).ok().and_then(|steps| self.left.get().checked_sub(steps));
        match left {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => fail("the evaluation takes too many steps"),
        }
    }

    /// A text that was built; it must not have grown too long.
    fn text(&self, text: String) -> Answer<'a> {
        self.charge(text.len() / 16)?;
        if text.len() > TEXT { fail("a text grows too long") } else { Ok(vec![Item::String(text.into())]) }
    }

    fn evaluate(&self, expression: &Expr, scope: &Scope<'_, 'a>) -> Answer<'a> {
        self.charge(1)?;
        match expression {
            Expr::Empty => Ok(Vec::new()),
            Expr::Literal(item) => Ok(vec![item.clone()]),
            Expr::This => Ok(scope.this.to_vec()),
            Expr::Index => Ok(scope.index.and_then(|i| i64::try_from(i).ok()).map(Item::Integer).into_iter().collect()),
            Expr::Total => Ok(scope.total.unwrap_or(&[]).to_vec()),
            Expr::Variable(name) => self.variable(name, scope),
            Expr::Step(step) => self.first_step(step, scope),
            Expr::Path(base, steps) => self.path(base, steps, scope),
            Expr::Negate(operand) => operators::negate(&self.operand(operand, scope)?),
            Expr::Plus(operand) => operators::plus(self.evaluate(operand, scope)?),
            Expr::Is(operand, kind) => type_functions::is(kind, &self.operand(operand, scope)?),
            Expr::As(operand, kind) => type_functions::cast(kind, self.evaluate(operand, scope)?),
            Expr::Chain(first, rest) => self.chain(first, rest, scope),
        }
    }

    /// The value of an operand or argument; literals and `$this` are not copied.
    fn operand<'x>(&self, expression: &'x Expr, scope: &Scope<'x, 'a>) -> Result<Cow<'x, [Item<'a>]>, EvaluationError> {
        match expression {
            Expr::Literal(item) => Ok(Cow::Borrowed(std::slice::from_ref(item))),
            Expr::This => Ok(Cow::Borrowed(scope.this)),
            other => self.evaluate(other, scope).map(Cow::Owned),
        }
    }

    /// The value of an expression as a condition; `None` where it is empty.
    fn condition(&self, expression: &Expr, scope: &Scope<'_, 'a>) -> Result<Option<bool>, EvaluationError> {
        match expression {
            Expr::Chain(first, rest) => match self.logic(first, rest, scope)? {
                Some(value) => Ok(value),
                None => boolean(&self.evaluate(expression, scope)?),
            },
            Expr::Path(base, steps) => self.path_condition(base, steps, scope),
            other => boolean(&self.operand(other, scope)?),
        }
    }

    /// The step that an expression begins with goes out from `$this`.
    fn first_step(&self, step: &Step, scope: &Scope<'_, 'a>) -> Answer<'a> {
        match step {
            Step::Call(call) => self.call(call, scope.this.to_vec(), scope),
            Step::First(name) => self.first_name(name, scope.this),
            Step::Member(name) => self.members(name, scope.this, usize::MAX),
            Step::Index(_) => Ok(Vec::new()),
        }
    }

    fn path(&self, base: &Expr, steps: &[Step], scope: &Scope<'_, 'a>) -> Answer<'a> {
        let mut scope = scope.clone();
        let mut items = match base {
            Expr::Step(step) => {
                let items = self.first_step(step, &scope)?;
                self.define(step, &items, &mut scope)?;
                items
            }
            other => self.evaluate(other, &scope)?,
        };
        for (at, step) in steps.iter().enumerate() {
            items = match step {
                Step::Member(name) | Step::First(name) => self.members(name, &items, most(steps.get(at + 1)))?,
                Step::Index(position) => self.indexed(items, position, &scope)?,
                Step::Call(call) => self.call(call, items, &scope)?,
            };
            self.define(step, &items, &mut scope)?;
        }
        Ok(items)
    }

    /// A path as a condition: where it ends with `exists()` or the like, nothing is collected.
    fn path_condition(
        &self,
        base: &Expr,
        steps: &[Step],
        scope: &Scope<'_, 'a>,
    ) -> Result<Option<bool>, EvaluationError> {
        let Some((last, before)) = steps.split_last() else { return self.condition(base, scope) };
        let short = if let Step::Call(call) = last { call.short } else { None };
        match short {
            Some(Short::Exists) => self.any(base, before, scope).map(Some),
            Some(Short::Empty) => Ok(Some(!self.any(base, before, scope)?)),
            Some(Short::Not) => Ok(self.path_condition(base, before, scope)?.map(|value| !value)),
            _ => boolean(&self.path(base, steps, scope)?),
        }
    }

    /// Whether a path leads to anything.
    fn any(&self, base: &Expr, steps: &[Step], scope: &Scope<'_, 'a>) -> Result<bool, EvaluationError> {
        match (steps.split_last(), base) {
            (Some((Step::Member(name), before)), _) => self.has_member(name, &self.path(base, before, scope)?),
            (Some(_), _) => Ok(!self.path(base, steps, scope)?.is_empty()),
            (None, Expr::Step(step)) => match &**step {
                Step::First(name) | Step::Member(name) if !navigation::is_type(name) => {
                    self.has_member(name, scope.this)
                }
                other => Ok(!self.first_step(other, scope)?.is_empty()),
            },
            (None, other) => Ok(!self.operand(other, scope)?.is_empty()),
        }
    }

    fn call(&self, call: &Call, input: Items<'a>, scope: &Scope<'_, 'a>) -> Answer<'a> {
        self.charge(1)?;
        (call.function.run)(&At { evaluator: self, call, scope }, input)
    }

    /// `items[position]`
    fn indexed(&self, items: Items<'a>, position: &Expr, scope: &Scope<'_, 'a>) -> Answer<'a> {
        let position = self.operand(position, scope)?;
        match at_most_one(&position)?.map(|item| item.to_system().into_owned()) {
            None => Ok(Vec::new()),
            Some(Item::Integer(n)) => {
                Ok(usize::try_from(n).ok().and_then(|n| items.into_iter().nth(n)).into_iter().collect())
            }
            Some(_) => fail("an index must be an integer"),
        }
    }
}

/// How many items the step after a member takes.
fn most(next: Option<&Step>) -> usize {
    match next {
        Some(Step::Call(call)) if call.short == Some(Short::First) => 1,
        _ => usize::MAX,
    }
}

impl<'x, 'a> At<'x, 'a> {
    fn argument(&self, index: usize) -> Option<&'x Expr> {
        self.call.arguments.get(index)
    }

    /// The value of an argument that is evaluated once, where the call stands; empty where it is not given.
    fn given(&self, index: usize) -> Result<Cow<'x, [Item<'a>]>, EvaluationError> {
        match self.argument(index) {
            Some(argument) => self.evaluator.operand(argument, self.scope),
            None => Ok(Cow::Borrowed(&[])),
        }
    }

    /// The one item of such an argument, as a System value.
    fn system(&self, index: usize) -> Result<Option<Item<'a>>, EvaluationError> {
        Ok(at_most_one(&self.given(index)?)?.map(|item| item.to_system().into_owned()))
    }

    /// The string that such an argument is.
    fn string(&self, index: usize) -> Result<Option<Cow<'a, str>>, EvaluationError> {
        match self.system(index)? {
            None => Ok(None),
            Some(Item::String(text)) => Ok(Some(text)),
            Some(_) => fail(format!("`{}` takes a string", self.call.function.name)),
        }
    }

    /// The integer that such an argument is.
    fn integer(&self, index: usize) -> Result<Option<i64>, EvaluationError> {
        match self.system(index)? {
            None => Ok(None),
            Some(Item::Integer(value)) => Ok(Some(value)),
            Some(_) => fail(format!("`{}` takes an integer", self.call.function.name)),
        }
    }

    /// The scope in which an argument sees one item of the input as `$this`.
    fn scope_of<'s>(&'s self, index: usize, item: &'s Item<'a>) -> Scope<'s, 'a> {
        Scope {
            this: std::slice::from_ref(item),
            index: Some(index),
            total: self.scope.total,
            variables: self.scope.variables.clone(),
        }
    }

    /// Whether the argument holds for one item of the input.
    fn holds(&self, argument: &Expr, index: usize, item: &Item<'a>) -> Result<bool, EvaluationError> {
        self.evaluator.charge(1)?;
        Ok(self.evaluator.condition(argument, &self.scope_of(index, item))? == Some(true))
    }

    /// The value of the argument for one item of the input.
    fn project(&self, argument: &Expr, index: usize, item: &Item<'a>) -> Answer<'a> {
        self.evaluator.evaluate(argument, &self.scope_of(index, item))
    }

    /// The one string that the input is; `None` where it is empty.
    fn input_string(&self, input: &[Item<'a>]) -> Result<Option<Cow<'a, str>>, EvaluationError> {
        match valued(input)? {
            None => Ok(None),
            Some(item) => match item.string() {
                Some(text) => Ok(Some(text)),
                None => fail(format!("`{}` is for strings", self.call.function.name)),
            },
        }
    }
}
