//! `%name` (FHIRPath N1, "Environment variables"; FHIR R4, "Using FHIRPath") and `defineVariable`.

use std::rc::Rc;

use super::super::function::Short;
use super::super::quantity::UCUM;
use super::super::syntax::Step;
use super::{Answer, At, EvaluationError, Evaluator, Item, Items, Scope, Variable, fail};

impl<'a> Evaluator<'a> {
    /// The value of `%name`.
    pub(super) fn variable(&self, name: &str, scope: &Scope<'_, 'a>) -> Answer<'a> {
        if let Some(value) = defined(name, scope) {
            self.charge(value.len())?;
            return Ok(value.to_vec());
        }
        Ok(vec![match name {
            "context" => self.start.clone(),
            "resource" => Item::resource(self.resource),
            "rootResource" => Item::resource(self.root_resource()),
            "sct" => Item::String("http://snomed.info/sct".into()),
            "loinc" => Item::String("http://loinc.org".into()),
            "ucum" => Item::String(UCUM.into()),
            _ => match (name.strip_prefix("vs-"), name.strip_prefix("ext-")) {
                (Some(id), _) => Item::String(format!("http://hl7.org/fhir/ValueSet/{id}").into()),
                (_, Some(id)) => Item::String(format!("http://hl7.org/fhir/StructureDefinition/{id}").into()),
                _ => return fail("a variable is not defined"),
            },
        }])
    }

    /// Adds what a `defineVariable` step defines to the scope of the steps after it.
    pub(super) fn define(
        &self,
        step: &Step,
        items: &Items<'a>,
        scope: &mut Scope<'_, 'a>,
    ) -> Result<(), EvaluationError> {
        let Step::Call(call) = step else { return Ok(()) };
        if call.short != Some(Short::DefineVariable) {
            return Ok(());
        }
        let value = match call.arguments.get(1) {
            Some(value) => {
                let inner = Scope { this: items, ..scope.clone() };
                self.evaluate(value, &inner)?
            }
            None => items.clone(),
        };
        let at = At { evaluator: self, call, scope };
        let name = new_name(&at)?;
        let outer = scope.variables.take();
        scope.variables = Some(Rc::new(Variable { name, value, outer }));
        Ok(())
    }
}

/// `defineVariable`: checks the name; the path that it stands in defines the variable.
pub(super) fn define_variable<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    new_name(at)?;
    Ok(input)
}

fn new_name(at: &At<'_, '_>) -> Result<String, EvaluationError> {
    match at.string(0)? {
        None => fail("a variable needs a name"),
        Some(name) if defined(&name, at.scope).is_some() || is_reserved(&name) => fail("a variable is defined already"),
        Some(name) => Ok(name.into_owned()),
    }
}

fn defined<'v, 'a>(name: &str, scope: &'v Scope<'_, 'a>) -> Option<&'v [Item<'a>]> {
    let mut at = scope.variables.as_deref();
    while let Some(variable) = at {
        if variable.name == name {
            return Some(&variable.value);
        }
        at = variable.outer.as_deref();
    }
    None
}

fn is_reserved(name: &str) -> bool {
    matches!(name, "context" | "resource" | "rootResource" | "sct" | "loinc" | "ucum")
        || name.starts_with("vs-")
        || name.starts_with("ext-")
}
