//! Agreements, obligations and evidence as data; verdicts as a pure function of them.
//!
//! In reading order:
//!
//! - [`evidence`]: a dated fact, and what it is about; [`evidence_kind`]: how facts are found in resources
//!   (`profiles/evidence.json`).
//! - [`document`]: an agreement (`profiles/agreements/*.json`), its parties, term and area; [`obligation`]: one duty
//!   with its clause; [`rule`] and [`selector`]: when it is met; [`span`] and [`calendar`]: by when.
//! - [`check`]: everything that can be wrong with an agreement file; [`quote`]: whether it says what its source says.
//! - [`facts`]: what is known of a subject; [`evaluate`]: the verdict on it at an instant.
//!
//! Nothing here names a county, an agreement or an obligation: those are data.

pub mod calendar;
pub mod check;
pub mod document;
pub mod evaluate;
pub mod evidence;
pub mod evidence_kind;
pub mod facts;
pub mod obligation;
pub mod periods;
pub mod quote;
pub mod rule;
pub mod selector;
pub mod span;
pub mod verdict;
pub mod vocabulary;

pub use document::{Agreement, Identifier};
pub use evaluate::{applicable, evaluate, evaluate_all};
pub use evidence::{Evidence, Subject};
pub use evidence_kind::EvidenceKinds;
pub use facts::{Facts, Partial};
pub use obligation::{Obligation, SubjectKind};
pub use rule::Rule;
pub use verdict::{State, Verdict};
