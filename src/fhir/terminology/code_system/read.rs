//! From a CodeSystem resource to a [`CodeSystem`].

use std::borrow::Cow;
use std::collections::HashMap;

use super::{CodeSystem, Content, Designation, Entry, Index, Property, Span};
use crate::fhir::{Kind, NodeRef};

/// More names of properties than any code system has.
const MOST_NAMES: usize = 4096;

impl CodeSystem {
    /// Reads a CodeSystem resource; what is missing in it is missing here.
    pub fn read(resource: NodeRef<'_>) -> Self {
        let text = |name: &str| Box::from(resource.str_at(name).unwrap_or_default());
        let system = Self {
            url: text("url"),
            version: text("version"),
            title: if resource.get("title").is_some() { text("title") } else { text("name") },
            status: text("status"),
            language: text("language"),
            content: content(resource),
            case_sensitive: resource.get("caseSensitive").and_then(|it| it.as_bool()),
            value_set: text("valueSet"),
            supplements: text("supplements"),
            ..Self::default()
        };
        let mut reader = Reader { roles: roles(resource), system, by_code: HashMap::new(), edges: Vec::new() };
        reader.declare(resource);
        reader.concepts(resource);
        reader.finish()
    }
}

impl CodeSystem {
    /// A complete system of codes without displays.
    pub(in super::super) fn of_codes<'c>(url: &str, codes: impl Iterator<Item = &'c str>) -> Self {
        let mut system =
            Self { url: url.into(), content: Content::Complete, case_sensitive: Some(true), ..Self::default() };
        for code in codes {
            let code = system.texts.add(code);
            system.concepts.push(Entry { code, ..Entry::default() });
        }
        system.index = Index::build(system.concepts.len(), |number| system.code(number));
        system
    }
}

fn content(resource: NodeRef<'_>) -> Content {
    // Whatever it says of its content, what supplements another system is no system of its own.
    if resource.get("supplements").is_some() {
        return Content::Supplement;
    }
    match resource.str_at("content").as_deref() {
        Some("complete") => Content::Complete,
        Some("fragment") => Content::Fragment,
        Some("example") => Content::Example,
        Some("supplement") => Content::Supplement,
        _ => Content::NotPresent,
    }
}

/// What a property says to everybody, not to those alone who know the system
/// ([concept properties](https://hl7.org/fhir/R4/codesystem-concept-properties.html)).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Inactive,
    Deprecated,
    Status,
    NotSelectable,
    Parent,
    Child,
}

fn role_named(name: &str) -> Option<Role> {
    match name {
        "inactive" => Some(Role::Inactive),
        "deprecated" => Some(Role::Deprecated),
        "status" => Some(Role::Status),
        "notSelectable" | "abstract" => Some(Role::NotSelectable),
        "parent" | "subsumedBy" => Some(Role::Parent),
        "child" => Some(Role::Child),
        _ => None,
    }
}

/// The roles of the declared properties: the URI tells, whatever the code.
fn roles(resource: NodeRef<'_>) -> HashMap<Box<str>, Role> {
    let role = |property: NodeRef<'_>| {
        let uri = property.str_at("uri").unwrap_or_default();
        let code = property.str_at("code")?;
        let named = uri.strip_prefix("http://hl7.org/fhir/concept-properties#").unwrap_or(&code);
        Some((Box::from(&*code), role_named(named)?))
    };
    resource.list("property").filter_map(role).collect()
}

struct Reader<'a> {
    system: CodeSystem,
    roles: HashMap<Box<str>, Role>,
    by_code: HashMap<Cow<'a, str>, u32>,
    /// (child, what it lies under, by its number or code), in any order.
    edges: Vec<(End<'a>, End<'a>)>,
}

#[derive(Clone)]
enum End<'a> {
    Number(u32),
    Code(Cow<'a, str>),
}

impl<'a> Reader<'a> {
    fn declare(&mut self, resource: NodeRef<'a>) {
        for code in resource.list("property").filter_map(|property| property.str_at("code")) {
            self.name(&code);
        }
    }

    fn name(&mut self, name: &str) -> Option<u16> {
        let names = &mut self.system.property_names;
        let known = names.iter().position(|it| &**it == name);
        let at = known.or_else(|| {
            names.push(name.into());
            (names.len() <= MOST_NAMES).then(|| names.len() - 1)
        });
        at.and_then(|at| u16::try_from(at).ok())
    }

    /// All concepts, outer before inner; the depth is the text's and costs no stack.
    fn concepts(&mut self, resource: NodeRef<'a>) {
        let members = |node: NodeRef<'a>| node.get("concept").map(|it| it.children());
        let mut levels: Vec<_> = members(resource).map(|it| (it, None)).into_iter().collect();
        while let Some((siblings, above)) = levels.last_mut() {
            let above = *above;
            let Some(node) = siblings.next() else {
                levels.pop();
                continue;
            };
            let Some(number) = self.concept(node) else { continue };
            if let Some(above) = above {
                self.edges.push((End::Number(number), End::Number(above)));
            }
            levels.extend(members(node).map(|it| (it, Some(number))));
        }
    }

    /// Reads a concept; a code that stood before only gains parents.
    fn concept(&mut self, node: NodeRef<'a>) -> Option<u32> {
        let code = node.str_at("code")?;
        if let Some(known) = self.by_code.get(&code) {
            return Some(*known);
        }
        let number = u32::try_from(self.system.concepts.len()).ok()?;
        let mut entry = Entry { code: self.add(&code), display: self.text_of(node, "display"), ..Entry::default() };
        for designation in node.list("designation") {
            let (language, text) = (self.text_of(designation, "language"), self.text_of(designation, "value"));
            self.system.designations.push(Designation { language, text });
        }
        for property in node.list("property") {
            self.property(property, number, &mut entry);
        }
        entry.designations = u32::try_from(self.system.designations.len()).ok()?;
        entry.properties = u32::try_from(self.system.properties.len()).ok()?;
        self.system.concepts.push(entry);
        self.by_code.insert(code, number);
        Some(number)
    }

    fn property(&mut self, node: NodeRef<'a>, number: u32, entry: &mut Entry) -> Option<()> {
        let name = node.str_at("code")?;
        let value = node.children().find(|member| member.key().is_some_and(|key| key.starts_with("value")))?;
        let value = match value.kind() {
            Kind::Object => value.str_at("code")?,
            Kind::String => value.as_str()?,
            _ => Cow::Borrowed(value.text()),
        };
        let said = |role: Role| self.roles.get(&*name).copied().or_else(|| role_named(&name)) == Some(role);
        entry.is_inactive |= said(Role::Inactive) && value == "true"
            || said(Role::Status) && matches!(&*value, "inactive" | "retired" | "withdrawn");
        // A date of deprecation may lie ahead; only what is deprecated by word counts.
        entry.is_deprecated |=
            (said(Role::Deprecated) && value == "true") || (said(Role::Status) && value == "deprecated");
        entry.is_abstract |= said(Role::NotSelectable) && value == "true";
        if said(Role::Parent) {
            self.edges.push((End::Number(number), End::Code(value.clone())));
        } else if said(Role::Child) {
            self.edges.push((End::Code(value.clone()), End::Number(number)));
        }
        let (name, value) = (self.name(&name)?, self.add(&value));
        self.system.properties.push(Property { name, value });
        Some(())
    }

    fn text_of(&mut self, node: NodeRef<'a>, name: &str) -> Span {
        node.str_at(name).map(|text| self.add(&text)).unwrap_or_default()
    }

    fn add(&mut self, text: &str) -> Span {
        self.system.texts.add(text)
    }

    fn finish(mut self) -> CodeSystem {
        let number = |end: &End<'_>| match end {
            End::Number(number) => Some(*number),
            End::Code(code) => self.by_code.get(code).copied(),
        };
        let mut edges: Vec<(u32, u32)> =
            self.edges.iter().filter_map(|(child, parent)| Some((number(child)?, number(parent)?))).collect();
        edges.sort_unstable();
        edges.dedup();
        let mut at = 0;
        for (child, entry) in self.system.concepts.iter_mut().enumerate() {
            at += edges[at..].iter().take_while(|(number, _)| *number as usize == child).count();
            entry.parents = u32::try_from(at).unwrap_or(u32::MAX);
        }
        self.system.parents = edges.into_iter().map(|(_, parent)| parent).collect();
        let system = &self.system;
        let index = Index::build(system.concepts.len(), |number| system.code(number));
        self.system.index = index;
        self.system
    }
}
