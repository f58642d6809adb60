//! Faults of extensions, contained resources, narratives and Bundles.

use serde_json::{Value, json};

use crate::fhir::Library;
use crate::validate::shape::Family;

use super::place::Object;
use super::{Fault, Mutant, Original, Spoil};

pub(super) const KINDS: &[Spoil] = &[
    extension_value_and_extension,
    extension_without_value,
    extension_url,
    contained,
    narrative,
    bundle_root,
    bundle_entry,
];

fn extensions(original: &Original) -> Vec<Object<'_>> {
    original.objects().into_iter().filter(|it| it.shape.family == Family::Extension).collect()
}

fn value_of(extension: &Object<'_>) -> Option<String> {
    extension.value.keys().find(|key| key.starts_with("value")).cloned()
}

fn extension_value_and_extension(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for it in extensions(original) {
        let faults = vec![Fault::new("extension-value", &it.pointer)];
        if value_of(&it).is_some() {
            let inner = json!([{"url": "a", "valueString": "x"}]);
            original.spoil(out, "extension-value-and-extension", (&it.at("extension"), Some(inner)), faults);
        } else {
            let value = (&*it.at("valueString"), Some(json!("x")));
            original.spoil(out, "extension-value-and-extension", value, faults);
        }
    }
}

fn extension_without_value(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for it in extensions(original) {
        let name = value_of(&it).unwrap_or_else(|| "extension".to_owned());
        let faults = vec![Fault::new("extension-value", &it.pointer)];
        original.spoil(out, "extension-without-value", (&it.at(&name), None), faults);
    }
}

fn extension_url(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for it in extensions(original) {
        let is_outer = it.pointer.matches("xtension/").count() == 1;
        if is_outer {
            let at = it.at("url");
            for url in ["follow-up", "/a"] {
                let faults = vec![Fault::new("extension-url", &at)];
                original.spoil(out, "extension-url", (&at, Some(json!(url))), faults);
            }
        }
    }
}

fn contained(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for it in original.objects().iter().filter(|it| it.pointer.contains("/contained/") && it.is_resource()) {
        let meta = it.at("meta");
        let nested = it.at("contained");
        let id = it.at("id");
        let mut spoil = |edit: (&str, Option<Value>), rule, pointer: &str| {
            original.spoil(out, "contained", edit, vec![Fault::new(rule, pointer)]);
        };
        spoil((&nested, Some(json!([{"resourceType": "Basic", "id": "x"}]))), "contained-nested", &nested);
        spoil((&meta, Some(json!({"versionId": "1"}))), "contained-version", &format!("{meta}/versionId"));
        let updated = json!({"lastUpdated": "2026-03-02T08:00:00Z"});
        spoil((&meta, Some(updated)), "contained-version", &format!("{meta}/lastUpdated"));
        let security = json!({"security": [{"code": "R"}]});
        spoil((&meta, Some(security)), "contained-security", &format!("{meta}/security"));
        spoil((&id, None), "contained-id", &it.pointer);
        spoil((&id, Some(json!("another"))), "contained-referenced", &it.pointer);
    }
}

/// A rule and a narrative that breaks it.
const NARRATIVES: &[(&str, &str)] = &[
    ("narrative-form", "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>x</div>"),
    ("narrative-form", "<p xmlns=\"http://www.w3.org/1999/xhtml\">x</p>"),
    ("narrative-form", "<div>x</div>"),
    ("narrative-form", "x"),
    ("narrative-form", "<div xmlns=\"http://www.w3.org/1999/xhtml\">a &nbsp; b</div>"),
    ("narrative-empty", "<div xmlns=\"http://www.w3.org/1999/xhtml\"> </div>"),
    ("narrative-element", "<div xmlns=\"http://www.w3.org/1999/xhtml\"><form>x</form></div>"),
    ("narrative-element", "<div xmlns=\"http://www.w3.org/1999/xhtml\"><iframe/>x</div>"),
    ("narrative-attribute", "<div xmlns=\"http://www.w3.org/1999/xhtml\" data-x=\"1\">x</div>"),
    ("narrative-active", "<div xmlns=\"http://www.w3.org/1999/xhtml\"><script>x</script></div>"),
    ("narrative-active", "<div xmlns=\"http://www.w3.org/1999/xhtml\" onclick=\"x\">x</div>"),
    ("narrative-active", "<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"javascript:x\">x</a></div>"),
];

fn narrative(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for it in original.objects().iter().filter(|it| it.shape.def.name == "Narrative") {
        let at = it.at("div");
        for (rule, div) in NARRATIVES {
            original.spoil(out, "narrative", (&at, Some(json!(div))), vec![Fault::new(rule, &at)]);
        }
    }
}

fn bundle_root(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    for it in original.objects().iter().filter(|it| it.shape.def.name == "Bundle") {
        let kind = it.value.get("type").and_then(Value::as_str).unwrap_or_default();
        let mut spoil = |name: &str, value, rule, pointer: &str| {
            original.spoil(out, "bundle", (&it.at(name), Some(value)), vec![Fault::new(rule, pointer)]);
        };
        if !matches!(kind, "searchset" | "history") {
            spoil("total", json!(1), "bundle-total", &it.at("total"));
        }
        if kind == "transaction" {
            spoil("type", json!("document"), "bundle-document", &it.pointer);
            spoil("type", json!("message"), "bundle-message", &it.pointer);
        }
    }
}

fn bundle_entry(original: &Original, _: &Library, out: &mut Vec<Mutant>) {
    let is_transaction = original.value["type"] == "transaction";
    for it in original.objects().iter().filter(|it| it.shape.def.name == "Bundle.entry" && is_transaction) {
        let mut spoil = |name: &str, value, rule, pointer: &str| {
            original.spoil(out, "bundle-entry", (&it.at(name), value), vec![Fault::new(rule, pointer)]);
        };
        spoil("request", None, "bundle-request", &it.pointer);
        spoil("search", Some(json!({"mode": "match"})), "bundle-search", &it.at("search"));
        spoil("response", Some(json!({"status": "200"})), "bundle-response", &it.at("response"));
        spoil("resource", None, "bundle-entry-resource", &it.pointer);
        spoil("fullUrl", Some(json!("Patient/1")), "bundle-full-url-form", &it.at("fullUrl"));
    }
}
