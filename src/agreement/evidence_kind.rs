//! How facts are found in resources: the kinds of evidence in `profiles/evidence.json`, compiled once.
//!
//! A kind names a resource type, a condition, and FHIRPath for time, patient, unit, parties, codes, amount and parts.
//! With `each`, every element that it yields is a fact of its own, and the other expressions start there (`%resource`
//! is still the resource). `%LM` and the like stand for the constants at the top of the file.

mod expression;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::Timestamp;
use serde::Deserialize;

use self::expression::{Compiler, One};
use super::evidence::Evidence;
use crate::fhir::instant::Interval;
use crate::fhir::path::{Context, Expression, Resolver};
use crate::fhir::{Document, Issue, IssueCode, NodeRef, ResourceKey, ResourceType};

/// The kinds of evidence in the binary.
pub(super) const EMBEDDED: &str = include_str!("../../profiles/evidence.json");

/// The compiled kinds of evidence.
pub struct EvidenceKinds {
    by_type: BTreeMap<ResourceType, Vec<EvidenceKind>>,
    resolving: BTreeSet<ResourceType>,
    resolved: BTreeSet<ResourceType>,
}

/// One way in which a kind of evidence is found in one resource type.
struct EvidenceKind {
    kind: String,
    each: Option<Expression>,
    condition: Option<Expression>,
    time: Time,
    patient: Option<Expression>,
    unit: Option<Expression>,
    parties: Vec<Expression>,
    codes: Vec<Expression>,
    amount: Option<Expression>,
    parts: Vec<(String, Expression)>,
}

enum Time {
    /// It holds as long as the resource says what it says.
    Always,
    /// It happened then: the first of the expressions that yields a date.
    At(Vec<Expression>),
    /// It holds from then until then; a side that yields nothing is open.
    Period { from: Vec<Expression>, until: Vec<Expression> },
}

#[derive(Deserialize)]
struct File {
    constants: BTreeMap<String, String>,
    kinds: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Entry {
    kind: String,
    resource_type: String,
    #[serde(default)]
    each: Option<String>,
    #[serde(default, rename = "where")]
    condition: Option<String>,
    #[serde(default)]
    time: Option<TimeEntry>,
    #[serde(default)]
    patient: Option<String>,
    #[serde(default)]
    unit: Option<String>,
    #[serde(default)]
    parties: Vec<String>,
    #[serde(default)]
    codes: Vec<String>,
    #[serde(default)]
    amount: Option<String>,
    #[serde(default)]
    parts: BTreeMap<String, String>,
    /// The resource types that the expressions look at through `resolve()`.
    #[serde(default)]
    resolves: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct TimeEntry {
    at: Option<One>,
    from: Option<One>,
    until: Option<One>,
}

impl EvidenceKinds {
    /// Reads and compiles an evidence file.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its JSON pointer: unknown members and resource types, expressions
    /// that are not FHIRPath, times that contradict each other, a `resolve()` that names no type.
    pub fn parse(json: &str) -> Result<Self, Vec<Issue>> {
        let file: File = serde_json::from_str(json).map_err(|fault| vec![not_the_form(&fault)])?;
        let mut compiler = Compiler::new(&file.constants);
        let mut kinds = Self { by_type: BTreeMap::new(), resolving: BTreeSet::new(), resolved: BTreeSet::new() };
        for (index, entry) in file.kinds.into_iter().enumerate() {
            compiler.enter(format!("/kinds/{index}"));
            kinds.add(entry, &mut compiler);
        }
        compiler.finish(kinds)
    }

    /// The kinds in the binary.
    pub fn embedded() -> &'static Self {
        static EMBEDDED_KINDS: LazyLock<EvidenceKinds> = LazyLock::new(|| {
            #[expect(clippy::expect_used, reason = "a test reads the embedded file")]
            EvidenceKinds::parse(EMBEDDED).expect("the embedded evidence kinds are right")
        });
        &EMBEDDED_KINDS
    }

    /// The facts in one version of a resource. `resource` is of type `kind`; `now` is what `now()` says.
    pub fn extract(
        &self,
        resource: &Document,
        kind: ResourceType,
        key: &ResourceKey,
        now: Timestamp,
        resolver: &dyn Resolver,
    ) -> Vec<Evidence> {
        let root = resource.root();
        let context = Context { resource: root, now, resolver };
        let kinds = self.by_type.get(&kind).map_or(&[][..], Vec::as_slice);
        kinds.iter().flat_map(|it| it.extract(&context, root, key)).collect()
    }

    /// The resource types in which evidence is found.
    pub fn resource_types(&self) -> impl Iterator<Item = ResourceType> + '_ {
        self.by_type.keys().copied()
    }

    /// The resource types that are looked at through `resolve()`: when such a resource changes, the evidence of those
    /// that refer to it is to be derived anew.
    pub fn resolved_types(&self) -> &BTreeSet<ResourceType> {
        &self.resolved
    }

    /// Whether the evidence in resources of a type looks through their references: all others need no resolver.
    pub fn looks_through(&self, resource_type: ResourceType) -> bool {
        self.resolving.contains(&resource_type)
    }

    /// The resource types in which a kind of evidence is found.
    pub fn types_of(&self, kind: &str) -> BTreeSet<ResourceType> {
        let holding = self.by_type.iter().filter(|(_, kinds)| kinds.iter().any(|it| it.kind == kind));
        holding.map(|(resource_type, _)| *resource_type).collect()
    }

    fn add(&mut self, entry: Entry, compiler: &mut Compiler<'_>) {
        let resource_type = compiler.resource_type(&entry.resource_type, "/resourceType");
        for (index, name) in entry.resolves.iter().enumerate() {
            self.resolved.extend(compiler.resource_type(name, &format!("/resolves/{index}")));
        }
        let resolves = !entry.resolves.is_empty();
        let kind = EvidenceKind::compile(entry, compiler);
        if let Some(resource_type) = resource_type {
            if resolves {
                self.resolving.insert(resource_type);
            }
            self.by_type.entry(resource_type).or_default().push(kind);
        }
    }
}

impl EvidenceKind {
    fn compile(entry: Entry, compiler: &mut Compiler<'_>) -> Self {
        compiler.may_resolve(!entry.resolves.is_empty());
        Self {
            kind: entry.kind,
            each: compiler.optional(entry.each.as_deref(), "/each"),
            condition: compiler.optional(entry.condition.as_deref(), "/where"),
            time: Time::compile(entry.time.unwrap_or_default(), compiler),
            patient: compiler.optional(entry.patient.as_deref(), "/patient"),
            unit: compiler.optional(entry.unit.as_deref(), "/unit"),
            parties: compiler.all(&entry.parties, "/parties"),
            codes: compiler.all(&entry.codes, "/codes"),
            amount: compiler.optional(entry.amount.as_deref(), "/amount"),
            parts: compiler.named(&entry.parts, "/parts"),
        }
    }

    fn extract(&self, context: &Context<'_>, root: NodeRef<'_>, key: &ResourceKey) -> Vec<Evidence> {
        let starts = match &self.each {
            None => vec![root],
            Some(each) => expression::nodes(each, context, root),
        };
        starts.into_iter().filter_map(|start| self.fact(context, start, key)).collect()
    }

    fn fact(&self, context: &Context<'_>, start: NodeRef<'_>, key: &ResourceKey) -> Option<Evidence> {
        // An expression that fails on odd content finds nothing there.
        if let Some(condition) = &self.condition
            && !condition.is_true(context, start).unwrap_or(false)
        {
            return None;
        }
        let reference =
            |path: &Option<Expression>| expression::references(path.as_ref()?, context, start).into_iter().next();
        Some(Evidence {
            kind: self.kind.clone(),
            source: key.clone(),
            patient: reference(&self.patient),
            unit: reference(&self.unit),
            parties: self.parties.iter().flat_map(|it| expression::references(it, context, start)).collect(),
            time: self.time.of(context, start)?,
            codes: self.codes.iter().flat_map(|it| expression::texts(it, context, start)).collect(),
            amount: self.amount.as_ref().and_then(|it| expression::whole_number(it, context, start)),
            parts: self.parts_of(context, start),
        })
    }

    fn parts_of(&self, context: &Context<'_>, start: NodeRef<'_>) -> BTreeMap<String, String> {
        let filled = |path: &Expression| expression::part(path, context, start);
        self.parts.iter().filter_map(|(name, path)| Some((name.clone(), filled(path)?))).collect()
    }
}

impl Time {
    fn compile(entry: TimeEntry, compiler: &mut Compiler<'_>) -> Self {
        match entry {
            TimeEntry { at: None, from: None, until: None } => Self::Always,
            TimeEntry { at: Some(at), from: None, until: None } => Self::At(compiler.all(at.as_slice(), "/time/at")),
            TimeEntry { at: None, from, until } => {
                let from = from.map(|it| compiler.all(it.as_slice(), "/time/from")).unwrap_or_default();
                let until = until.map(|it| compiler.all(it.as_slice(), "/time/until")).unwrap_or_default();
                Self::Period { from, until }
            }
            _ => {
                compiler.contradiction("/time");
                Self::Always
            }
        }
    }

    /// The time of a fact; `None` where it happened at a time that the resource does not tell, or ended before it began.
    fn of(&self, context: &Context<'_>, start: NodeRef<'_>) -> Option<Interval> {
        let date = |paths: &[Expression]| paths.iter().find_map(|it| expression::date(it, context, start));
        match self {
            Self::Always => Some(Interval { from: Timestamp::MIN, until: Timestamp::MAX }),
            Self::At(paths) => date(paths),
            Self::Period { from, until } => {
                let from = date(from).map_or(Timestamp::MIN, |it| it.from);
                let until = date(until).map_or(Timestamp::MAX, |it| it.until);
                (from <= until).then_some(Interval { from, until })
            }
        }
    }
}

fn not_the_form(fault: &serde_json::Error) -> Issue {
    Issue::error(
        IssueCode::Structure,
        "evidence-structure",
        format!("The evidence file is not of the form that is documented in it: {fault}."),
        format!("Filen med underlagstyper har inte den form som beskrivs i den: {fault}."),
    )
}

#[cfg(test)]
mod tests;
