//! What a differential says of an element, put into what the base says of it.

use super::tree::Element;
use crate::fhir::Value;

/// Lists to which a differential adds.
const ADDED_TO: [&str; 4] = ["condition", "extension", "alias", "mapping"];

/// Merges an element of a differential.
///
/// # Errors
/// Where it allows what the base does not.
pub fn merge(target: &mut Element, stated: &Value) -> Result<(), String> {
    let Value::Object(members) = stated else { return Ok(()) };
    for (name, value) in members {
        let own = target.definition.get(name).cloned();
        match name.as_str() {
            "id" | "path" | "sliceName" | "base" => {}
            "min" => min(target, value)?,
            "max" => max(target, value)?,
            "type" => types(target, value)?,
            "constraint" => target.definition.set(name, constraints(own, value)).discard(),
            "binding" | "slicing" => target.definition.set(name, over(own, value)).discard(),
            "mustSupport" if own == Some(Value::Boolean(true)) => {}
            _ if ADDED_TO.contains(&name.as_str()) => target.definition.set(name, appended(own, value)).discard(),
            _ => {
                only_one(&mut target.definition, name);
                target.definition.set(name, value.clone()).discard();
            }
        }
    }
    Ok(())
}

/// `Value::set` gives the value back for chains; here it ends.
trait Discard {
    fn discard(self);
}

impl Discard for &mut Value {
    fn discard(self) {}
}

fn number(value: Option<&Value>) -> Option<u64> {
    match value? {
        Value::Number(text) | Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn min(target: &mut Element, value: &Value) -> Result<(), String> {
    let (own, stated) = (number(target.definition.get("min")).unwrap_or(0), number(Some(value)).unwrap_or(0));
    if stated < own && target.slice.is_empty() {
        return Err(format!("{} is required at least {own} time(s), and it allows {stated}", target.name));
    }
    target.definition.set("min", value.clone());
    Ok(())
}

fn max(target: &mut Element, value: &Value) -> Result<(), String> {
    let own = number(target.definition.get("max"));
    // `*` is no number.
    if own.is_some_and(|own| number(Some(value)).is_none_or(|stated| stated > own)) {
        return Err(format!("{} is allowed at most {} time(s), and it allows more", target.name, own.unwrap_or(0)));
    }
    target.definition.set("max", value.clone());
    Ok(())
}

fn types(target: &mut Element, value: &Value) -> Result<(), String> {
    let code = |it: &Value| it.get("code").and_then(Value::as_str).unwrap_or_default().to_owned();
    let own: Vec<String> = target.definition.get("type").map_or(&[][..], Value::items).iter().map(code).collect();
    let is_any = |own: &String| matches!(own.as_str(), "Resource" | "DomainResource" | "Element" | "BackboneElement");
    for stated in value.items().iter().map(code) {
        let is_same =
            |own: &String| *own == stated || own.rsplit('.').next().is_some_and(|it| it.eq_ignore_ascii_case(&stated));
        if !own.is_empty() && !own.iter().any(|own| is_same(own) || is_any(own)) {
            return Err(format!("{} may not be a {stated}", target.name));
        }
    }
    // R4's own extensions on the type of an id or url stay.
    let kept: Vec<Value> = value
        .items()
        .iter()
        .map(|stated| {
            let base =
                target.definition.get("type").map_or(&[][..], Value::items).iter().find(|it| code(it) == code(stated));
            match base.and_then(|it| it.get("extension")) {
                Some(extension) if stated.get("extension").is_none() => {
                    stated.clone().with("extension", extension.clone())
                }
                _ => stated.clone(),
            }
        })
        .collect();
    let is_narrowed = !target.children.is_empty() && kept.iter().any(|it| it.get("profile").is_some());
    if is_narrowed && target.definition.get("type") != Some(&Value::Array(kept.clone())) && !own.iter().any(is_any) {
        // A profile on the type has its say when the type is unfolded anew.
        target.children.clear();
    }
    target.definition.set("type", Value::Array(kept));
    Ok(())
}

/// Constraints are added; one with a key that is there replaces it.
fn constraints(own: Option<Value>, stated: &Value) -> Value {
    let key = |it: &Value| it.get("key").and_then(Value::as_str).map(str::to_owned);
    let mut all: Vec<Value> = own.as_ref().map_or(&[][..], Value::items).to_vec();
    for it in stated.items() {
        match all.iter_mut().find(|known| key(known) == key(it)) {
            Some(known) => *known = it.clone(),
            None => all.push(it.clone()),
        }
    }
    Value::Array(all)
}

/// The members of one object over those of another.
fn over(own: Option<Value>, stated: &Value) -> Value {
    let mut merged = own.unwrap_or_else(Value::object);
    if let Value::Object(members) = stated {
        for (name, value) in members {
            merged.set(name, value.clone());
        }
    }
    merged
}

fn appended(own: Option<Value>, stated: &Value) -> Value {
    let mut all: Vec<Value> = own.as_ref().map_or(&[][..], Value::items).to_vec();
    for it in stated.items() {
        if !all.contains(it) {
            all.push(it.clone());
        }
    }
    Value::Array(all)
}

/// A fixed value takes the place of another fixed value or pattern.
fn only_one(definition: &mut Value, name: &str) {
    let is_given = |name: &str| name.starts_with("fixed") || name.starts_with("pattern");
    if let (true, Value::Object(members)) = (is_given(name), definition) {
        members.retain(|(member, _)| !is_given(member));
    }
}
