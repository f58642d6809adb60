//! Changes to a text that leave every other byte as it was received, and can be taken back.
//!
//! The gateway must set `id` and `meta` and resolve references, and still hold what was received. It keeps the text
//! as served and the [`Undo`] that restores the received bytes; the hash of those proves it.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A set of replacements over one text.
#[derive(Debug, Clone, Default)]
pub struct Splices {
    edits: Vec<(Range<usize>, String)>,
}

/// What takes the changes back: for each, where it stands in the new text, how long it is, and what stood there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo(Vec<(usize, usize, String)>);

impl Splices {
    /// No change yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces a byte range; an empty range inserts. Ranges must not overlap.
    pub fn replace(&mut self, range: Range<usize>, with: impl Into<String>) {
        self.edits.push((range, with.into()));
    }

    /// Inserts at a byte offset.
    pub fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.replace(at..at, text);
    }

    /// Whether there is nothing to change.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// The new text, and what takes it back.
    pub fn apply(mut self, text: &str) -> (String, Undo) {
        self.edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = String::with_capacity(text.len() + self.edits.iter().map(|(_, with)| with.len()).sum::<usize>());
        let mut undo = Vec::with_capacity(self.edits.len());
        let mut at = 0;
        for (range, with) in self.edits {
            debug_assert!(range.start >= at, "edits overlap");
            out.push_str(&text[at..range.start]);
            undo.push((out.len(), with.len(), text[range.clone()].to_owned()));
            out.push_str(&with);
            at = range.end;
        }
        out.push_str(&text[at..]);
        (out, Undo(undo))
    }
}

impl Undo {
    /// The text before the changes.
    pub fn restore(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for (start, len, before) in &self.0 {
            out.push_str(&text[at..*start]);
            out.push_str(before);
            at = start + len;
        }
        out.push_str(&text[at..]);
        out
    }

    /// Whether nothing was changed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn edits_in_any_order_land_in_their_places() {
        let mut splices = Splices::new();
        splices.replace(6..9, "World");
        splices.insert(0, "> ");
        splices.replace(9..10, "");
        let (text, undo) = splices.apply("hello you!");
        assert_eq!(text, "> hello World");
        assert_eq!(undo.restore(&text), "hello you!");
    }

    #[test]
    fn insertions_at_one_place_keep_their_order_and_stand_before_a_replacement() {
        let mut splices = Splices::new();
        splices.replace(1..2, "B");
        splices.insert(1, "1");
        splices.insert(1, "2");
        let (text, undo) = splices.apply("abc");
        assert_eq!(text, "a12Bc");
        assert_eq!(undo.restore(&text), "abc");
    }

    #[test]
    fn no_edit_changes_nothing() {
        let (text, undo) = Splices::new().apply("å");
        assert_eq!(text, "å");
        assert!(undo.is_empty() && Splices::new().is_empty());
    }

    /// A text and edits of it that do not overlap: pieces that stay, and pieces with what replaces them.
    fn edited() -> impl Strategy<Value = Vec<(String, String, String)>> {
        prop::collection::vec(("\\PC{0,4}", "\\PC{0,4}", "\\PC{0,4}"), 0..6)
    }

    proptest! {
        #[test]
        fn undo_restores_every_byte(pieces in edited(), backwards: bool) {
            let (mut before, mut after, mut edits) = (String::new(), String::new(), Vec::new());
            for (kept, old, new) in &pieces {
                before += &format!("{kept}|{old}");
                after += &format!("{kept}|{new}");
                edits.push((before.len() - old.len()..before.len(), new.clone()));
            }
            if backwards {
                edits.reverse();
            }
            let (text, undo) = Splices { edits }.apply(&before);
            prop_assert_eq!(&text, &after);
            prop_assert_eq!(undo.restore(&text), before);
        }
    }
}
