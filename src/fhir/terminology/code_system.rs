//! A CodeSystem's codes ([CodeSystem](https://hl7.org/fhir/R4/codesystem.html)): owned, compact, found by hash.

mod hierarchy;
mod read;
#[cfg(test)]
mod tests;

pub(super) use hierarchy::Chosen;

use super::fold;
use super::index::{Index, Span, Texts};

/// How much of a code system a CodeSystem resource holds
/// ([content](https://hl7.org/fhir/R4/valueset-codesystem-content-mode.html)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Content {
    /// Nothing.
    #[default]
    NotPresent,
    /// A few examples.
    Example,
    /// A part.
    Fragment,
    /// All of it.
    Complete,
    /// More about the codes of another code system.
    Supplement,
}

/// A CodeSystem's codes.
#[derive(Debug, Default)]
pub struct CodeSystem {
    /// Its canonical URL without version.
    pub url: Box<str>,
    /// Its version; empty where it has none.
    pub version: Box<str>,
    /// Its title, or its name.
    pub title: Box<str>,
    /// `draft`, `active`, `retired` or `unknown`.
    pub status: Box<str>,
    /// The language of its displays; empty where it does not say.
    pub language: Box<str>,
    /// How much of it is here.
    pub content: Content,
    /// Whether case tells codes apart; `None` where it does not say.
    pub case_sensitive: Option<bool>,
    /// The value set of all its codes; empty where it names none.
    pub value_set: Box<str>,
    /// For a supplement, the code system that it adds to.
    pub supplements: Box<str>,
    texts: Texts,
    concepts: Vec<Entry>,
    /// Displays and designations beyond the display, with their languages; a concept has a range of them.
    designations: Vec<Designation>,
    /// The values of properties; a concept has a range of them.
    properties: Vec<Property>,
    /// The names of properties, by their numbers.
    property_names: Vec<Box<str>>,
    /// The numbers of concepts that others lie under; a concept has a range of them.
    parents: Vec<u32>,
    index: Index,
}

#[derive(Debug, Clone, Default)]
struct Entry {
    code: Span,
    display: Span,
    /// Where its designations, properties and parents end; they begin where those of the concept before it end.
    designations: u32,
    properties: u32,
    parents: u32,
    is_inactive: bool,
    is_deprecated: bool,
    is_abstract: bool,
}

#[derive(Debug, Clone, Copy)]
struct Designation {
    language: Span,
    text: Span,
}

#[derive(Debug, Clone, Copy)]
struct Property {
    name: u16,
    value: Span,
}

/// A code of a code system.
#[derive(Clone, Copy)]
pub struct ConceptRef<'c> {
    system: &'c CodeSystem,
    number: u32,
}

impl CodeSystem {
    /// How many codes are here.
    pub fn len(&self) -> usize {
        self.concepts.len()
    }

    /// Whether no code is here.
    pub fn is_empty(&self) -> bool {
        self.concepts.is_empty()
    }

    /// Whether it only adds to another code system; it is then no system of a Coding.
    pub fn is_supplement(&self) -> bool {
        self.content == Content::Supplement
    }

    /// Its concepts in the order of the resource.
    pub fn concepts(&self) -> impl Iterator<Item = ConceptRef<'_>> {
        (0..self.count()).map(|number| ConceptRef { system: self, number })
    }

    /// The concept of a code. Where the system does not say whether case matters, any case is accepted, as the
    /// definition of `caseSensitive` asks; the exact code goes first.
    pub fn find(&self, code: &str) -> Option<ConceptRef<'_>> {
        let mut folded = None;
        for number in self.index.candidates(code) {
            let found = self.code(number);
            if found == code {
                return Some(ConceptRef { system: self, number });
            }
            if folded.is_none() && found.eq_ignore_ascii_case(code) {
                folded = Some(number);
            }
        }
        let number = folded.filter(|_| self.case_sensitive != Some(true))?;
        Some(ConceptRef { system: self, number })
    }

    /// Whether a concept has a property of this name, or the system says that they may have.
    pub fn has_property(&self, name: &str) -> bool {
        self.property_names.iter().any(|it| &**it == name)
    }

    fn count(&self) -> u32 {
        u32::try_from(self.concepts.len()).unwrap_or(u32::MAX)
    }

    fn code(&self, number: u32) -> &str {
        self.texts.at(self.concepts[number as usize].code)
    }

    /// What lies between the end of the concept before and the end of this one.
    fn slice<'c, T>(&self, all: &'c [T], number: u32, end: impl Fn(&Entry) -> u32) -> &'c [T] {
        let number = number as usize;
        let from = number.checked_sub(1).map_or(0, |before| end(&self.concepts[before]) as usize);
        all.get(from..end(&self.concepts[number]) as usize).unwrap_or_default()
    }
}

impl<'c> ConceptRef<'c> {
    /// Its place in its system.
    pub(super) fn number(self) -> u32 {
        self.number
    }

    fn entry(self) -> &'c Entry {
        &self.system.concepts[self.number as usize]
    }

    /// The code.
    pub fn code(self) -> &'c str {
        self.system.code(self.number)
    }

    /// What is shown; empty where it has no display.
    pub fn display(self) -> &'c str {
        self.system.texts.at(self.entry().display)
    }

    /// Whether it is in use no more.
    pub fn is_inactive(self) -> bool {
        self.entry().is_inactive
    }

    /// Whether it should not be used any more.
    pub fn is_deprecated(self) -> bool {
        self.entry().is_deprecated
    }

    /// Whether it only groups others.
    pub fn is_abstract(self) -> bool {
        self.entry().is_abstract
    }

    /// The other words for it: language (may be empty) and text.
    pub fn designations(self) -> impl Iterator<Item = (&'c str, &'c str)> {
        let all = self.system.slice(&self.system.designations, self.number, |entry| entry.designations);
        all.iter().map(move |it| (self.system.texts.at(it.language), self.system.texts.at(it.text)))
    }

    /// The values of a property, as text.
    pub fn property<'n>(self, name: &'n str) -> impl Iterator<Item = &'c str> + use<'c, 'n> {
        let all = self.system.slice(&self.system.properties, self.number, |entry| entry.properties);
        let is_asked =
            move |it: &&Property| self.system.property_names.get(usize::from(it.name)).is_some_and(|it| &**it == name);
        all.iter().filter(is_asked).map(move |it| self.system.texts.at(it.value))
    }

    /// The concepts directly above it.
    pub fn parents(self) -> impl Iterator<Item = ConceptRef<'c>> {
        let all = self.system.slice(&self.system.parents, self.number, |entry| entry.parents);
        all.iter().map(move |number| ConceptRef { system: self.system, number: *number })
    }

    /// Whether a display is one of its words, white space and case aside; `None` where it has none.
    pub fn fits(self, display: &str) -> Option<bool> {
        let designations = self.designations().map(|(_, text)| text);
        let mut own = std::iter::once(self.display()).chain(designations).filter(|text| !text.is_empty()).peekable();
        own.peek()?;
        Some(own.any(|text| fold::same(text, display)))
    }
}
