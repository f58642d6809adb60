//! The words that agreements are written in: the kinds of evidence and the population tokens of `profiles/evidence.json`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

/// The kind of evidence that tells who is enrolled where; its codes are care forms.
pub const ENROLMENT: &str = "enrolment";
/// The kind that tells of a death: nothing is owed to the patient after it.
pub const DEATH: &str = "death";
/// The kind that tells of a unit; its codes are care forms.
pub const UNIT: &str = "unit";

/// The names that an agreement may use.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    kinds: BTreeSet<String>,
    populations: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Deserialize)]
struct File {
    populations: BTreeMap<String, BTreeSet<String>>,
    kinds: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    kind: String,
}

impl Vocabulary {
    /// That of the binary's own `profiles/evidence.json`.
    pub fn embedded() -> &'static Self {
        static EMBEDDED: LazyLock<Vocabulary> = LazyLock::new(|| {
            #[expect(clippy::expect_used, reason = "a test reads the embedded file")]
            Vocabulary::parse(super::evidence_kind::EMBEDDED).expect("the embedded evidence kinds are right")
        });
        &EMBEDDED
    }

    /// Reads the names in an evidence file, and nothing else.
    ///
    /// # Errors
    /// Where it is not of that form.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        let file: File = serde_json::from_str(text)?;
        Ok(Self { kinds: file.kinds.into_iter().map(|it| it.kind).collect(), populations: file.populations })
    }

    /// Whether there is such a kind of evidence.
    pub fn has_kind(&self, kind: &str) -> bool {
        self.kinds.contains(kind)
    }

    /// The care forms that a token stands for; empty is everybody. `None` where there is no such token.
    pub fn care_forms(&self, token: &str) -> Option<&BTreeSet<String>> {
        self.populations.get(token)
    }

    /// The tokens.
    pub fn tokens(&self) -> impl Iterator<Item = &str> {
        self.populations.keys().map(String::as_str)
    }
}
