//! The elements of a snapshot as a tree: elements inside, and slices beside.

use crate::fhir::{NodeRef, Value};

/// The deepest path of an element.
const DEEPEST: usize = 40;

/// A snapshot's elements.
#[derive(Debug, Clone)]
pub struct Tree {
    pub root: Node,
}

/// An element.
#[derive(Debug, Clone)]
pub struct Node {
    /// The last step of its path: `identifier`, `value[x]`.
    pub name: String,
    /// Its slice name; empty where it is no slice.
    pub slice: String,
    /// Its ElementDefinition.
    pub element: Value,
    /// The elements inside.
    pub children: Vec<Node>,
    /// Its slices; theirs are among them.
    pub slices: Vec<Node>,
    /// Of a choice that is sliced by names such as `valueQuantity` alone: the types that it had.
    pub by_name: Option<Value>,
}

/// A step of an element's way: a name, and a slice name or nothing.
pub type Step = (String, String);

/// The steps of an element's id, or of its path where the id does not go with it.
pub fn steps(id: &str, path: &str) -> Vec<Step> {
    let split = |text: &str| -> Vec<Step> {
        text.split('.').map(|step| step.split_once(':').unwrap_or((step, ""))).map(owned).collect()
    };
    let by_id = split(id);
    let goes_with = by_id.len() == path.split('.').count()
        && by_id.iter().zip(path.split('.')).all(|((name, slice), step)| name == step || slice == step);
    if goes_with { by_id } else { split(path) }
}

fn owned((name, slice): (&str, &str)) -> Step {
    (name.to_owned(), slice.to_owned())
}

impl Tree {
    /// Reads a snapshot; `None` where there are no elements.
    pub fn read<'a>(elements: impl Iterator<Item = NodeRef<'a>>) -> Result<Option<Self>, String> {
        let mut tree: Option<Self> = None;
        for element in elements {
            let path = element.str_at("path").unwrap_or_default();
            let id = element.str_at("id").unwrap_or_default();
            let steps = steps(&id, &path);
            if steps.len() > DEEPEST {
                return Err(format!("an element lies more than {DEEPEST} deep"));
            }
            let value = Value::from_node(element);
            match &mut tree {
                None => tree = Some(Self { root: Node::new(path.into_owned(), String::new(), value) }),
                Some(tree) => tree.root.put(steps.get(1..).unwrap_or_default(), value),
            }
        }
        Ok(tree)
    }

    /// The elements in order, with their ids and paths.
    pub fn elements(&self) -> Vec<Value> {
        let mut elements = Vec::new();
        self.root.write("", "", &mut elements);
        elements
    }

    /// The element of an id.
    pub fn at(&self, id: &str) -> Option<&Node> {
        let steps = steps(id, id);
        steps.iter().skip(1).try_fold(&self.root, |node, (name, slice)| {
            let child = node.children.iter().find(|child| child.name == *name)?;
            if slice.is_empty() { Some(child) } else { child.slices.iter().find(|other| other.slice == *slice) }
        })
    }
}

impl Node {
    /// An element with nothing inside.
    pub fn new(name: String, slice: String, element: Value) -> Self {
        Self { name, slice, element, children: Vec::new(), slices: Vec::new(), by_name: None }
    }

    fn put(&mut self, steps: &[Step], element: Value) {
        let Some(((name, slice), rest)) = steps.split_first() else { return };
        let at = self.children.iter().position(|child| child.name == *name).unwrap_or_else(|| {
            self.children.push(Self::new(name.clone(), String::new(), Value::object()));
            self.children.len() - 1
        });
        let mut child = &mut self.children[at];
        if !slice.is_empty() {
            let at = child.slices.iter().position(|other| other.slice == *slice).unwrap_or_else(|| {
                child.slices.push(Self::new(name.clone(), slice.clone(), Value::object()));
                child.slices.len() - 1
            });
            child = &mut child.slices[at];
        }
        if rest.is_empty() {
            child.element = element;
        } else {
            child.put(rest, element);
        }
    }

    /// How many elements it is, with those inside and its slices.
    pub fn size(&self) -> usize {
        1 + self.children.iter().chain(&self.slices).map(Self::size).sum::<usize>()
    }

    /// Raises the least number of what is sliced to that of its slices together; of a choice there is one at most.
    pub fn raise(&mut self) {
        self.children.iter_mut().chain(&mut self.slices).for_each(Self::raise);
        let parts = self.slices.iter().filter(|slice| !slice.slice.contains('/'));
        let least = parts.map(|slice| slice.min()).fold(0, u64::saturating_add);
        if !self.name.ends_with("[x]") && least > self.min() {
            self.element.set("min", Value::Number(least.to_string()));
        }
    }

    fn min(&self) -> u64 {
        match self.element.get("min") {
            Some(Value::Number(text)) => text.parse().unwrap_or(0),
            _ => 0,
        }
    }

    fn write(&self, above_id: &str, above_path: &str, elements: &mut Vec<Value>) {
        let join = |above: &str, step: &str| if above.is_empty() { step.to_owned() } else { format!("{above}.{step}") };
        let path = join(above_path, &self.name);
        let mut id = join(above_id, &self.name);
        if !self.slice.is_empty() {
            id = format!("{id}:{}", self.slice);
        }
        let mut element = Value::object().with("id", id.as_str()).with("path", path.as_str());
        element.set(
            "sliceName",
            Some(self.slice.as_str()).filter(|slice| !slice.is_empty()).map_or(Value::Null, Value::from),
        );
        if let Value::Object(members) = &self.element {
            for (name, value) in
                members.iter().filter(|(name, _)| !["id", "path", "sliceName"].contains(&name.as_str()))
            {
                element.set(name, value.clone());
            }
        }
        elements.push(element);
        self.children.iter().for_each(|child| child.write(&id, &path, elements));
        self.slices.iter().for_each(|slice| slice.write(above_id, above_path, elements));
    }
}
