//! Short words for what the rules are about.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::fhir::instant::Interval;
use crate::fhir::search::{Filter, IndexRow, IndexValue, Query, Sort, Test, Visibility};
use crate::fhir::splice::Undo;
use crate::fhir::{ResourceId, ResourceKey, ResourceType};
use crate::store::{Change, Content, NewVersion, Page, Relation, Source, Store};

/// The organisations of the rules.
pub(super) const REGION: &str = "SE2321000222-0001";
pub(super) const KOMMUN: &str = "SE2120002627-0001";

/// An instant, so many seconds into the rule.
pub(super) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_770_000_000 + second).unwrap()
}

/// From one second to another.
pub(super) fn span(from: i64, until: i64) -> Interval {
    Interval { from: at(from), until: at(until) }
}

pub(super) fn key(name: &str) -> ResourceKey {
    ResourceKey::parse(name).unwrap()
}

pub(super) fn kind(name: &str) -> ResourceType {
    ResourceType::parse(name).unwrap()
}

pub(super) fn id(text: &str) -> ResourceId {
    ResourceId::parse(text).unwrap()
}

/// A version to be written, from the region's system, at the second of its number.
pub(super) fn draft(name: &str, version: u64) -> Draft {
    let key = key(name);
    let text = format!(r#"{{"resourceType":"{}","id":"{}","meta":{{"versionId":"{version}"}}}}"#, key.kind, key.id);
    let source = Source { caregiver: REGION.into(), unit: Some("SE2321000222-1A".into()), system: "ehr".into() };
    let received_sha256 = Sha256::digest(&text).into();
    Draft(NewVersion {
        key,
        version,
        updated: at(i64::try_from(version).unwrap()),
        content: Content::Text { text, undo: Undo::default(), received_sha256 },
        source,
        patients: [].into(),
        index: Vec::new(),
        evidence: Vec::new(),
        relations: Vec::new(),
    })
}

/// See [`draft`].
#[derive(Clone)]
pub(super) struct Draft(pub(super) NewVersion);

impl Draft {
    pub(super) fn by(mut self, organisation: &str) -> Self {
        self.0.source.caregiver = organisation.into();
        self
    }

    pub(super) fn updated(mut self, at: Timestamp) -> Self {
        self.0.updated = at;
        self
    }

    pub(super) fn about(mut self, patient: &str) -> Self {
        self.0.patients.insert(patient.into());
        self
    }

    pub(super) fn deletion(mut self) -> Self {
        self.0.content = Content::Deletion;
        self
    }

    pub(super) fn related(mut self, patient: &str, organisation: &str, from: Timestamp, until: Timestamp) -> Self {
        self.0.relations.push(Relation { patient: patient.into(), organisation: organisation.into(), from, until });
        self
    }

    pub(super) fn indexed(mut self, parameter: &'static str, value: IndexValue) -> Self {
        self.0.index.push(IndexRow { parameter, value });
        self
    }

    pub(super) fn token(self, parameter: &'static str, system: &str, code: &str) -> Self {
        self.indexed(parameter, IndexValue::Token { system: system.into(), code: code.into() })
    }

    pub(super) fn reference(self, parameter: &'static str, to: &str) -> Self {
        self.indexed(parameter, IndexValue::Reference(key(to)))
    }

    pub(super) fn date(self, parameter: &'static str, from: i64, until: i64) -> Self {
        self.indexed(parameter, IndexValue::Date(span(from, until)))
    }

    pub(super) fn text(self, parameter: &'static str, folded: &str) -> Self {
        self.indexed(parameter, IndexValue::Text { folded: folded.into(), exact: folded.to_uppercase() })
    }
}

/// A change of these versions.
pub(super) fn change(drafts: impl IntoIterator<Item = Draft>) -> Change {
    let versions = drafts.into_iter().map(|draft| draft.0).collect();
    Change { name: "rule", versions, notify: true, ..Change::default() }
}

/// Commits these versions together.
pub(super) async fn put(store: &impl Store, drafts: impl IntoIterator<Item = Draft>) {
    store.commit(change(drafts)).await.unwrap();
}

/// Everything of a type, newest first, in one page.
pub(super) fn all(of: &str) -> Query {
    Query {
        kind: kind(of),
        filters: Vec::new(),
        sort: Sort::NewestFirst,
        count: 100,
        after: None,
        includes: Vec::new(),
        total: true,
        visible: Visibility::Everything,
    }
}

/// A type with one filter.
pub(super) fn with(of: &str, parameter: &str, test: Test) -> Query {
    Query { filters: vec![filter(parameter, [test])], ..all(of) }
}

pub(super) fn filter(parameter: &str, any: impl IntoIterator<Item = Test>) -> Filter {
    Filter { parameter: parameter.into(), any: any.into_iter().collect() }
}

pub(super) fn seen_by(organisation: &str, second: i64) -> Visibility {
    Visibility::Organisation { organisation: organisation.into(), at: at(second) }
}

/// The names of matches, in order.
pub(super) fn names(page: &Page) -> Vec<String> {
    page.matches.iter().map(|found| found.key.to_string()).collect()
}

/// The names that a query finds, sorted; the total must agree.
pub(super) async fn found(store: &impl Store, query: Query) -> Vec<String> {
    let page = store.search(&query).await.unwrap();
    let mut names = names(&page);
    assert_eq!(page.total, Some(names.len() as u64), "the total disagrees with the matches");
    names.sort();
    names
}
