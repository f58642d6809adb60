//! Value sets of required bindings to the codes in them.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;
use vardbro::fhir::definitions::{CodeSet, TypeDef};

type Codes = BTreeSet<(String, String)>;

/// The code sets of every value set that a required binding names and that can be enumerated, sorted by URL.
pub fn compile(types: &[TypeDef], terminology: &[Value]) -> Vec<CodeSet> {
    let bindings = types.iter().flat_map(|def| &def.elements).filter_map(|element| element.binding.as_ref());
    let required = bindings.filter(|binding| binding.strength == "required" && !binding.value_set.is_empty());
    let names: BTreeSet<&str> = required.map(|binding| binding.value_set.as_str()).collect();
    let terminology = Terminology::read(terminology);
    let code_set = |name: &str| {
        let codes = terminology.expand(name)?.into_iter().collect();
        Some(CodeSet { value_set: name.to_owned(), codes })
    };
    names.into_iter().filter_map(code_set).collect()
}

struct Terminology<'a> {
    value_sets: HashMap<&'a str, &'a Value>,
    code_systems: HashMap<&'a str, &'a Value>,
}

impl<'a> Terminology<'a> {
    fn read(resources: &'a [Value]) -> Self {
        let of = |kind: &str| {
            let found = resources.iter().filter(|it| it["resourceType"] == kind);
            found.filter_map(|it| Some((it["url"].as_str()?, it))).collect()
        };
        Self { value_sets: of("ValueSet"), code_systems: of("CodeSystem") }
    }

    /// `None` where a part of it can't be enumerated from the files.
    fn expand(&self, value_set: &str) -> Option<Codes> {
        let name = value_set.split('|').next()?;
        let compose = &self.value_sets.get(name)?["compose"];
        let mut codes = Codes::new();
        for include in compose["include"].as_array()? {
            codes.extend(self.part(include)?);
        }
        for exclude in compose["exclude"].as_array().into_iter().flatten() {
            for code in self.part(exclude)? {
                codes.remove(&code);
            }
        }
        Some(codes).filter(|codes| !codes.is_empty())
    }

    /// The codes of one include or exclude: those of its system that are in all of its value sets.
    fn part(&self, part: &Value) -> Option<Codes> {
        let mut sets = Vec::new();
        if let Some(system) = part["system"].as_str() {
            sets.push(self.of_system(system, part)?);
        }
        for name in part["valueSet"].as_array().into_iter().flatten() {
            sets.push(self.expand(name.as_str()?)?);
        }
        sets.into_iter().reduce(|all, set| all.intersection(&set).cloned().collect())
    }

    fn of_system(&self, system: &str, part: &Value) -> Option<Codes> {
        if part.get("filter").is_some() {
            return None;
        }
        let mut codes = Codes::new();
        if let Some(listed) = part["concept"].as_array() {
            collect(listed, system, &mut codes);
            return Some(codes);
        }
        let definition = self.code_systems.get(system).filter(|it| it["content"] == "complete")?;
        collect(definition["concept"].as_array()?, system, &mut codes);
        Some(codes)
    }
}

/// Adds the concepts and those nested in them.
fn collect(concepts: &[Value], system: &str, codes: &mut Codes) {
    for concept in concepts {
        codes.extend(concept["code"].as_str().map(|code| (system.to_owned(), code.to_owned())));
        collect(concept["concept"].as_array().map(Vec::as_slice).unwrap_or_default(), system, codes);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn expanded(compose: &Value) -> Option<Vec<String>> {
        let resources = [
            json!({"resourceType": "CodeSystem", "url": "s", "content": "complete",
                   "concept": [{"code": "a", "concept": [{"code": "b"}]}, {"code": "c"}]}),
            json!({"resourceType": "CodeSystem", "url": "open", "content": "not-present"}),
            json!({"resourceType": "ValueSet", "url": "ab",
                   "compose": {"include": [{"system": "s", "concept": [{"code": "a"}, {"code": "b"}]}]}}),
            json!({"resourceType": "ValueSet", "url": "tested", "compose": compose}),
        ];
        let codes = Terminology::read(&resources).expand("tested|1.0")?;
        Some(codes.into_iter().map(|(_, code)| code).collect())
    }

    #[test]
    fn whole_systems_count_with_what_is_nested() {
        assert_eq!(expanded(&json!({"include": [{"system": "s"}]})).unwrap(), ["a", "b", "c"]);
    }

    #[test]
    fn imported_sets_narrow_and_excludes_take_away() {
        assert_eq!(expanded(&json!({"include": [{"system": "s", "valueSet": ["ab"]}]})).unwrap(), ["a", "b"]);
        let without_b =
            json!({"include": [{"valueSet": ["ab"]}], "exclude": [{"system": "s", "concept": [{"code": "b"}]}]});
        assert_eq!(expanded(&without_b).unwrap(), ["a"]);
    }

    #[test]
    fn what_can_not_be_enumerated_is_absent_as_a_whole() {
        assert_eq!(expanded(&json!({"include": [{"system": "s"}, {"system": "open"}]})), None);
        assert_eq!(expanded(&json!({"include": [{"system": "unknown"}]})), None);
        assert_eq!(expanded(&json!({"include": [{"system": "s", "filter": [{}]}]})), None);
        assert_eq!(expanded(&json!({"include": [{"valueSet": ["nowhere"]}]})), None);
    }
}
