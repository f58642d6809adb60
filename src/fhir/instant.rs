//! FHIR's partial dates as intervals: `2026-03` is all of March, in Stockholm where no zone is given.
//!
//! The forms are those of [date, dateTime and instant](https://hl7.org/fhir/R4/datatypes.html#dateTime); what a search
//! may leave out besides stands in [date search](https://hl7.org/fhir/R4/search.html#date).

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Span, Timestamp};

/// Where a day begins and ends for those who gave no zone.
static STOCKHOLM: LazyLock<TimeZone> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the time zone database is part of the binary")]
    TimeZone::get("Europe/Stockholm").expect("the bundled database has Stockholm")
});

/// A half-open interval `[from, until)`; one that has no end runs to [`Timestamp::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    /// The first instant in it.
    pub from: Timestamp,
    /// The first instant after it.
    pub until: Timestamp,
}

impl Interval {
    /// The interval that a FHIR date, dateTime or instant covers: a year, a month or a day in Europe/Stockholm, or the
    /// second or fraction given (of which microseconds count). `None` where the text is no FHIR date: a time needs its
    /// seconds and its zone. A leap second is the second after it.
    pub fn of(fhir: &str) -> Option<Self> {
        Reader { rest: fhir.as_bytes() }.interval(Form::Data)
    }

    /// The interval of a search value, where seconds and zone may be left out: then the time is Stockholm's, the
    /// earlier one of two in the night when clocks go back.
    pub fn of_search_value(text: &str) -> Option<Self> {
        Reader { rest: text.as_bytes() }.interval(Form::Search)
    }

    /// From the start of `from` to the end of `until`; a side that is absent is open. `None` where both are.
    pub fn spanning(from: Option<Self>, until: Option<Self>) -> Option<Self> {
        (from.is_some() || until.is_some()).then(|| Self {
            from: from.map_or(Timestamp::MIN, |it| it.from),
            until: until.map_or(Timestamp::MAX, |it| it.until),
        })
    }

    /// Whether `instant` lies in it.
    pub fn contains(&self, instant: Timestamp) -> bool {
        self.from <= instant && instant < self.until
    }

    /// Local days from `first` until the day before `next`; the calendar's last year has no next.
    fn days(first: Date, next: Option<Date>) -> Option<Self> {
        let until = next.and_then(|day| local(day.into()));
        Some(Self { from: local(first.into())?, until: until.unwrap_or(Timestamp::MAX) })
    }

    fn lasting(from: Timestamp, width: SignedDuration) -> Self {
        Self { from, until: from.checked_add(width).unwrap_or(Timestamp::MAX) }
    }
}

/// An instant in FHIR's form with milliseconds, as `meta.lastUpdated` has it: `2026-03-02T08:00:00.123Z`.
pub fn format(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

fn local(at: DateTime) -> Option<Timestamp> {
    STOCKHOLM.to_timestamp(at).ok()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Data,
    Search,
}

/// Reads from the front of a text.
struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn interval(mut self, form: Form) -> Option<Interval> {
        let year = i16::try_from(self.number(4)?).ok().filter(|year| *year > 0)?;
        if self.at_end() {
            let first = Date::new(year, 1, 1).ok()?;
            return Interval::days(first, first.checked_add(Span::new().years(1)).ok());
        }
        let month = self.after(b'-')?;
        let first = Date::new(year, month, 1).ok()?;
        if self.at_end() {
            return Interval::days(first, first.checked_add(Span::new().months(1)).ok());
        }
        let day = Date::new(year, month, self.after(b'-')?).ok()?;
        if self.at_end() {
            return Interval::days(day, day.tomorrow().ok());
        }
        self.take(b'T')?;
        self.time(day, form)
    }

    fn time(mut self, day: Date, form: Form) -> Option<Interval> {
        let hour = i8::try_from(self.number(2)?).ok()?;
        let minute = self.after(b':')?;
        let minute = day.to_datetime(Time::new(hour, minute, 0, 0).ok()?);
        if form == Form::Search && self.rest.first() != Some(&b':') {
            return Some(Interval::lasting(self.zoned(minute, form)?, SignedDuration::from_mins(1)));
        }
        let second = self.after(b':').filter(|second| *second <= 60)?;
        let (fraction, width) = self.fraction()?;
        let from = self.zoned(minute, form)?.checked_add(SignedDuration::from_secs(second.into()) + fraction).ok()?;
        Some(Interval::lasting(from, width))
    }

    /// The fraction of a second, cut to microseconds, and how long it lasts.
    fn fraction(&mut self) -> Option<(SignedDuration, SignedDuration)> {
        if self.take(b'.').is_none() {
            return Some((SignedDuration::ZERO, SignedDuration::from_secs(1)));
        }
        let digits = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (fraction, rest) = self.rest.split_at_checked(digits).filter(|_| digits > 0)?;
        self.rest = rest;
        let (mut micros, mut width) = (0, 1_000_000);
        for digit in fraction.iter().take(6) {
            width /= 10;
            micros += i64::from(digit - b'0') * width;
        }
        Some((SignedDuration::from_micros(micros), SignedDuration::from_micros(width)))
    }

    /// The instant of a civil time with the zone that ends the text.
    fn zoned(&mut self, at: DateTime, form: Form) -> Option<Timestamp> {
        if self.at_end() && form == Form::Search {
            return local(at);
        }
        let offset = self.offset()?;
        self.at_end().then(|| offset.to_timestamp(at).ok())?
    }

    fn offset(&mut self) -> Option<Offset> {
        if self.take(b'Z').is_some() {
            return Some(Offset::UTC);
        }
        let sign = if self.take(b'-').is_some() { -1 } else { self.take(b'+').map(|()| 1)? };
        let hours = i32::from(self.number(2)?);
        let minutes = self.after(b':').filter(|minutes| *minutes < 60)?;
        let total = hours * 60 + i32::from(minutes);
        // Kiribati's Line Islands are the furthest ahead.
        Offset::from_seconds(sign * total * 60).ok().filter(|_| total <= 14 * 60)
    }

    /// A two-digit number behind a separator.
    fn after(&mut self, separator: u8) -> Option<i8> {
        self.take(separator)?;
        i8::try_from(self.number(2)?).ok()
    }

    fn number(&mut self, digits: usize) -> Option<u16> {
        let (number, rest) = self.rest.split_at_checked(digits)?;
        self.rest = rest;
        number.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u16::from(byte - b'0')))
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        self.rest = self.rest.strip_prefix(&[byte])?;
        Some(())
    }

    fn at_end(&self) -> bool {
        self.rest.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn interval(text: &str) -> (String, String) {
        let it = Interval::of(text).unwrap_or_else(|| panic!("{text} is a date"));
        (it.from.to_string(), it.until.to_string())
    }

    fn expect(text: &str, from: &str, until: &str) {
        assert_eq!(interval(text), (from.to_owned(), until.to_owned()), "{text}");
    }

    #[test]
    fn partial_dates_cover_all_of_what_they_name() {
        expect("2026", "2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z");
        expect("2026-02", "2026-01-31T23:00:00Z", "2026-02-28T23:00:00Z");
        expect("2024-02-29", "2024-02-28T23:00:00Z", "2024-02-29T23:00:00Z");
        assert_eq!(Interval::of("9999").unwrap().until, Timestamp::MAX);
    }

    #[test]
    fn a_local_day_is_as_long_as_the_clock_makes_it() {
        expect("2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z");
        expect("2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z");
        expect("2026-07", "2026-06-30T22:00:00Z", "2026-07-31T22:00:00Z");
    }

    #[test]
    fn times_last_as_long_as_their_precision() {
        expect("2026-03-02T08:00:00Z", "2026-03-02T08:00:00Z", "2026-03-02T08:00:01Z");
        expect("2026-03-02T08:00:00.5+01:00", "2026-03-02T07:00:00.5Z", "2026-03-02T07:00:00.6Z");
        expect("2026-03-02T08:00:00.1234569-05:30", "2026-03-02T13:30:00.123456Z", "2026-03-02T13:30:00.123457Z");
    }

    #[test]
    fn a_leap_second_is_the_second_after_it() {
        expect("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", "2017-01-01T00:00:01Z");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        let bad = "|2021-02-30|2023-02-29|2021-13|2021-00|0000|202|2021-1|20210101|2021-01-01T|2021-01-01T24:00:00Z|\
                   2021-01-01T10:00:61Z|2021-01-01T10:60:00Z|2021-01-01T10:00Z|2021-01-01T10:00:00|2021-01-01T10:00:00.Z|\
                   2021-01-01T10:00:00+14:01|2021-01-01T10:00:00+01:60|2021-01-01T10:00:00+0100|2021-01-01 10:00:00Z|\
                   2021-01-01T10:00:00ZZ| 2021|2021 |2021-|２０２１";
        for text in bad.split('|') {
            assert_eq!(Interval::of(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_search_may_leave_out_seconds_and_zone() {
        let minute = Interval::of_search_value("2026-07-02T08:30").unwrap();
        assert_eq!(minute.from, "2026-07-02T06:30:00Z".parse().unwrap());
        assert_eq!(minute.until, "2026-07-02T06:31:00Z".parse().unwrap());
        assert_eq!(Interval::of_search_value("2026-07-02T08:30+02:00"), Some(minute));
        assert_eq!(Interval::of_search_value("2026-07-02T08:30:00"), Interval::of("2026-07-02T06:30:00Z"));
        assert_eq!(Interval::of_search_value("2026-07-02T08"), None);
    }

    #[test]
    fn in_the_night_when_clocks_go_back_the_earlier_time_is_meant() {
        let minute = Interval::of_search_value("2026-10-25T02:30").unwrap();
        assert_eq!(minute.from, "2026-10-25T00:30:00Z".parse().unwrap());
    }

    #[test]
    fn instants_are_written_with_milliseconds() {
        assert_eq!(format("2026-03-02T08:00:00.1239Z".parse().unwrap()), "2026-03-02T08:00:00.123Z");
        assert_eq!(format("2026-03-02T08:00:00Z".parse().unwrap()), "2026-03-02T08:00:00.000Z");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(millis in -62_000_000_000_000_i64..250_000_000_000_000) {
            let instant = Timestamp::from_millisecond(millis).unwrap();
            prop_assert_eq!(Interval::of(&format(instant)).map(|it| it.from), Some(instant));
        }

        #[test]
        fn any_text_is_an_ordered_interval_or_refused(text in "[0-9T:.Z+-]{0,30}|\\PC{0,30}") {
            if let Some(it) = Interval::of(&text).or_else(|| Interval::of_search_value(&text)) {
                prop_assert!(it.from < it.until);
            }
        }
    }
}
