//! `resourceType`: known, concrete, and only where a resource stands
//! ([JSON](https://hl7.org/fhir/R4/json.html#resources)).

use crate::fhir::{Definitions, Kind, NodeRef, ResourceType};

use super::issues::Issues;
use super::rules::{RESOURCE_TYPE_MISPLACED, RESOURCE_TYPE_MISSING, RESOURCE_TYPE_UNEXPECTED, RESOURCE_TYPE_UNKNOWN};
use super::suggest;

/// The type of a resource, if it names one that R4 has.
pub fn of(resource: NodeRef<'_>) -> Option<ResourceType> {
    ResourceType::parse(&resource.str_at("resourceType")?)
}

/// The type of a resource, or an issue that says why there is none.
pub fn check(resource: NodeRef<'_>, issues: &mut Issues) -> Option<ResourceType> {
    let known = of(resource);
    match resource.get("resourceType") {
        Some(_) if known.is_some() => {}
        Some(named) if named.kind() == Kind::String => unknown(named, issues),
        other => issues.raise(
            &RESOURCE_TYPE_MISSING,
            other.unwrap_or(resource),
            "A resource must be a JSON object with its type as a string in resourceType; add it.",
            "En resurs måste vara ett JSON-objekt med sin typ som sträng i resourceType; lägg till den.",
        ),
    }
    known
}

fn unknown(named: NodeRef<'_>, issues: &mut Issues) {
    let known = Definitions::r4().resource_types().iter().map(|kind| kind.as_str());
    let name = named.as_str().unwrap_or_default();
    let nearest = if issues.is_full() { None } else { suggest::nearest(&name, known) };
    let (hint, tips) = match nearest {
        Some(name) => (format!(" Did you mean {name}?"), format!(" Menades {name}?")),
        None => (String::new(), String::new()),
    };
    issues.raise(
        &RESOURCE_TYPE_UNKNOWN,
        named,
        format!("FHIR R4 has no concrete resource type of this name; names are case sensitive.{hint}"),
        format!("FHIR R4 har ingen konkret resurstyp med detta namn; versaler och gemener skiljs åt.{tips}"),
    );
}

/// `resourceType` in an element that is no resource.
pub fn misplaced(member: NodeRef<'_>, issues: &mut Issues) {
    issues.raise(
        &RESOURCE_TYPE_MISPLACED,
        member,
        "resourceType stands only in resources, and this element is none; remove it.",
        "resourceType hör hemma endast i resurser, och detta element är ingen resurs; ta bort den.",
    );
}

/// The resource is of another type than the one asked for.
pub fn unexpected(resource: NodeRef<'_>, expected: ResourceType, issues: &mut Issues) {
    issues.raise(
        &RESOURCE_TYPE_UNEXPECTED,
        resource.get("resourceType").unwrap_or(resource),
        format!("A {expected} is expected here; send it where its own type is expected."),
        format!("Här väntas en {expected}; skicka resursen dit där dess egen typ väntas."),
    );
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{found, issue};

    #[test]
    fn a_resource_names_its_type_as_a_string() {
        assert_eq!(found("{}"), [("resource-type-missing", "".into())]);
        assert_eq!(found("[]"), [("resource-type-missing", "".into())]);
        assert_eq!(found(r#"{"resourceType":1}"#), [("resource-type-missing", "/resourceType".into())]);
    }

    #[test]
    fn the_type_is_concrete_and_of_r4() {
        for name in ["patient", "DomainResource", "Resource", "HumanName", ""] {
            let json = format!(r#"{{"resourceType":"{name}"}}"#);
            assert_eq!(found(&json), [("resource-type-unknown", "/resourceType".into())], "{name}");
        }
        assert!(issue(r#"{"resourceType":"patient"}"#).english.contains("Did you mean Patient?"));
    }

    #[test]
    fn an_element_has_no_resource_type() {
        let json = r#"{"resourceType":"Patient","name":[{"resourceType":"HumanName","family":"A"}]}"#;
        assert_eq!(found(json), [("resource-type-misplaced", "/name/0/resourceType".into())]);
    }
}
