//! Invariants that a rule of ours checks itself: more exactly, at a better place, or without FHIRPath.

/// The key of an invariant of the definitions, and the rules that check it.
type Native = (&'static str, &'static [&'static str]);

/// Sorted by key. None of these is evaluated a second time.
pub const NATIVE: &[Native] = &[
    ("bdl-1", &["bundle-total"]),
    ("bdl-10", &["bundle-document"]),
    ("bdl-11", &["bundle-document"]),
    ("bdl-12", &["bundle-message"]),
    ("bdl-2", &["bundle-search"]),
    ("bdl-3", &["bundle-request"]),
    ("bdl-4", &["bundle-response"]),
    ("bdl-5", &["bundle-entry-resource"]),
    ("bdl-7", &["bundle-full-url-duplicate"]),
    ("bdl-8", &["bundle-full-url-version"]),
    ("bdl-9", &["bundle-document"]),
    ("dom-2", &["contained-nested"]),
    ("dom-3", &["contained-referenced"]),
    ("dom-4", &["contained-version"]),
    ("dom-5", &["contained-security"]),
    ("dom-6", &["narrative-recommended"]),
    ("ele-1", &["object-empty", "null-value", "string-empty"]),
    ("ext-1", &["extension-value"]),
    ("ref-1", &["reference-contained"]),
    ("txt-1", &["narrative-element", "narrative-attribute", "narrative-form"]),
    ("txt-2", &["narrative-empty"]),
];

/// Whether a rule of ours checks the invariant.
pub fn is_native(key: &str) -> bool {
    NATIVE.binary_search_by(|(known, _)| (*known).cmp(key)).is_ok()
}

#[cfg(test)]
mod tests {
    use crate::fhir::path::{Context, Expression, NoResolver};
    use crate::fhir::{Definitions, Document};
    use crate::validate::testing::found;
    use crate::validate::{Setting, resource, rules};

    use super::*;

    #[test]
    fn the_table_is_sorted_and_names_rules_and_invariants_that_exist() {
        assert!(NATIVE.is_sorted_by(|a, b| a.0 < b.0));
        for (key, names) in NATIVE {
            assert!(names.iter().all(|name| rules::ALL.iter().any(|rule| rule.name == *name)), "{key}");
            assert!(expression(key).is_some(), "{key}");
        }
    }

    /// The invariant's expression.
    fn expression(key: &str) -> Option<Expression> {
        let mut all = Definitions::r4().types().iter().flat_map(|def| {
            let of_elements = def.elements.iter().flat_map(|element| &element.constraints);
            def.constraints.iter().chain(of_elements)
        });
        Some(Expression::parse(&all.find(|it| it.key == key)?.expression).unwrap())
    }

    fn holds(key: &str, json: &str, pointer: &str) -> bool {
        let document = Document::parse(json).unwrap();
        let expression = expression(key).unwrap();
        let node = steps(pointer).fold(document.root(), |node, step| {
            let index = step.parse().ok();
            index.and_then(|index| node.children().nth(index)).or_else(|| node.get(step)).unwrap()
        });
        let context = Context { resource: document.root(), now: jiff::Timestamp::UNIX_EPOCH, resolver: &NoResolver };
        expression.is_true(&context, node).unwrap()
    }

    fn steps(pointer: &str) -> impl Iterator<Item = &str> {
        pointer.split('/').filter(|step| !step.is_empty())
    }

    /// Key, a resource that meets it, one that breaks it, and where the invariant's element is in both.
    #[rustfmt::skip]
    const CASES: &[(&str, &str, &str, &str)] = &[
        ("bdl-1", r#"{"resourceType":"Bundle","type":"searchset","total":0}"#,
            r#"{"resourceType":"Bundle","type":"collection","total":0}"#, ""),
        ("bdl-2", r#"{"resourceType":"Bundle","type":"searchset","entry":[{"fullUrl":"http://a.example/List/1",
            "resource":{"resourceType":"List","id":"1","status":"current","mode":"working"},"search":{"mode":"match"}}]}"#,
            r#"{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"http://a.example/List/1",
            "resource":{"resourceType":"List","id":"1","status":"current","mode":"working"},"search":{"mode":"match"}}]}"#, ""),
        ("bdl-3", r#"{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Patient/1"}}]}"#,
            r#"{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Basic","code":{"text":"x"}}}]}"#, ""),
        ("bdl-4", r#"{"resourceType":"Bundle","type":"batch-response","entry":[{"response":{"status":"200"}}]}"#,
            r#"{"resourceType":"Bundle","type":"batch-response","entry":[{"resource":{"resourceType":"Basic","code":{"text":"x"}}}]}"#, ""),
        ("bdl-5", r#"{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Patient/1"}}]}"#,
            r#"{"resourceType":"Bundle","type":"collection","entry":[{"link":[{"relation":"self","url":"http://a.example"}]}]}"#, "/entry/0"),
        ("bdl-7", r#"{"resourceType":"Bundle","type":"collection","entry":[
            {"fullUrl":"http://a.example/Basic/1","resource":{"resourceType":"Basic","id":"1","meta":{"versionId":"1"},"code":{"text":"x"}}},
            {"fullUrl":"http://a.example/Basic/1","resource":{"resourceType":"Basic","id":"1","meta":{"versionId":"2"},"code":{"text":"x"}}}]}"#,
            r#"{"resourceType":"Bundle","type":"collection","entry":[
            {"fullUrl":"http://a.example/Basic/1","resource":{"resourceType":"Basic","id":"1","code":{"text":"x"}}},
            {"fullUrl":"http://a.example/Basic/1","resource":{"resourceType":"Basic","id":"1","code":{"text":"x"}}}]}"#, ""),
        ("bdl-8", r#"{"resourceType":"Bundle","type":"collection","entry":[
            {"fullUrl":"http://a.example/Basic/1","resource":{"resourceType":"Basic","id":"1","code":{"text":"x"}}}]}"#,
            r#"{"resourceType":"Bundle","type":"collection","entry":[
            {"fullUrl":"http://a.example/Basic/1/_history/2","resource":{"resourceType":"Basic","id":"1","code":{"text":"x"}}}]}"#, "/entry/0"),
        ("bdl-9", DOCUMENT, r#"{"resourceType":"Bundle","type":"document","timestamp":"2026-03-02T08:00:00Z","identifier":{"value":"b"}}"#, ""),
        ("bdl-10", DOCUMENT, r#"{"resourceType":"Bundle","type":"document","identifier":{"system":"urn:a","value":"b"}}"#, ""),
        ("bdl-11", DOCUMENT, r#"{"resourceType":"Bundle","type":"document","identifier":{"system":"urn:a","value":"b"},
            "timestamp":"2026-03-02T08:00:00Z","entry":[{"fullUrl":"http://a.example/Basic/1",
            "resource":{"resourceType":"Basic","id":"1","code":{"text":"x"}}}]}"#, ""),
        ("bdl-12", r#"{"resourceType":"Bundle","type":"message","entry":[{"fullUrl":"http://a.example/MessageHeader/1","resource":
            {"resourceType":"MessageHeader","id":"1","eventUri":"urn:a","source":{"endpoint":"urn:b"}}}]}"#,
            r#"{"resourceType":"Bundle","type":"message","entry":[{"fullUrl":"http://a.example/Basic/1",
            "resource":{"resourceType":"Basic","id":"1","code":{"text":"x"}}}]}"#, ""),
        ("dom-2", CONTAINED, r##"{"resourceType":"Basic","code":{"text":"x"},"author":{"reference":"#a"},"contained":[
            {"resourceType":"Practitioner","id":"a","contained":[{"resourceType":"Basic","code":{"text":"x"}}]}]}"##, ""),
        ("dom-3", CONTAINED, r##"{"resourceType":"Basic","code":{"text":"x"},"contained":[
            {"resourceType":"Practitioner","id":"a"}]}"##, ""),
        ("dom-4", CONTAINED, r##"{"resourceType":"Basic","code":{"text":"x"},"author":{"reference":"#a"},"contained":[
            {"resourceType":"Practitioner","id":"a","meta":{"versionId":"1"}}]}"##, ""),
        ("dom-4", CONTAINED, r##"{"resourceType":"Basic","code":{"text":"x"},"author":{"reference":"#a"},"contained":[
            {"resourceType":"Practitioner","id":"a","meta":{"lastUpdated":"2026-03-02T08:00:00Z"}}]}"##, ""),
        ("dom-5", CONTAINED, r##"{"resourceType":"Basic","code":{"text":"x"},"author":{"reference":"#a"},"contained":[
            {"resourceType":"Practitioner","id":"a","meta":{"security":[{"code":"R"}]}}]}"##, ""),
        ("dom-6", NARRATIVE, r#"{"resourceType":"Patient"}"#, ""),
        ("ele-1", r#"{"resourceType":"Patient","name":[{"family":"A"}]}"#,
            r#"{"resourceType":"Patient","name":[{"id":"a"}]}"#, "/name/0"),
        ("ext-1", r#"{"resourceType":"Patient","extension":[{"url":"http://a.example","valueCode":"x"}]}"#,
            r#"{"resourceType":"Patient","extension":[{"url":"http://a.example"}]}"#, "/extension/0"),
        ("ext-1", r#"{"resourceType":"Patient","extension":[{"url":"http://a.example","extension":[{"url":"a","valueCode":"x"}]}]}"#,
            r#"{"resourceType":"Patient","extension":[{"url":"http://a.example","valueCode":"x","extension":[{"url":"a","valueCode":"x"}]}]}"#,
            "/extension/0"),
        ("ref-1", r##"{"resourceType":"Basic","code":{"text":"x"},"author":{"reference":"#a"},"contained":[
            {"resourceType":"Practitioner","id":"a"}]}"##,
            r##"{"resourceType":"Basic","code":{"text":"x"},"author":{"reference":"#b"}}"##, "/author"),
        ("txt-1", NARRATIVE, r#"{"resourceType":"Patient","text":{"status":"generated",
            "div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><video>x</video></div>"}}"#, "/text/div"),
        ("txt-1", NARRATIVE, r#"{"resourceType":"Patient","text":{"status":"generated","div":"<p>x</p>"}}"#, "/text/div"),
        ("txt-2", NARRATIVE, r#"{"resourceType":"Patient","text":{"status":"generated",
            "div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"> </div>"}}"#, "/text/div"),
    ];

    const DOCUMENT: &str = r#"{"resourceType":"Bundle","type":"document","identifier":{"system":"urn:a","value":"b"},
        "timestamp":"2026-03-02T08:00:00Z","entry":[{"fullUrl":"http://a.example/Composition/1","resource":
        {"resourceType":"Composition","id":"1","status":"final","type":{"text":"x"},"date":"2026-03-02","title":"x",
        "author":[{"display":"x"}]}}]}"#;
    const CONTAINED: &str = r##"{"resourceType":"Basic","code":{"text":"x"},"author":{"reference":"#a"},"contained":[
        {"resourceType":"Practitioner","id":"a"}]}"##;
    const NARRATIVE: &str = r#"{"resourceType":"Patient","text":{"status":"generated",
        "div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"}}"#;

    /// All rules that a resource breaks, best practice included.
    fn broken(json: &str) -> Vec<&'static str> {
        let library = crate::fhir::Library::embedded();
        let setting = Setting { must_support: true, ..Setting::new(library, jiff::Timestamp::UNIX_EPOCH) };
        resource(&Document::parse(json).unwrap(), &setting).issues.iter().map(|issue| issue.rule).collect()
    }

    #[test]
    fn our_rules_and_the_expressions_agree() {
        for (key, good, bad, pointer) in CASES {
            let (_, names) = NATIVE.iter().find(|(known, _)| known == key).unwrap();
            let says = |json| broken(json).iter().any(|rule| names.contains(rule));
            assert!(holds(key, good, pointer) && !says(good), "{key}: {:?}", found(good));
            assert!(!holds(key, bad, pointer) && says(bad), "{key}: {:?}", found(bad));
        }
    }

    #[test]
    fn every_invariant_of_the_table_has_a_case() {
        for (key, _) in NATIVE {
            assert!(CASES.iter().any(|case| case.0 == *key), "{key}");
        }
    }
}
