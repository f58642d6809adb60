//! What the gateway itself writes into a received resource: `id`, `meta.versionId`, `meta.lastUpdated`, and references
//! that a transaction resolved. Every other byte stays as it was received.

use jiff::Timestamp;

use super::instant;
use super::reference::ResourceId;
use super::splice::{Splices, Undo};
use super::tree::{Kind, NodeRef};
use super::value::quoted;

/// The gateway's own marks on a version.
#[derive(Debug, Clone)]
pub struct Stamp<'a> {
    /// The logical id.
    pub id: &'a ResourceId,
    /// `meta.versionId`
    pub version: u64,
    /// `meta.lastUpdated`
    pub updated: Timestamp,
}

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
    let marks =
        [("versionId", quoted(&stamp.version.to_string())), ("lastUpdated", quoted(&instant::format(stamp.updated)))];
    match resource.get("meta").filter(|meta| meta.kind() == Kind::Object) {
        Some(meta) => stamp_meta(meta, &marks, &mut edit),
        None => missing += &format!(",\"meta\":{{\"versionId\":{},\"lastUpdated\":{}}}", marks[0].1, marks[1].1),
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

fn stamp_meta(meta: NodeRef<'_>, marks: &[(&str, String); 2], edit: &mut impl FnMut(usize, usize, String)) {
    let mut missing = Vec::new();
    for (name, value) in marks {
        match meta.get(name) {
            Some(old) => edit(old.span().start, old.span().end, value.clone()),
            None => missing.push(format!("\"{name}\":{value}")),
        }
    }
    if !missing.is_empty() {
        let comma = if meta.children().next().is_some() { "," } else { "" };
        let start = meta.span().start + 1;
        edit(start, start, missing.join(",") + comma);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::Document;

    fn stamped(text: &str) -> (String, String) {
        let document = Document::parse(text).unwrap();
        let id = ResourceId::parse("new").unwrap();
        let (out, undo) = stamp(
            document.root(),
            &Stamp { id: &id, version: 2, updated: "2026-03-02T08:00:00Z".parse().unwrap() },
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
}
