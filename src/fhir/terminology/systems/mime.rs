//! MIME types ([BCP 13](https://www.rfc-editor.org/info/bcp13)): `type/subtype`, and parameters.

/// The short names by which FHIR speaks of its own formats
/// ([mime types](https://hl7.org/fhir/R4/http.html#mime-type)).
const SHORT: [&str; 5] = ["xml", "json", "ttl", "ndjson", "html"];

/// Whether a text is a MIME type, registered or not.
pub(super) fn is_type(text: &str) -> bool {
    if SHORT.contains(&text) {
        return true;
    }
    let (name, parameters) = text.split_once(';').map_or((text, None), |(name, rest)| (name, Some(rest)));
    let Some((kind, subtype)) = name.trim_end().split_once('/') else { return false };
    is_name(kind) && (is_name(subtype) || subtype == "*") && parameters.is_none_or(are_parameters)
}

/// RFC 6838, section 4.2.
fn is_name(text: &str) -> bool {
    let is_inside = |b: u8| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b);
    text.len() <= 127 && text.bytes().all(is_inside) && text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric())
}

/// `charset=utf-8; fhirVersion="4.0"`
fn are_parameters(text: &str) -> bool {
    text.split(';').all(|parameter| {
        let is_value = |value: &str| {
            let bare = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            bare.is_some_and(|it| !it.contains('"'))
                || !value.is_empty() && value.bytes().all(|b| b.is_ascii_graphic() && !b"\"(),;<>@[\\]{}".contains(&b))
        };
        parameter.trim().split_once('=').is_some_and(|(name, value)| is_name(name) && is_value(value))
    })
}

#[cfg(test)]
mod tests {
    use super::is_type;

    #[test]
    fn a_type_and_a_subtype() {
        for good in [
            "text/plain",
            "application/fhir+json",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "text/html; charset=UTF-8",
            "application/fhir+xml;fhirVersion=4.0",
            "text/plain; charset=\"utf-8\"",
            "image/*",
            "text/cql",
            "json",
        ] {
            assert!(is_type(good), "{good}");
        }
        for bad in ["", "pdf", "text/", "/plain", "text/pl ain", "text/plain;", "text/plain; charset", "å/b", "a/b/c"]
        {
            assert!(!is_type(bad), "{bad}");
        }
    }
}
