//! The lossless tree: what was received, addressable, and nothing changed.
//!
//! [`Document`] owns the text and one flat array of nodes. A node is a kind and two byte ranges (its key and its
//! value), so numbers keep every digit, members keep their order, and each node knows its line and column. Strings
//! are unescaped when they are asked for.

mod parse;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

pub use parse::{Limits, SyntaxFault};

/// The six kinds of JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number, kept as text.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    kind: Kind,
    /// Byte range of the key between its quotes; empty at 0 for array items and the root.
    key: (u32, u32),
    /// Byte range of the value with its quotes or brackets.
    value: (u32, u32),
    parent: u32,
    /// One past the last descendant: where the next sibling is, if there is one.
    end: u32,
    /// Position among its siblings.
    position: u32,
    /// A string or key that holds a backslash.
    escaped_key: bool,
    escaped: bool,
}

/// A parsed JSON text together with that text.
#[derive(Clone)]
pub struct Document {
    text: Box<str>,
    nodes: Vec<Node>,
    lines: OnceLock<Lines>,
}

/// Where lines begin, found when the first position is asked for.
#[derive(Clone)]
struct Lines {
    starts: Vec<usize>,
    /// Then a column is a number of bytes.
    is_ascii: bool,
}

impl fmt::Debug for Document {
    /// Says how large it is and never what it holds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Document({} bytes, {} nodes)", self.text.len(), self.nodes.len())
    }
}

impl Lines {
    fn of(text: &str) -> Self {
        let after = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { starts: std::iter::once(0).chain(after).collect(), is_ascii: text.is_ascii() }
    }
}

impl Document {
    /// Parses a JSON text (RFC 8259) under [`Limits::default`].
    ///
    /// # Errors
    /// Everything that is wrong and can be told apart: the first fault of syntax, or every duplicate key.
    pub fn parse(text: impl Into<Box<str>>) -> Result<Self, Vec<SyntaxFault>> {
        Self::parse_within(text, Limits::default())
    }

    /// Parses under limits of your own.
    ///
    /// # Errors
    /// As [`Document::parse`].
    pub fn parse_within(text: impl Into<Box<str>>, limits: Limits) -> Result<Self, Vec<SyntaxFault>> {
        let text = text.into();
        let nodes = parse::parse(&text, limits)?;
        Ok(Self { text, nodes, lines: OnceLock::new() })
    }

    /// Parses received bytes.
    ///
    /// # Errors
    /// As [`Document::parse`], and when the bytes are not UTF-8.
    pub fn parse_bytes(bytes: &[u8], limits: Limits) -> Result<Self, Vec<SyntaxFault>> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::parse_within(text, limits),
            Err(fault) => Err(vec![SyntaxFault::not_utf8(bytes, fault.valid_up_to())]),
        }
    }

    /// The outermost value.
    pub fn root(&self) -> NodeRef<'_> {
        NodeRef { document: self, index: 0 }
    }

    /// The text as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column, both from 1 and counted in characters, of a byte offset.
    pub fn position(&self, offset: usize) -> (u32, u32) {
        let lines = self.lines.get_or_init(|| Lines::of(&self.text));
        let offset = offset.min(self.text.len());
        let line = lines.starts.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|at| lines.starts.get(at)).copied().unwrap_or(0);
        let before = self.text.as_bytes().get(start..offset).unwrap_or_default();
        let column = if lines.is_ascii { before.len() } else { parse::characters(before) };
        (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column + 1).unwrap_or(u32::MAX))
    }
}

/// A value inside a [`Document`]; cheap to copy.
#[derive(Clone, Copy)]
pub struct NodeRef<'a> {
    document: &'a Document,
    index: u32,
}

impl fmt::Debug for NodeRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NodeRef({:?} at {})", self.kind(), self.pointer())
    }
}

impl PartialEq for NodeRef<'_> {
    /// The same place in the same document (not: equal content).
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.index == other.index
    }
}

impl<'a> NodeRef<'a> {
    fn node(&self) -> &'a Node {
        &self.document.nodes[self.index as usize]
    }

    /// The document that it is part of.
    pub fn document(&self) -> &'a Document {
        self.document
    }

    /// Which kind of JSON value it is.
    pub fn kind(&self) -> Kind {
        self.node().kind
    }

    /// Byte range of the value in the document's text, with quotes or brackets.
    pub fn span(&self) -> Range<usize> {
        let (from, to) = self.node().value;
        from as usize..to as usize
    }

    /// Byte range of the key between its quotes; `None` for array items and the root.
    pub fn key_span(&self) -> Option<Range<usize>> {
        let (from, to) = self.node().key;
        (from != 0).then_some(from as usize..to as usize)
    }

    /// The value's text as it was received, with quotes or brackets.
    pub fn text(&self) -> &'a str {
        &self.document.text[self.span()]
    }

    /// Line and column of the value's first byte, both from 1.
    pub fn position(&self) -> (u32, u32) {
        self.document.position(self.span().start)
    }

    /// The member's name; `None` for array items and the root.
    pub fn key(&self) -> Option<Cow<'a, str>> {
        let span = self.key_span()?;
        let raw = &self.document.text[span];
        Some(if self.node().escaped_key { parse::unescape(raw).into() } else { raw.into() })
    }

    /// The place among its siblings, from 0.
    pub fn index_in_parent(&self) -> usize {
        self.node().position as usize
    }

    /// The object or array around it; `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        (self.index != 0).then(|| Self { document: self.document, index: self.node().parent })
    }

    /// The members of an object or the items of an array in order; nothing for the rest.
    pub fn children(&self) -> Children<'a> {
        Children { document: self.document, next: self.index + 1, end: self.node().end }
    }

    /// The member `name` of an object.
    pub fn get(&self, name: &str) -> Option<Self> {
        if self.kind() != Kind::Object {
            return None;
        }
        self.children().find(|child| child.key_is(name))
    }

    /// Whether the member's name is `name`, without a copy.
    pub fn key_is(&self, name: &str) -> bool {
        match self.key_span() {
            Some(span) if !self.node().escaped_key => &self.document.text[span] == name,
            Some(_) => self.key().as_deref() == Some(name),
            None => false,
        }
    }

    /// The value at the end of a way of member names.
    pub fn at(&self, way: &[&str]) -> Option<Self> {
        way.iter().try_fold(*self, |node, name| node.get(name))
    }

    /// The member `name` as a list: the items of an array, or the value itself where it is not an array.
    pub fn list(&self, name: &str) -> impl Iterator<Item = NodeRef<'a>> + use<'a> {
        let member = self.get(name);
        let array = member.filter(|m| m.kind() == Kind::Array);
        let single = member.filter(|m| m.kind() != Kind::Array);
        array.into_iter().flat_map(|m| m.children()).chain(single)
    }

    /// The unescaped string, if it is one.
    pub fn as_str(&self) -> Option<Cow<'a, str>> {
        if self.kind() != Kind::String {
            return None;
        }
        let span = self.span();
        let raw = &self.document.text[span.start + 1..span.end - 1];
        Some(if self.node().escaped { parse::unescape(raw).into() } else { raw.into() })
    }

    /// The string member `name`.
    pub fn str_at(&self, name: &str) -> Option<Cow<'a, str>> {
        self.get(name)?.as_str()
    }

    /// The number as it was written, if it is one.
    pub fn as_number(&self) -> Option<&'a str> {
        (self.kind() == Kind::Number).then(|| self.text())
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        (self.kind() == Kind::Boolean).then(|| self.text() == "true")
    }

    /// JSON pointer (RFC 6901) from the document's root.
    pub fn pointer(&self) -> String {
        let mut steps = Vec::new();
        let mut at = *self;
        while let Some(parent) = at.parent() {
            steps.push(match at.key() {
                Some(key) => key.replace('~', "~0").replace('/', "~1"),
                None => at.index_in_parent().to_string(),
            });
            at = parent;
        }
        steps.iter().rev().fold(String::new(), |pointer, step| pointer + "/" + step)
    }
}

/// Iterator over the members or items of a value.
#[derive(Clone)]
pub struct Children<'a> {
    document: &'a Document,
    next: u32,
    end: u32,
}

impl<'a> Iterator for Children<'a> {
    type Item = NodeRef<'a>;

    fn next(&mut self) -> Option<NodeRef<'a>> {
        if self.next >= self.end {
            return None;
        }
        let child = NodeRef { document: self.document, index: self.next };
        self.next = child.node().end;
        Some(child)
    }
}
