//! Codes: each in its system, and in the value sets that it is bound to
//! ([terminologies](https://hl7.org/fhir/R4/terminologies.html)).
//!
//! What the definitions at hand do not tell is a warning that says so, with a [`CodeQuestion`] that another terminology
//! service may answer; it is never passed over in silence.

mod bound;
mod question;
mod system;
#[cfg(test)]
mod tests;
mod words;

use std::borrow::Cow;

use crate::fhir::library::profile::{NodeBinding, Strength};
use crate::fhir::terminology::Coded;
use crate::fhir::{Kind, Library, NodeRef};

use super::CodeQuestion;
use super::binding;
use super::issues::Issues;
use super::overlay::Overlay;
use super::profile::Told;
use super::shape::Member;
use super::walk::Walk;

pub use bound::bound;
pub use system::check as own_system;
pub(super) use words::outside as outside_words;

/// A binding to a value set.
#[derive(Debug, Clone, Copy)]
pub struct Bound<'b> {
    /// How strong.
    pub strength: Strength,
    /// Canonical URL, with or without version.
    pub value_set: &'b str,
    /// The outermost value set of an extensible or preferred binding; empty where there is none.
    pub max_value_set: &'b str,
}

impl<'b> From<&'b NodeBinding> for Bound<'b> {
    fn from(binding: &'b NodeBinding) -> Self {
        let NodeBinding { strength, value_set, max_value_set } = binding;
        Self { strength: *strength, value_set, max_value_set }
    }
}

/// How a value says a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A `code`, which has no system.
    Code,
    /// A string or uri that is bound.
    Text,
    /// System and code together.
    Coding,
    /// Several Codings, and a text.
    Concept,
    /// The code of a unit.
    Quantity,
}

impl Form {
    /// The form of a type; `None` where it says no code.
    pub fn of(type_name: &str) -> Option<Self> {
        Some(match type_name {
            "code" => Self::Code,
            "string" | "uri" | "url" | "canonical" | "markdown" => Self::Text,
            "Coding" => Self::Coding,
            "CodeableConcept" => Self::Concept,
            "Quantity" | "Age" | "Count" | "Distance" | "Duration" | "Money" | "SimpleQuantity" | "MoneyQuantity" => {
                Self::Quantity
            }
            _ => return None,
        })
    }
}

/// What checking codes needs of the walk.
pub struct Desk<'w> {
    /// The definitions at hand.
    pub library: &'w Library,
    /// What was found so far, and the questions that are left.
    pub issues: &'w mut Issues,
    /// What was told once and is not told again.
    pub told: &'w mut Told,
    /// Whether somebody is there to answer questions.
    pub asks: bool,
}

/// Checks a value with a code: its own system, the binding of its element, and those of profiles.
pub fn check<'a>(value: NodeRef<'a>, member: &Member, overlays: &[Overlay<'a>], walk: &mut Walk<'a>) {
    let has_binding = member.element.binding.is_some() || overlays.iter().any(|it| it.node.binding.is_some());
    let Some(form) = Form::of(member.type_name).filter(|form| has_binding || !matches!(form, Form::Code | Form::Text))
    else {
        return;
    };
    let mut desk =
        Desk { library: walk.setting.library, issues: &mut walk.issues, told: &mut walk.told, asks: walk.setting.asks };
    own_system(value, form, &mut desk);
    let bindings = || overlays.iter().filter_map(|overlay| overlay.node.binding.as_ref());
    base(value, form, member, bindings().next().is_some(), &mut desk);
    let is_choice = member.element.is_choice;
    for binding in bindings().filter(|binding| !(is_choice && is_for_units_alone(binding, form, desk.library))) {
        bound(value, form, binding.into(), &mut desk);
    }
}

/// On a choice, a value set of units binds the quantities among its types and not, say, a CodeableConcept.
fn is_for_units_alone(binding: &NodeBinding, form: Form, library: &Library) -> bool {
    const UCUM: &str = "http://unitsofmeasure.org";
    let value_set = || library.value_set(&binding.value_set);
    form != Form::Quantity
        && value_set().is_some_and(|set| set.systems().next().is_some() && set.systems().all(|system| system == UCUM))
}

/// The binding of R4's own definition. A profile's binding is at least as narrow, so it stands for one that only warns.
fn base(value: NodeRef<'_>, form: Form, member: &Member, is_narrowed: bool, desk: &mut Desk<'_>) {
    let Some(binding) = &member.element.binding else { return };
    let strength = strength(&binding.strength);
    if strength < Strength::Required && is_narrowed {
        return;
    }
    match &member.codes {
        Some(codes) => binding::enumerated(value, form, codes, desk.issues),
        None => bound(value, form, Bound { strength, value_set: &binding.value_set, max_value_set: "" }, desk),
    }
}

fn strength(code: &str) -> Strength {
    match code {
        "required" => Strength::Required,
        "extensible" => Strength::Extensible,
        "preferred" => Strength::Preferred,
        _ => Strength::Example,
    }
}

/// A code as it stands in a resource.
struct Said<'a> {
    /// The Coding, Quantity or value that says it.
    node: NodeRef<'a>,
    system: Option<Cow<'a, str>>,
    version: Option<Cow<'a, str>>,
    code: Cow<'a, str>,
    display: Option<Cow<'a, str>>,
}

impl<'a> Said<'a> {
    /// The code of a Coding or Quantity; `None` where it has none.
    fn by(node: NodeRef<'a>) -> Option<Self> {
        if node.kind() != Kind::Object {
            return None;
        }
        let text = |name| node.str_at(name).filter(|text| !text.is_empty());
        let code = text("code")?;
        Some(Self { node, system: text("system"), version: text("version"), code, display: text("display") })
    }

    fn coded(&self) -> Coded<'_> {
        Coded {
            system: self.system.as_deref(),
            version: self.version.as_deref(),
            code: &self.code,
            display: self.display.as_deref(),
        }
    }

    /// Where its issues stand.
    fn place(&self) -> NodeRef<'a> {
        self.node.get("code").unwrap_or(self.node)
    }

    fn question(&self, value_set: &str, is_required: bool) -> CodeQuestion {
        let text = |text: &Option<Cow<'_, str>>| text.as_deref().unwrap_or_default().to_owned();
        CodeQuestion {
            issue: 0,
            place: super::place::of(self.place()),
            value_set: value_set.to_owned(),
            system: text(&self.system),
            version: text(&self.version),
            code: self.code.to_string(),
            display: text(&self.display),
            is_required,
        }
    }
}
