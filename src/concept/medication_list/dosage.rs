//! How a medicine is taken ([Dosage](https://hl7.org/fhir/R4/dosage.html)), as far as the concept goes.

use serde::{Deserialize, Serialize};

use crate::concept::code::codes;
use crate::concept::decimal::Decimal;
use crate::concept::parts::{Coded, Quantity};
use crate::concept::time::{DateTime, TimeOfDay};

codes! {
    /// The unit of a repeating period ([units-of-time](https://hl7.org/fhir/R4/valueset-units-of-time.html)).
    PeriodUnit {
        /// Second.
        Second = "s",
        /// Minute.
        Minute = "min",
        /// Hour.
        Hour = "h",
        /// Day.
        Day = "d",
        /// Week.
        Week = "wk",
        /// Month.
        Month = "mo",
        /// Year.
        Year = "a",
    }
}

codes! {
    /// A day of the week.
    Weekday {
        /// Monday.
        Monday = "mon",
        /// Tuesday.
        Tuesday = "tue",
        /// Wednesday.
        Wednesday = "wed",
        /// Thursday.
        Thursday = "thu",
        /// Friday.
        Friday = "fri",
        /// Saturday.
        Saturday = "sat",
        /// Sunday.
        Sunday = "sun",
    }
}

/// How a medicine is taken.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Dosage {
    /// The whole instruction in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Place in the order of steps, when steps follow each other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u32>,
    /// What the patient is told, as a short notation (1x3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient_instruction: Option<String>,
    /// How much at a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dose: Option<Quantity>,
    /// From how much to how much at a time; in place of `dose`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dose_range: Option<DoseRange>,
    /// How many times in each period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<u32>,
    /// How long a period is, in `period_unit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Decimal>,
    /// The unit of `period`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_unit: Option<PeriodUnit>,
    /// On which days of the week.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub day_of_week: Vec<Weekday>,
    /// At which times of day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub time_of_day: Vec<TimeOfDay>,
    /// When this dosage begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<DateTime>,
    /// When this dosage ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<DateTime>,
    /// Whether it is taken only when needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_needed: Option<bool>,
    /// For what it is taken when needed; in place of `as_needed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_needed_for: Option<Coded>,
    /// By which way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<Coded>,
    /// The most in a period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_per_period: Option<MaxDose>,
    /// The most at a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_per_administration: Option<Quantity>,
}

/// From how much to how much; at least one of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoseRange {
    /// The least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<Quantity>,
    /// The most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<Quantity>,
}

/// The most in a period: so much per so long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaxDose {
    /// How much.
    pub dose: Quantity,
    /// How long, in a UCUM unit of time.
    pub per: Quantity,
}
