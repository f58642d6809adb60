//! What a receiver got, in order, and which idempotency keys it has seen.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::notice::{Named, Notice};

/// All that was kept.
#[derive(Debug, Default)]
pub(super) struct Record {
    kept: Vec<Kept>,
    by_key: HashMap<String, usize>,
}

#[derive(Debug)]
struct Kept {
    key: String,
    notice: Notice,
    times: u32,
}

impl Record {
    /// Keeps a notice unless its key was seen before; says whether it was. The key `-` is none.
    pub(super) fn keep(&mut self, key: &str, notice: Notice) -> bool {
        if let Some(before) = self.by_key.get(key).and_then(|at| self.kept.get_mut(*at)) {
            before.times += 1;
            return true;
        }
        if key != "-" {
            self.by_key.insert(key.to_owned(), self.kept.len());
        }
        self.kept.push(Kept { key: key.to_owned(), notice, times: 1 });
        false
    }

    /// `{"received":[{"key","times","events","resources":[{"reference","version","deleted"}]}]}`, oldest first.
    pub(super) fn to_json(&self) -> Value {
        let received: Vec<Value> = self.kept.iter().map(Kept::to_json).collect();
        json!({ "received": received })
    }
}

impl Kept {
    fn to_json(&self) -> Value {
        let resources: Vec<Value> = self.notice.resources.iter().map(resource_json).collect();
        json!({ "key": self.key, "times": self.times, "events": self.notice.events, "resources": resources })
    }
}

fn resource_json(named: &Named) -> Value {
    json!({ "reference": named.reference, "version": named.version, "deleted": named.is_deleted })
}
