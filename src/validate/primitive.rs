//! Primitive values: the JSON kind and the form of each type ([data types](https://hl7.org/fhir/R4/datatypes.html#primitive)).

mod fault;
mod number;
mod text;
mod time;

pub use text::{is_base64, is_id, is_oid, is_uri, is_uuid};

use crate::fhir::{Kind, NodeRef};

use super::issues::Issues;
use super::narrative;
use super::rules::JSON_KIND;
use fault::Fault;

/// A primitive type of R4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Primitive {
    Boolean,
    Integer,
    UnsignedInt,
    PositiveInt,
    Decimal,
    String,
    Markdown,
    Code,
    Id,
    Uri,
    Oid,
    Uuid,
    Base64Binary,
    Date,
    DateTime,
    Instant,
    Time,
    Xhtml,
}

impl Primitive {
    /// The primitive type of that name; `url` and `canonical` have the form of a `uri`.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "unsignedInt" => Self::UnsignedInt,
            "positiveInt" => Self::PositiveInt,
            "decimal" => Self::Decimal,
            "string" => Self::String,
            "markdown" => Self::Markdown,
            "code" => Self::Code,
            "id" => Self::Id,
            "uri" | "url" | "canonical" => Self::Uri,
            "oid" => Self::Oid,
            "uuid" => Self::Uuid,
            "base64Binary" => Self::Base64Binary,
            "date" => Self::Date,
            "dateTime" => Self::DateTime,
            "instant" => Self::Instant,
            "time" => Self::Time,
            "xhtml" => Self::Xhtml,
            _ => return None,
        })
    }

    /// Checks a value that is not null; `false` where an issue was raised.
    pub fn check(self, value: NodeRef<'_>, issues: &mut Issues) -> bool {
        if value.kind() != self.json_kind() {
            self.wrong_kind(value, issues);
            return false;
        }
        if self == Self::Xhtml {
            return narrative::check(value, issues);
        }
        let fault = self.fault(value);
        if let Some((rule, english, swedish)) = fault {
            issues.raise(rule, value, english, swedish);
        }
        fault.is_none()
    }

    fn json_kind(self) -> Kind {
        match self {
            Self::Boolean => Kind::Boolean,
            Self::Integer | Self::UnsignedInt | Self::PositiveInt | Self::Decimal => Kind::Number,
            _ => Kind::String,
        }
    }

    fn wrong_kind(self, value: NodeRef<'_>, issues: &mut Issues) {
        let (english, swedish) = match self.json_kind() {
            Kind::Boolean => ("Write true or false, without quotes.", "Skriv true eller false, utan citattecken."),
            Kind::Number => ("Write a JSON number, without quotes.", "Skriv ett tal i JSON, utan citattecken."),
            _ => ("Write a JSON string, in quotes.", "Skriv en sträng i JSON, inom citattecken."),
        };
        issues.raise(&JSON_KIND, value, english, swedish);
    }

    fn fault(self, value: NodeRef<'_>) -> Option<Fault> {
        if self.json_kind() == Kind::Number {
            return self.number_fault(value.text());
        }
        let text = value.as_str()?;
        match self {
            Self::String | Self::Markdown => text::string_fault(&text),
            Self::Date | Self::DateTime | Self::Instant | Self::Time => self.time_fault(&text),
            _ => self.token_fault(&text),
        }
    }

    fn number_fault(self, text: &str) -> Option<Fault> {
        let (fits, fault) = match self {
            Self::Decimal => (number::significant_digits(text) <= 18, fault::DECIMAL),
            Self::UnsignedInt => (number::is_integer(text, 0), fault::UNSIGNED_INT),
            Self::PositiveInt => (number::is_integer(text, 1), fault::POSITIVE_INT),
            _ => (number::is_integer(text, i32::MIN), fault::INTEGER),
        };
        (!fits).then_some(fault)
    }

    fn token_fault(self, text: &str) -> Option<Fault> {
        let (fits, fault) = match self {
            Self::Code => (text::is_code(text), fault::CODE),
            Self::Id => (is_id(text), fault::ID),
            Self::Oid => (is_oid(text), fault::OID),
            Self::Uuid => (is_uuid(text), fault::UUID),
            Self::Base64Binary => (is_base64(text), fault::BASE64),
            _ => (is_uri(text), fault::URI),
        };
        (!fits).then_some(fault)
    }

    fn time_fault(self, text: &str) -> Option<Fault> {
        let (fits, fault) = match self {
            Self::Date => (time::is_date(text), fault::DATE),
            Self::DateTime => (time::is_date(text) || time::is_instant(text), fault::DATE_TIME),
            Self::Instant => (time::is_instant(text), fault::INSTANT),
            _ => (time::is_time(text), fault::TIME),
        };
        (!fits).then_some(fault)
    }
}

#[cfg(test)]
mod tests {
    use crate::fhir::Definitions;
    use crate::fhir::definitions::TypeKind;
    use crate::validate::testing::{found, patient};

    use super::*;

    #[test]
    fn every_primitive_type_of_the_definitions_is_known() {
        for def in Definitions::r4().types() {
            assert_eq!(Primitive::named(&def.name).is_some(), def.kind == TypeKind::Primitive, "{}", def.name);
        }
    }

    #[test]
    fn a_value_is_of_its_json_kind() {
        for (member, value) in
            [("active", "\"true\""), ("multipleBirthInteger", "\"1\""), ("birthDate", "2001"), ("id", "{}")]
        {
            let json = patient(&format!(r#""{member}":{value}"#));
            assert_eq!(found(&json), [("json-kind", format!("/{member}"))]);
        }
    }

    #[test]
    fn each_form_has_its_rule() {
        let extension = |member: &str, value: &str| {
            found(&patient(&format!(r#""extension":[{{"url":"http://a.example","value{member}":{value}}}]"#)))
        };
        for (member, value, rule) in [
            ("Integer", "1.0", "integer-format"),
            ("UnsignedInt", "-1", "integer-format"),
            ("PositiveInt", "0", "integer-format"),
            ("Decimal", "1234567890.123456789", "decimal-digits"),
            ("String", "\" \"", "string-empty"),
            ("String", "\"a\\u0000\"", "string-characters"),
            ("Code", "\"a  b\"", "code-format"),
            ("Id", "\"a_b\"", "id-format"),
            ("Url", "\"http://a b\"", "uri-format"),
            ("Oid", "\"1.2.3\"", "oid-format"),
            ("Uuid", "\"urn:uuid:1\"", "uuid-format"),
            ("Base64Binary", "\"abc\"", "base64-format"),
            ("Date", "\"2026-02-29\"", "date-format"),
            ("DateTime", "\"2026-02-28T08:00:00\"", "date-time-format"),
            ("Instant", "\"2026-02-28\"", "instant-format"),
            ("Time", "\"8:00\"", "time-format"),
        ] {
            assert_eq!(extension(member, value), [(rule, format!("/extension/0/value{member}"))]);
        }
    }
}
