//! The elements of a message in document order, with where each began and whether anybody asked for it.

use std::cell::Cell;

use crate::fhir::outcome::Place;

/// What an element's namespace is to us; prefixes play no part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Namespace {
    /// The contract's own elements: the response, its records and its result.
    Responder,
    /// The domain's types: all that is inside of them.
    Domain,
    /// SOAP 1.1.
    Soap,
    /// XML Schema instance (`xsi`).
    Instance,
    /// Any other, or none.
    Other,
}

impl Namespace {
    /// The namespace behind a URI.
    pub(super) fn of(uri: &[u8]) -> Self {
        match uri {
            b"urn:riv:clinicalprocess:activityprescription:actoutcome:GetMedicationHistoryResponder:2" => {
                Self::Responder
            }
            b"urn:riv:clinicalprocess:activityprescription:actoutcome:2" => Self::Domain,
            b"http://schemas.xmlsoap.org/soap/envelope/" => Self::Soap,
            b"http://www.w3.org/2001/XMLSchema-instance" => Self::Instance,
            _ => Self::Other,
        }
    }
}

/// An element.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) name: Box<str>,
    pub(super) namespace: Namespace,
    pub(super) text: String,
    pub(super) parent: Option<usize>,
    pub(super) children: Vec<usize>,
    /// The byte at which its start tag begins.
    pub(super) offset: usize,
    /// Whether it says `xsi:nil`: it is there to say that nothing is.
    pub(super) nil: bool,
    pub(super) taken: Cell<bool>,
}

/// A message: its elements, a parent always before its children.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) lines: Lines,
}

impl Tree {
    /// The place of an element.
    pub(super) fn place(&self, at: usize) -> Place {
        let offset = self.nodes.get(at).map_or(0, |node| node.offset);
        Place { expression: self.path(at), pointer: String::new(), position: Some(self.lines.position(offset)) }
    }

    /// The way to an element, as XPath writes it: `/a/b[2]/c`; a number only where there are several of that name.
    pub(super) fn path(&self, at: usize) -> String {
        let mut steps = Vec::new();
        let mut next = Some(at);
        while let Some(here) = next {
            steps.push(self.step(here));
            next = self.nodes.get(here).and_then(|node| node.parent);
        }
        steps.iter().rev().fold(String::new(), |path, step| path + "/" + step)
    }

    fn step(&self, at: usize) -> String {
        let Some(node) = self.nodes.get(at) else { return String::new() };
        let name = shown(&node.name);
        let siblings = node.parent.and_then(|parent| self.nodes.get(parent)).map_or(&[][..], |parent| &parent.children);
        let same = |other: &&usize| self.nodes.get(**other).is_some_and(|other| other.name == node.name);
        match siblings.iter().filter(same).count() {
            0 | 1 => name.to_owned(),
            _ => format!("{name}[{}]", siblings.iter().filter(same).take_while(|other| **other != at).count() + 1),
        }
    }
}

/// A name as it may be shown: an element's name is the sender's text, and not all senders mean well.
fn shown(name: &str) -> &str {
    let plain = name.len() <= 60 && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    if plain { name } else { "*" }
}

/// Where the lines of a text begin.
#[derive(Debug)]
pub(super) struct Lines(Vec<usize>);

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let after_breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self(std::iter::once(0).chain(after_breaks).collect())
    }

    /// Line and column (in bytes) of a byte, both from 1.
    pub(super) fn position(&self, offset: usize) -> (u32, u32) {
        let line = self.0.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|index| self.0.get(index)).copied().unwrap_or(0);
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        (narrow(line), narrow(offset - start + 1))
    }
}
