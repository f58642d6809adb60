//! Which elements are R4's own: HL7's data elements, one for each element that is not inherited and has no children.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

/// The most characters of a resource's id; HL7 cut the ids of long paths, some to the same text.
const ID_LENGTH: usize = 64;

/// The elements of R4.
pub struct R4Elements<'a> {
    ids: HashSet<&'a str>,
    /// The definition of each path.
    by_path: HashMap<&'a str, &'a Value>,
    /// The paths below each parent path, in order.
    by_parent: HashMap<&'a str, Vec<&'a str>>,
}

impl<'a> R4Elements<'a> {
    /// Reads HL7's `dataelements.json`.
    pub fn read(data_elements: &'a [Value]) -> Self {
        let mut it = Self { ids: HashSet::new(), by_path: HashMap::new(), by_parent: HashMap::new() };
        for resource in data_elements {
            let element = &resource["snapshot"]["element"][0];
            let (Some(id), Some(path)) = (resource["id"].as_str(), element["path"].as_str()) else { continue };
            it.ids.insert(id);
            // The profiles SimpleQuantity and MoneyQuantity have elements of Quantity's paths.
            if id != data_element_id(path) {
                continue;
            }
            // SimpleQuantity shares the ids of Quantity and comes later; the type itself counts.
            if it.by_path.contains_key(path) {
                continue;
            }
            it.by_path.insert(path, element);
            if let Some((parent, _)) = path.rsplit_once('.') {
                it.by_parent.entry(parent).or_default().push(path);
            }
        }
        it
    }

    /// HL7's own definition of a path, where there is one.
    pub fn own(&self, path: &str) -> Option<&'a Value> {
        self.by_path.get(path).copied()
    }

    /// Whether R4 has the element `path`, which is neither inherited nor has children.
    pub fn has(&self, path: &str) -> bool {
        self.ids.contains(data_element_id(path).as_str())
    }

    /// Elements right below `parent`.
    pub fn below(&self, parent: &str) -> impl Iterator<Item = &'a Value> {
        let paths = self.by_parent.get(parent).map(Vec::as_slice).unwrap_or_default();
        paths.iter().filter_map(|path| self.own(path))
    }
}

fn data_element_id(path: &str) -> String {
    let mut id = format!("de-{}", path.replace("[x]", "X"));
    id.truncate(ID_LENGTH);
    id
}
