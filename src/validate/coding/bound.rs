//! Bindings to value sets, by their strength ([strengths](https://hl7.org/fhir/R4/terminologies.html#strength)).

use std::sync::Arc;

use crate::fhir::NodeRef;
use crate::fhir::library::profile::Strength;
use crate::fhir::terminology::{Coded, Members, Membership, Status, Unknown};

use crate::validate::rules::{
    CODE_NOT_CHECKED, CODE_NOT_PREFERRED, CODE_OUTSIDE, CODE_OUTSIDE_MAX, CODE_SYSTEM_MISSING, CODE_UNKNOWN, Rule,
};

use super::{Bound, Desk, Form, Said, words};

/// Checks a value against a binding.
pub fn bound(value: NodeRef<'_>, form: Form, binding: Bound<'_>, desk: &mut Desk<'_>) {
    let is_binding = binding.strength > Strength::Example && !binding.value_set.is_empty();
    if !is_binding && binding.max_value_set.is_empty() {
        return;
    }
    match form {
        Form::Code | Form::Text => text(value, binding, desk),
        Form::Quantity => {
            if let Some(said) = Said::by(value) {
                several(value, &[said], binding, desk);
            }
        }
        Form::Coding => match Said::by(value) {
            Some(said) => several(value, &[said], binding, desk),
            // What an extension says instead (that it is not known, say) is left alone.
            None if value.get("extension").is_none() && !has_companion(value) => several(value, &[], binding, desk),
            None => {}
        },
        Form::Concept => {
            let said: Vec<Said<'_>> = value.list("coding").filter_map(Said::by).collect();
            let has_coding = value.get("coding").is_some();
            let is_said_otherwise = value.get("extension").is_some() || value.list("coding").any(has_companion);
            if !said.is_empty() || !is_said_otherwise && (has_coding || binding.strength == Strength::Required) {
                several(value, &said, binding, desk);
            }
        }
    }
}

/// Whether a Coding has a `_code` beside the code that is not there.
fn has_companion(coding: NodeRef<'_>) -> bool {
    coding.get("_code").is_some()
}

fn text(value: NodeRef<'_>, binding: Bound<'_>, desk: &mut Desk<'_>) {
    let Some(code) = value.as_str() else { return };
    let membership = desk.library.membership(binding.value_set, Coded { code: &code, ..Coded::default() });
    if membership != Membership::Member {
        let said = Said { node: value, system: None, version: None, code, display: None };
        judge(value, &[said], membership, binding, desk);
    }
}

/// Codings of which one must be in the value set.
fn several(value: NodeRef<'_>, said: &[Said<'_>], binding: Bound<'_>, desk: &mut Desk<'_>) {
    let membership = membership(said, binding.value_set, desk);
    if membership != Membership::Member {
        judge(value, said, membership, binding, desk);
    }
}

fn membership(said: &[Said<'_>], value_set: &str, desk: &Desk<'_>) -> Membership {
    let mut all = Membership::NotMember;
    for one in said.iter().filter(|one| one.system.is_some()) {
        match desk.library.membership(value_set, one.coded()) {
            Membership::Member => return Membership::Member,
            unknown @ Membership::Unknown(_) if all == Membership::NotMember => all = unknown,
            _ => {}
        }
    }
    all
}

/// Says what follows from codes of which none is known to be in the value set.
fn judge(value: NodeRef<'_>, said: &[Said<'_>], is: Membership, binding: Bound<'_>, desk: &mut Desk<'_>) {
    let is_text = said.first().is_some_and(|one| one.node == value && value.as_str().is_some());
    if !binding.max_value_set.is_empty() && binding.strength < Strength::Required {
        let widest = if is_text {
            let code = said.first().map(Said::coded).unwrap_or_default();
            desk.library.membership(binding.max_value_set, code)
        } else {
            membership(said, binding.max_value_set, desk)
        };
        match widest {
            Membership::NotMember if !said.is_empty() => {
                return outside(value, said, &CODE_OUTSIDE_MAX, binding.max_value_set, desk);
            }
            Membership::Unknown(why) => return not_checked(said, &why, true, binding.max_value_set, desk),
            _ => {}
        }
    }
    match (binding.strength, is) {
        (Strength::Example, _) | (Strength::Preferred, Membership::Unknown(_)) => {}
        (_, Membership::Unknown(why)) => {
            not_checked(said, &why, binding.strength == Strength::Required, binding.value_set, desk);
        }
        (Strength::Required, _) => outside(value, said, &CODE_UNKNOWN, binding.value_set, desk),
        (Strength::Preferred, _) => outside(value, said, &CODE_NOT_PREFERRED, binding.value_set, desk),
        (Strength::Extensible, _) => extensible(value, said, is_text, binding, desk),
    }
}

fn extensible(value: NodeRef<'_>, said: &[Said<'_>], is_text: bool, binding: Bound<'_>, desk: &mut Desk<'_>) {
    if let Some(one) = said.iter().find(|one| one.system.is_none() && !is_text) {
        let set = binding.value_set;
        return desk.issues.raise(
            &CODE_SYSTEM_MISSING,
            one.place(),
            format!("Without its system the code can't be held against the value set {set}; give its system."),
            format!("Utan sitt system kan koden inte prövas mot värdemängden {set}; ange dess system."),
        );
    }
    // A code that its own system does not have is told there.
    let is_told = |one: &Said<'_>| matches!(desk.library.status(&one.coded()), Status::Missing(_));
    if said.is_empty() || !said.iter().all(is_told) {
        outside(value, said, &CODE_OUTSIDE, binding.value_set, desk);
    }
}

fn outside(value: NodeRef<'_>, said: &[Said<'_>], rule: &Rule, value_set: &str, desk: &mut Desk<'_>) {
    let members: Option<Arc<Members>> = desk.library.members(value_set).filter(|_| !desk.issues.is_full());
    let known = members.as_deref().map(Members::some_codes).unwrap_or_default();
    let code = said.first().map_or("", |one| &*one.code);
    let place = said.first().map_or_else(|| value.list("coding").next().unwrap_or(value), Said::place);
    let (english, swedish) = words::outside(rule, value_set, code, &known);
    desk.issues.raise(rule, place, english, swedish);
}

fn not_checked(said: &[Said<'_>], why: &Unknown, is_required: bool, value_set: &str, desk: &mut Desk<'_>) {
    let asked = said.iter().filter(|one| {
        let is_bare = one.system.is_none() && one.node.as_str().is_none();
        desk.asks && !is_bare && matches!(desk.library.membership(value_set, one.coded()), Membership::Unknown(_))
    });
    let questions: Vec<_> = asked.map(|one| one.question(value_set, is_required)).collect();
    if let Some(first) = said.first() {
        let (english, swedish) = words::not_checked(why, value_set);
        desk.issues.raise_asking(&CODE_NOT_CHECKED, first.place(), english, swedish, questions);
    }
}
