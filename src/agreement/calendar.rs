//! The calendars that deadlines are counted on: days off, office hours, and the hours outside them (jour).
//!
//! Every calendar is Sweden's and every hour is Stockholm's, daylight saving included.

mod deadline;
mod holiday;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

pub use deadline::{deadline, next_weekday};
pub use holiday::{Eve, Holiday};

/// A calendar of an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Calendar {
    /// When it opens on a working day.
    pub opens: Time,
    /// When it closes on a working day.
    pub closes: Time,
    /// The eves that count as days off besides the public holidays.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub eves: BTreeSet<Eve>,
    /// Whether what counts is the time outside these hours, as for jour.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outside: bool,
}

impl Calendar {
    /// Whether `day` is a Saturday, a Sunday, a public holiday, or one of this calendar's eves.
    pub fn is_day_off(&self, day: Date) -> bool {
        matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
            || Holiday::on(day).is_some()
            || Eve::on(day).is_some_and(|eve| self.eves.contains(&eve))
    }

    /// Whether time counts at `at`.
    pub fn counts(&self, at: Timestamp) -> bool {
        let local = at.to_zoned(stockholm().clone());
        let in_hours = !self.is_day_off(local.date()) && self.opens <= local.time() && local.time() < self.closes;
        in_hours != self.outside
    }

    /// The office hours of `day`, if it is a working day.
    fn hours(&self, day: Date) -> Option<(Timestamp, Timestamp)> {
        (!self.is_day_off(day)).then(|| (at_time(day, self.opens), at_time(day, self.closes)))
    }
}

/// The time zone of every Swedish agreement.
pub fn stockholm() -> &'static TimeZone {
    static STOCKHOLM: LazyLock<TimeZone> = LazyLock::new(|| {
        #[expect(clippy::expect_used, reason = "the time zone database is part of the binary")]
        TimeZone::get("Europe/Stockholm").expect("the bundled database has Stockholm")
    });
    &STOCKHOLM
}

/// The first instant of a day in Stockholm.
pub fn day_start(day: Date) -> Timestamp {
    at_time(day, Time::midnight())
}

/// The day in Stockholm at an instant.
pub fn local_date(at: Timestamp) -> Date {
    stockholm().to_datetime(at).date()
}

/// The Monday of the ISO week that `at` lies in, in Stockholm.
pub fn week_start(at: Timestamp) -> Date {
    let day = local_date(at);
    let back = i64::from(day.weekday().to_monday_zero_offset());
    day.checked_sub(jiff::Span::new().days(back)).unwrap_or(Date::MIN)
}

/// A local time; one that the clocks skip is taken as they show it after the jump, one that comes twice is the first.
fn at_time(day: Date, time: Time) -> Timestamp {
    stockholm().to_timestamp(day.to_datetime(time)).unwrap_or(if day.year() > 0 {
        Timestamp::MAX
    } else {
        Timestamp::MIN
    })
}

#[cfg(test)]
mod tests;
