//! Invariants in FHIRPath: those of the R4 definitions and those of profiles
//! ([constraints](https://hl7.org/fhir/R4/conformance-rules.html#constraints)).
//!
//! An invariant is met where its expression gives true. What a rule of ours checks itself ([`native`]) is not evaluated
//! a second time, and where the published expression is known to be wrong, [`corrections`] says what is evaluated.

mod answers;
mod compiled;
mod corrections;
mod native;
#[cfg(test)]
mod tests;
mod words;

use crate::fhir::definitions::TypeDef;
use crate::fhir::library::profile::Invariant;
use crate::fhir::path::{Context, EvaluationError, Expression, Item};
use crate::fhir::{NodeRef, Severity};

use super::Setting;
use super::issues::Issues;
use super::rules::{INVARIANT, INVARIANT_NOT_EVALUATED, NARRATIVE_RECOMMENDED, Rule};

pub use compiled::Constraints;

/// Steps that the invariants of any document may take, and how many more for each byte of it: enough for everything
/// that people write, and an end to what is written to keep a machine busy.
const STEPS: (u32, u32) = (2_000_000, 40);

/// Evaluates invariants on the way through a document.
pub struct Invariants<'a> {
    context: Context<'a>,
    /// The steps that are left.
    steps: u32,
}

/// What stood before an object was walked.
pub struct Outside<'a> {
    resource: NodeRef<'a>,
    issues: usize,
}

/// An invariant, wherever it comes from.
struct Asked<'c> {
    key: &'c str,
    human: &'c str,
    /// The definition's own words in Swedish.
    swedish: Option<&'c str>,
    is_error: bool,
    /// Canonical URL of the definition that has it.
    source: &'c str,
    /// The type that has it, for those of R4; of a profile, nothing.
    type_name: &'c str,
}

impl<'a> Invariants<'a> {
    /// For a walk that starts at `node`.
    pub fn new(node: NodeRef<'a>, setting: &'a Setting<'a>) -> Self {
        let length = u32::try_from(node.document().text().len()).unwrap_or(u32::MAX);
        let steps = length.saturating_mul(STEPS.1).saturating_add(STEPS.0);
        Self { context: Context { resource: node, now: setting.now, resolver: setting }, steps }
    }

    /// Before an object's members are walked.
    pub fn enter(&mut self, node: NodeRef<'a>, is_resource: bool, issues: &Issues) -> Outside<'a> {
        let outside = Outside { resource: self.context.resource, issues: issues.count() };
        if is_resource {
            self.context.resource = node;
        }
        outside
    }

    /// After them: the invariants of the object's type.
    pub fn leave(
        &mut self,
        outside: &Outside<'a>,
        node: NodeRef<'a>,
        def: &'static TypeDef,
        constraints: &Constraints,
        issues: &mut Issues,
    ) {
        self.evaluate(node, def, constraints, issues.count() > outside.issues, issues);
        self.context.resource = outside.resource;
    }

    /// The invariants of an element: `value` is one of its values, of type `def`.
    pub fn element(
        &mut self,
        value: NodeRef<'a>,
        def: Option<&'static TypeDef>,
        constraints: &Constraints,
        issues: &mut Issues,
    ) {
        if let Some(def) = def {
            self.evaluate(value, def, constraints, false, issues);
        }
    }

    /// The invariants that a profile has beyond its type's. `def` is the type of `node`, if it is known.
    pub fn profile(
        &mut self,
        node: NodeRef<'a>,
        def: Option<&'static TypeDef>,
        invariants: &[Invariant],
        url: &str,
        issues: &mut Issues,
    ) {
        let item = def.map_or_else(|| Item::located(node), |def| Item::typed(node, def));
        for it in invariants {
            let asked = Asked {
                key: &it.key,
                human: &it.human,
                swedish: it.swedish.as_deref(),
                is_error: it.is_error,
                source: url,
                type_name: "",
            };
            let outcome = match &it.expression {
                Ok(expression) => self.is_met(expression, &item),
                Err(why) => Err(EvaluationError(why.clone())),
            };
            tell(outcome, node, &asked, issues);
        }
    }

    /// `is_faulty`: something inside `node` is wrong and told, so that what can't be evaluated for it need not be.
    fn evaluate(
        &mut self,
        node: NodeRef<'a>,
        def: &'static TypeDef,
        constraints: &Constraints,
        is_faulty: bool,
        issues: &mut Issues,
    ) {
        let compiled = constraints.compiled();
        if compiled.is_empty() {
            return;
        }
        let item = Item::typed(node, def);
        for it in compiled {
            let outcome = match &it.expression {
                Some(expression) => self.is_met(expression, &item),
                None => Err(EvaluationError("the expression can't be read".into())),
            };
            if outcome == Ok(true) || is_faulty && outcome.is_err() {
                continue;
            }
            let asked = Asked {
                key: &it.constraint.key,
                human: &it.constraint.human,
                swedish: None,
                is_error: it.constraint.is_error,
                source: &compiled::source(constraints.owner),
                type_name: &constraints.owner.name,
            };
            tell(outcome, node, &asked, issues);
        }
    }

    fn is_met(&mut self, expression: &Expression, item: &Item<'a>) -> Result<bool, EvaluationError> {
        Ok(expression.truth_within(&self.context, item, &mut self.steps)?.unwrap_or(false))
    }
}

/// A resource should have a narrative (dom-6): best practice, asked of the resource that the walk is about.
pub fn narrative(node: NodeRef<'_>, def: &TypeDef, issues: &mut Issues) {
    let is_asked = def.constraints.iter().any(|it| it.key == "dom-6");
    if is_asked && node.at(&["text", "div"]).is_none() {
        issues.raise(
            &NARRATIVE_RECOMMENDED,
            node,
            "Best practice is that a resource has a narrative, so that people can read it where software does not \
             understand it (dom-6); add text where the receiver may need it.",
            "God sed är att en resurs har en berättande text, så att människor kan läsa den där program inte förstår \
             den (dom-6); lägg till text där mottagaren kan behöva den.",
        );
    }
}

fn tell(outcome: Result<bool, EvaluationError>, node: NodeRef<'_>, asked: &Asked<'_>, issues: &mut Issues) {
    match outcome {
        Ok(true) => {}
        Ok(false) => broken(node, asked, issues),
        Err(why) => not_evaluated(node, asked, &why, issues),
    }
}

fn broken(node: NodeRef<'_>, asked: &Asked<'_>, issues: &mut Issues) {
    let severity = if asked.is_error { Severity::Error } else { Severity::Warning };
    let rule = Rule { severity, ..INVARIANT };
    let (english, swedish) = words::of(asked.key, asked.type_name, asked.human);
    let swedish = asked.swedish.map_or(swedish, |own| own.trim_end_matches('.').into());
    let key = named(asked);
    let constraint = format!("{}#{}", asked.source, asked.key);
    issues.raise_constraint(&rule, node, format!("{english} ({key})."), format!("{swedish} ({key})."), constraint);
}

fn not_evaluated(node: NodeRef<'_>, asked: &Asked<'_>, why: &EvaluationError, issues: &mut Issues) {
    let key = named(asked);
    let constraint = format!("{}#{}", asked.source, asked.key);
    let EvaluationError(why) = why;
    issues.raise_constraint(
        &INVARIANT_NOT_EVALUATED,
        node,
        format!("The invariant {key} could not be evaluated here: {why}."),
        format!("Villkoret {key} kunde inte prövas här; den engelska texten säger varför."),
        constraint,
    );
}

/// The key, for a profile with its URL.
fn named(asked: &Asked<'_>) -> String {
    if asked.type_name.is_empty() { format!("{} of {}", asked.key, asked.source) } else { asked.key.to_owned() }
}
