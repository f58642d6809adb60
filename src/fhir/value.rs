//! JSON that we write ourselves: owned, in the order it was built, with numbers as text.
//!
//! `serde_json::Value` reads `1.50` as a float and writes `1.5`; a dose must not change on its way. So numbers are
//! text here, from the sender's digit to the receiver's.

use std::fmt;

use super::tree::{Document, Kind, NodeRef};

/// A JSON value that keeps the order of members and the digits of numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number as it is written.
    Number(String),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Value>),
    /// An object; names are unique.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// An object without members.
    pub fn object() -> Self {
        Self::Object(Vec::new())
    }

    /// The owned copy of a received value.
    pub fn from_node(node: NodeRef<'_>) -> Self {
        match node.kind() {
            Kind::Null => Self::Null,
            Kind::Boolean => Self::Boolean(node.as_bool() == Some(true)),
            Kind::Number => Self::Number(node.text().to_owned()),
            Kind::String => Self::String(node.as_str().unwrap_or_default().into_owned()),
            Kind::Array => Self::Array(node.children().map(Self::from_node).collect()),
            Kind::Object => Self::Object(
                node.children().map(|m| (m.key().unwrap_or_default().into_owned(), Self::from_node(m))).collect(),
            ),
        }
    }

    /// The member `name` of an object.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Sets a member of an object, in its old place or at the end; absent values (see [`Value::is_absent`]) are left out.
    /// On anything but an object it does nothing.
    pub fn set(&mut self, name: &str, value: impl Into<Self>) -> &mut Self {
        let value = value.into();
        if let Self::Object(members) = self
            && !value.is_absent()
        {
            match members.iter_mut().find(|(key, _)| key == name) {
                Some((_, old)) => *old = value,
                None => members.push((name.to_owned(), value)),
            }
        }
        self
    }

    /// [`Value::set`] for building in one expression.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Self>) -> Self {
        self.set(name, value);
        self
    }

    /// Null, or an empty array or object: FHIR has no such values, so [`Value::set`] leaves them out.
    pub fn is_absent(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Array(items) => items.is_empty(),
            Self::Object(members) => members.is_empty(),
            _ => false,
        }
    }

    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The items of an array; nothing for the rest.
    pub fn items(&self) -> &[Self] {
        match self {
            Self::Array(items) => items,
            _ => &[],
        }
    }

    /// Parses it again as a [`Document`], for those who read trees.
    pub fn to_document(&self) -> Document {
        #[expect(clippy::expect_used, reason = "what Display writes is JSON with unique names")]
        Document::parse(self.to_string()).expect("a value that was built here parses")
    }
}

impl fmt::Display for Value {
    /// Compact JSON; `{:#}` indents by two spaces.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_value(self, f, 0)
    }
}

fn write_value(value: &Value, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
    match value {
        Value::Null => f.write_str("null"),
        Value::Boolean(b) => write!(f, "{b}"),
        Value::Number(n) => f.write_str(n),
        Value::String(s) => write_string(s, f),
        Value::Array(items) => {
            f.write_str("[")?;
            for (i, item) in items.iter().enumerate() {
                separate(f, i, depth + 1)?;
                write_value(item, f, depth + 1)?;
            }
            close(f, items.is_empty(), depth, "]")
        }
        Value::Object(members) => {
            f.write_str("{")?;
            for (i, (name, member)) in members.iter().enumerate() {
                separate(f, i, depth + 1)?;
                write_string(name, f)?;
                f.write_str(if f.alternate() { ": " } else { ":" })?;
                write_value(member, f, depth + 1)?;
            }
            close(f, members.is_empty(), depth, "}")
        }
    }
}

fn separate(f: &mut fmt::Formatter<'_>, index: usize, depth: usize) -> fmt::Result {
    if index > 0 {
        f.write_str(",")?;
    }
    new_line(f, depth)
}

fn close(f: &mut fmt::Formatter<'_>, empty: bool, depth: usize, bracket: &str) -> fmt::Result {
    if !empty {
        new_line(f, depth)?;
    }
    f.write_str(bracket)
}

fn new_line(f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
    if f.alternate() {
        write!(f, "\n{:width$}", "", width = depth * 2)?;
    }
    Ok(())
}

fn write_string(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("\"")?;
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..=0x1F => "",
            _ => continue,
        };
        f.write_str(&text[from..at])?;
        if escape.is_empty() {
            write!(f, "\\u{byte:04x}")?;
        } else {
            f.write_str(escape)?;
        }
        from = at + 1;
    }
    f.write_str(&text[from..])?;
    f.write_str("\"")
}

/// A JSON string literal of `text`, quotes included.
pub fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Self::Boolean(b)
    }
}

impl From<u64> for Value {
    fn from(n: u64) -> Self {
        Self::Number(n.to_string())
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Self::Number(n.to_string())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    /// `None` is [`Value::Null`], which [`Value::set`] leaves out.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Into<Self>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::Array(items.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Self>, const N: usize> From<[T; N]> for Value {
    fn from(items: [T; N]) -> Self {
        Self::Array(items.into_iter().map(Into::into).collect())
    }
}

impl<const N: usize> From<[(&str, Value); N]> for Value {
    /// An object; absent values are left out.
    fn from(members: [(&str, Self); N]) -> Self {
        members.into_iter().fold(Self::object(), |object, (name, value)| object.with(name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_values_are_left_out() {
        let value = Value::object()
            .with("a", None::<&str>)
            .with("b", Vec::<Value>::new())
            .with("c", Value::object())
            .with("d", "x")
            .with("e", false);
        assert_eq!(value.to_string(), r#"{"d":"x","e":false}"#);
        assert_eq!(Value::from([("a", Value::Null), ("b", 1_u64.into())]).to_string(), r#"{"b":1}"#);
    }

    #[test]
    fn a_member_that_is_set_again_keeps_its_place() {
        let value = Value::object().with("a", 1_u64).with("b", 2_u64).with("a", 3_i64);
        assert_eq!(value.to_string(), r#"{"a":3,"b":2}"#);
        assert_eq!(value.get("b"), Some(&Value::Number("2".into())));
        assert_eq!(Value::from("text").with("a", 1_u64), Value::from("text"));
    }

    #[test]
    fn digits_survive_reading_and_writing() {
        let text = r#"{"dose":1.50,"e":-1E+2,"long":12345678901234567890.000}"#;
        let document = Document::parse(text).expect("JSON");
        assert_eq!(Value::from_node(document.root()).to_string(), text);
    }

    #[test]
    fn the_alternate_form_is_indented() {
        let value = Value::object().with("a", ["x", "y"]).with("b", Value::object().with("c", true));
        let expected = "{\n  \"a\": [\n    \"x\",\n    \"y\"\n  ],\n  \"b\": {\n    \"c\": true\n  }\n}";
        assert_eq!(format!("{value:#}"), expected);
        assert_eq!(format!("{:#}", Value::Array(Vec::new())), "[]");
    }

    #[test]
    fn strings_are_escaped() {
        assert_eq!(quoted("a\"\\\n\u{1}å"), r#""a\"\\\n\u0001å""#);
        let value = Value::object().with("a\"b", "\u{0}");
        assert_eq!(value.to_document().root().str_at("a\"b").as_deref(), Some("\u{0}"));
    }
}
