//! An element of the message: each getter marks what it gives as taken, and notes what the contract does not allow.

use std::cell::{Cell, RefCell};

use jiff::Timestamp;

use super::tree::{Namespace, Node, Tree};
use super::words::{MORE, NAMESPACE, REPEATED, REQUIRED, TEXT_TOO_LONG, UNMAPPED, Words};
use crate::fhir::outcome::Place;
use crate::fhir::{Issue, IssueCode};
use crate::identity::IdentityFault;

/// The most issues of one sort, errors or not, that are told.
const MOST_ISSUES: usize = 500;
/// The longest text that the concept takes, in characters.
const LONGEST_TEXT: usize = 4000;

/// A message being read.
pub(super) struct Reading {
    tree: Tree,
    issues: RefCell<Vec<Issue>>,
    /// How many errors and how many other issues were met, told or not.
    met: [Cell<usize>; 2],
    now: Timestamp,
}

impl Reading {
    pub(super) fn new(tree: Tree, now: Timestamp) -> Self {
        Self { tree, issues: RefCell::default(), met: Default::default(), now }
    }

    /// The present instant.
    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    /// The outermost element.
    pub(super) fn root(&self) -> El<'_> {
        El { reading: self, at: 0 }
    }

    /// Notes an issue; an error is never crowded out by what is less. The place costs a walk, so it is asked for only
    /// when the issue is going to be told.
    fn note(&self, is_error: bool, issue: impl FnOnce() -> Issue) {
        let met = &self.met[usize::from(is_error)];
        if met.get() < MOST_ISSUES {
            self.issues.borrow_mut().push(issue());
        }
        met.set(met.get() + 1);
    }

    /// What was read, with everything that was noted; no list when there is an error.
    pub(super) fn finish<T>(self, read: Option<T>) -> Result<(T, Vec<Issue>), Vec<Issue>> {
        // Where there is an error, not everything was looked at: what was left says nothing.
        if !self.issues.borrow().iter().any(Issue::is_error) {
            self.report_leftovers();
        }
        let mut issues = self.issues.into_inner();
        if self.met.iter().any(|met| met.get() > MOST_ISSUES) {
            issues.push(MORE.at(Place::default()));
        }
        match read {
            Some(read) if !issues.iter().any(Issue::is_error) => Ok((read, issues)),
            _ => Err(issues),
        }
    }

    /// Every element that nobody took, the outermost of each such group.
    fn report_leftovers(&self) {
        let nodes = &self.tree.nodes;
        let mut touched: Vec<bool> = nodes.iter().map(|node| node.taken.get()).collect();
        for at in (0..nodes.len()).rev() {
            let below = nodes[at].children.iter().any(|child| touched[*child]);
            touched[at] |= below;
        }
        for (at, node) in nodes.iter().enumerate() {
            let told_above = node.parent.is_some_and(|parent| !touched[parent]);
            let says_nothing = node.children.is_empty() && (node.text.trim().is_empty() || node.nil);
            let words_between = !node.children.is_empty() && !node.taken.get() && !node.text.trim().is_empty();
            if !told_above && !says_nothing && (!touched[at] || words_between) {
                self.note(false, || UNMAPPED.at(self.tree.place(at)));
            }
        }
    }
}

/// An element of the message.
#[derive(Clone, Copy)]
pub(super) struct El<'r> {
    reading: &'r Reading,
    at: usize,
}

impl<'r> El<'r> {
    pub(super) fn reading(self) -> &'r Reading {
        self.reading
    }

    fn node(self) -> &'r Node {
        &self.reading.tree.nodes[self.at]
    }

    /// Whether it has that name in that namespace.
    pub(super) fn is(self, namespace: Namespace, name: &str) -> bool {
        self.node().namespace == namespace && &*self.node().name == name
    }

    /// Whether it counts occasions, not time.
    pub(super) fn is_frequency(self) -> bool {
        &*self.node().name == "frequency"
    }

    /// All its child elements.
    pub(super) fn children(self) -> impl Iterator<Item = Self> {
        self.node().children.iter().map(move |at| Self { at: *at, ..self })
    }

    /// Its child elements of that name, whatever their namespace.
    fn named(self, name: &str) -> impl Iterator<Item = Self> {
        self.children().filter(move |child| &*child.node().name == name)
    }

    /// The children of that name. One in a foreign namespace is an error: it must not pass for absent.
    pub(super) fn list(self, name: &str) -> Vec<Self> {
        let wanted = match name {
            "medicationMedicalRecord" | "result" => Namespace::Responder,
            _ => Namespace::Domain,
        };
        let mut found = Vec::new();
        for child in self.named(name) {
            if child.node().namespace != wanted {
                child.note(&NAMESPACE);
            } else if !child.node().nil {
                found.push(child);
            }
        }
        found
    }

    /// The child of that name, of which there may be one.
    pub(super) fn get(self, name: &str) -> Option<Self> {
        let found = self.list(name);
        if let Some(second) = found.get(1) {
            second.note(&REPEATED);
        }
        found.first().copied()
    }

    /// The child of that name, which must be there and say something.
    pub(super) fn required(self, name: &str) -> Option<Self> {
        match self.get(name) {
            Some(child) if child.peek().is_some() || child.children().next().is_some() => return Some(child),
            Some(blank) => blank.note(&REQUIRED),
            None => self.note_missing(name, &REQUIRED),
        }
        None
    }

    /// Marks this element as taken.
    pub(super) fn take(self) {
        self.node().taken.set(true);
    }

    /// Takes this element and all that is in it: one issue has told of the whole.
    pub(super) fn take_whole(self) {
        self.take();
        self.children().for_each(Self::take_whole);
    }

    /// Takes the child of that name without a look at it.
    pub(super) fn skip(self, name: &str) {
        self.list(name).into_iter().for_each(Self::take);
    }

    /// Its text without the white space around; `None` when there is none. Not taken.
    pub(super) fn peek(self) -> Option<&'r str> {
        let text = self.node().text.trim();
        (!text.is_empty()).then_some(text)
    }

    /// Its text, taken.
    pub(super) fn text(self) -> Option<String> {
        self.take();
        let text = self.peek()?;
        if text.chars().count() > LONGEST_TEXT {
            self.note(&TEXT_TOO_LONG);
        }
        Some(text.to_owned())
    }

    /// The text of the child of that name.
    pub(super) fn text_of(self, name: &str) -> Option<String> {
        self.get(name)?.text()
    }

    /// The text of the child of that name, which must be there.
    pub(super) fn required_text(self, name: &str) -> Option<String> {
        self.required(name)?.text()
    }

    /// Notes an issue at this element.
    pub(super) fn note(self, words: &Words) {
        self.reading.note(words.is_error(), || words.at(self.place()));
    }

    /// Notes an error of the identity numbers at this element.
    pub(super) fn note_identity(self, fault: IdentityFault) {
        self.reading.note(true, || {
            Issue::error(IssueCode::Value, fault.rule(), fault.english(), fault.swedish()).at(self.place())
        });
    }

    /// Notes an issue at a child that is not there.
    pub(super) fn note_missing(self, name: &str, words: &Words) {
        self.reading.note(words.is_error(), || {
            let mut place = self.place();
            place.expression = format!("{}/{name}", place.expression);
            words.at(place)
        });
    }

    /// Its place.
    fn place(self) -> Place {
        self.reading.tree.place(self.at)
    }
}
