//! References: their form, and the type of what they point at ([references](https://hl7.org/fhir/R4/references.html)).

use std::borrow::Cow;

use crate::fhir::{NodeRef, ResourceType};

use super::overlay::Overlay;
use super::rules::{
    REFERENCE_CONDITIONAL, REFERENCE_CONTAINED, REFERENCE_FORM, REFERENCE_TARGET, REFERENCE_TYPE, REFERENCE_UNRESOLVED,
    REFERENCE_URN,
};
use super::walk::Walk;
use super::{primitive, profile};

/// What a reference's text is.
enum Form<'t> {
    /// `#id`.
    Contained(&'t str),
    /// `urn:...`.
    Urn,
    /// `Type?query`.
    Conditional(ResourceType),
    /// `Type/id`, or a URL that ends so.
    Typed(ResourceType),
    /// A URL that says nothing of a type.
    Absolute,
    /// None of these.
    Unreadable,
}

impl<'t> Form<'t> {
    fn of(text: &'t str) -> Self {
        if let Some(id) = text.strip_prefix('#') {
            return Self::Contained(id);
        }
        if text.starts_with("urn:") {
            // A urn of bad form leads nowhere, which is told where it ought to lead somewhere.
            return Self::Urn;
        }
        if let Some((scheme, rest)) = text.split_once(':')
            && is_scheme(scheme)
        {
            let readable = rest.starts_with("//") && !rest.contains('?');
            return typed(rest).filter(|_| readable).map_or(Self::Absolute, Self::Typed);
        }
        if let Some((name, _)) = text.split_once('?') {
            return ResourceType::parse(name).map_or(Self::Unreadable, Self::Conditional);
        }
        let segments = text.split('/').count();
        let is_relative = segments == 2 || segments == 4 && text.contains("/_history/");
        typed(text).filter(|_| is_relative).map_or(Self::Unreadable, Self::Typed)
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

/// The type in `.../Type/id` or `.../Type/id/_history/version`.
fn typed(text: &str) -> Option<ResourceType> {
    let (text, version) = text.split_once("/_history/").map_or((text, None), |(name, version)| (name, Some(version)));
    let mut segments = text.rsplit('/');
    let (id, name) = (segments.next()?, segments.next()?);
    let fits = primitive::is_id(id) && version.is_none_or(primitive::is_id);
    ResourceType::parse(name).filter(|_| fits)
}

/// The type that a URL such as `Bundle.entry.fullUrl` ends with, and the id.
pub fn type_and_id(url: &str) -> Option<(ResourceType, &str)> {
    let kind = typed(url)?;
    Some((kind, url.rsplit('/').next()?))
}

/// A Reference whose element allows `targets` (none: any type), and of which profiles may ask more.
pub fn check<'a>(value: NodeRef<'a>, targets: &[String], overlays: &[Overlay<'a>], walk: &mut Walk<'a>) {
    let kind = by_type(value, targets, walk);
    profile::target(value, kind, overlays, walk);
}

/// Checks the form and the type; answers with the type, as far as it is known.
fn by_type<'a>(value: NodeRef<'a>, targets: &[String], walk: &mut Walk<'a>) -> Option<ResourceType> {
    let stated = stated_type(value);
    let Some((node, text)) = value.get("reference").and_then(|node| Some((node, node.as_str()?))) else {
        allowed(stated, value.get("type"), targets, walk);
        return stated;
    };
    if !primitive::is_uri(&text) {
        unreadable(node, walk);
        return None;
    }
    let kind = follow(node, &text, walk);
    agree(value, kind, stated, walk);
    allowed(kind.or(stated), Some(node), targets, walk);
    kind.or(stated)
}

/// The type in Reference.type, which is a name or the URL of its definition.
fn stated_type(value: NodeRef<'_>) -> Option<ResourceType> {
    let stated: Cow<'_, str> = value.str_at("type")?;
    ResourceType::parse(stated.strip_prefix("http://hl7.org/fhir/StructureDefinition/").unwrap_or(&stated))
}

/// The type that a reference leads to, as far as the text and the document tell it.
fn follow<'a>(node: NodeRef<'a>, text: &str, walk: &mut Walk<'a>) -> Option<ResourceType> {
    match Form::of(text) {
        Form::Typed(kind) => return Some(kind),
        Form::Absolute => return walk.bundle.as_ref()?.kind_of(text)?,
        Form::Urn => return urn(node, text, walk),
        Form::Contained(id) => match walk.scope.follow(id, node) {
            Some(kind) => return kind,
            None => not_contained(node, walk),
        },
        Form::Conditional(kind) => {
            if !walk.bundle.as_ref().is_some_and(|bundle| bundle.is_transaction()) {
                conditional(node, walk);
            }
            return Some(kind);
        }
        Form::Unreadable => unreadable(node, walk),
    }
    None
}

fn urn<'a>(node: NodeRef<'a>, text: &str, walk: &mut Walk<'a>) -> Option<ResourceType> {
    let is_formed = if text.starts_with("urn:uuid:") {
        primitive::is_uuid(text)
    } else {
        !text.starts_with("urn:oid:") || primitive::is_oid(text)
    };
    if !is_formed {
        walk.issues.raise(
            &REFERENCE_URN,
            node,
            "This urn is not of the form that its kind has (urn:uuid: with 36 characters in lower case, urn:oid: with numbers), so nothing can answer to it; correct it.",
            "Denna urn har inte den form som dess slag har (urn:uuid: med 36 tecken i gemener, urn:oid: med tal), så inget kan svara mot den; rätta den.",
        );
    }
    let found = walk.bundle.as_ref()?.kind_of(text);
    if found.is_none() {
        walk.issues.raise(
            &REFERENCE_UNRESOLVED,
            node,
            "No entry of this Bundle has this urn as its fullUrl; correct the reference or add the entry.",
            "Ingen post i denna Bundle har denna urn som fullUrl; rätta referensen eller lägg till posten.",
        );
    }
    found?
}

fn agree(value: NodeRef<'_>, kind: Option<ResourceType>, stated: Option<ResourceType>, walk: &mut Walk<'_>) {
    if let (Some(kind), Some(stated), Some(node)) = (kind, stated, value.get("type"))
        && kind != stated
    {
        walk.issues.raise(
            &REFERENCE_TYPE,
            node,
            format!("The reference points at a {kind}, and type says something else; make them agree."),
            format!("Referensen pekar på en {kind}, och type säger något annat; låt dem stämma överens."),
        );
    }
}

fn allowed(kind: Option<ResourceType>, node: Option<NodeRef<'_>>, targets: &[String], walk: &mut Walk<'_>) {
    let (Some(kind), Some(node)) = (kind, node) else { return };
    if !targets.is_empty() && !targets.iter().any(|target| target == kind.as_str()) {
        let list = targets.join(", ");
        walk.issues.raise(
            &REFERENCE_TARGET,
            node,
            format!("This element may not refer to a {kind}; refer to one of: {list}."),
            format!("Detta element får inte hänvisa till en {kind}; hänvisa till någon av: {list}."),
        );
    }
}

fn not_contained(node: NodeRef<'_>, walk: &mut Walk<'_>) {
    walk.issues.raise(
        &REFERENCE_CONTAINED,
        node,
        "No contained resource has this id; add it to contained or correct the reference.",
        "Ingen innesluten resurs har detta id; lägg till den i contained eller rätta referensen.",
    );
}

fn conditional(node: NodeRef<'_>, walk: &mut Walk<'_>) {
    walk.issues.raise(
        &REFERENCE_CONDITIONAL,
        node,
        "A reference by search is allowed only inside a transaction Bundle; refer to Type/id instead.",
        "En referens genom sökning är tillåten endast inuti en transaktions-Bundle; hänvisa till Typ/id i stället.",
    );
}

fn unreadable(node: NodeRef<'_>, walk: &mut Walk<'_>) {
    walk.issues.raise(
        &REFERENCE_FORM,
        node,
        "Write the reference as Type/id with a type of FHIR R4, as an absolute URL, as a urn, or as #id.",
        "Skriv referensen som Typ/id med en typ i FHIR R4, som en absolut URL, som en urn eller som #id.",
    );
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{found, patient};

    fn organization(reference: &str) -> Vec<(&'static str, String)> {
        found(&patient(&format!(r#""managingOrganization":{reference}"#)))
    }

    #[test]
    fn the_forms_of_the_specification_are_read() {
        for text in [
            "Organization/1",
            "Organization/1/_history/2",
            "https://a.example/fhir/Organization/1",
            "http://a.example/other?x=1",
            "urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
            "urn:oid:1.2.3",
        ] {
            assert!(organization(&format!(r#"{{"reference":"{text}"}}"#)).is_empty(), "{text}");
        }
        for text in ["1", "Organisation/1", "Organization/", "Organization/a_b", "a/Organization/1", "a b"] {
            let place = "/managingOrganization/reference";
            assert_eq!(
                organization(&format!(r#"{{"reference":"{text}"}}"#)),
                [("reference-form", place.into())],
                "{text}"
            );
        }
    }

    #[test]
    fn a_urn_has_the_form_of_its_kind() {
        let place = || "/managingOrganization/reference".to_owned();
        assert_eq!(organization(r#"{"reference":"urn:uuid:1"}"#), [("reference-urn", place())]);
        assert_eq!(organization(r#"{"reference":"urn:oid:a.b"}"#), [("reference-urn", place())]);
    }

    #[test]
    fn the_target_is_of_an_allowed_type() {
        let place = || "/managingOrganization/reference".to_owned();
        for text in ["Patient/1", "https://a.example/fhir/Patient/1", "#"] {
            let expected: &[_] = if text == "#" { &[] } else { &[("reference-target", place())] };
            assert_eq!(organization(&format!(r#"{{"reference":"{text}"}}"#)), expected, "{text}");
        }
        let by_type = organization(r#"{"type":"Patient","display":"x"}"#);
        assert_eq!(by_type, [("reference-target", "/managingOrganization/type".into())]);
    }

    #[test]
    fn a_contained_target_is_there_and_of_an_allowed_type() {
        assert_eq!(
            organization(r##"{"reference":"#x"}"##),
            [("reference-contained", "/managingOrganization/reference".into())]
        );
        let json = patient(
            r##""contained":[{"resourceType":"Practitioner","id":"p"}],"managingOrganization":{"reference":"#p"}"##,
        );
        assert_eq!(found(&json), [("reference-target", "/managingOrganization/reference".into())]);
    }

    #[test]
    fn the_stated_type_agrees() {
        let json = r#"{"reference":"Organization/1","type":"Patient"}"#;
        assert_eq!(organization(json), [("reference-type", "/managingOrganization/type".into())]);
    }

    #[test]
    fn a_search_is_for_transactions() {
        let reference = r#""generalPractitioner":[{"reference":"Organization?identifier=a|b"}]"#;
        assert_eq!(found(&patient(reference)), [("reference-conditional", "/generalPractitioner/0/reference".into())]);
        let bundle = |kind: &str| {
            format!(
                r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{{"resource":{},"request":{{"method":"POST","url":"Patient"}}}}]}}"#,
                patient(reference)
            )
        };
        assert!(found(&bundle("transaction")).is_empty());
        assert_eq!(found(&bundle("batch"))[0].0, "reference-conditional");
    }
}
