//! An agreement as data: `profiles/agreements/*.json`, checked by `profiles/schemas/agreement.json`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, day_start};
use super::check;
use super::obligation::{Bearer, Obligation};
use super::span::Span;
use crate::fhir::Issue;
use crate::fhir::instant::Interval;

/// An agreement between a region and municipalities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Agreement {
    /// Its name in URLs.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The file name of the document that its clauses are quoted from.
    pub document: String,
    /// Who made it.
    pub parties: Vec<Party>,
    /// Where it holds.
    pub area: Area,
    /// When it holds.
    pub term: Term,
    /// The agreement that it is made under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under: Option<String>,
    /// Obligations of that agreement that it replaces, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<String>,
    /// Its calendars by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub calendars: BTreeMap<String, Calendar>,
    /// The duties.
    pub obligations: Vec<Obligation>,
    /// What is owed to whom digitally.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exchange: Vec<Exchange>,
}

/// A party to an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Its side.
    pub role: PartyRole,
    /// Its name.
    pub name: String,
    /// HSA-id, kommunkod or länskod of its Organization.
    pub identifier: Identifier,
}

/// The side of a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartyRole {
    /// A region.
    Region,
    /// A municipality.
    Kommun,
}

/// A FHIR Identifier of an Organization.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identifier {
    /// The system.
    pub system: String,
    /// The value.
    pub value: String,
}

/// Where an agreement holds, by the codes of Statistics Sweden; strings, since a leading 0 counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// Länskod.
    pub lan: String,
    /// Kommunkoder.
    pub kommuner: Vec<String>,
}

/// When an agreement holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// The first day.
    pub from: Date,
    /// The last day; absent is until further notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// How long before its end it must be terminated.
    pub notice: Span,
    /// How it goes on when nobody terminates it.
    pub renewal: Renewal,
}

/// How an agreement goes on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Renewal {
    /// It holds until further notice.
    UntilFurtherNotice,
    /// It is prolonged by this much.
    Prolonged(Span),
    /// It ends.
    None,
}

/// What is owed to whom digitally: deliveries follow this without anybody subscribing by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    /// The obligation behind it.
    pub obligation: String,
    /// Who must have it.
    pub to: Vec<Bearer>,
    /// Kinds of evidence: the resources that such evidence is found in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// Resource types besides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resource_types: Vec<String>,
}

impl Term {
    /// From the start of its first day until the end of its last one, in Stockholm.
    pub fn interval(&self) -> Interval {
        let until = self.until.and_then(|day| day.tomorrow().ok()).map_or(Timestamp::MAX, day_start);
        Interval { from: day_start(self.from), until }
    }
}

impl Agreement {
    /// Reads and checks an agreement file.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its JSON pointer.
    pub fn parse(text: &str) -> Result<Self, Vec<Issue>> {
        check::parse(text)
    }

    /// The agreements in the binary.
    pub fn embedded() -> &'static [Self] {
        static EMBEDDED: LazyLock<Vec<Agreement>> =
            LazyLock::new(|| FILES.iter().map(|text| read_embedded(text)).collect());
        &EMBEDDED
    }

    /// The agreement as JSON, as `/agreements/{id}` shows it.
    pub fn to_json(&self) -> serde_json::Value {
        // Every map in it has string keys, so this is never null.
        serde_json::to_value(self).unwrap_or_default()
    }

    /// The obligation of that id.
    pub fn obligation(&self, id: &str) -> Option<&Obligation> {
        self.obligations.iter().find(|it| it.id == id)
    }

    /// Every kind of evidence that the verdicts of this agreement depend on.
    pub fn evidence_kinds_used(&self) -> BTreeSet<&str> {
        let structural = [super::vocabulary::ENROLMENT, super::vocabulary::DEATH, super::vocabulary::UNIT];
        self.obligations.iter().flat_map(Obligation::evidence_kinds).chain(structural).collect()
    }

    /// The kinds of evidence that are found by way of an organisation around the subject, not by the subject itself:
    /// a unit's direct number is its hälsocentral's. The caller adds these to the facts.
    pub fn context_kinds(&self) -> BTreeSet<&str> {
        let selectors = self.obligations.iter().flat_map(|it| it.rule.selectors());
        let linked = selectors.filter(|it| !it.through.is_empty());
        linked.flat_map(|it| it.kinds().iter().map(String::as_str)).collect()
    }
}

/// The agreements in the binary.
const FILES: &[&str] = &[include_str!("../../profiles/agreements/vasterbotten.json")];

#[expect(clippy::expect_used, reason = "a test reads every embedded agreement")]
fn read_embedded(text: &str) -> Agreement {
    Agreement::parse(text).expect("an embedded agreement is right")
}
