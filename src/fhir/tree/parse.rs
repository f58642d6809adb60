//! From text to nodes in one pass, without recursion.

use super::{Kind, Node};

/// How much a text may hold. FHIR itself sets no limit; these stop hostile input.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The deepest nesting of arrays and objects.
    pub depth: usize,
    /// The most values in one text.
    pub nodes: usize,
    /// The most bytes.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 64, nodes: 4_000_000, bytes: 64 << 20 }
    }
}

/// A fault of the JSON text itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxFault {
    /// Byte offset of the fault.
    pub offset: usize,
    /// Line and column, both from 1.
    pub position: (u32, u32),
    /// JSON pointer of the value it is in, where that is known.
    pub pointer: String,
    /// The stable name of the rule: `json-syntax`, `json-duplicate-key`, `json-depth`, `json-size`, `json-utf8`.
    pub rule: &'static str,
    /// What to change, in English.
    pub english: String,
    /// What to change, in Swedish.
    pub swedish: String,
}

impl SyntaxFault {
    pub(super) fn not_utf8(bytes: &[u8], offset: usize) -> Self {
        let valid = std::str::from_utf8(&bytes[..offset]).unwrap_or("");
        Self {
            offset,
            position: position(valid, offset),
            pointer: String::new(),
            rule: "json-utf8",
            english: "The body must be UTF-8; the byte here is not.".into(),
            swedish: "Innehållet måste vara UTF-8; byten här är det inte.".into(),
        }
    }
}

pub(super) fn position(text: &str, offset: usize) -> (u32, u32) {
    let before = &text.as_bytes()[..offset.min(text.len())];
    let line_start = before.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
    let line = before.iter().filter(|b| **b == b'\n').count() + 1;
    let column = characters(&before[line_start..]) + 1;
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}

/// How many characters there are: continuation bytes are none of their own.
pub(super) fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte & 0xC0) != 0x80).count()
}

/// Turns the escapes of a checked JSON string into characters.
pub(super) fn unescape(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let escape = rest.as_bytes().get(at + 1).copied().unwrap_or(b'\\');
        rest = rest.get(at + 2..).unwrap_or("");
        match escape {
            b'n' => out.push('\n'),
            b't' => out.push('\t'),
            b'r' => out.push('\r'),
            b'b' => out.push('\u{8}'),
            b'f' => out.push('\u{c}'),
            b'u' => {
                let (character, used) = unicode_escape(rest);
                out.push(character);
                rest = rest.get(used..).unwrap_or("");
            }
            other => out.push(char::from(other)),
        }
    }
    out.push_str(rest);
    out
}

fn unicode_escape(rest: &str) -> (char, usize) {
    let unit = |at: usize| rest.get(at..at + 4).and_then(|hex| u32::from_str_radix(hex, 16).ok());
    match unit(0) {
        Some(high @ 0xD800..=0xDBFF) if rest.get(4..6) == Some("\\u") => match unit(6) {
            Some(low @ 0xDC00..=0xDFFF) => {
                (char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)).unwrap_or('\u{FFFD}'), 10)
            }
            _ => ('\u{FFFD}', 4),
        },
        Some(code) => (char::from_u32(code).unwrap_or('\u{FFFD}'), 4),
        None => ('\u{FFFD}', 0),
    }
}

pub(super) fn parse(text: &str, limits: Limits) -> Result<Vec<Node>, Vec<SyntaxFault>> {
    let mut parser = Parser {
        text,
        bytes: text.as_bytes(),
        at: 0,
        nodes: Vec::with_capacity(text.len() / 12),
        open: Vec::new(),
        limits,
    };
    if text.len() > limits.bytes || u32::try_from(text.len()).is_err() {
        return Err(vec![parser.fault(0, "json-size", "The body is too large.", "Innehållet är för stort.")]);
    }
    parser.run().map_err(|fault| vec![fault])?;
    let duplicates = duplicates(text, &parser.nodes);
    if duplicates.is_empty() { Ok(parser.nodes) } else { Err(duplicates) }
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    nodes: Vec<Node>,
    /// The arrays and objects that are open, with the number of children so far.
    open: Vec<(u32, u32)>,
    limits: Limits,
}

/// A key's range and whether it holds an escape; all zero where there is no key.
type Key = ((u32, u32), bool);

impl Parser<'_> {
    fn run(&mut self) -> Result<(), SyntaxFault> {
        self.skip_space();
        self.value(((0, 0), false))?;
        while let Some((parent, count)) = self.open.last().copied() {
            self.next_child(parent, count)?;
        }
        self.skip_space();
        if self.at < self.bytes.len() {
            return Err(self.syntax("Nothing may follow the value.", "Inget får följa efter värdet."));
        }
        Ok(())
    }

    /// Reads the next child of the innermost open value, or its end.
    fn next_child(&mut self, parent: u32, count: u32) -> Result<(), SyntaxFault> {
        let is_object = self.nodes[parent as usize].kind == Kind::Object;
        let close = if is_object { b'}' } else { b']' };
        self.skip_space();
        if self.peek() == Some(close) {
            self.at += 1;
            self.close(parent);
            return Ok(());
        }
        if count > 0 {
            if self.peek() != Some(b',') {
                return Err(self.syntax(
                    "A comma or the closing bracket is missing here.",
                    "Här saknas ett kommatecken eller en avslutande parentes.",
                ));
            }
            self.at += 1;
            self.skip_space();
        }
        let key = if is_object { self.key()? } else { ((0, 0), false) };
        if let Some(last) = self.open.last_mut() {
            last.1 += 1;
        }
        self.value(key)
    }

    fn close(&mut self, index: u32) {
        let end = self.nodes.len() as u32;
        let node = &mut self.nodes[index as usize];
        node.value.1 = self.at as u32;
        node.end = end;
        self.open.pop();
    }

    fn key(&mut self) -> Result<Key, SyntaxFault> {
        if self.peek() != Some(b'"') {
            return Err(self.syntax(
                "A member's name in quotes is expected here.",
                "Här väntas ett medlemsnamn inom citattecken.",
            ));
        }
        let from = self.at + 1;
        let escaped = self.string()?;
        let key = ((from as u32, (self.at - 1) as u32), escaped);
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.syntax("A colon is missing after the name.", "Ett kolon saknas efter namnet."));
        }
        self.at += 1;
        self.skip_space();
        Ok(key)
    }

    fn value(&mut self, key: Key) -> Result<(), SyntaxFault> {
        if self.nodes.len() >= self.limits.nodes {
            return Err(self.fault(
                self.at,
                "json-size",
                "The body holds too many values.",
                "Innehållet har för många värden.",
            ));
        }
        let from = self.at;
        let mut escaped = false;
        let kind = match self.peek() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => {
                escaped = self.string()?;
                Kind::String
            }
            Some(b't') => self.word("true", Kind::Boolean)?,
            Some(b'f') => self.word("false", Kind::Boolean)?,
            Some(b'n') => self.word("null", Kind::Null)?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            None => return Err(self.syntax("The text ends too early.", "Texten slutar för tidigt.")),
            Some(_) => return Err(self.syntax("A JSON value is expected here.", "Här väntas ett JSON-värde.")),
        };
        let index = self.nodes.len() as u32;
        let (parent, count) = self.open.last().copied().unwrap_or((0, 1));
        self.nodes.push(Node {
            kind,
            key: key.0,
            value: (from as u32, self.at as u32),
            parent,
            end: index + 1,
            position: count.saturating_sub(1),
            escaped_key: key.1,
            escaped,
        });
        if matches!(kind, Kind::Object | Kind::Array) {
            if self.open.len() >= self.limits.depth {
                return Err(self.fault(
                    from,
                    "json-depth",
                    "The body is nested too deeply.",
                    "Innehållet är nästlat för djupt.",
                ));
            }
            self.at += 1;
            self.open.push((index, 0));
        }
        Ok(())
    }

    fn word(&mut self, word: &str, kind: Kind) -> Result<Kind, SyntaxFault> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.syntax("A JSON value is expected here.", "Här väntas ett JSON-värde."));
        }
        self.at += word.len();
        Ok(kind)
    }

    /// Moves past a string and tells whether it holds an escape.
    fn string(&mut self) -> Result<bool, SyntaxFault> {
        let mut escaped = false;
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(escaped);
                }
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                Some(0..=0x1F) => {
                    return Err(self.syntax(
                        "A control character must be escaped.",
                        "Ett styrtecken måste skrivas med omvänt snedstreck.",
                    ));
                }
                Some(_) => self.at += 1,
                None => return Err(self.syntax("The string has no end.", "Strängen har inget slut.")),
            }
        }
    }

    fn escape(&mut self) -> Result<(), SyntaxFault> {
        match self.bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => self.unicode_escape()?,
            _ => return Err(self.syntax("This escape is not JSON's.", "Denna teckenkod finns inte i JSON.")),
        }
        Ok(())
    }

    /// Moves past `\uXXXX`. Half a surrogate pair is refused: it is no character, and others can't read what holds one.
    fn unicode_escape(&mut self) -> Result<(), SyntaxFault> {
        match self.code_unit(self.at) {
            Some(0xD800..=0xDBFF) if matches!(self.code_unit(self.at + 6), Some(0xDC00..=0xDFFF)) => self.at += 12,
            Some(0xD800..=0xDFFF) => {
                return Err(self.syntax(
                    "This is half a surrogate pair, which is no character.",
                    "Detta är ett halvt surrogatpar, som inte är något tecken.",
                ));
            }
            Some(_) => self.at += 6,
            None => return Err(self.syntax("This escape is not JSON's.", "Denna teckenkod finns inte i JSON.")),
        }
        Ok(())
    }

    /// The code unit of the `\uXXXX` at a byte offset.
    fn code_unit(&self, at: usize) -> Option<u32> {
        let escape = self.bytes.get(at..at + 6)?;
        let hex = escape.strip_prefix(b"\\u")?;
        hex.iter().try_fold(0, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?))
    }

    fn number(&mut self) -> Result<Kind, SyntaxFault> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let whole = self.digits();
        let leading_zero = whole > 1 && self.bytes[self.at - whole] == b'0';
        let mut well_formed = whole > 0 && !leading_zero;
        if self.peek() == Some(b'.') {
            self.at += 1;
            well_formed &= self.digits() > 0;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            well_formed &= self.digits() > 0;
        }
        if well_formed {
            Ok(Kind::Number)
        } else {
            Err(self.syntax("This is not a JSON number.", "Detta är inte ett tal i JSON."))
        }
    }

    fn digits(&mut self) -> usize {
        let from = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - from
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn syntax(&self, english: &str, swedish: &str) -> SyntaxFault {
        self.fault(self.at, "json-syntax", english, swedish)
    }

    fn fault(&self, offset: usize, rule: &'static str, english: &str, swedish: &str) -> SyntaxFault {
        SyntaxFault {
            offset,
            position: position(self.text, offset),
            pointer: String::new(),
            rule,
            english: english.into(),
            swedish: swedish.into(),
        }
    }
}

/// So many are told at once; finding the line of each costs a pass over the text.
const MOST_DUPLICATES: usize = 100;

/// Every member whose name its object has already had: which of the two counts is anybody's guess, so neither does.
fn duplicates(text: &str, nodes: &[Node]) -> Vec<SyntaxFault> {
    let mut faults = Vec::new();
    let mut names: Vec<(std::borrow::Cow<'_, str>, u32)> = Vec::new();
    for (index, node) in nodes.iter().enumerate().filter(|(_, node)| node.kind == Kind::Object) {
        names.clear();
        let mut child = index as u32 + 1;
        while child < node.end {
            let it = &nodes[child as usize];
            let raw = &text[it.key.0 as usize..it.key.1 as usize];
            names.push((if it.escaped_key { unescape(raw).into() } else { raw.into() }, it.key.0));
            child = it.end;
        }
        names.sort_unstable();
        for pair in names.windows(2).filter(|pair| pair[0].0 == pair[1].0).take(MOST_DUPLICATES - faults.len()) {
            let offset = pair[1].1 as usize;
            faults.push(SyntaxFault {
                offset,
                position: position(text, offset),
                pointer: String::new(),
                rule: "json-duplicate-key",
                english: "This member stands twice in its object; keep one.".into(),
                swedish: "Denna medlem står två gånger i sitt objekt; behåll en.".into(),
            });
        }
    }
    faults.sort_unstable_by_key(|fault| fault.offset);
    faults
}
