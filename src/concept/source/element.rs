//! An element of a resource: each getter marks what it gives as taken.

use super::{Source, bad_value, date_of, passed_over};
use crate::concept::decimal::Decimal;
use crate::concept::ids::Identifier;
use crate::concept::parts::{Coded, Period, Quantity};
use crate::concept::systems::{EXTENSION, LIST_ID, LM, PART_ID, UCUM};
use crate::concept::time::DateTime;
use crate::fhir::{Issue, NodeRef};

/// A node together with the source that it is part of.
#[derive(Clone, Copy)]
pub(in crate::concept) struct El<'a> {
    node: NodeRef<'a>,
    source: &'a Source<'a>,
}

impl<'a> El<'a> {
    pub(super) fn new(node: NodeRef<'a>, source: &'a Source<'a>) -> Self {
        Self { node, source }
    }

    pub(in crate::concept) fn node(self) -> NodeRef<'a> {
        self.node
    }

    pub(in crate::concept) fn source(self) -> &'a Source<'a> {
        self.source
    }

    pub(in crate::concept) fn note(self, issue: Issue) {
        self.source.note(issue);
    }

    /// See [`Source::note_loss`].
    pub(in crate::concept) fn note_loss(self, issue: Issue) {
        self.source.note_loss(issue);
    }

    pub(in crate::concept) fn get(self, name: &str) -> Option<Self> {
        self.node.get(name).map(|node| Self { node, ..self })
    }

    pub(in crate::concept) fn list(self, name: &str) -> impl Iterator<Item = Self> + use<'a> {
        self.node.list(name).map(move |node| Self { node, ..self })
    }

    /// Takes this node.
    pub(in crate::concept) fn take(self) {
        self.source.take(self.node);
    }

    /// Takes the member `name` with all that is in it.
    pub(in crate::concept) fn skip(self, name: &str) {
        if let Some(member) = self.get(name) {
            member.take();
        }
    }

    /// The member's text without taking it.
    pub(in crate::concept) fn peek(self, name: &str) -> Option<String> {
        self.node.str_at(name).map(std::borrow::Cow::into_owned)
    }

    /// This node as a string.
    pub(in crate::concept) fn as_string(self) -> Option<String> {
        let text = self.node.as_str()?.into_owned();
        self.take();
        Some(text)
    }

    pub(in crate::concept) fn string(self, name: &str) -> Option<String> {
        self.get(name)?.as_string()
    }

    pub(in crate::concept) fn boolean(self, name: &str) -> Option<bool> {
        let member = self.get(name)?;
        member.convert(member.node.as_bool())
    }

    pub(in crate::concept) fn integer(self, name: &str) -> Option<u32> {
        let member = self.get(name)?;
        member.convert(member.node.as_number().and_then(|number| number.parse().ok()))
    }

    pub(in crate::concept) fn decimal(self, name: &str) -> Option<Decimal> {
        let member = self.get(name)?;
        member.convert(member.node.as_number().and_then(Decimal::parse))
    }

    pub(in crate::concept) fn date(self, name: &str) -> Option<DateTime> {
        let member = self.get(name)?;
        member.convert(date_of(member.node))
    }

    /// A string member in a form of its own, as one of a set of codes.
    pub(in crate::concept) fn parsed<T>(self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        self.get(name)?.parsed_here(parse)
    }

    /// This string in a form of its own.
    pub(in crate::concept) fn parsed_here<T>(self, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        self.convert(self.node.as_str().and_then(|text| parse(&text)))
    }

    /// Takes the member if it is exactly this text; else it is left over.
    pub(in crate::concept) fn fixed(self, name: &str, text: &str) -> bool {
        let hit = self.get(name).filter(|member| member.node.as_str().as_deref() == Some(text));
        hit.inspect(|member| member.take()).is_some()
    }

    /// Whether the status is one that the concept reads; else the resource is passed over, aloud.
    pub(in crate::concept) fn status_is(self, wanted: &[&str]) -> bool {
        let hit = wanted.iter().any(|status| self.fixed("status", status));
        if !hit {
            self.note(passed_over(self.node));
        }
        hit
    }

    fn convert<T>(self, value: Option<T>) -> Option<T> {
        match value {
            Some(_) => self.take(),
            None => self.note(bad_value(self.node)),
        }
        value
    }

    /// The value of an extension of ours, as a node that holds `value[x]`.
    pub(in crate::concept) fn ext(self, name: &str) -> Option<Self> {
        self.exts(name).next()
    }

    /// The extensions of ours with that name.
    pub(in crate::concept) fn exts(self, name: &str) -> impl Iterator<Item = Self> + use<'a> {
        let url = format!("{EXTENSION}{name}");
        self.list("extension").filter(move |extension| extension.fixed("url", &url))
    }

    /// The coding of a system inside this CodeableConcept (not taken).
    pub(in crate::concept) fn coding(self, system: &str) -> Option<Self> {
        self.list("coding").find(|coding| coding.node.str_at("system").as_deref() == Some(system))
    }

    /// The code of a system inside this CodeableConcept; its display goes with it.
    pub(in crate::concept) fn code_of(self, system: &str) -> Option<String> {
        let coding = self.coding(system)?;
        coding.skip("system");
        coding.skip("display");
        coding.string("code")
    }

    /// Whether the CodeableConcepts of `name` have that code; takes it if so.
    pub(in crate::concept) fn has_code(self, name: &str, system: &str, code: &str) -> bool {
        self.list(name).flat_map(|concept| concept.list("coding")).any(|coding| {
            let hit = coding.peek("system").as_deref() == Some(system) && coding.peek("code").as_deref() == Some(code);
            if hit {
                ["system", "code", "display"].into_iter().for_each(|member| coding.skip(member));
            }
            hit
        })
    }

    /// One of the product's own codes among the CodeableConcepts of `name`.
    pub(in crate::concept) fn local<T>(self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let codings = self.list(name).flat_map(|concept| concept.list("coding"));
        let mut ours = codings.filter(|coding| coding.peek("system").as_deref() == Some(LM));
        ours.find_map(|coding| {
            let value = parse(&coding.peek("code")?)?;
            ["system", "code", "display"].into_iter().for_each(|member| coding.skip(member));
            Some(value)
        })
    }

    /// This CodeableConcept: its first coding and its text.
    pub(in crate::concept) fn coded(self) -> Coded {
        let coding = self.list("coding").next();
        Coded {
            text: self.string("text"),
            system: coding.and_then(|coding| coding.string("system")),
            code: coding.and_then(|coding| coding.string("code")),
            display: coding.and_then(|coding| coding.string("display")),
        }
    }

    /// The member `name` as a Quantity.
    pub(in crate::concept) fn quantity(self, name: &str) -> Option<Quantity> {
        let quantity = self.get(name)?;
        let ucum = quantity.fixed("system", UCUM).then(|| quantity.string("code")).flatten();
        Some(Quantity { value: quantity.decimal("value")?, unit: quantity.string("unit"), ucum })
    }

    /// The member `name` as a Period.
    pub(in crate::concept) fn period(self, name: &str) -> Option<Period> {
        let period = self.get(name)?;
        Some(Period { start: period.date("start"), end: period.date("end") })
    }

    /// The first business identifier that was given and not derived.
    pub(in crate::concept) fn identifier(self) -> Option<Identifier> {
        let (derived, given): (Vec<_>, Vec<_>) =
            self.list("identifier").partition(|id| matches!(id.peek("system").as_deref(), Some(PART_ID | LIST_ID)));
        derived.into_iter().for_each(Self::take);
        let id = given.into_iter().find(|id| id.get("system").is_some() && id.get("value").is_some())?;
        id.identifier_here()
    }

    /// This Identifier.
    pub(in crate::concept) fn identifier_here(self) -> Option<Identifier> {
        Some(Identifier { system: self.string("system")?, value: self.string("value")? })
    }
}
