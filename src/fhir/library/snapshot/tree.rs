//! ElementDefinitions as a tree.

use crate::fhir::Value;

/// An element with what stands inside and its slices.
#[derive(Debug, Clone)]
pub struct Element {
    /// The last part of its path, `[x]` included.
    pub name: String,
    /// The slice that it is; empty where it is none.
    pub slice: String,
    /// The ElementDefinition; id, path and sliceName are written anew.
    pub definition: Value,
    /// The elements inside.
    pub children: Vec<Element>,
    /// The slices.
    pub slices: Vec<Element>,
}

impl Element {
    fn of(definition: Value) -> Result<(Self, usize), String> {
        let path = definition.get("path").and_then(Value::as_str).ok_or("an element has no path")?.to_owned();
        let slice = definition.get("sliceName").and_then(Value::as_str).unwrap_or_default().to_owned();
        let name = path.rsplit('.').next().unwrap_or_default().to_owned();
        let depth = path.split('.').count();
        Ok((Self { name, slice, definition, children: Vec::new(), slices: Vec::new() }, depth))
    }

    /// The child of that name, with or without `[x]`.
    pub fn child_mut(&mut self, name: &str) -> Option<&mut Self> {
        let plain = name.trim_end_matches("[x]");
        self.children.iter_mut().find(|child| child.name.trim_end_matches("[x]") == plain)
    }

    /// The list in the order of a snapshot.
    pub fn into_list(self) -> Vec<Value> {
        let mut list = Vec::new();
        self.write("", "", &mut list);
        list
    }

    fn write(self, around_id: &str, around_path: &str, list: &mut Vec<Value>) {
        let dot = if around_path.is_empty() { "" } else { "." };
        let path = format!("{around_path}{dot}{}", self.name);
        let mark = if self.slice.is_empty() { "" } else { ":" };
        let id = format!("{around_id}{dot}{}{mark}{}", self.name, self.slice);
        let mut element = Value::object().with("id", id.as_str()).with("path", path.as_str());
        if !self.slice.is_empty() {
            element.set("sliceName", self.slice.as_str());
        }
        if let Value::Object(members) = self.definition {
            for (name, value) in
                members.into_iter().filter(|(name, _)| !matches!(name.as_str(), "id" | "path" | "sliceName"))
            {
                element.set(&name, value);
            }
        }
        list.push(element);
        self.children.into_iter().for_each(|child| child.write(&id, &path, list));
        self.slices.into_iter().for_each(|slice| slice.write(around_id, around_path, list));
    }
}

/// Builds the tree of a snapshot's list.
pub fn build(elements: impl Iterator<Item = Value>) -> Result<Element, String> {
    let mut open: Vec<(Element, usize)> = Vec::new();
    for definition in elements {
        let (element, depth) = Element::of(definition)?;
        close(&mut open, depth);
        if open.last().map_or(1, |(_, last)| last + 1) != depth {
            return Err("a snapshot that it builds on does not hang together".into());
        }
        open.push((element, depth));
    }
    close(&mut open, 2);
    open.pop().map(|(root, _)| root).ok_or_else(|| "a snapshot that it builds on has no elements".into())
}

/// Puts the elements that are complete into those around them.
fn close(open: &mut Vec<(Element, usize)>, depth: usize) {
    while open.len() > 1 && open.last().is_some_and(|(_, last)| *last >= depth) {
        if let (Some((done, _)), Some((around, _))) = (open.pop(), open.last_mut()) {
            adopt(around, done);
        }
    }
}

fn adopt(around: &mut Element, element: Element) {
    match around.children.iter_mut().rev().find(|child| child.name == element.name) {
        Some(sliced) if !element.slice.is_empty() => into_slices(sliced, element),
        _ => around.children.push(element),
    }
}

/// `a/b` is a slice of the slice `a`.
pub fn into_slices(sliced: &mut Element, element: Element) {
    let is_around =
        |slice: &Element| element.slice.strip_prefix(&slice.slice).is_some_and(|rest| rest.starts_with('/'));
    match sliced.slices.iter_mut().find(|slice| is_around(slice)) {
        Some(slice) => into_slices(slice, element),
        None => sliced.slices.push(element),
    }
}
