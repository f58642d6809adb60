//! From tokens to the compiled form, by precedence climbing.

use super::function::{self, Arguments, Short};
use super::lexer::{self, Placed, Token};
use super::member::Name;
use super::syntax::{Call, Expr, Operator, Step, TYPE_PRECEDENCE};
use super::temporal::TemporalKind;
use super::types::TypeSpecifier;
use super::{Item, ParseError, quantity};

/// How deep brackets, arguments and precedence may nest; the stack holds that many with room to spare.
const DEPTH: usize = 100;

/// Compiles a whole expression.
pub(super) fn parse(text: &str) -> Result<Expr, ParseError> {
    let tokens = lexer::tokens(text)?;
    let mut parser = Parser { text, tokens, at: 0, depth: 0 };
    let expression = parser.expression(0)?;
    match parser.peek() {
        Token::End => Ok(expression),
        _ => Err(parser.fault("an operator or the end is missing here")),
    }
}

struct Parser<'t> {
    text: &'t str,
    /// Never empty: it ends with [`Token::End`], which is not passed.
    tokens: Vec<Placed>,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(_, token)| token)
    }

    fn take(&mut self) -> Token {
        let token = self.tokens.get_mut(self.at).map_or(Token::End, |(_, t)| std::mem::replace(t, Token::End));
        self.at += 1;
        token
    }

    fn fault(&self, message: impl Into<String>) -> ParseError {
        let offset = self.tokens.get(self.at).map_or(self.text.len(), |(offset, _)| *offset);
        lexer::fault(self.text, offset, message)
    }

    fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self.peek(), Token::Symbol(s) if *s == symbol)
    }

    fn takes_symbol(&mut self, symbol: &str) -> bool {
        let found = self.is_symbol(symbol);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, symbol: &str) -> Result<(), ParseError> {
        if self.takes_symbol(symbol) { Ok(()) } else { Err(self.fault(format!("`{symbol}` is missing here"))) }
    }

    /// Counts one more level of nesting while `read` runs.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, ParseError>) -> Result<T, ParseError> {
        if self.depth >= DEPTH {
            return Err(self.fault(format!("the expression nests deeper than {DEPTH} levels")));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// An expression whose operators bind at least as tightly as `least`.
    fn expression(&mut self, least: u8) -> Result<Expr, ParseError> {
        self.nested(|parser| {
            let mut left = parser.polarity()?;
            let depth = parser.depth;
            while let Some(precedence) = parser.operator_ahead().filter(|found| *found >= least) {
                left = parser.operation(left, precedence)?;
                // What was read so far has become an operand one level down.
                parser.depth += 1;
                if parser.depth >= DEPTH {
                    return Err(parser.fault(format!("the expression nests deeper than {DEPTH} levels")));
                }
            }
            parser.depth = depth;
            Ok(left)
        })
    }

    fn operator_ahead(&self) -> Option<u8> {
        match self.peek() {
            Token::Name(name) if name == "is" || name == "as" => Some(TYPE_PRECEDENCE),
            Token::Name(name) => Operator::of(name).map(Operator::precedence),
            Token::Symbol(symbol) => Operator::of(symbol).map(Operator::precedence),
            _ => None,
        }
    }

    /// All operators of one precedence that follow `left`.
    fn operation(&mut self, left: Expr, precedence: u8) -> Result<Expr, ParseError> {
        if precedence == TYPE_PRECEDENCE {
            return self.type_operation(left);
        }
        let mut rest = Vec::new();
        while self.operator_ahead() == Some(precedence) {
            let operator = match self.take() {
                Token::Name(name) => Operator::of(&name),
                Token::Symbol(symbol) => Operator::of(symbol),
                _ => None,
            };
            let operator = operator.ok_or_else(|| self.fault("an operator is missing here"))?;
            rest.push((operator, self.expression(precedence + 1)?));
        }
        Ok(Expr::Chain(Box::new(left), rest.into()))
    }

    fn type_operation(&mut self, left: Expr) -> Result<Expr, ParseError> {
        let is_test = matches!(self.take(), Token::Name(name) if name == "is");
        let kind = self.type_specifier()?;
        let left = Box::new(left);
        Ok(if is_test { Expr::Is(left, kind) } else { Expr::As(left, kind) })
    }

    fn type_specifier(&mut self) -> Result<TypeSpecifier, ParseError> {
        let first = self.name()?;
        if self.takes_symbol(".") {
            let name = self.name()?;
            return Ok(TypeSpecifier::qualified(&first, &name));
        }
        Ok(TypeSpecifier::unqualified(&first))
    }

    fn name(&mut self) -> Result<String, ParseError> {
        match self.peek() {
            Token::Name(_) | Token::QuotedName(_) => match self.take() {
                Token::Name(name) | Token::QuotedName(name) => Ok(name),
                _ => Ok(String::new()),
            },
            _ => Err(self.fault("a name is missing here")),
        }
    }

    /// Signs bind less tightly than the points after the number.
    fn polarity(&mut self) -> Result<Expr, ParseError> {
        let mut signs = 0;
        let mut minus = 0;
        while self.is_symbol("-") || self.is_symbol("+") {
            minus += usize::from(self.is_symbol("-"));
            signs += 1;
            self.at += 1;
        }
        let operand = self.path()?;
        Ok(match (signs, minus % 2) {
            (0, _) => operand,
            (_, 0) => Expr::Plus(Box::new(operand)),
            _ => Expr::Negate(Box::new(operand)),
        })
    }

    fn path(&mut self) -> Result<Expr, ParseError> {
        let base = self.term()?;
        let mut steps = Vec::new();
        loop {
            if self.takes_symbol(".") {
                steps.push(self.step(false)?);
            } else if self.takes_symbol("[") {
                steps.push(Step::Index(self.expression(0)?));
                self.expect("]")?;
            } else {
                return Ok(if steps.is_empty() { base } else { Expr::Path(Box::new(base), steps.into()) });
            }
        }
    }

    /// An element or a call.
    fn step(&mut self, is_first: bool) -> Result<Step, ParseError> {
        if let Token::Dollar(_) = self.peek() {
            return Err(self.fault("`$` may only begin a path"));
        }
        let at = self.at;
        let name = self.name()?;
        if self.takes_symbol("(") {
            return self.call(&name, at).map(Step::Call);
        }
        Ok(if is_first { Step::First(Name::new(&name)) } else { Step::Member(Name::new(&name)) })
    }

    fn call(&mut self, name: &str, at: usize) -> Result<Call, ParseError> {
        let Some(function) = function::named(name) else {
            self.at = at;
            return Err(self.fault(format!("there is no function `{name}`")));
        };
        let mut call = Call { function, short: None, arguments: Box::default(), kind: None, pattern: None };
        if function.arguments == Arguments::Type {
            call.kind = Some(self.type_specifier()?);
            self.expect(")")?;
            return Ok(call);
        }
        let arguments = self.arguments(name == "sort")?;
        if !function.arguments.allows(arguments.len()) {
            self.at = at;
            return Err(self.fault(format!("`{name}` does not take {} arguments", arguments.len())));
        }
        if let (Some(compile), Some(Expr::Literal(Item::String(pattern)))) = (function.pattern, arguments.first()) {
            call.pattern = compile(pattern).ok();
        }
        call.short = Short::of(name, arguments.len());
        call.arguments = arguments.into();
        Ok(call)
    }

    fn arguments(&mut self, are_keys: bool) -> Result<Vec<Expr>, ParseError> {
        let mut arguments = Vec::new();
        if self.takes_symbol(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(if are_keys { self.sort_key()? } else { self.expression(0)? });
            if !self.takes_symbol(",") {
                self.expect(")")?;
                return Ok(arguments);
            }
        }
    }

    /// A key of `sort`: descending where `desc` or a minus sign says so.
    fn sort_key(&mut self) -> Result<Expr, ParseError> {
        let argument = self.expression(0)?;
        match self.peek() {
            Token::Name(name) if name == "desc" => {
                self.at += 1;
                Ok(Expr::Negate(Box::new(argument)))
            }
            Token::Name(name) if name == "asc" => {
                self.at += 1;
                Ok(argument)
            }
            _ => Ok(argument),
        }
    }

    fn term(&mut self) -> Result<Expr, ParseError> {
        match self.peek() {
            Token::Symbol("(") => {
                self.at += 1;
                let inner = self.expression(0)?;
                self.expect(")")?;
                Ok(inner)
            }
            Token::Symbol("{") => {
                self.at += 1;
                self.expect("}")?;
                Ok(Expr::Empty)
            }
            Token::Name(name) if name == "true" || name == "false" => {
                let value = name == "true";
                self.at += 1;
                Ok(Expr::Literal(Item::Boolean(value)))
            }
            Token::Name(_) | Token::QuotedName(_) => Ok(Expr::Step(Box::new(self.step(true)?))),
            Token::End => Err(self.fault("the expression ends too early")),
            _ => self.literal(),
        }
    }

    fn literal(&mut self) -> Result<Expr, ParseError> {
        let at = self.at;
        Ok(match self.take() {
            Token::String(text) => Expr::Literal(Item::String(text.into())),
            Token::Integer(value) => Expr::Literal(match self.unit() {
                Some(unit) => Item::Quantity(value.into(), unit.into()),
                None => Item::Integer(value),
            }),
            Token::Decimal(value) => Expr::Literal(match self.unit() {
                Some(unit) => Item::Quantity(value, unit.into()),
                None => Item::Decimal(value),
            }),
            Token::Temporal(TemporalKind::Date, text) => Expr::Literal(Item::Date(text.into())),
            Token::Temporal(TemporalKind::DateTime, text) => Expr::Literal(Item::DateTime(text.into())),
            Token::Temporal(TemporalKind::Time, text) => Expr::Literal(Item::Time(text.into())),
            Token::Variable(name) => Expr::Variable(name.into()),
            Token::Dollar(name) if name == "this" => Expr::This,
            Token::Dollar(name) if name == "index" => Expr::Index,
            Token::Dollar(name) if name == "total" => Expr::Total,
            _ => {
                self.at = at;
                return Err(self.fault("a value is missing here"));
            }
        })
    }

    /// The unit after a number: a quoted UCUM code or a calendar word.
    fn unit(&mut self) -> Option<String> {
        let unit = match self.peek() {
            Token::String(code) => quantity::calendar_unit(code).map_or_else(|| code.clone(), str::to_owned),
            Token::Name(word) => quantity::calendar_unit(word)?.to_owned(),
            _ => return None,
        };
        self.at += 1;
        Some(unit)
    }
}
