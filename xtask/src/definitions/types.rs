//! StructureDefinitions to types.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;
use vardbro::fhir::definitions::{Binding, Constraint, ElementDef, ElementType, TypeDef, TypeKind};

use super::elements::R4Elements;

const VERSION: &str = "4.0.1";
const STRUCTURE: &str = "http://hl7.org/fhir/StructureDefinition/";
const FHIR_TYPE: &str = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type";
const REGEX: &str = "http://hl7.org/fhir/StructureDefinition/regex";
const SYSTEM_TYPE: &str = "http://hl7.org/fhirpath/System.";

/// All types, sorted by name.
pub fn compile(structures: &[Value], r4: &R4Elements) -> Result<Vec<TypeDef>, String> {
    let mut types = BTreeMap::new();
    for structure in structures.iter().filter(|it| is_type(it)) {
        for def in Structure::read(structure, r4)?.types() {
            types.insert(def.name.clone(), def);
        }
    }
    let roots: HashMap<String, Vec<Constraint>> =
        types.iter().map(|(name, def)| (name.clone(), def.constraints.clone())).collect();
    for element in types.values_mut().flat_map(|def| &mut def.elements) {
        let of_types = |key: &str| {
            let mut constraints = element.types.iter().filter_map(|it| roots.get(&it.name)).flatten();
            constraints.any(|constraint| constraint.key == key)
        };
        element.constraints = element.constraints.iter().filter(|it| !of_types(&it.key)).cloned().collect();
    }
    Ok(types.into_values().collect())
}

/// Profiles (SimpleQuantity) and logical models (MetadataResource) have no instances of their own.
fn is_type(structure: &Value) -> bool {
    structure["resourceType"] == "StructureDefinition"
        && structure["version"] == VERSION
        && structure["derivation"] != "constraint"
        && structure["kind"] != "logical"
}

/// A StructureDefinition whose snapshot was brought back to R4.
struct Structure<'a> {
    name: &'a str,
    definition: &'a Value,
    /// Parent path and its elements, in order of first appearance.
    children: Vec<(&'a str, Vec<&'a Value>)>,
    root: &'a Value,
}

impl<'a> Structure<'a> {
    fn read(definition: &'a Value, r4: &R4Elements<'a>) -> Result<Self, String> {
        let name = text(definition, "name");
        let snapshot = definition["snapshot"]["element"].as_array().filter(|it| !it.is_empty());
        let snapshot = snapshot.ok_or_else(|| format!("StructureDefinition {name} has no snapshot"))?;
        let mut it = Self { name, definition, children: Vec::new(), root: &snapshot[0] };
        let kept = kept_paths(snapshot, r4);
        for element in snapshot[1..].iter().filter(|element| kept.contains(&path(element))) {
            it.add(r4.own(path(element)).filter(|_| is_leaf(element, snapshot)).unwrap_or(element));
        }
        let parents: Vec<_> = it.children.iter().map(|(parent, _)| *parent).collect();
        for removed in parents.iter().flat_map(|parent| r4.below(parent)) {
            if !snapshot.iter().any(|element| path(element) == path(removed)) {
                it.add(removed);
            }
        }
        Ok(it)
    }

    fn add(&mut self, element: &'a Value) {
        let Some((parent, _)) = path(element).rsplit_once('.') else { return };
        match self.children.iter_mut().find(|(known, _)| *known == parent) {
            Some((_, elements)) => elements.push(element),
            None => self.children.push((parent, vec![element])),
        }
    }

    /// The type itself and its backbone types.
    fn types(&self) -> Vec<TypeDef> {
        let mut types = vec![self.outer()];
        let inner = self.children.iter().filter(|(parent, _)| *parent != self.name);
        types.extend(inner.map(|(parent, elements)| self.backbone(parent, elements)));
        types
    }

    fn outer(&self) -> TypeDef {
        let own = self.children.iter().find(|(parent, _)| *parent == self.name);
        let kind = match text(self.definition, "kind") {
            "primitive-type" => TypeKind::Primitive,
            "resource" => TypeKind::Resource,
            _ => TypeKind::Complex,
        };
        let elements = own.map(|(_, elements)| elements.as_slice()).unwrap_or_default();
        TypeDef {
            name: self.name.to_owned(),
            kind,
            base: text(self.definition, "baseDefinition").trim_start_matches(STRUCTURE).to_owned(),
            is_abstract: self.definition["abstract"] == true,
            elements: elements.iter().map(|element| self.element(element)).collect(),
            constraints: constraints(self.root),
            pattern: elements.iter().find(|element| path(element).ends_with(".value")).and_then(|it| pattern(it)),
        }
    }

    fn backbone(&self, parent: &str, elements: &[&Value]) -> TypeDef {
        let siblings = self.children.iter().flat_map(|(_, elements)| elements);
        let itself = siblings.into_iter().find(|element| path(element) == parent);
        TypeDef {
            name: parent.to_owned(),
            kind: TypeKind::Backbone,
            base: itself.map_or("", |it| text(&it["type"][0], "code")).to_owned(),
            is_abstract: false,
            elements: elements.iter().map(|element| self.element(element)).collect(),
            constraints: itself.map(|it| constraints(it)).unwrap_or_default(),
            pattern: None,
        }
    }

    fn element(&self, element: &Value) -> ElementDef {
        let name = path(element).rsplit('.').next().unwrap_or_default();
        ElementDef {
            name: name.trim_end_matches("[x]").to_owned(),
            is_choice: name.ends_with("[x]"),
            min: element["min"].as_u64().and_then(|min| u16::try_from(min).ok()).unwrap_or(0),
            max: text(element, "max").parse().ok(),
            types: self.element_types(element),
            binding: binding(element),
            is_modifier: element["isModifier"] == true,
            is_summary: element["isSummary"] == true,
            max_length: element["maxLength"].as_u64().and_then(|length| u32::try_from(length).ok()),
            constraints: constraints(element),
        }
    }

    fn element_types(&self, element: &Value) -> Vec<ElementType> {
        let path = path(element);
        let backbone = element["contentReference"].as_str().map(|reference| reference.trim_start_matches('#'));
        let has_children = self.children.iter().any(|(parent, _)| *parent == path);
        if let Some(name) = backbone.or(has_children.then_some(path)) {
            return vec![ElementType { name: name.to_owned(), targets: Vec::new(), profiles: Vec::new() }];
        }
        let is_resource_id = self.definition["kind"] == "resource" && path == format!("{}.id", self.name);
        let types = element["type"].as_array().map(Vec::as_slice).unwrap_or_default();
        types
            .iter()
            .map(|it| ElementType {
                // R4's own slip: a resource's id is declared a string, and its page says id.
                name: if is_resource_id { "id".to_owned() } else { type_name(it) },
                targets: targets(it),
                profiles: profiles(it),
            })
            .collect()
    }
}

/// R4's own elements, and what comes with each of them: inherited elements and references to the content of others.
fn kept_paths<'a>(snapshot: &'a [Value], r4: &R4Elements) -> Vec<&'a str> {
    let mut kept: Vec<&str> = Vec::new();
    for element in &snapshot[1..] {
        let path = path(element);
        let parent = path.rsplit_once('.').map_or("", |(parent, _)| parent);
        let is_kept = if is_inherited(element) || element.get("contentReference").is_some() {
            !parent.contains('.') || kept.contains(&parent)
        } else if is_leaf(element, snapshot) {
            r4.has(path)
        } else {
            // What has children is no data element itself, but something inside it is one.
            let mut inside = snapshot.iter().filter(|it| is_below(self::path(it), path) && is_leaf(it, snapshot));
            inside.any(|it| r4.has(self::path(it)))
        };
        kept.extend(is_kept.then_some(path));
    }
    kept
}

fn is_leaf(element: &Value, snapshot: &[Value]) -> bool {
    !snapshot.iter().any(|other| is_below(path(other), path(element)))
}

fn is_below(path: &str, ancestor: &str) -> bool {
    path.strip_prefix(ancestor).is_some_and(|rest| rest.starts_with('.'))
}

fn is_inherited(element: &Value) -> bool {
    // Element's own elements are their own base.
    element["base"]["path"] != element["path"] || path(element).matches('.').count() == 1 && is_base(element)
}

fn is_base(element: &Value) -> bool {
    let bases = ["Element", "BackboneElement", "Resource", "DomainResource"];
    path(element).split('.').next().is_some_and(|name| bases.contains(&name) || name.starts_with(char::is_lowercase))
}

fn type_name(element_type: &Value) -> String {
    let code = text(element_type, "code");
    let declared = extension(element_type, FHIR_TYPE).map(|it| it["valueUrl"].as_str().unwrap_or_default());
    match (code.strip_prefix(SYSTEM_TYPE), declared) {
        (Some(_), Some(declared)) => declared.to_owned(),
        // String, Boolean, DateTime and their kin are FHIR's names with a capital.
        (Some(system), None) => system[..1].to_ascii_lowercase() + &system[1..],
        (None, _) => code.to_owned(),
    }
}

fn targets(element_type: &Value) -> Vec<String> {
    let profiles = element_type["targetProfile"].as_array().map(Vec::as_slice).unwrap_or_default();
    let names = profiles.iter().filter_map(|it| it.as_str()?.strip_prefix(STRUCTURE));
    let names: Vec<String> = names.map(str::to_owned).collect();
    if names.iter().any(|name| name == "Resource") { Vec::new() } else { names }
}

/// The profiles on a type, as SimpleQuantity on Quantity.
fn profiles(element_type: &Value) -> Vec<String> {
    let stated = element_type["profile"].as_array().map(Vec::as_slice).unwrap_or_default();
    stated.iter().filter_map(|it| it.as_str()).map(str::to_owned).collect()
}

fn pattern(value: &Value) -> Option<String> {
    Some(extension(&value["type"][0], REGEX)?["valueString"].as_str()?.to_owned())
}

fn binding(element: &Value) -> Option<Binding> {
    let binding = element.get("binding")?;
    let value_set = text(binding, "valueSet").split('|').next().unwrap_or_default();
    Some(Binding { strength: text(binding, "strength").to_owned(), value_set: value_set.to_owned() })
}

fn constraints(element: &Value) -> Vec<Constraint> {
    let all = element["constraint"].as_array().map(Vec::as_slice).unwrap_or_default();
    let constraint = |it: &Value| Constraint {
        key: text(it, "key").to_owned(),
        is_error: text(it, "severity") == "error",
        human: text(it, "human").to_owned(),
        expression: text(it, "expression").to_owned(),
    };
    all.iter().map(constraint).collect()
}

fn extension<'a>(element: &'a Value, url: &str) -> Option<&'a Value> {
    element["extension"].as_array()?.iter().find(|it| it["url"] == url)
}

fn path(element: &Value) -> &str {
    text(element, "path")
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}
