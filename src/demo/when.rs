//! Days and times as seen from the present, in Stockholm.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use crate::concept::DateTime;
use crate::concept::parts::Period;

/// The present.
pub(super) struct When {
    now: Timestamp,
    today: Date,
}

impl When {
    /// As of `now`.
    pub(super) fn new(now: Timestamp) -> Self {
        #[expect(clippy::expect_used, reason = "the time zone data base is bundled with the binary")]
        let stockholm = TimeZone::get("Europe/Stockholm").expect("Stockholm is in the bundled time zone data base");
        Self { now, today: now.to_zoned(stockholm).date() }
    }

    /// The day that lies so many days back; a negative number lies ahead.
    pub(super) fn date(&self, days_ago: i64) -> Date {
        self.today.saturating_sub(days_ago.days())
    }

    /// That day.
    pub(super) fn day(&self, days_ago: i64) -> DateTime {
        read(&self.date(days_ago).to_string())
    }

    /// That day at a time of office hours.
    pub(super) fn at(&self, days_ago: i64, hour: i64, minute: i64) -> DateTime {
        moment(self.date(days_ago), hour, minute)
    }

    /// Monday of the ISO week that lies so many weeks back.
    pub(super) fn monday(&self, weeks_ago: i64) -> Date {
        let into_week = i64::from(self.today.weekday().to_monday_zero_offset());
        self.date(into_week + 7 * weeks_ago)
    }

    /// Whether it is past.
    pub(super) fn is_past(&self, at: &DateTime) -> bool {
        at.earliest().is_some_and(|at| at < self.now)
    }

    /// From a day on.
    pub(super) fn since(&self, days_ago: i64) -> Period {
        Period { start: Some(self.day(days_ago)), end: None }
    }

    /// From a day to another.
    pub(super) fn between(&self, from_days_ago: i64, to_days_ago: i64) -> Period {
        Period { start: Some(self.day(from_days_ago)), end: Some(self.day(to_days_ago)) }
    }
}

/// A time of a day; hours between 3 and 23 exist on every day.
pub(super) fn moment(day: Date, hour: i64, minute: i64) -> DateTime {
    read(&format!("{day}T{hour:02}:{minute:02}"))
}

fn read(text: &str) -> DateTime {
    #[expect(clippy::expect_used, reason = "a day of the calendar, at a time that no clock change skips")]
    DateTime::parse(text).expect("a day and perhaps a time of it")
}
