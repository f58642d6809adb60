//! Where a node is: its FHIRPath and JSON pointer, built only when an issue is raised.

use crate::fhir::outcome::Place;
use crate::fhir::{Kind, NodeRef};

use super::resource_type;
use super::shape::{Content, Shape, Shapes};

/// The place of a node, from the document's root.
pub fn of(node: NodeRef<'_>) -> Place {
    Place { expression: expression(node), pointer: node.pointer(), position: Some(node.position()) }
}

/// FHIRPath of a node. Choices lose their type (`deceasedBoolean` is `deceased`), and `_name` is `name`.
fn expression(node: NodeRef<'_>) -> String {
    let mut way: Vec<NodeRef<'_>> = std::iter::successors(Some(node), NodeRef::parent).collect();
    let mut path = Path { text: String::new(), content: Some(Content::Resource), in_sibling: false };
    while let Some(step) = way.pop() {
        path.step(step);
    }
    path.text
}

struct Path {
    text: String,
    /// What stands at the path so far; `None` where the definitions don't reach.
    content: Option<Content>,
    /// In a `_name` member, whose own members are id and extension.
    in_sibling: bool,
}

impl Path {
    fn step(&mut self, node: NodeRef<'_>) {
        let Some(parent) = node.parent() else {
            self.text.push_str(resource_type::of(node).map_or("", |kind| kind.as_str()));
            return;
        };
        match node.key() {
            Some(key) => self.member(parent, &key),
            None => self.text.push_str(&format!("[{}]", node.index_in_parent())),
        }
    }

    fn member(&mut self, parent: NodeRef<'_>, key: &str) {
        let shape = self.shape(parent);
        let sibling = key.strip_prefix('_').and_then(|bare| shape?.member(bare));
        let member = sibling.or_else(|| shape?.member(key));
        let name = member.map_or(key, |member| member.element.name.as_str());
        if !self.text.is_empty() {
            self.text.push('.');
        }
        self.text.push_str(&identifier(name));
        self.in_sibling = sibling.is_some();
        self.content = member.map(|member| member.content);
    }

    fn shape(&self, node: NodeRef<'_>) -> Option<&'static Shape> {
        let shapes = Shapes::r4();
        match self.content? {
            _ if self.in_sibling => Some(shapes.sibling()),
            Content::Object(index) => Some(shapes.get(index)),
            Content::Resource if node.kind() == Kind::Object => shapes.resource(resource_type::of(node)?),
            Content::Resource | Content::Primitive(_) => None,
        }
    }
}

/// A name as FHIRPath writes it: in backticks where it is no identifier.
fn identifier(name: &str) -> String {
    let plain =
        name.bytes().enumerate().all(|(at, b)| b == b'_' || b.is_ascii_alphabetic() || (at > 0 && b.is_ascii_digit()));
    if plain && !name.is_empty() {
        name.to_owned()
    } else {
        format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`"))
    }
}

#[cfg(test)]
mod tests {
    use crate::fhir::Document;

    use super::*;

    fn expression_of(json: &str, way: &[&str]) -> String {
        let document = Document::parse(json).unwrap();
        let mut node = document.root();
        for name in way {
            let index = name.parse().ok();
            node = index.and_then(|index| node.children().nth(index)).or_else(|| node.get(name)).unwrap();
        }
        of(node).expression
    }

    #[test]
    fn items_have_indices() {
        let json = r#"{"resourceType":"Patient","name":[{"given":["A","B"]}]}"#;
        assert_eq!(expression_of(json, &["name", "0", "given", "1"]), "Patient.name[0].given[1]");
    }

    #[test]
    fn choices_lose_their_type_and_siblings_their_underscore() {
        let json =
            r#"{"resourceType":"Patient","deceasedBoolean":true,"_birthDate":{"extension":[{"valueString":"x"}]}}"#;
        assert_eq!(expression_of(json, &["deceasedBoolean"]), "Patient.deceased");
        let sibling = ["_birthDate", "extension", "0", "valueString"];
        assert_eq!(expression_of(json, &sibling), "Patient.birthDate.extension[0].value");
    }

    #[test]
    fn resources_inside_follow_their_own_type() {
        let json =
            r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Observation","valueString":"x"}}]}"#;
        let way = ["entry", "0", "resource", "valueString"];
        assert_eq!(expression_of(json, &way), "Bundle.entry[0].resource.value");
    }

    #[test]
    fn a_name_that_is_no_identifier_is_in_backticks() {
        assert_eq!(expression_of(r#"{"resourceType":"Patient","a b":1}"#, &["a b"]), "Patient.`a b`");
    }
}
