//! From bytes to a tree, within limits. What could make a small message large, or make it mean something that does not
//! stand in it, is refused: document types, entities, other encodings than UTF-8.

use std::cell::Cell;

use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use super::tree::{Lines, Namespace, Node, Tree};
use super::words::{DOCTYPE, ENTITY, MALFORMED, NOT_UTF8, TOO_LARGE, Words};
use crate::fhir::Issue;
use crate::fhir::outcome::Place;

/// The largest message: a thousand records of a generous size.
const LARGEST: usize = 16 << 20;
/// The deepest nesting; the contract's own is below 16, with a SOAP envelope around it.
const DEEPEST: usize = 32;
/// The most elements.
const MOST_ELEMENTS: usize = 300_000;
/// The most attributes of one element.
const MOST_ATTRIBUTES: usize = 32;

/// Why and at which byte a message is refused.
struct Refusal(&'static Words, usize);

/// Reads a message.
///
/// # Errors
/// One issue, with the line from which on the message was not read.
pub(super) fn read(bytes: &[u8]) -> Result<Tree, Vec<Issue>> {
    if bytes.len() > LARGEST {
        return Err(vec![TOO_LARGE.at(Place::default())]);
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(fault) => return Err(vec![not_utf8(bytes, fault.valid_up_to())]),
    };
    let lines = Lines::of(text);
    match nodes(text) {
        Ok(nodes) => Ok(Tree { nodes, lines }),
        Err(refusal) => Err(vec![refused(&refusal, &lines)]),
    }
}

fn nodes(text: &str) -> Result<Vec<Node>, Refusal> {
    if let Some(offset) = text.find(|c| !allowed(c)) {
        return Err(Refusal(&MALFORMED, offset));
    }
    let mut reader = NsReader::from_str(text);
    reader.config_mut().check_comments = true;
    let mut builder = Builder::default();
    while builder.step(&mut reader)? {}
    Ok(builder.nodes)
}

fn refused(refusal: &Refusal, lines: &Lines) -> Issue {
    let Refusal(words, offset) = refusal;
    words.at(Place { position: Some(lines.position(*offset)), ..Place::default() })
}

fn not_utf8(bytes: &[u8], valid: usize) -> Issue {
    let before = bytes.get(..valid).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
    refused(&Refusal(&NOT_UTF8, valid), &Lines::of(before))
}

/// The characters of XML 1.0, section 2.2.
fn allowed(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

#[derive(Default)]
struct Builder {
    nodes: Vec<Node>,
    open: Vec<usize>,
}

impl Builder {
    /// Takes one event; `false` at the end of a whole message.
    fn step(&mut self, reader: &mut NsReader<&[u8]>) -> Result<bool, Refusal> {
        let offset = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let event = reader.read_resolved_event().map(|(namespace, event)| (known(&namespace), event));
        let Ok((namespace, event)) = event else {
            let at = usize::try_from(reader.error_position()).unwrap_or(offset);
            return Err(Refusal(&MALFORMED, at.max(offset)));
        };
        match event {
            Event::Start(start) => self.open(reader, namespace, &start, offset).map(|at| self.open.push(at))?,
            Event::Empty(start) => self.open(reader, namespace, &start, offset).map(|_| ())?,
            Event::End(_) => {
                self.open.pop();
            }
            Event::Text(text) => self.text(&text.xml10_content().map_err(|_| Refusal(&NOT_UTF8, offset))?, offset)?,
            Event::CData(text) => self.text(&text.xml10_content().map_err(|_| Refusal(&NOT_UTF8, offset))?, offset)?,
            Event::GeneralRef(reference) => self.reference(&reference, offset)?,
            Event::Decl(declaration) => self.declaration(&declaration, offset)?,
            Event::DocType(_) => return Err(Refusal(&DOCTYPE, offset)),
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => return self.end(offset),
        }
        Ok(true)
    }

    fn open(
        &mut self,
        reader: &NsReader<&[u8]>,
        namespace: Namespace,
        start: &BytesStart<'_>,
        offset: usize,
    ) -> Result<usize, Refusal> {
        if self.open.len() >= DEEPEST || self.nodes.len() >= MOST_ELEMENTS {
            return Err(Refusal(&TOO_LARGE, offset));
        }
        if self.open.is_empty() && !self.nodes.is_empty() {
            return Err(Refusal(&MALFORMED, offset));
        }
        let nil = self.nil(reader, start, offset)?;
        let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned().into_boxed_str();
        let (at, parent) = (self.nodes.len(), self.open.last().copied());
        if let Some(parent) = parent.and_then(|parent| self.nodes.get_mut(parent)) {
            parent.children.push(at);
        }
        let (text, children, taken) = (String::new(), Vec::new(), Cell::new(false));
        self.nodes.push(Node { name, namespace, text, parent, children, offset, nil, taken });
        Ok(at)
    }

    /// Checks the attributes; the contract has none of its own, but `xsi:nil` makes an element say nothing.
    fn nil(&self, reader: &NsReader<&[u8]>, start: &BytesStart<'_>, offset: usize) -> Result<bool, Refusal> {
        let mut nil = false;
        for (index, attribute) in start.attributes().enumerate() {
            let attribute = attribute.map_err(|_| Refusal(&MALFORMED, offset))?;
            if index >= MOST_ATTRIBUTES {
                return Err(Refusal(&TOO_LARGE, offset));
            }
            let value = attribute.unescape_value().map_err(|_| Refusal(&ENTITY, offset))?;
            nil |= is_nil(reader, &attribute) && matches!(value.trim(), "true" | "1");
        }
        Ok(nil)
    }

    fn text(&mut self, text: &str, offset: usize) -> Result<(), Refusal> {
        match self.open.last().and_then(|open| self.nodes.get_mut(*open)) {
            Some(node) => node.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(Refusal(&MALFORMED, offset)),
        }
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>, offset: usize) -> Result<(), Refusal> {
        let character = match &**reference {
            b"lt" => Some('<'),
            b"gt" => Some('>'),
            b"amp" => Some('&'),
            b"apos" => Some('\''),
            b"quot" => Some('"'),
            _ => reference.resolve_char_ref().ok().flatten().filter(|c| allowed(*c)),
        };
        let character = character.ok_or(Refusal(&ENTITY, offset))?;
        self.text(character.encode_utf8(&mut [0; 4]), offset)
    }

    fn declaration(&self, declaration: &BytesDecl<'_>, offset: usize) -> Result<(), Refusal> {
        match declaration.encoding() {
            None => Ok(()),
            Some(Ok(name)) if name.eq_ignore_ascii_case(b"utf-8") => Ok(()),
            Some(_) => Err(Refusal(&NOT_UTF8, offset)),
        }
    }

    fn end(&self, offset: usize) -> Result<bool, Refusal> {
        let whole = self.open.is_empty() && !self.nodes.is_empty();
        if whole { Ok(false) } else { Err(Refusal(&MALFORMED, offset)) }
    }
}

fn known(namespace: &ResolveResult<'_>) -> Namespace {
    match namespace {
        ResolveResult::Bound(uri) => Namespace::of(uri.as_ref()),
        ResolveResult::Unbound | ResolveResult::Unknown(_) => Namespace::Other,
    }
}

fn is_nil(reader: &NsReader<&[u8]>, attribute: &Attribute<'_>) -> bool {
    let (namespace, name) = reader.resolve_attribute(attribute.key);
    name.as_ref() == b"nil" && known(&namespace) == Namespace::Instance
}
