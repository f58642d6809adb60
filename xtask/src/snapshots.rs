//! Holds the generated snapshots against the published ones, on what matters for validation.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use vardbro::fhir::library::{Library, snapshot};
use vardbro::fhir::{Document, NodeRef, Value};

use crate::library::texts;

/// What came out.
#[derive(Default)]
struct Tally {
    profiles: usize,
    whole: usize,
    failed: usize,
    elements: usize,
    same: usize,
    /// What differs, how often, and where for the first time.
    differences: BTreeMap<String, (usize, String)>,
}

/// Regenerates the snapshots of each package, and says what share agrees. A folder that is not there is said to be so.
pub fn run(packages: &[PathBuf]) -> Result<String, String> {
    let mut report = String::new();
    for folder in packages {
        if !folder.is_dir() {
            report += &format!("{} is not there: nothing to compare\n", folder.display());
            continue;
        }
        let mut tally = Tally::default();
        for (_, text) in texts(folder)? {
            let Ok(document) = Document::parse(text) else { continue };
            tally.compare(document.root());
        }
        report += &format!("{}\n{}", folder.display(), tally.report());
    }
    Ok(report)
}

impl Tally {
    fn compare(&mut self, definition: NodeRef<'_>) {
        let is = |name: &str, value: &str| definition.str_at(name).is_some_and(|found| found == value);
        let published = elements(definition, "snapshot");
        if !is("resourceType", "StructureDefinition") || !is("derivation", "constraint") || published.is_empty() {
            return;
        }
        self.profiles += 1;
        let url = definition.str_at("url").unwrap_or_default().into_owned();
        let ours = match snapshot::generate(definition, Library::embedded()) {
            Ok(ours) => Value::Array(ours).to_document(),
            Err(why) => {
                self.failed += 1;
                return self
                    .differ(format!("can't be generated: {}", why.split("; ").next().unwrap_or_default()), &url);
            }
        };
        let ours: BTreeMap<_, _> =
            ours.root().children().filter_map(|element| Some((id(element)?, facts(element)))).collect();
        let (before, same) = (self.elements, self.same);
        for element in &published {
            let Some(id) = id(*element) else { continue };
            self.elements += 1;
            let at = format!("{url} {id}");
            let Some(found) = ours.get(&id) else {
                self.differ("lacks an element".into(), &at);
                continue;
            };
            let theirs = facts(*element);
            let unlike: Vec<_> = theirs.iter().filter(|(name, value)| found.get(*name) != Some(value)).collect();
            for (name, value) in &unlike {
                let ours = found.get(**name).map(String::as_str).unwrap_or_default();
                self.differ((**name).to_owned(), &format!("{at}: theirs {value}, ours {ours}"));
            }
            self.same += usize::from(unlike.is_empty());
        }
        self.whole += usize::from(self.elements - before == self.same - same);
    }

    fn differ(&mut self, what: String, at: &str) {
        self.differences.entry(what).or_insert_with(|| (0, at.to_owned())).0 += 1;
    }

    fn report(&self) -> String {
        let share = self.same as f64 * 100.0 / self.elements.max(1) as f64;
        let mut text = format!(
            "  {} profiles, {} agree in full, {} can't be generated; {} of {} elements agree ({share:.2} %)\n",
            self.profiles, self.whole, self.failed, self.same, self.elements
        );
        for (what, (count, first)) in &self.differences {
            text += &format!("  {count:5} {what}; first {first}\n");
        }
        text
    }
}

fn elements<'d>(definition: NodeRef<'d>, list: &str) -> Vec<NodeRef<'d>> {
    definition.get(list).into_iter().flat_map(|list| list.list("element")).collect()
}

/// The id as the generator writes it: older tools write `valueQuantity` for the slice of a choice.
fn id(element: NodeRef<'_>) -> Option<String> {
    Some(element.str_at("id")?.into_owned())
}

/// What is compared of an element, as text that does not depend on order.
fn facts(element: NodeRef<'_>) -> BTreeMap<&'static str, String> {
    let text = |name: &str| element.get(name).map(|value| Value::from_node(value).to_string()).unwrap_or_default();
    let mut facts = BTreeMap::new();
    facts.insert("min", text("min"));
    facts.insert("max", text("max"));
    facts.insert("type", sorted(element.list("type").map(type_ref)));
    let values = element.children().filter(|member| {
        member.key().is_some_and(|name| ["fixed", "pattern"].iter().any(|kind| name.starts_with(kind)))
    });
    facts.insert("value", sorted(values.map(|value| Value::from_node(value).to_string())));
    let binding = |name: &str| element.at(&["binding", name]).map(|value| value.text().to_owned()).unwrap_or_default();
    let value_set = binding("valueSet");
    facts.insert("binding", format!("{} {}", binding("strength"), bare(&value_set)));
    let discriminators = element.get("slicing").into_iter().flat_map(|slicing| slicing.list("discriminator"));
    let rules = element.at(&["slicing", "rules"]).map(|value| value.text().to_owned()).unwrap_or_default();
    let discriminators = discriminators.map(|of| format!("{:?} {:?}", of.str_at("type"), of.str_at("path")));
    facts.insert("slicing", format!("{rules} {}", sorted(discriminators)));
    facts
        .insert("constraint", sorted(element.list("constraint").filter_map(|of| Some(of.str_at("key")?.into_owned()))));
    facts
}

fn type_ref(of: NodeRef<'_>) -> String {
    let list = |name: &str| sorted(of.list(name).filter_map(|value| Some(bare(&value.as_str()?).to_owned())));
    format!("{} {} {}", of.str_at("code").unwrap_or_default(), list("profile"), list("targetProfile"))
}

/// A canonical without its version: publishing tools add the versions that they found.
fn bare(canonical: &str) -> &str {
    canonical.trim_matches('"').split('|').next().unwrap_or(canonical)
}

fn sorted(items: impl Iterator<Item = String>) -> String {
    items.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" | ")
}
