//! What the gateway itself writes into a received resource: `id`, `meta.versionId`, `meta.lastUpdated`, its own tag, and
//! references that a transaction resolved. Every other byte stays as it was received.

mod tag;

use jiff::Timestamp;

use super::instant;
use super::reference::ResourceId;
use super::splice::{Splices, Undo};
use super::tree::{Kind, NodeRef};
use super::value::quoted;

use tag::Change;

/// The gateway's own marks on a version.
#[derive(Debug, Clone)]
pub struct Stamp<'a> {
    /// The logical id.
    pub id: &'a ResourceId,
    /// `meta.versionId`
    pub version: u64,
    /// `meta.lastUpdated`
    pub updated: Timestamp,
    /// Whether the version carries the [tag](INVALID) of content that was let through with faults. It is the gateway's own
    /// mark: a version that is without faults loses it, whoever sent it.
    pub is_invalid: bool,
}

/// System and code of the tag of content that was let through with faults.
pub const INVALID: (&str, &str) = ("https://vardbro.example/fhir/CodeSystem/validation", "invalid");

/// The text of `resource` with the stamp and with `replaced` strings (a string value's node and its new content) in
/// place, and what restores the received text.
///
/// `resource` must be an object with a `resourceType`; without one the stamp is left out.
pub fn stamp(resource: NodeRef<'_>, stamp: &Stamp<'_>, replaced: &[(NodeRef<'_>, String)]) -> (String, Undo) {
    let offset = resource.span().start;
    let mut splices = Splices::new();
    let mut edit = |from: usize, to: usize, with: String| splices.replace(from - offset..to - offset, with);
    let mut missing = String::new();
    match resource.get("id") {
        Some(id) => edit(id.span().start, id.span().end, quoted(stamp.id.as_str())),
        None => missing += &format!(",\"id\":{}", quoted(stamp.id.as_str())),
    }
    let meta = resource.get("meta").filter(|meta| meta.kind() == Kind::Object);
    let tag = tag::change(meta, stamp.is_invalid);
    let mut marks = vec![
        ("versionId", quoted(&stamp.version.to_string())),
        ("lastUpdated", quoted(&instant::format(stamp.updated))),
    ];
    if let Change::Add(tags) = &tag {
        marks.push(("tag", tags.clone()));
    }
    match meta {
        Some(meta) => stamp_meta(meta, &marks, &tag, &mut edit),
        None => {
            let members: Vec<String> = marks.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
            missing += &format!(",\"meta\":{{{}}}", members.join(","));
        }
    }
    if let Some(kind) = resource.get("resourceType")
        && !missing.is_empty()
    {
        edit(kind.span().end, kind.span().end, missing);
    }
    for (node, content) in replaced {
        edit(node.span().start, node.span().end, quoted(content));
    }
    splices.apply(resource.text())
}

fn stamp_meta(meta: NodeRef<'_>, marks: &[(&str, String)], tag: &Change, edit: &mut impl FnMut(usize, usize, String)) {
    let mut missing = Vec::new();
    let mut members = meta.children().count();
    for (name, value) in marks {
        match meta.get(name) {
            Some(old) => edit(old.span().start, old.span().end, value.clone()),
            None => missing.push(format!("\"{name}\":{value}")),
        }
    }
    match tag {
        Change::Replace(range, text) => edit(range.start, range.end, text.clone()),
        Change::Remove(range) => {
            members -= 1;
            edit(range.start, range.end, String::new());
        }
        Change::None | Change::Add(_) => {}
    }
    if !missing.is_empty() {
        let comma = if members > 0 { "," } else { "" };
        let start = meta.span().start + 1;
        edit(start, start, missing.join(",") + comma);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::Document;

    fn stamped(text: &str) -> (String, String) {
        stamped_as(text, false)
    }

    fn stamped_as(text: &str, is_invalid: bool) -> (String, String) {
        let document = Document::parse(text).unwrap();
        let id = ResourceId::parse("new").unwrap();
        let (out, undo) = stamp(
            document.root(),
            &Stamp { id: &id, version: 2, updated: "2026-03-02T08:00:00Z".parse().unwrap(), is_invalid },
            &[],
        );
        let restored = undo.restore(&out);
        (out, restored)
    }

    #[test]
    fn what_is_missing_is_added_after_the_type() {
        let (out, restored) = stamped(r#"{"resourceType":"Basic" , "x":1.50}"#);
        assert_eq!(
            out,
            r#"{"resourceType":"Basic","id":"new","meta":{"versionId":"2","lastUpdated":"2026-03-02T08:00:00.000Z"} , "x":1.50}"#
        );
        assert_eq!(restored, r#"{"resourceType":"Basic" , "x":1.50}"#);
    }

    #[test]
    fn what_is_there_is_replaced_and_the_rest_of_meta_stays() {
        let received = r#"{"meta":{"profile":["p"],"versionId":"99"},"id":"old","resourceType":"Basic"}"#;
        let (out, restored) = stamped(received);
        assert_eq!(
            out,
            r#"{"meta":{"lastUpdated":"2026-03-02T08:00:00.000Z","profile":["p"],"versionId":"2"},"id":"new","resourceType":"Basic"}"#
        );
        assert_eq!(restored, received);
    }

    const TAG: &str = r#"{"system":"https://vardbro.example/fhir/CodeSystem/validation","code":"invalid"}"#;

    /// The tags of the stamped text, which must be JSON and give back what was received.
    fn tags(received: &str, is_invalid: bool) -> Option<String> {
        let (out, restored) = stamped_as(received, is_invalid);
        assert_eq!(restored, received);
        let document = Document::parse(out).unwrap();
        let meta = document.root().get("meta").unwrap();
        assert!(meta.get("versionId").is_some() && meta.get("lastUpdated").is_some());
        meta.get("tag").map(|tag| tag.text().to_owned())
    }

    #[test]
    fn what_was_let_through_with_faults_is_tagged_once() {
        let ours = format!("[{TAG}]");
        assert_eq!(tags(r#"{"resourceType":"Basic"}"#, true).as_deref(), Some(ours.as_str()));
        assert_eq!(tags(r#"{"resourceType":"Basic","meta":{}}"#, true).as_deref(), Some(ours.as_str()));
        assert_eq!(
            tags(r#"{"resourceType":"Basic","meta":{"tag":[ {"code":"x"} ]}}"#, true),
            Some(format!(r#"[{{"code":"x"}},{TAG}]"#))
        );
        let tagged = format!(r#"{{"resourceType":"Basic","meta":{{"tag":[{TAG}]}}}}"#);
        assert_eq!(tags(&tagged, true).as_deref(), Some(ours.as_str()));
    }

    #[test]
    fn what_is_corrected_loses_the_tag_wherever_it_stands() {
        for meta in [
            format!(r#"{{ "tag" : [{TAG}] }}"#),
            format!(r#"{{"tag":[{TAG}] , "source":"a,b"}}"#),
            format!(r#"{{"source":"a,b" , "tag":[{TAG}]}}"#),
            format!(r#"{{"versionId":"1","tag":[{TAG}],"lastUpdated":"2026-01-01T00:00:00Z"}}"#),
        ] {
            assert_eq!(tags(&format!(r#"{{"resourceType":"Basic","meta":{meta}}}"#), false), None, "{meta}");
        }
        let two = format!(r#"{{"resourceType":"Basic","meta":{{"tag":[{TAG},{{"code":"x"}}]}}}}"#);
        assert_eq!(tags(&two, false).as_deref(), Some(r#"[{"code":"x"}]"#));
    }
}
