//! The snapshot's flat list as a tree: children under their element, slices beside it.

use crate::fhir::NodeRef;
use crate::fhir::library::profile::Node;

use super::element;

/// An element while its children still come.
struct Open {
    node: Node,
    depth: usize,
}

/// Builds the tree; the first element is the root.
pub fn build<'a>(elements: impl Iterator<Item = NodeRef<'a>>) -> Result<Node, String> {
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    for element in elements {
        let node = element::read(element)?;
        let depth = node.path.split('.').count();
        if depth > MOST_DEEP || (depth == 1) != open.is_empty() {
            return Err(format!("its snapshot does not hang together at {}", node.path));
        }
        close(&mut open, depth);
        if depth > 1 && open.last().is_none_or(|last| last.depth != depth - 1) {
            return Err(format!("its snapshot has {} without the element around it", node.path));
        }
        open.push(Open { node, depth });
    }
    close(&mut open, 1);
    root = open.pop().map(|last| last.node).or(root.take());
    root.ok_or_else(|| "its snapshot has no elements".into())
}

/// No definition nests deeper; this stops hostile ones.
const MOST_DEEP: usize = 32;

/// Hands the elements that are complete to those around them, until one of `depth` may follow.
fn close(open: &mut Vec<Open>, depth: usize) {
    while open.len() > 1 && open.last().is_some_and(|last| last.depth >= depth) {
        let Some(done) = open.pop() else { return };
        if let Some(around) = open.last_mut() {
            adopt(&mut around.node, done.node);
        }
    }
}

fn adopt(around: &mut Node, node: Node) {
    if node.slice_name.is_empty() {
        return around.children.push(node);
    }
    match around.children.iter_mut().rev().find(|child| child.name == node.name) {
        Some(sliced) => into_slices(sliced, node),
        // A choice narrowed by the name of one type, with no element for the choice itself.
        None => {
            let sliced =
                Node { name: node.name.clone(), path: node.path.clone(), is_choice: node.is_choice, ..Node::default() };
            around.children.push(Node { slices: vec![node], ..sliced });
        }
    }
}

/// `a/b` is a slice of the slice `a`.
fn into_slices(sliced: &mut Node, node: Node) {
    let inner = sliced.slices.iter_mut().find(|slice| {
        node.slice_name.strip_prefix(slice.slice_name.as_str()).is_some_and(|rest| rest.starts_with('/'))
    });
    match inner {
        Some(slice) => into_slices(slice, node),
        None => sliced.slices.push(node),
    }
}
