//! Known faults of published definitions, and what is made of them.

use vardbro::fhir::{Document, Value};

/// The Swedish base writes the OID of HSA's positions with a slip (759 for 752). Data that is right must not be told
/// that it is wrong, so the value set takes both.
const POSITIONS: (&str, &str) = ("urn:oid:1.2.759.129.2.2.1.4", "urn:oid:1.2.752.129.2.2.1.4");

const VALUE_SET: &str = "http://hl7.se/fhir/ig/base/ValueSet/SEBaseHSABefattningVS";

/// The definition without its known faults.
pub fn amended(definition: Document) -> Document {
    if definition.root().str_at("url").as_deref() != Some(VALUE_SET) {
        return definition;
    }
    let mut amended = Value::from_node(definition.root());
    let Some(mut compose) = amended.get("compose").cloned() else { return definition };
    let mut include = compose.get("include").map(|list| list.items().to_vec()).unwrap_or_default();
    let slip = |part: &&Value| part.get("system").and_then(Value::as_str) == Some(POSITIONS.0);
    let right: Vec<_> = include.iter().filter(slip).map(|part| part.clone().with("system", POSITIONS.1)).collect();
    include.extend(right);
    compose.set("include", Value::Array(include));
    amended.set("compose", compose);
    amended.to_document()
}
