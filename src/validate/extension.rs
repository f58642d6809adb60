//! Extensions: a value or extensions, never both; as their definition says, and where it allows them
//! ([extensibility](https://hl7.org/fhir/R4/extensibility.html)).

mod context;

use crate::fhir::NodeRef;

use super::issues::Issues;
use super::overlay::{self, Overlay};
use super::rules::{
    EXTENSION_MODIFIER, EXTENSION_NOT_DEFINED, EXTENSION_UNDEFINED, EXTENSION_UNKNOWN, EXTENSION_UNKNOWN_MODIFIER,
    EXTENSION_URL, EXTENSION_VALUE,
};
use super::walk::Walk;

/// Adds the definition that an extension's url names to what is asked of its inside.
pub fn definition<'a>(extension: NodeRef<'a>, inner: &mut Vec<Overlay<'a>>, walk: &mut Walk<'a>) {
    let Some(url) = extension.str_at("url") else { return };
    if !url.contains(':') {
        return inside(extension, &url, inner, walk);
    }
    let is_modifier = extension.parent().is_some_and(|array| array.key_is("modifierExtension"));
    match walk.setting.library.structure(&url) {
        Some(Ok(profile)) if profile.type_name == "Extension" => {
            context::check(extension, profile, walk);
            kind(extension, profile, is_modifier, walk);
            overlay::add(inner, Overlay::root(profile));
        }
        _ if is_modifier => unknown(extension, &url, true, walk),
        _ if walk.told.first(&url) => unknown(extension, &url, false, walk),
        _ => {}
    }
}

/// An extension of a complex one is among the slices of its definition.
fn inside<'a>(extension: NodeRef<'a>, url: &str, inner: &[Overlay<'a>], walk: &mut Walk<'a>) {
    let around = extension.parent().and_then(|array| array.parent()).and_then(|outer| outer.str_at("url"));
    let Some(Some(Ok(profile))) = around.map(|around| walk.setting.library.structure(&around)) else { return };
    let is_slice = inner.iter().any(|it| std::ptr::eq(it.profile, profile) && !it.node.slice_name.is_empty());
    let has_slices = profile.root.child("extension").is_some_and(|it| !it.slices.is_empty());
    if has_slices && !is_slice {
        let outer = &profile.url;
        walk.issues.raise(
            &EXTENSION_NOT_DEFINED,
            extension,
            format!("The extension {outer} has no part {url}; correct its url or remove it."),
            format!("Extensionen {outer} har ingen del {url}; rätta dess url eller ta bort den."),
        );
    }
}

/// An extension that changes the meaning of its element stands in modifierExtension, and only such a one.
fn kind<'a>(extension: NodeRef<'a>, profile: &crate::fhir::library::Profile, is_modifier: bool, walk: &mut Walk<'a>) {
    if profile.is_modifier == is_modifier {
        return;
    }
    let (url, right) = (&profile.url, if profile.is_modifier { "modifierExtension" } else { "extension" });
    walk.issues.raise(
        &EXTENSION_MODIFIER,
        extension,
        format!("The extension {url} belongs into {right}; move it there."),
        format!("Extensionen {url} hör hemma i {right}; flytta den dit."),
    );
}

fn unknown<'a>(extension: NodeRef<'a>, url: &str, is_modifier: bool, walk: &mut Walk<'a>) {
    // What HL7's own tools leave behind is no part of any specification.
    let of_hl7 = url.strip_prefix("http://hl7.org/fhir/");
    // Nor has R4 the elements of other versions, which go by URLs such as `5.0/StructureDefinition/extension-X.y`.
    let is_hl7s =
        of_hl7.is_some_and(|rest| !rest.starts_with("tools/") && !rest.starts_with(|c: char| c.is_ascii_digit()));
    let is_ours = url.starts_with("https://vardbro.example/fhir/");
    let is_standard = is_hl7s || is_ours;
    let rule = match (is_standard, is_modifier) {
        (true, _) => &EXTENSION_UNDEFINED,
        (_, true) => &EXTENSION_UNKNOWN_MODIFIER,
        _ => &EXTENSION_UNKNOWN,
    };
    let (hint, tips) = match (is_standard, is_modifier) {
        (true, _) => (
            "its publisher has none of this url there; correct it, or have its package loaded",
            "dess utgivare har ingen med denna url där; rätta den eller låt läsa in dess paket",
        ),
        (_, true) => (
            "it may change the meaning of its element and is not understood here",
            "den kan ändra elementets innebörd och förstås inte här",
        ),
        _ => ("it was kept and not checked", "den behölls och kontrollerades inte"),
    };
    walk.issues.raise(
        rule,
        extension,
        format!("The extension {url} is not among the definitions at hand: {hint}."),
        format!("Extensionen {url} finns inte bland de tillgängliga definitionerna: {tips}."),
    );
}

/// Checks one extension; that it has a url is a matter of cardinality.
pub fn check(extension: NodeRef<'_>, issues: &mut Issues) {
    let is_value = |name: &str| name.trim_start_matches('_').starts_with("value");
    let has_value = extension.children().any(|member| member.key().is_some_and(|name| is_value(&name)));
    if has_value == extension.get("extension").is_some() {
        issues.raise(
            &EXTENSION_VALUE,
            extension,
            "An extension has either a value[x] or extensions of its own; give one of them.",
            "En extension har antingen ett value[x] eller egna extensions; ange ett av dem.",
        );
    }
    if let Some(url) = extension.get("url").filter(|url| is_outermost(extension) && is_relative(*url)) {
        issues.raise(
            &EXTENSION_URL,
            url,
            "The url of an extension is the absolute URL of its definition; only extensions inside others have short ones.",
            "url i en extension är dess definitions absoluta URL; endast extensions inuti andra har korta.",
        );
    }
}

/// Whether it is no part of another extension.
fn is_outermost(extension: NodeRef<'_>) -> bool {
    let owner = extension.parent().and_then(|array| array.parent());
    let is_extensions = |node: NodeRef<'_>| node.key_is("extension") || node.key_is("modifierExtension");
    !owner.and_then(|owner| owner.parent()).is_some_and(is_extensions)
}

fn is_relative(url: NodeRef<'_>) -> bool {
    url.as_str().is_some_and(|text| !text.is_empty() && !text.contains(':'))
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{found, patient};

    fn with(extension: &str) -> Vec<(&'static str, String)> {
        found(&patient(&format!(r#""extension":[{extension}]"#)))
    }

    #[test]
    fn an_extension_has_a_value_or_extensions() {
        let inner = r#"[{"url":"a","valueCode":"b"}]"#;
        assert!(with(&format!(r#"{{"url":"http://a.example","extension":{inner}}}"#)).is_empty());
        let place = || "/extension/0".to_owned();
        let both = format!(r#"{{"url":"http://a.example","valueCode":"b","extension":{inner}}}"#);
        assert_eq!(with(&both), [("extension-value", place())]);
        assert_eq!(with(r#"{"url":"http://a.example"}"#), [("extension-value", place())]);
    }

    #[test]
    fn an_extension_has_a_url_and_the_outermost_an_absolute_one() {
        assert_eq!(with(r#"{"valueCode":"b"}"#), [("cardinality-min", "/extension/0".into())]);
        assert_eq!(with(r#"{"url":"a","valueCode":"b"}"#), [("extension-url", "/extension/0/url".into())]);
    }
}
