//! Lengths of time as agreements write them: `PT24H`, `P3D`, `P1M`, `P1Y` (ISO 8601 durations).

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::calendar::stockholm;

/// A length of time that is not negative. Hours and less are exact; days, months and years are steps on Stockholm's
/// calendar at the same local time.
///
/// A month or year that has no such day ends on its last one: one month after 31 January is 28 or 29 February, one year
/// after 29 February is 28 February. A local time that the clocks skip is taken one hour later.
#[derive(Debug, Clone, Copy)]
pub struct Span(jiff::Span);

impl Span {
    /// No time at all.
    pub fn zero() -> Self {
        Self(jiff::Span::new())
    }

    /// Reads an ISO 8601 duration. `None` where it is none, or is negative.
    pub fn parse(text: &str) -> Option<Self> {
        let span: jiff::Span = text.strip_prefix('P').and_then(|_| text.parse().ok())?;
        (!span.is_negative()).then_some(Self(span))
    }

    /// The instant that lies this long after `at`; the end of time where there is none.
    pub fn after(self, at: Timestamp) -> Timestamp {
        if self.is_zero() || at == Timestamp::MAX {
            return at;
        }
        if !self.is_by_calendar() {
            return at.checked_add(self.0).unwrap_or(Timestamp::MAX);
        }
        at.to_zoned(stockholm().clone()).checked_add(self.0).map_or(Timestamp::MAX, |it| it.timestamp())
    }

    /// The instant that lies this long before `at`; the beginning of time where there is none.
    pub fn before(self, at: Timestamp) -> Timestamp {
        if self.is_zero() || at == Timestamp::MIN {
            return at;
        }
        at.to_zoned(stockholm().clone()).checked_sub(self.0).map_or(Timestamp::MIN, |it| it.timestamp())
    }

    /// Whether it is no time at all.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// Whether it has days, weeks, months or years.
    pub fn is_by_calendar(self) -> bool {
        self.0.get_days() != 0 || self.0.get_weeks() != 0 || self.0.get_months() != 0 || self.0.get_years() != 0
    }

    /// Whether it has months or years, whose length differs.
    pub fn is_by_month(self) -> bool {
        self.0.get_months() != 0 || self.0.get_years() != 0
    }

    /// Its days and weeks in days.
    pub fn days(self) -> i64 {
        i64::from(self.0.get_weeks()) * 7 + i64::from(self.0.get_days())
    }

    /// Its hours, minutes and seconds in seconds.
    pub fn seconds(self) -> i64 {
        i64::from(self.0.get_hours()) * 3600 + self.0.get_minutes() * 60 + self.0.get_seconds()
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not an ISO 8601 duration"))
    }
}

impl PartialEq for Span {
    /// The same fields: `P7D` is not `P1W`.
    fn eq(&self, other: &Self) -> bool {
        self.0.fieldwise() == other.0.fieldwise()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn span(text: &str) -> Span {
        Span::parse(text).unwrap()
    }

    #[test]
    fn a_day_is_a_step_on_the_calendar_and_24_hours_are_not() {
        let eve_of_summer_time = at("2026-03-28T12:00:00+01:00");
        assert_eq!(span("P1D").after(eve_of_summer_time), at("2026-03-29T12:00:00+02:00"));
        assert_eq!(span("PT24H").after(eve_of_summer_time), at("2026-03-29T13:00:00+02:00"));
    }

    #[test]
    fn a_day_over_the_night_when_clocks_go_back_has_25_hours() {
        let eve = at("2026-10-24T12:00:00+02:00");
        assert_eq!(span("P1D").after(eve), at("2026-10-25T12:00:00+01:00"));
        assert_eq!(span("PT24H").after(eve), at("2026-10-25T11:00:00+01:00"));
    }

    #[test]
    fn months_and_years_end_on_the_last_day_there_is() {
        assert_eq!(span("P1M").after(at("2026-01-31T09:00:00+01:00")), at("2026-02-28T09:00:00+01:00"));
        assert_eq!(span("P1Y").after(at("2024-02-29T09:00:00+01:00")), at("2025-02-28T09:00:00+01:00"));
        assert_eq!(span("P1Y").after(at("2023-02-28T09:00:00+01:00")), at("2024-02-28T09:00:00+01:00"));
        assert_eq!(span("P3M").before(at("2026-05-31T09:00:00+02:00")), at("2026-02-28T09:00:00+01:00"));
    }

    #[test]
    fn what_is_negative_or_no_duration_is_refused() {
        for text in ["-P1D", "P", "one day", "1 day", "", "PT-1H"] {
            assert!(Span::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_end_of_time_stays_there() {
        assert_eq!(span("P1Y").after(Timestamp::MAX), Timestamp::MAX);
        assert_eq!(span("P1Y").before(Timestamp::MIN), Timestamp::MIN);
    }
}
