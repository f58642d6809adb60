//! The compiled form of an expression.

use regex::Regex;

use super::Item;
use super::function::{Function, Short};
use super::member::Name;
use super::types::TypeSpecifier;

/// An expression. Chains and paths are lists, so only brackets, arguments and precedence nest.
pub(super) enum Expr {
    /// `{}`
    Empty,
    Literal(Item<'static>),
    /// `$this`
    This,
    /// `$index`
    Index,
    /// `$total`
    Total,
    /// `%name`
    Variable(Box<str>),
    /// A name or call at the start of a path, and what follows after its points.
    Path(Box<Expr>, Box<[Step]>),
    /// A step applied to `$this`.
    Step(Box<Step>),
    /// A minus sign.
    Negate(Box<Expr>),
    /// A plus sign, which only says that a number follows.
    Plus(Box<Expr>),
    /// `is`
    Is(Box<Expr>, TypeSpecifier),
    /// `as`
    As(Box<Expr>, TypeSpecifier),
    /// Operators of one precedence, from left to right.
    Chain(Box<Expr>, Box<[(Operator, Expr)]>),
}

/// What follows a point, or stands in square brackets.
pub(super) enum Step {
    /// An element.
    Member(Name),
    /// The name that an expression begins with: an element, or the type that it starts from.
    First(Name),
    /// `[n]`
    Index(Expr),
    Call(Call),
}

/// A call of a function.
pub(super) struct Call {
    pub(super) function: &'static Function,
    /// Whether there is a short cut for this call.
    pub(super) short: Option<Short>,
    pub(super) arguments: Box<[Expr]>,
    /// The argument of `is`, `as` and `ofType`.
    pub(super) kind: Option<TypeSpecifier>,
    /// The first argument as a pattern, where it is a literal of a function that wants one.
    pub(super) pattern: Option<Regex>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Implies,
    Or,
    Xor,
    And,
    In,
    Contains,
    Equal,
    NotEqual,
    Equivalent,
    NotEquivalent,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Union,
    Add,
    Subtract,
    Concatenate,
    Multiply,
    Divide,
    IntegerDivide,
    Modulo,
}

/// How tightly `is` and `as` bind: between equality and inequality, where the official cases have them.
pub(super) const TYPE_PRECEDENCE: u8 = 6;

impl Operator {
    /// The operator of a name or symbol.
    pub(super) fn of(text: &str) -> Option<Self> {
        Some(match text {
            "implies" => Self::Implies,
            "or" => Self::Or,
            "xor" => Self::Xor,
            "and" => Self::And,
            "in" => Self::In,
            "contains" => Self::Contains,
            "=" => Self::Equal,
            "!=" => Self::NotEqual,
            "~" => Self::Equivalent,
            "!~" => Self::NotEquivalent,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            "|" => Self::Union,
            "+" => Self::Add,
            "-" => Self::Subtract,
            "&" => Self::Concatenate,
            "*" => Self::Multiply,
            "/" => Self::Divide,
            "div" => Self::IntegerDivide,
            "mod" => Self::Modulo,
            _ => return None,
        })
    }

    /// How tightly it binds; more is tighter.
    pub(super) fn precedence(self) -> u8 {
        match self {
            Self::Implies => 1,
            Self::Or | Self::Xor => 2,
            Self::And => 3,
            Self::In | Self::Contains => 4,
            Self::Equal | Self::NotEqual | Self::Equivalent | Self::NotEquivalent => 5,
            Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual => 7,
            Self::Union => 8,
            Self::Add | Self::Subtract | Self::Concatenate => 9,
            Self::Multiply | Self::Divide | Self::IntegerDivide | Self::Modulo => 10,
        }
    }
}
