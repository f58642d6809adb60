//! What the name of an element means for a type: its type, or for a choice the JSON members that may give it.

use std::sync::{LazyLock, OnceLock};

use crate::fhir::definitions::{ElementDef, TypeDef};

use super::types;

/// A type's definition, where it is known.
pub(super) type Definition = Option<&'static TypeDef>;

/// The name of an element, and what it meant for the type that it was first looked up in: an expression mostly meets
/// one type, and so finds its element once.
pub(super) struct Name {
    pub(super) text: Box<str>,
    seen: OnceLock<(&'static TypeDef, Meaning)>,
}

/// What a name means for a type.
pub(super) enum Meaning {
    /// The type has no such element.
    None,
    /// An element of one type.
    One(Definition),
    /// A choice: the JSON members that may give it, with their types.
    Choice(Box<[(String, &'static TypeDef)]>),
}

impl Name {
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.into(), seen: OnceLock::new() }
    }

    /// Hands on what the name means for a type.
    pub(super) fn meant<R>(&self, of: &'static TypeDef, then: impl FnOnce(&Meaning) -> R) -> R {
        let (first, meaning) = self.seen.get_or_init(|| (of, Meaning::of(of, &self.text)));
        if std::ptr::eq(*first, of) { then(meaning) } else { then(&Meaning::of(of, &self.text)) }
    }
}

impl Meaning {
    fn of(definition: &'static TypeDef, name: &str) -> Self {
        match definition.element(name) {
            None => Self::None,
            Some(element) if element.is_choice => Self::Choice(choices(element)),
            Some(element) => Self::One(type_of(element, "")),
        }
    }
}

fn choices(element: &'static ElementDef) -> Box<[(String, &'static TypeDef)]> {
    let choice = |name: &str| {
        let (first, rest) = name.split_at_checked(1)?;
        let json_name = format!("{}{}{rest}", element.name, first.to_ascii_uppercase());
        Some((json_name, types::definition(name)?))
    };
    element.types.iter().filter_map(|it| choice(&it.name)).collect()
}

/// The element of a definition that a JSON key names, with the type that the key ends with, if it is a choice.
pub(super) fn element_of_key<'k>(definition: &'static TypeDef, key: &'k str) -> Option<(&'static ElementDef, &'k str)> {
    definition.elements.iter().find_map(|element| {
        let suffix = key.strip_prefix(element.name.as_str())?;
        let is_it = if element.is_choice { type_of(element, suffix).is_some() } else { suffix.is_empty() };
        is_it.then_some((element, suffix))
    })
}

/// The type of an element: the only one, or for a choice that which the key ends with.
pub(super) fn type_of(element: &'static ElementDef, suffix: &str) -> Definition {
    if !element.is_choice {
        return element.types.first().and_then(|only| types::definition(&only.name));
    }
    let chosen = element.types.iter().find(|kind| {
        let mut letters = kind.name.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        suffix.strip_prefix(|c| Some(c) == first) == Some(letters.as_str()) && !suffix.is_empty()
    });
    chosen.and_then(|kind| types::definition(&kind.name))
}

/// The type of what stands in `_name` beside a primitive: id and extensions.
pub(super) fn element_type() -> Definition {
    static ELEMENT: LazyLock<Definition> = LazyLock::new(|| types::definition("Element"));
    *ELEMENT
}
