//! From text to tokens (FHIRPath N1, "Lexical elements").

use super::ParseError;
use super::temporal::{Temporal, TemporalKind};

/// One token; keywords are plain names, since most of them may also name elements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Name(String),
    /// A name between backticks: never a keyword.
    QuotedName(String),
    String(String),
    Integer(i64),
    Decimal(rust_decimal::Decimal),
    /// A date or time literal without its `@`.
    Temporal(TemporalKind, String),
    /// `%name`
    Variable(String),
    /// `$this`, `$index`, `$total`
    Dollar(String),
    Symbol(&'static str),
    End,
}

/// A token and the byte offset at which it begins.
pub(super) type Placed = (usize, Token);

/// Longer symbols stand before their own beginnings.
const SYMBOLS: [&str; 23] = [
    "<=", ">=", "!=", "!~", "<", ">", "=", "~", "(", ")", "[", "]", "{", "}", ".", ",", "+", "-", "*", "/", "&", "|",
    "%",
];

/// Cuts the whole text into tokens; the last one is [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, ParseError> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_space()?;
        let start = lexer.at;
        let token = lexer.token()?;
        let ended = token == Token::End;
        tokens.push((start, token));
        if ended {
            return Ok(tokens);
        }
    }
}

/// The fault at a byte offset of `text`.
pub(super) fn fault(text: &str, at: usize, message: impl Into<String>) -> ParseError {
    let offset = text.get(..at).map_or(0, |before| before.chars().count());
    ParseError { offset, message: message.into() }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn fault(&self, message: &str) -> ParseError {
        fault(self.text, self.at, message)
    }

    /// Takes the longest beginning whose characters all satisfy `wanted`.
    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let taken = &rest[..rest.find(|c| !wanted(c)).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    fn skip_space(&mut self) -> Result<(), ParseError> {
        loop {
            self.take_while(char::is_whitespace);
            if self.rest().starts_with("//") {
                self.take_while(|c| c != '\n' && c != '\r');
            } else if self.rest().starts_with("/*") {
                let Some(length) = self.rest().find("*/") else { return Err(self.fault("a comment is not closed")) };
                self.at += length + 2;
            } else {
                return Ok(());
            }
        }
    }

    fn token(&mut self) -> Result<Token, ParseError> {
        let mut characters = self.rest().chars();
        let Some(first) = characters.next() else { return Ok(Token::End) };
        match first {
            '\'' => self.quoted('\'').map(Token::String),
            '`' => self.quoted('`').map(Token::QuotedName),
            '"' => Err(self.fault("a string stands between single quotes")),
            '0'..='9' => self.number(),
            '@' => self.temporal(),
            '%' => self.variable(),
            '$' => {
                self.at += 1;
                Ok(Token::Dollar(self.name().to_owned()))
            }
            c if is_name_start(c) => Ok(Token::Name(self.name().to_owned())),
            _ => self.symbol(),
        }
    }

    fn symbol(&mut self) -> Result<Token, ParseError> {
        let symbol = SYMBOLS.iter().find(|symbol| self.rest().starts_with(**symbol));
        let symbol = symbol.ok_or_else(|| self.fault("this character has no meaning here"))?;
        self.at += symbol.len();
        Ok(Token::Symbol(symbol))
    }

    fn name(&mut self) -> &'t str {
        self.take_while(|c| is_name_start(c) || c.is_ascii_digit())
    }

    fn variable(&mut self) -> Result<Token, ParseError> {
        self.at += 1;
        match self.rest().chars().next() {
            Some('`') => self.quoted('`').map(Token::Variable),
            Some('\'') => self.quoted('\'').map(Token::Variable),
            // `%vs-name` and `%ext-name` were written without quotes in older expressions.
            _ => match self.take_while(|c| is_name_start(c) || c.is_ascii_digit() || c == '-') {
                "" => Err(self.fault("a variable needs a name")),
                name => Ok(Token::Variable(name.to_owned())),
            },
        }
    }

    fn number(&mut self) -> Result<Token, ParseError> {
        let start = self.at;
        self.take_while(|c| c.is_ascii_digit());
        let is_decimal = self.fraction();
        let digits = &self.text[start..self.at];
        let token =
            if is_decimal { digits.parse().map(Token::Decimal).ok() } else { digits.parse().map(Token::Integer).ok() };
        token.ok_or_else(|| fault(self.text, start, "the number has too many digits"))
    }

    /// Takes `.` and the digits after it; a point without digits is an invocation.
    fn fraction(&mut self) -> bool {
        let rest = self.rest().as_bytes();
        let is_fraction = rest.first() == Some(&b'.') && rest.get(1).is_some_and(u8::is_ascii_digit);
        if is_fraction {
            self.at += 1;
            self.take_while(|c| c.is_ascii_digit());
        }
        is_fraction
    }

    fn temporal(&mut self) -> Result<Token, ParseError> {
        let start = self.at;
        self.at += 1;
        let from = self.at;
        let kind = self.temporal_extent();
        let text = self.text[from..self.at].trim_matches('T');
        match Temporal::parse(kind, text) {
            Some(_) => Ok(Token::Temporal(kind, text.to_owned())),
            None => Err(fault(self.text, start, "this is no date or time")),
        }
    }

    fn temporal_extent(&mut self) -> TemporalKind {
        if self.rest().starts_with('T') {
            self.at += 1;
            self.clock();
            return TemporalKind::Time;
        }
        self.groups('-', 3);
        if !self.rest().starts_with('T') {
            return TemporalKind::Date;
        }
        self.at += 1;
        self.clock();
        self.zone();
        TemporalKind::DateTime
    }

    fn clock(&mut self) {
        self.groups(':', 3);
        self.fraction();
    }

    /// Takes up to `most` groups of digits with `separator` between them.
    fn groups(&mut self, separator: char, most: usize) {
        self.take_while(|c| c.is_ascii_digit());
        for _ in 1..most {
            let mut ahead = self.rest().chars();
            if ahead.next() != Some(separator) || !ahead.next().is_some_and(|c| c.is_ascii_digit()) {
                return;
            }
            self.at += 1;
            self.take_while(|c| c.is_ascii_digit());
        }
    }

    fn zone(&mut self) {
        let rest = self.rest().as_bytes();
        if rest.first() == Some(&b'Z') {
            self.at += 1;
        } else if matches!(rest, [b'+' | b'-', h, i, b':', m, n, ..] if [h, i, m, n].iter().all(|b| b.is_ascii_digit()))
        {
            self.at += 6;
        }
    }

    /// A string or name between quotes, unescaped.
    fn quoted(&mut self, quote: char) -> Result<String, ParseError> {
        let start = self.at;
        self.at += 1;
        let mut out = String::new();
        loop {
            out.push_str(self.take_while(|c| c != quote && c != '\\'));
            if self.rest().starts_with(quote) {
                self.at += 1;
                return Ok(out);
            }
            if self.rest().is_empty() {
                return Err(fault(self.text, start, "the quote is not closed"));
            }
            out.push(self.escape()?);
        }
    }

    fn escape(&mut self) -> Result<char, ParseError> {
        let escaped = self.rest().chars().nth(1);
        let character = match escaped {
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('f') => '\u{c}',
            Some(c @ ('\\' | '/' | '\'' | '"' | '`')) => c,
            Some('u') => {
                let hex = self.rest().get(2..6).and_then(|hex| u32::from_str_radix(hex, 16).ok());
                let character = hex.and_then(char::from_u32).ok_or_else(|| self.fault("\\u needs four hex digits"))?;
                self.at += 4;
                character
            }
            _ => return Err(self.fault("there is no such escape")),
        };
        self.at += 2;
        Ok(character)
    }
}

fn is_name_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}
