//! What the county is made of, from the files in `data/`: organisations, drugs, names.

use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::REGION;
use crate::concept::parts::{Caregiver, Organisation};
use crate::concept::{CareForm, Hsa};

/// A kommun.
#[derive(Debug, Deserialize)]
pub(super) struct Kommun {
    /// Kommunkod.
    pub(super) code: String,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) town: String,
    pub(super) hsa_id: String,
}

/// A hälsocentral.
#[derive(Debug, Deserialize)]
pub(super) struct Centre {
    pub(super) id: String,
    pub(super) name: String,
    /// The id of the kommun that it lies in.
    pub(super) kommun: String,
    pub(super) hsa_id: String,
    /// The number that patients call.
    pub(super) public_number: String,
    /// The number for the kommun's nurses.
    pub(super) direct_number: Option<String>,
    pub(super) acute_number: String,
}

/// A unit of a kommun.
#[derive(Debug, Deserialize)]
pub(super) struct Unit {
    pub(super) id: String,
    pub(super) kommun: String,
    pub(super) hsa_id: String,
    pub(super) care_form: CareForm,
    pub(super) name: String,
    pub(super) places: Option<u32>,
    /// The id of the hälsocentral that it belongs to.
    pub(super) centre: Option<String>,
    /// The day of its round: 1 is Monday.
    pub(super) weekday: i64,
    /// The hour of its round.
    pub(super) hour: i64,
    /// How many people of the county live there.
    pub(super) patients: usize,
}

/// For how long a drug is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Use {
    /// From now on.
    Long,
    /// For some days.
    Course,
}

/// A drug and how it is taken.
#[derive(Debug, Deserialize)]
pub(super) struct DrugRow {
    #[serde(rename = "use")]
    pub(super) usage: Use,
    pub(super) atc: String,
    pub(super) substance: String,
    pub(super) label: String,
    pub(super) form: String,
    pub(super) strength: String,
    pub(super) strength_unit: String,
    pub(super) strength_ucum: Option<String>,
    pub(super) dose: String,
    pub(super) dose_unit: String,
    pub(super) frequency: u32,
    pub(super) period: String,
    pub(super) period_unit: String,
    pub(super) needed_for: Option<String>,
    pub(super) reason: String,
    pub(super) text: String,
}

#[derive(Debug, Deserialize)]
struct NameRow {
    kind: String,
    name: String,
}

/// All of it.
pub(super) struct Catalogue {
    pub(super) kommuner: Vec<Kommun>,
    pub(super) centres: Vec<Centre>,
    pub(super) units: Vec<Unit>,
    pub(super) drugs: Vec<DrugRow>,
    /// Given names of women, given names of men, family names.
    pub(super) names: [Vec<String>; 3],
}

/// The catalogue.
pub(super) fn catalogue() -> &'static Catalogue {
    static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue {
        kommuner: rows(include_str!("data/kommuner.csv")),
        centres: rows(include_str!("data/halsocentraler.csv")),
        units: rows(include_str!("data/units.csv")),
        drugs: rows(include_str!("data/drugs.csv")),
        names: names(include_str!("data/names.csv")),
    });
    &CATALOGUE
}

fn rows<T: DeserializeOwned>(text: &str) -> Vec<T> {
    #[expect(clippy::expect_used, reason = "the files are part of the program, and the tests read them")]
    csv::Reader::from_reader(text.as_bytes()).deserialize().collect::<Result<_, _>>().expect("the catalogue is right")
}

fn names(text: &str) -> [Vec<String>; 3] {
    let rows: Vec<NameRow> = rows(text);
    ["female", "male", "family"]
        .map(|kind| rows.iter().filter(|row| row.kind == kind).map(|row| row.name.clone()).collect())
}

impl Kommun {
    /// The kommun of that id.
    pub(super) fn of(id: &str) -> &'static Self {
        #[expect(clippy::expect_used, reason = "the tests follow every id of the catalogue")]
        catalogue().kommuner.iter().find(|kommun| kommun.id == id).expect("the catalogue has that kommun")
    }
}

impl Centre {
    /// The hälsocentral of that id.
    pub(super) fn of(id: &str) -> &'static Self {
        #[expect(clippy::expect_used, reason = "the tests follow every id of the catalogue")]
        catalogue().centres.iter().find(|centre| centre.id == id).expect("the catalogue has that hälsocentral")
    }

    /// The first in a kommun: where people are listed whose unit belongs to none.
    pub(super) fn in_kommun(kommun: &str) -> &'static Self {
        #[expect(clippy::expect_used, reason = "the tests follow every id of the catalogue")]
        catalogue().centres.iter().find(|centre| centre.kommun == kommun).expect("every kommun has a hälsocentral")
    }

    /// As concepts speak of it.
    pub(super) fn organisation(&self) -> Organisation {
        let region = Caregiver { hsa_id: hsa(REGION), name: Some(super::directory::REGION_NAME.to_owned()) };
        Organisation { hsa_id: hsa(&self.hsa_id), name: Some(self.name.clone()), caregiver: Some(region) }
    }
}

impl Unit {
    /// The unit of that id.
    pub(super) fn of(id: &str) -> &'static Self {
        #[expect(clippy::expect_used, reason = "the tests follow every id of the catalogue")]
        catalogue().units.iter().find(|unit| unit.id == id).expect("the catalogue has that unit")
    }

    /// A kommun's first team of home care.
    pub(super) fn home_care(kommun: &str) -> Option<&'static Self> {
        catalogue().units.iter().find(|unit| unit.kommun == kommun && unit.care_form == CareForm::HomeCare)
    }

    /// Its kommun.
    pub(super) fn kommun(&self) -> &'static Kommun {
        Kommun::of(&self.kommun)
    }

    /// HSA-id of the organisation that answers for it: for home help the social services.
    pub(super) fn caregiver(&self) -> &'static str {
        if self.care_form == CareForm::HomeHelp { super::UMEA_SOCIAL } else { &self.kommun().hsa_id }
    }

    /// The hälsocentral of those who live there.
    pub(super) fn physicians(&self) -> &'static Centre {
        self.centre.as_deref().map_or_else(|| Centre::in_kommun(&self.kommun), Centre::of)
    }

    /// Whether people live there, or stay.
    pub(super) fn is_facility(&self) -> bool {
        matches!(self.care_form, CareForm::NursingHome | CareForm::GroupHome | CareForm::ShortTerm)
    }

    /// Whether physicians come for rounds.
    pub(super) fn has_rounds(&self) -> bool {
        self.is_facility() || self.care_form == CareForm::HomeCare
    }

    /// As concepts speak of it.
    pub(super) fn organisation(&self) -> Organisation {
        Organisation { hsa_id: hsa(&self.hsa_id), name: Some(self.name.clone()), caregiver: None }
    }
}

/// An HSA-id of the catalogue.
pub(super) fn hsa(text: &str) -> Hsa {
    #[expect(clippy::expect_used, reason = "the tests read every HSA-id of the catalogue")]
    Hsa::parse(text).expect("the catalogue's HSA-ids have the form")
}
