//! Where an extension may stand ([context](https://hl7.org/fhir/R4/defining-extensions.html#context)).

use crate::fhir::library::Profile;
use crate::fhir::library::profile::ExtensionContext;
use crate::fhir::{NodeRef, ResourceType};

use crate::validate::rules::EXTENSION_CONTEXT;
use crate::validate::shape::{Content, Shapes};
use crate::validate::walk::Walk;

/// What the owner of an extension may be called in a context.
struct Owner {
    /// Its path from the resource, and from each data type on the way: `Patient.name.given`, `HumanName.given`.
    paths: Vec<String>,
    /// Its type: `string`, `HumanName`, `Patient`.
    type_name: String,
    /// The url of the extension that it is, if it is one.
    extension: Option<String>,
}

/// Names of R5 for groups of resource types.
const GROUPS: [&str; 5] = ["Element", "Resource", "DomainResource", "CanonicalResource", "MetadataResource"];

/// HL7's own definitions put `regex` on the types of elements, which its context leaves out.
const ALSO: [(&str, &str); 1] = [("http://hl7.org/fhir/StructureDefinition/regex", "ElementDefinition.type")];

/// Checks that an extension's definition allows it where it stands.
pub fn check<'a>(extension: NodeRef<'a>, profile: &Profile, walk: &mut Walk<'a>) {
    if profile.contexts.is_empty() || profile.contexts.iter().any(is_anywhere) {
        return;
    }
    let owner = Owner::of(extension);
    let is_also = ALSO.iter().any(|(url, path)| *url == profile.url && owner.paths.iter().any(|own| own == path));
    if is_also || profile.contexts.iter().any(|context| owner.fits(context, walk)) {
        return;
    }
    let (url, allowed) = (&profile.url, names(&profile.contexts));
    walk.issues.raise(
        &EXTENSION_CONTEXT,
        extension,
        format!("The extension {url} may not stand here; it is defined for: {allowed}."),
        format!("Extensionen {url} får inte stå här; den är definierad för: {allowed}."),
    );
}

/// What a FHIRPath selects is not asked: an extension may stand on more than its path can tell here.
fn is_anywhere(context: &ExtensionContext) -> bool {
    match context {
        ExtensionContext::Element(name) => name == "Element",
        ExtensionContext::Path(_) => true,
        ExtensionContext::Extension(_) => false,
    }
}

fn names(contexts: &[ExtensionContext]) -> String {
    let name = |context: &ExtensionContext| match context {
        ExtensionContext::Element(name) | ExtensionContext::Extension(name) | ExtensionContext::Path(name) => {
            name.clone()
        }
    };
    contexts.iter().map(name).collect::<Vec<_>>().join(", ")
}

impl Owner {
    /// The element around an extension.
    fn of(extension: NodeRef<'_>) -> Self {
        let array = extension.parent().unwrap_or(extension);
        let owner = array.parent().unwrap_or(array);
        let mut way: Vec<NodeRef<'_>> = std::iter::successors(Some(owner), NodeRef::parent).collect();
        // From the innermost resource on.
        let resource =
            way.iter().position(|node| node.get("resourceType").is_some()).unwrap_or(way.len().saturating_sub(1));
        way.truncate(resource + 1);
        let kind = way.pop().and_then(|node| node.str_at("resourceType")).unwrap_or_default().into_owned();
        let mut this = Self { paths: vec![kind.clone()], type_name: kind, extension: None };
        for step in way.iter().rev().filter_map(NodeRef::key) {
            this.step(step.strip_prefix('_').unwrap_or(&step));
        }
        let has_extension_key = |node: NodeRef<'_>| node.key_is("extension") || node.key_is("modifierExtension");
        if owner.parent().is_some_and(has_extension_key) {
            this.extension = owner.str_at("url").map(std::borrow::Cow::into_owned);
        }
        this
    }

    fn step(&mut self, key: &str) {
        let shapes = Shapes::r4();
        let kind = ResourceType::parse(&self.type_name);
        let shape = kind.and_then(|kind| shapes.resource(kind)).or_else(|| shapes.named(&self.type_name));
        let member = shape.and_then(|shape| shape.member(key));
        let name = member.map_or(key, |member| member.element.name.as_str());
        let mut paths: Vec<String> = self.paths.iter().map(|path| format!("{path}.{name}")).collect();
        self.type_name = member.map_or_else(String::new, |member| member.type_name.to_owned());
        let is_data_type =
            !self.type_name.contains('.') && !member.is_some_and(|it| matches!(it.content, Content::Resource));
        if is_data_type && !self.type_name.is_empty() {
            paths.push(self.type_name.clone());
        }
        self.paths = paths;
    }

    fn fits(&self, context: &ExtensionContext, walk: &Walk<'_>) -> bool {
        match context {
            ExtensionContext::Extension(url) => {
                // `url#part` means an extension inside a complex one.
                let part = url.rsplit('#').next().unwrap_or(url);
                self.extension.as_deref().is_some_and(|own| own == url || own == part)
            }
            ExtensionContext::Element(name) => {
                let is_resource = ResourceType::parse(&self.type_name).is_some();
                let is_group = is_resource && GROUPS.contains(&name.as_str());
                let name = name.strip_suffix("[x]").unwrap_or(name);
                let name = name.strip_prefix("http://hl7.org/fhir/StructureDefinition/").unwrap_or(name);
                is_group
                    || self.type_name == name
                    || self.paths.iter().any(|path| path == name)
                    || walk.descends(&self.type_name, name)
            }
            ExtensionContext::Path(_) => true,
        }
    }
}
