//! Leaves out of a profile what R4's own definition says already: the walk checks that without any profile.

use crate::fhir::Definitions;
use crate::fhir::definitions::{Constraint, ElementDef, ElementType, TypeDef};
use crate::fhir::library::profile::{Node, NodeBinding, NodeType, SlicingRules};

/// Prunes the tree of a profile on a type.
pub fn root(node: &mut Node, type_name: &str) {
    let def = Definitions::r4().type_named(type_name);
    if let Some(def) = def {
        node.constraints.retain(|it| !def.constraints.iter().any(|own| own.key == it.key));
    }
    // A root stands for itself; how often is said where it is used.
    (node.min, node.max, node.types) = (0, None, Vec::new());
    children(node, def);
}

fn children(node: &mut Node, def: Option<&TypeDef>) {
    for child in &mut node.children {
        name_the_choice(child, def);
        let element = def.and_then(|def| def.element(&child.name));
        prune(child, element, false);
    }
    merge_typed_choices(node);
    node.children.retain(|child| !child.says_nothing());
}

/// `Observation.valueQuantity` is `value[x]` narrowed to Quantity.
fn name_the_choice(child: &mut Node, def: Option<&TypeDef>) {
    let Some(def) = def.filter(|def| def.element(&child.name).is_none()) else { return };
    let found = def.elements.iter().filter(|it| it.is_choice).find_map(|it| {
        let suffix = child.name.strip_prefix(it.name.as_str())?;
        let chosen = it.types.iter().find(|kind| kind.name.eq_ignore_ascii_case(suffix))?;
        Some((it.name.clone(), chosen.name.clone()))
    });
    let Some((name, chosen)) = found else { return };
    if child.slice_name.is_empty() {
        child.slice_name.clone_from(&child.name);
    }
    child.name = name;
    child.is_choice = true;
    if child.types.is_empty() {
        child.types.push(NodeType { name: chosen, profiles: vec![], targets: vec![], aggregation: vec![] });
    }
}

/// Choices that stood under the name of a type become slices of one element.
fn merge_typed_choices(node: &mut Node) {
    let (typed, mut others): (Vec<Node>, Vec<Node>) =
        std::mem::take(&mut node.children).into_iter().partition(|it| it.is_choice && !it.slice_name.is_empty());
    for slice in typed {
        match others.iter_mut().find(|it| it.name == slice.name) {
            Some(sliced) => sliced.slices.push(slice),
            None => others.push(Node {
                name: slice.name.clone(),
                path: slice.path.clone(),
                is_choice: true,
                slices: vec![slice],
                ..Node::default()
            }),
        }
    }
    node.children = others;
}

fn prune(node: &mut Node, element: Option<&ElementDef>, is_slice: bool) {
    if let Some(element) = element {
        against(node, element, is_slice);
    }
    if node.slices.is_empty() && node.slicing.as_ref().is_some_and(|it| it.rules != SlicingRules::Closed) {
        node.slicing = None;
    }
    let inside = inside(node, element);
    children(node, inside);
    for slice in &mut node.slices {
        prune(slice, element, true);
    }
}

fn against(node: &mut Node, element: &ElementDef, is_slice: bool) {
    if !is_slice {
        if node.min <= u32::from(element.min) {
            node.min = 0;
        }
        if node.max == element.max.map(u32::from) {
            node.max = None;
        }
    }
    let declared = base_constraints(element);
    node.constraints.retain(|it| !declared.iter().any(|own| own.key == it.key));
    if node.binding.as_ref().is_some_and(|it| is_same_binding(it, element)) {
        node.binding = None;
    }
    if node.max_length == element.max_length.map(u64::from) {
        node.max_length = None;
    }
    if is_same_types(&node.types, &element.types) {
        node.types.clear();
    }
}

/// The invariants of an element and of all its types.
fn base_constraints(element: &ElementDef) -> Vec<&Constraint> {
    let of_types = element.types.iter().filter_map(|it| Definitions::r4().type_named(&it.name));
    element.constraints.iter().chain(of_types.flat_map(|def| &def.constraints)).collect()
}

fn is_same_binding(binding: &NodeBinding, element: &ElementDef) -> bool {
    let strength = format!("{:?}", binding.strength).to_ascii_lowercase();
    let value_set = binding.value_set.split('|').next().unwrap_or_default();
    element.binding.as_ref().is_some_and(|own| own.strength == strength && own.value_set == value_set)
}

fn is_same_types(types: &[NodeType], own: &[ElementType]) -> bool {
    // A backbone element is named in a snapshot by what it derives from.
    let is_backbone = |name: &str| name.contains('.');
    types.len() == own.len()
        && types.iter().all(|it| {
            let same = own.iter().find(|own| own.name == it.name || is_backbone(&own.name));
            same.is_some_and(|own| {
                let targets = it.targets.iter().map(|url| url.rsplit('/').next().unwrap_or(url));
                let is_any = |name: &str| name == "Resource";
                let wider = targets.clone().all(|name| is_any(name) || own.targets.iter().any(|it| it == name));
                it.profiles.is_empty()
                    && it.aggregation.is_empty()
                    && wider
                    && (own.targets.is_empty() || targets.count() == own.targets.len())
            })
        })
}

/// The definition of what stands inside: known where the element has one type.
fn inside<'d>(node: &Node, element: Option<&'d ElementDef>) -> Option<&'d TypeDef> {
    let element = element?;
    let name = match (&node.types[..], &element.types[..]) {
        (_, [only]) => &only.name,
        ([chosen], several) => &several.iter().find(|it| it.name == chosen.name)?.name,
        _ => return None,
    };
    Definitions::r4().type_named(name)
}
