//! Compiling the expressions of an evidence file, and reading what they yield.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::fhir::instant::Interval;
use crate::fhir::outcome::Place;
use crate::fhir::path::{Context, Expression, Item};
use crate::fhir::{Issue, IssueCode, Kind, NodeRef, Reference, ResourceType};

/// One expression or several.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum One {
    One(String),
    Several(Vec<String>),
}

impl One {
    pub(super) fn as_slice(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Several(texts) => texts,
        }
    }
}

/// Compiles expressions and collects everything that is wrong with them.
pub(super) struct Compiler<'c> {
    constants: &'c BTreeMap<String, String>,
    at: String,
    may_resolve: bool,
    issues: Vec<Issue>,
}

impl<'c> Compiler<'c> {
    pub(super) fn new(constants: &'c BTreeMap<String, String>) -> Self {
        Self { constants, at: String::new(), may_resolve: false, issues: Vec::new() }
    }

    /// What follows stands below this JSON pointer.
    pub(super) fn enter(&mut self, pointer: String) {
        self.at = pointer;
    }

    /// Whether the expressions that follow may use `resolve()`.
    pub(super) fn may_resolve(&mut self, may: bool) {
        self.may_resolve = may;
    }

    pub(super) fn finish<T>(self, done: T) -> Result<T, Vec<Issue>> {
        if self.issues.is_empty() { Ok(done) } else { Err(self.issues) }
    }

    pub(super) fn resource_type(&mut self, name: &str, pointer: &str) -> Option<ResourceType> {
        let found = ResourceType::parse(name);
        if found.is_none() {
            self.fault(pointer, "evidence-type", "Name a resource type of FHIR R4.", "Ange en resurstyp i FHIR R4.");
        }
        found
    }

    pub(super) fn optional(&mut self, text: Option<&str>, pointer: &str) -> Option<Expression> {
        self.compile(text?, pointer)
    }

    pub(super) fn all(&mut self, texts: &[String], pointer: &str) -> Vec<Expression> {
        let numbered = texts.iter().enumerate();
        numbered.filter_map(|(index, text)| self.compile(text, &format!("{pointer}/{index}"))).collect()
    }

    pub(super) fn named(&mut self, texts: &BTreeMap<String, String>, pointer: &str) -> Vec<(String, Expression)> {
        let compiled =
            texts.iter().map(|(name, text)| (name.clone(), self.compile(text, &format!("{pointer}/{name}"))));
        compiled.filter_map(|(name, expression)| Some((name, expression?))).collect()
    }

    pub(super) fn contradiction(&mut self, pointer: &str) {
        let english = "Give the time either as `at` or as `from` and `until`.";
        self.fault(pointer, "evidence-time", english, "Ange tiden antingen som `at` eller som `from` och `until`.");
    }

    fn compile(&mut self, text: &str, pointer: &str) -> Option<Expression> {
        if text.contains("resolve()") && !self.may_resolve {
            let english = "Name the resource types that resolve() looks at in `resolves`.";
            self.fault(
                pointer,
                "evidence-resolve",
                english,
                "Ange i `resolves` de resurstyper som resolve() slår upp.",
            );
        }
        match Expression::parse(&self.with_constants(text)) {
            Ok(expression) => Some(expression),
            Err(fault) => {
                let english = format!("Correct the expression: {fault}.");
                self.fault(pointer, "evidence-fhirpath", &english, &format!("Rätta uttrycket: {fault}."));
                None
            }
        }
    }

    fn with_constants(&self, text: &str) -> String {
        let put =
            |text: String, (name, value): (&String, &String)| text.replace(&format!("%{name}"), &format!("'{value}'"));
        // The longest names first, so that one may begin with another.
        let mut constants: Vec<_> = self.constants.iter().collect();
        constants.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        constants.into_iter().fold(text.to_owned(), put)
    }

    fn fault(&mut self, pointer: &str, rule: &'static str, english: &str, swedish: &str) {
        let place = Place { pointer: format!("{}{pointer}", self.at), ..Place::default() };
        self.issues.push(Issue::error(IssueCode::Value, rule, english, swedish).at(place));
    }
}

fn items<'a>(path: &Expression, context: &Context<'a>, start: NodeRef<'a>) -> Vec<Item<'a>> {
    path.evaluate(context, start).unwrap_or_default()
}

/// The elements that it yields.
pub(super) fn nodes<'a>(path: &Expression, context: &Context<'a>, start: NodeRef<'a>) -> Vec<NodeRef<'a>> {
    items(path, context, start).iter().filter_map(Item::as_node).collect()
}

/// The texts that it yields.
pub(super) fn texts<'a>(path: &Expression, context: &Context<'a>, start: NodeRef<'a>) -> Vec<String> {
    items(path, context, start).iter().filter_map(Item::as_text).map(|text| text.into_owned()).collect()
}

/// The references that it yields, as `Type/id` where they are local.
pub(super) fn references<'a>(path: &Expression, context: &Context<'a>, start: NodeRef<'a>) -> Vec<String> {
    items(path, context, start).iter().filter_map(reference).collect()
}

fn reference(item: &Item<'_>) -> Option<String> {
    let of_reference = item.as_node().and_then(|node| node.str_at("reference"));
    let text = of_reference.or_else(|| item.as_text())?;
    match Reference::parse(&text, "") {
        Reference::Local(key, _) => Some(key.to_string()),
        Reference::Foreign(text) => Some(text),
        Reference::Contained(_) | Reference::Urn(_) | Reference::Conditional(..) => None,
    }
}

/// The first date that it yields. A time is a point; a day, month or year is all of it.
pub(super) fn date<'a>(path: &Expression, context: &Context<'a>, start: NodeRef<'a>) -> Option<Interval> {
    items(path, context, start).iter().filter_map(Item::as_text).find_map(|text| {
        let interval = Interval::of(&text)?;
        Some(if text.contains('T') { Interval { until: interval.from, ..interval } } else { interval })
    })
}

/// The first number that it yields, without its fraction.
pub(super) fn whole_number<'a>(path: &Expression, context: &Context<'a>, start: NodeRef<'a>) -> Option<i64> {
    items(path, context, start).iter().find_map(|item| match item {
        Item::Integer(number) => Some(*number),
        Item::Decimal(number) => i64::try_from(number.trunc()).ok(),
        other => other.as_text()?.split('.').next()?.parse().ok(),
    })
}

/// What fills a part: a local reference, a code, or nothing but the fact that it is filled.
///
/// `None` where the expression yields nothing, or a single `false`. Texts are kept only where they are codes or
/// references: other words may be somebody's.
pub(super) fn part<'a>(path: &Expression, context: &Context<'a>, start: NodeRef<'a>) -> Option<String> {
    match items(path, context, start).first()? {
        Item::Boolean(false) => None,
        Item::Boolean(true) => Some(String::new()),
        Item::Node { node, .. } if node.kind() == Kind::Boolean => node.as_bool()?.then(String::new),
        item => Some(local_reference(item).or_else(|| code(item)).unwrap_or_default()),
    }
}

fn local_reference(item: &Item<'_>) -> Option<String> {
    let text = item.as_node().and_then(|node| node.str_at("reference")).or_else(|| item.as_text())?;
    Reference::parse(&text, "").local().map(ToString::to_string)
}

fn code(item: &Item<'_>) -> Option<String> {
    item.as_text().filter(|text| is_code(text)).map(|text| text.into_owned())
}

/// A word that can be nobody's name or number.
fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b == b'/' || b.is_ascii_digit())
        && text.bytes().filter(u8::is_ascii_digit).count() < 6
}
