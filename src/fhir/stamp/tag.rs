//! The gateway's own tag in `meta.tag`: there or not there, with every other tag kept as it was received.

use std::ops::Range;

use super::INVALID;
use crate::fhir::tree::{Kind, NodeRef};
use crate::fhir::value::quoted;

/// What becomes of `meta.tag`; ranges are of the document.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// It stays as it is.
    None,
    /// There is none yet: its value.
    Add(String),
    /// Its value is another one.
    Replace(Range<usize>, String),
    /// The member goes, with the comma that parted it from the next or the last one.
    Remove(Range<usize>),
}

/// The change that makes `meta` carry the tag, or not carry it.
pub(super) fn change(meta: Option<NodeRef<'_>>, is_invalid: bool) -> Change {
    let Some(tags) = meta.and_then(|meta| meta.get("tag")) else {
        return if is_invalid { Change::Add(format!("[{}]", ours())) } else { Change::None };
    };
    let carries = tags.children().any(is_ours);
    if tags.kind() != Kind::Array || carries == is_invalid {
        return Change::None;
    }
    let mut kept: Vec<String> = tags.children().filter(|tag| !is_ours(*tag)).map(|tag| tag.text().to_owned()).collect();
    if is_invalid {
        kept.push(ours());
    }
    match (kept.is_empty(), member(tags)) {
        (true, Some(range)) => Change::Remove(range),
        _ => Change::Replace(tags.span(), format!("[{}]", kept.join(","))),
    }
}

fn ours() -> String {
    format!("{{\"system\":{},\"code\":{}}}", quoted(INVALID.0), quoted(INVALID.1))
}

fn is_ours(tag: NodeRef<'_>) -> bool {
    tag.str_at("system").as_deref() == Some(INVALID.0) && tag.str_at("code").as_deref() == Some(INVALID.1)
}

/// A member with its name and one comma beside it.
fn member(value: NodeRef<'_>) -> Option<Range<usize>> {
    let text = value.document().text();
    // The name's span leaves out its quotation marks.
    let start = value.key_span()?.start.checked_sub(1)?;
    let end = value.span().end;
    let after = text.get(end..)?;
    if let Some(rest) = after.trim_start().strip_prefix(',') {
        return Some(start..text.len() - rest.len());
    }
    let before = text.get(..start)?.trim_end();
    Some(before.strip_suffix(',').map_or(start, str::len)..end)
}
