//! Partial dates and times: how far they reach, how they compare, and what is added to them.

mod arithmetic;
mod boundary;
mod calendar;

use std::cmp::Ordering;
use std::fmt;

use calendar::{days_in_month, days_of};

/// The three kinds of date and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TemporalKind {
    Date,
    DateTime,
    Time,
}

/// How far a value is given; seconds and their fractions are one precision (FHIRPath N1, "Comparison").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Precision {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

/// A date, date and time, or time of day, with as many parts as were given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Temporal {
    pub(super) kind: TemporalKind,
    pub(super) precision: Precision,
    pub(super) year: i64,
    pub(super) month: i64,
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    pub(super) nanosecond: i64,
    /// Digits of the fraction of a second.
    pub(super) fraction: u8,
    pub(super) zone: Option<Zone>,
}

/// A time zone as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zone {
    Utc,
    /// Minutes east of Greenwich.
    Offset(i64),
}

impl Zone {
    fn seconds(self) -> i64 {
        match self {
            Self::Utc => 0,
            Self::Offset(minutes) => minutes * 60,
        }
    }
}

const DAY: i64 = 86_400;
const NANOS: i64 = 1_000_000_000;
/// Where no zone is given, the instant may be as early as in the easternmost zone and as late as in the westernmost.
const EARLIEST: i128 = 14 * 3_600 * NANOS as i128;
const LATEST: i128 = 12 * 3_600 * NANOS as i128;

impl Temporal {
    /// Reads the text of a FHIR or FHIRPath value, without `@` and `T` before it.
    pub(super) fn parse(kind: TemporalKind, text: &str) -> Option<Self> {
        let mut value = Self {
            kind,
            precision: Precision::Year,
            year: 1970,
            month: 1,
            day: 1,
            hour: 0,
            minute: 0,
            second: 0,
            nanosecond: 0,
            fraction: 0,
            zone: None,
        };
        match kind {
            TemporalKind::Date => value.read_date(text)?,
            TemporalKind::Time => value.read_time(text)?,
            TemporalKind::DateTime => match text.split_once('T') {
                Some((date, "")) => value.read_date(date)?,
                Some((date, clock)) => {
                    value.read_date(date)?;
                    let (clock, zone) = split_zone(clock)?;
                    value.zone = zone;
                    // A time needs the whole date before it.
                    (value.precision == Precision::Day).then_some(())?;
                    value.read_time(clock)?;
                }
                None => value.read_date(text)?,
            },
        }
        Some(value)
    }

    fn read_date(&mut self, text: &str) -> Option<()> {
        let mut parts = text.split('-');
        self.year = digits(parts.next()?, 4)?;
        (self.year >= 1).then_some(())?;
        if let Some(month) = parts.next() {
            self.month = digits(month, 2).filter(|m| (1..=12).contains(m))?;
            self.precision = Precision::Month;
        }
        if let Some(day) = parts.next() {
            let last = days_in_month(self.year, self.month);
            self.day = digits(day, 2).filter(|d| (1..=last).contains(d))?;
            self.precision = Precision::Day;
        }
        parts.next().is_none().then_some(())
    }

    fn read_time(&mut self, text: &str) -> Option<()> {
        let (clock, fraction) = text.split_once('.').map_or((text, None), |(clock, f)| (clock, Some(f)));
        let mut parts = clock.split(':');
        self.hour = digits(parts.next()?, 2).filter(|h| *h < 24)?;
        self.precision = Precision::Hour;
        if let Some(minute) = parts.next() {
            self.minute = digits(minute, 2).filter(|m| *m < 60)?;
            self.precision = Precision::Minute;
        }
        if let Some(second) = parts.next() {
            // FHIR allows a leap second.
            self.second = digits(second, 2).filter(|s| *s <= 60)?;
            self.precision = Precision::Second;
        }
        if let Some(fraction) = fraction {
            self.read_fraction(fraction)?;
        }
        parts.next().is_none().then_some(())
    }

    fn read_fraction(&mut self, fraction: &str) -> Option<()> {
        let is_digits = !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit());
        (is_digits && self.precision == Precision::Second).then_some(())?;
        let shown = &fraction[..fraction.len().min(9)];
        self.fraction = u8::try_from(shown.len()).ok()?;
        self.nanosecond = shown.parse::<i64>().ok()? * 10_i64.pow(9 - u32::from(self.fraction));
        Some(())
    }

    /// How they are ordered, or `None` where the parts that are given do not tell.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        let (a, b) = (self.extent(), other.extent());
        if self.precision == other.precision && self.zone.is_some() == other.zone.is_some() {
            return Some(a.0.cmp(&b.0));
        }
        let (a, b) =
            if self.zone.is_some() == other.zone.is_some() { (a, b) } else { (self.widened(a), other.widened(b)) };
        if a.1 <= b.0 {
            Some(Ordering::Less)
        } else if b.1 <= a.0 {
            Some(Ordering::Greater)
        } else {
            None
        }
    }

    /// Adds the uncertainty of a missing zone.
    fn widened(&self, extent: (i128, i128)) -> (i128, i128) {
        match self.zone {
            Some(_) => extent,
            None => (extent.0 - EARLIEST, extent.1 + LATEST),
        }
    }

    /// From the first instant it may mean until the first one after, in nanoseconds of 1970.
    fn extent(&self) -> (i128, i128) {
        let mut end = *self;
        let start = self.nanos();
        let end = match self.precision {
            Precision::Year => {
                end.year += 1;
                end.nanos()
            }
            Precision::Month => {
                end.add_months(1);
                end.nanos()
            }
            Precision::Day => start + i128::from(DAY * NANOS),
            Precision::Hour => start + i128::from(3_600 * NANOS),
            Precision::Minute => start + i128::from(60 * NANOS),
            Precision::Second => start + 1,
        };
        (start, end)
    }

    /// The first instant that it may mean, in nanoseconds of 1970.
    pub(super) fn nanos(&self) -> i128 {
        let seconds = days_of(self.year, self.month, self.day) * DAY + self.seconds_of_day();
        let seconds = seconds - self.zone.map_or(0, Zone::seconds);
        i128::from(seconds) * i128::from(NANOS) + i128::from(self.nanosecond)
    }

    fn seconds_of_day(&self) -> i64 {
        self.hour * 3_600 + self.minute * 60 + self.second
    }
}

impl fmt::Display for Temporal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind != TemporalKind::Time {
            write!(f, "{:04}", self.year)?;
            if self.precision >= Precision::Month {
                write!(f, "-{:02}", self.month)?;
            }
            if self.precision >= Precision::Day {
                write!(f, "-{:02}", self.day)?;
            }
            if self.precision < Precision::Hour {
                return Ok(());
            }
            f.write_str("T")?;
        }
        self.write_clock(f)?;
        match self.zone {
            None => Ok(()),
            Some(Zone::Utc) => f.write_str("Z"),
            Some(Zone::Offset(m)) => {
                write!(f, "{}{:02}:{:02}", if m < 0 { '-' } else { '+' }, m.abs() / 60, m.abs() % 60)
            }
        }
    }
}

impl Temporal {
    fn write_clock(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.hour)?;
        if self.precision >= Precision::Minute {
            write!(f, ":{:02}", self.minute)?;
        }
        if self.precision >= Precision::Second {
            write!(f, ":{:02}", self.second)?;
        }
        if self.fraction > 0 {
            let digits = format!("{:09}", self.nanosecond);
            write!(f, ".{}", &digits[..usize::from(self.fraction).min(9)])?;
        }
        Ok(())
    }
}

/// A number of exactly `length` digits.
fn digits(text: &str, length: usize) -> Option<i64> {
    (text.len() == length && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

fn split_zone(clock: &str) -> Option<(&str, Option<Zone>)> {
    if let Some(clock) = clock.strip_suffix('Z') {
        return Some((clock, Some(Zone::Utc)));
    }
    let Some(at) = clock.find(['+', '-']) else { return Some((clock, None)) };
    let (hours, minutes) = clock[at + 1..].split_once(':')?;
    let hours = digits(hours, 2).filter(|h| *h <= 14)?;
    let minutes = digits(minutes, 2).filter(|m| *m < 60)?;
    let sign = if clock[at..].starts_with('-') { -1 } else { 1 };
    Some((&clock[..at], Some(Zone::Offset(sign * (hours * 60 + minutes)))))
}
