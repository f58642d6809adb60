//! The differential's elements, one after the other, on the base's tree.

use super::tree::{Node, Step, Tree, steps};
use super::{merge, snapshot_of};
use crate::fhir::library::Library;
use crate::fhir::{NodeRef, Value};

/// The most elements of a snapshot: what is unfolded again and again would grow without end.
const MOST: usize = 50_000;
const TYPES: &str = "http://hl7.org/fhir/StructureDefinition/";

/// What is needed on the way.
pub struct Generator<'g> {
    tree: Tree,
    /// As it was, for what references to content mean.
    base: Tree,
    around: Around<'g>,
    /// The steps of the element before, whose slices an element without an id is inside of.
    before: Vec<Step>,
    faults: Vec<String>,
}

struct Around<'g> {
    library: &'g Library,
    chain: &'g mut Vec<String>,
    url: &'g str,
    is_new_type: bool,
    room: usize,
}

impl<'g> Generator<'g> {
    pub fn new(tree: Tree, library: &'g Library, chain: &'g mut Vec<String>, url: &'g str, is_new_type: bool) -> Self {
        let around = Around { library, chain, url, is_new_type, room: MOST };
        Self { base: tree.clone(), tree, around, before: Vec::new(), faults: Vec::new() }
    }

    /// Applies an element of the differential.
    pub fn apply(&mut self, element: NodeRef<'_>) {
        let path = element.str_at("path").unwrap_or_default();
        let way = self.way(element);
        if let Err(why) = self.applied(&way, element) {
            self.faults.push(format!("{path}: {why}"));
        }
        self.before = way;
    }

    /// The tree, or all that is wrong.
    pub fn finish(mut self) -> Result<Tree, String> {
        self.tree.root.raise();
        if self.faults.is_empty() { Ok(self.tree) } else { Err(self.faults.join("; ")) }
    }

    /// The element's steps: by its id, or by its path inside the slices of the elements before.
    fn way(&self, element: NodeRef<'_>) -> Vec<Step> {
        let path = element.str_at("path").unwrap_or_default();
        let slice = element.str_at("sliceName").unwrap_or_default();
        let mut way = steps(&element.str_at("id").unwrap_or_default(), &path);
        if way.iter().all(|(_, slice)| slice.is_empty()) {
            let last = way.len().saturating_sub(1);
            let same = way.iter().zip(&self.before).take(last).take_while(|(step, before)| step.0 == before.0).count();
            way.iter_mut().zip(&self.before).take(same).for_each(|(step, before)| step.1.clone_from(&before.1));
            if let Some(step) = way.last_mut() {
                step.1 = slice.into_owned();
            }
        }
        way
    }

    fn applied(&mut self, way: &[Step], element: NodeRef<'_>) -> Result<(), String> {
        let Some((first, rest)) = way.split_first() else { return Err("it has no path".into()) };
        if first.0 != self.tree.root.name {
            return Err(format!("the base is of the type {}", self.tree.root.name));
        }
        if way.len() > super::DEEPEST * 2 {
            return Err("it lies too deep".into());
        }
        let mut node = &mut self.tree.root;
        for (at, step) in rest.iter().enumerate() {
            let is_last = at + 1 == rest.len();
            node = self.around.enter(node, step, is_last, &self.base)?;
        }
        merge::merge(&mut node.element, element, self.around.url, !node.slice.is_empty() || self.around.is_new_type)
    }
}

impl Around<'_> {
    /// The child of that step, which is made where it can be.
    fn enter<'n>(
        &mut self,
        node: &'n mut Node,
        step: &Step,
        is_last: bool,
        base: &Tree,
    ) -> Result<&'n mut Node, String> {
        if node.children.is_empty() && !(self.is_new_type && is_last) {
            self.unfold(node, base)?;
        }
        let (name, slice) = step;
        if let Some(at) = node.children.iter().position(|child| child.name == *name) {
            let child = &mut node.children[at];
            return if slice.is_empty() { Ok(child) } else { self.slice(child, slice) };
        }
        let choice = node.children.iter().enumerate().find_map(|(at, child)| Some((at, chosen(child, name)?)));
        if let Some((at, code)) = choice {
            return self.choose(&mut node.children[at], if slice.is_empty() { name } else { slice }, &code);
        }
        if self.is_new_type && is_last {
            node.children.push(Node::new(name.clone(), String::new(), Value::object()));
            return node.children.last_mut().ok_or_else(|| "it can't be added".to_owned());
        }
        Err("the base has no such element".into())
    }

    /// The slice of a choice that a name such as `valueQuantity` means. Where nothing else slices it, the names in the
    /// differential are all the types that are left, and with one type that was left before it is the choice itself.
    fn choose<'n>(&mut self, node: &'n mut Node, name: &str, code: &str) -> Result<&'n mut Node, String> {
        let types = node.element.get("type").map(Value::items).unwrap_or_default();
        if types.len() == 1 && node.slices.is_empty() {
            return Ok(node);
        }
        if node.element.get("slicing").is_none() {
            node.by_name = Some(node.element.get("type").cloned().unwrap_or(Value::Null));
        }
        let left = node.by_name.clone();
        if let Some(all) = &left {
            node.element.set("type", all.clone());
        }
        self.slice(node, name)?;
        if let Some(all) = left {
            let named: Vec<_> = node
                .slices
                .iter()
                .filter_map(|slice| slice.element.get("type"))
                .flat_map(Value::items)
                .cloned()
                .collect();
            let is_left = |of: &&Value| named.contains(of) || of.get("code").and_then(Value::as_str) == Some(code);
            let types = all.items().iter().filter(is_left).cloned().collect();
            node.element.set("type", Value::Array(types));
            if let Some(mut slicing) = node.element.get("slicing").cloned() {
                slicing.set("rules", "closed");
                node.element.set("slicing", slicing);
            }
        }
        let slice = node.slices.iter_mut().find(|slice| slice.slice == name).ok_or("it can't be sliced")?;
        narrow(&mut slice.element, code);
        Ok(slice)
    }

    /// The slice of that name, which is made like what it slices.
    fn slice<'n>(&mut self, node: &'n mut Node, name: &str) -> Result<&'n mut Node, String> {
        if let Some(at) = node.slices.iter().position(|slice| slice.slice == name) {
            return Ok(&mut node.slices[at]);
        }
        if node.element.get("slicing").is_none() {
            match implied(&node.name) {
                Some(slicing) => _ = node.element.set("slicing", slicing),
                // Of an element that is there once at most, a slice is the element.
                None if node.element.get("max").and_then(Value::as_str) == Some("1") => return Ok(node),
                None => return Err("slices, but nothing says how they are told apart".into()),
            }
        }
        // `a/b` is a slice of the slice `a`.
        let above = name.rsplit_once('/').and_then(|(above, _)| node.slices.iter().find(|slice| slice.slice == above));
        let model = above.unwrap_or(node);
        self.take(model.children.iter().map(Node::size).sum::<usize>() + 1)?;
        let mut slice = Node::new(node.name.clone(), name.to_owned(), model.element.clone());
        slice.children.clone_from(&model.children);
        remove(&mut slice.element, "slicing");
        slice.element.set("min", Value::Number("0".into()));
        if let Some(code) = chosen(node, name) {
            narrow(&mut slice.element, &code);
        }
        let at = node.slices.iter().rposition(|other| {
            name.rsplit_once('/').is_some_and(|(above, _)| {
                other.slice == above || other.slice.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'))
            })
        });
        let at = at.map_or(node.slices.len(), |at| at + 1);
        node.slices.insert(at, slice);
        Ok(&mut node.slices[at])
    }

    /// Puts the elements inside: those of the content that it refers to, or those of its type or the type's profile.
    fn unfold(&mut self, node: &mut Node, base: &Tree) -> Result<(), String> {
        if let Some(content) = node.element.get("contentReference").and_then(Value::as_str) {
            let id = content.rsplit('#').next().unwrap_or_default();
            let target = base.at(id).ok_or_else(|| format!("{content} leads nowhere"))?;
            self.take(target.size())?;
            node.children.clone_from(&target.children);
            if let Some(types) = target.element.get("type") {
                node.element.set("type", types.clone());
            }
            remove(&mut node.element, "contentReference");
            return Ok(());
        }
        let canonical = inside(&node.element).ok_or("it has no type whose elements could be meant")?;
        let tree = snapshot_of(&canonical, self.library, self.chain)?;
        self.take(tree.root.size())?;
        node.children = tree.root.children;
        if node.children.is_empty() { Err(format!("{canonical} has no elements inside")) } else { Ok(()) }
    }

    fn take(&mut self, elements: usize) -> Result<(), String> {
        self.room =
            self.room.checked_sub(elements).ok_or_else(|| format!("the snapshot has more than {MOST} elements"))?;
        Ok(())
    }
}

/// What describes the elements inside: the one profile of its one type, or the type. Of several types it is what they
/// have in common.
fn inside(element: &Value) -> Option<String> {
    let types = element.get("type")?.items();
    let first = types.first()?;
    let code = first.get("code")?.as_str()?;
    if types.iter().any(|other| other.get("code").and_then(Value::as_str) != Some(code)) {
        return Some(format!("{TYPES}Element"));
    }
    match first.get("profile").map(Value::items) {
        Some([profile]) if types.len() == 1 => Some(profile.as_str()?.to_owned()),
        _ if code.starts_with("http") => None,
        _ => Some(format!("{TYPES}{code}")),
    }
}

/// Slicing that need not be said: of extensions by their URL, and of choices by their type.
fn implied(name: &str) -> Option<Value> {
    let (kind, path) = match name {
        "extension" | "modifierExtension" => ("value", "url"),
        name if name.ends_with("[x]") => ("type", "$this"),
        _ => return None,
    };
    let discriminator = Value::object().with("type", kind).with("path", path);
    let slicing = Value::object().with("discriminator", Value::Array(vec![discriminator]));
    Some(slicing.with("ordered", Value::Boolean(false)).with("rules", "open"))
}

/// The type that a name such as `valueQuantity` gives the choice `value[x]`.
fn chosen(choice: &Node, name: &str) -> Option<String> {
    let suffix = name.strip_prefix(choice.name.strip_suffix("[x]")?)?;
    let mut codes = choice
        .by_name
        .as_ref()
        .or_else(|| choice.element.get("type"))?
        .items()
        .iter()
        .filter_map(|of| of.get("code")?.as_str());
    codes
        .find(|code| {
            let mut letters = code.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            suffix.chars().next() == first && suffix.chars().skip(1).eq(letters)
        })
        .map(str::to_owned)
}

/// Leaves one type of the choice.
fn narrow(element: &mut Value, code: &str) {
    let types = element.get("type").map(Value::items).unwrap_or_default();
    let left = types.iter().filter(|of| of.get("code").and_then(Value::as_str) == Some(code)).cloned().collect();
    element.set("type", Value::Array(left));
}

fn remove(element: &mut Value, name: &str) {
    if let Value::Object(members) = element {
        members.retain(|(member, _)| member != name);
    }
}
