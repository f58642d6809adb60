//! An element of the differential laid over the base's.

use std::borrow::Cow;

use crate::fhir::{NodeRef, Value};

/// Types that stand for any other.
const ANY: &[&str] = &["Resource", "DomainResource", "Element", "BackboneElement"];

/// Lays `differential` over `base`. `is_free` says that its least number need not be the base's: slices are parts.
pub fn merge(base: &mut Value, differential: NodeRef<'_>, url: &str, is_free: bool) -> Result<(), String> {
    if base.get("base").is_none() && base.get("min").is_some() {
        let number = |name: &str| base.get(name).cloned().unwrap_or(Value::Null);
        let path = differential.str_at("path").unwrap_or_default();
        let given = Value::object().with("path", &*path).with("min", number("min")).with("max", number("max"));
        base.set("base", given);
    }
    check_numbers(base, differential, is_free)?;
    for member in differential.children() {
        let name = member.key().unwrap_or_default();
        match &*name {
            "id" | "path" | "sliceName" | "base" | "contentReference" if base.get("path").is_some() => {}
            "type" => {
                check_types(base, member)?;
                base.set("type", Value::from_node(member));
            }
            "binding" => overlay(base, "binding", member),
            "constraint" => append(base, "constraint", constraints(member, url), |item| text(item, "key")),
            "extension" => append(base, "extension", Value::from_node(member), |item| text(item, "url")),
            "condition" => append(base, "condition", Value::from_node(member), |item| item.as_str().map(Cow::from)),
            // What the base asks for stays asked for.
            "mustSupport" | "isModifier" if member.as_bool() == Some(false) && base.get(&name).is_some() => {}
            _ => _ = base.set(&name, Value::from_node(member)),
        }
    }
    Ok(())
}

fn check_numbers(base: &Value, differential: NodeRef<'_>, is_free: bool) -> Result<(), String> {
    let of = |name: &str| match base.get(name) {
        Some(Value::Number(text) | Value::String(text)) => text.parse::<u64>().ok(),
        _ => None,
    };
    let asked = |name: &str| {
        let value = differential.get(name)?;
        value.as_number().map(Cow::from).or_else(|| value.as_str())?.parse::<u64>().ok()
    };
    if let (Some(base), Some(min)) = (of("min"), asked("min"))
        && min < base
        && !is_free
    {
        return Err(format!("its min {min} is less than the base's {base}"));
    }
    let Some(most) = of("max") else { return Ok(()) };
    let is_any = differential.str_at("max").is_some_and(|max| max == "*");
    if is_any && !is_free {
        return Err(format!("its max * is more than the base's {most}"));
    }
    match asked("max") {
        Some(max) if max > most && !is_free => Err(format!("its max {max} is more than the base's {most}")),
        _ => Ok(()),
    }
}

fn check_types(base: &Value, types: NodeRef<'_>) -> Result<(), String> {
    let allowed: Vec<_> = codes(base).collect();
    // The values of `id` and `url` are FHIRPath's own strings, which a differential may call by a FHIR name.
    let is_any = |code: &Cow<'_, str>| ANY.contains(&&**code) || code.starts_with("http://hl7.org/fhirpath/");
    if allowed.is_empty() || allowed.iter().any(is_any) {
        return Ok(());
    }
    match types.children().filter_map(|of| of.str_at("code")).find(|code| !allowed.contains(code)) {
        Some(code) => Err(format!("the base does not allow the type {code}")),
        None => Ok(()),
    }
}

fn codes(element: &Value) -> impl Iterator<Item = Cow<'_, str>> {
    element.get("type").map(Value::items).unwrap_or_default().iter().filter_map(|of| text(of, "code"))
}

fn text<'v>(value: &'v Value, name: &str) -> Option<Cow<'v, str>> {
    value.get(name)?.as_str().map(Cow::from)
}

/// The constraints, each with where it comes from.
fn constraints(list: NodeRef<'_>, url: &str) -> Value {
    let sourced = |constraint| {
        let mut constraint = Value::from_node(constraint);
        if constraint.get("source").is_none() {
            constraint.set("source", url);
        }
        constraint
    };
    Value::Array(list.children().map(sourced).collect())
}

/// Appends the items whose key is new, and puts the others in the place of the old.
fn append(base: &mut Value, name: &str, items: Value, key: impl Fn(&Value) -> Option<Cow<'_, str>>) {
    let mut list = base.get(name).map(|old| old.items().to_vec()).unwrap_or_default();
    let Value::Array(items) = items else { return };
    for item in items {
        match list.iter().position(|old| key(old).is_some() && key(old) == key(&item)) {
            Some(at) => list[at] = item,
            None => list.push(item),
        }
    }
    base.set(name, Value::Array(list));
}

/// Sets the members that are given and keeps the others.
fn overlay(base: &mut Value, name: &str, given: NodeRef<'_>) {
    let mut whole = base.get(name).cloned().unwrap_or_else(Value::object);
    for member in given.children() {
        whole.set(&member.key().unwrap_or_default(), Value::from_node(member));
    }
    base.set(name, whole);
}
