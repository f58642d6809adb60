//! Dates and times as the concepts carry them: FHIR's dateTime, with Stockholm filled in where no offset is given.
//!
//! [dateTime](https://hl7.org/fhir/R4/datatypes.html#dateTime) asks for an offset whenever there is a time of day.
//! Senders often write local time instead; that is taken as Europe/Stockholm. In the hour that the spring change
//! skips there is no such instant, in the hour that autumn repeats there are two and the first one is taken.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::{Date, DateTime as Civil};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A FHIR dateTime: a year, a month, a day, or an instant with its offset.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DateTime(Box<str>);

/// How a text was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// As it stands, or with the one offset that it can have.
    Exact,
    /// Local time in the repeated hour of autumn, taken as the first.
    FirstOfTwo,
}

/// Why a text is no dateTime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeFault {
    /// Not the form, or no day of the calendar.
    Form,
    /// Local time in the hour that the spring change skips.
    Gap,
}

impl DateTime {
    /// Reads a FHIR dateTime, or local time in Stockholm: `2026`, `2026-03`, `2026-03-02`,
    /// `2026-03-02T08:00:00+01:00`, `2026-03-02T08:00:00`, `2026-03-02T08:00`.
    ///
    /// # Errors
    /// When the text has none of these forms, names no day, or falls into the spring gap.
    pub fn read(text: &str) -> Result<(Self, Reading), TimeFault> {
        let (head, rest) = text.split_at_checked(16).unwrap_or((text, ""));
        match head.len() {
            4 | 7 | 10 if rest.is_empty() => partial(text),
            16 if fits(head, "0000-00-00T00:00") => {
                let (seconds, offset) = split_seconds(rest).ok_or(TimeFault::Form)?;
                let local = format!("{head}{}", if seconds.is_empty() { ":00" } else { seconds });
                if offset.is_empty() { stockholm_local(&local) } else { with_offset(&local, offset, seconds) }
            }
            _ => Err(TimeFault::Form),
        }
    }

    /// [`DateTime::read`] for those to whom the repeated hour does not matter.
    pub fn parse(text: &str) -> Option<Self> {
        Self::read(text).ok().map(|(read, _)| read)
    }

    /// The dateTime of an instant, in Stockholm and to the second.
    pub fn of(instant: Timestamp) -> Self {
        let zoned = instant.to_zoned(stockholm());
        Self(zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string().into())
    }

    /// The text, as FHIR has it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first instant that it can mean.
    pub fn earliest(&self) -> Option<Timestamp> {
        if self.0.len() > 10 {
            return self.0.parse().ok();
        }
        start_of(self.first_day()?)
    }

    /// The first instant after all that it can mean (for an instant: itself).
    pub fn latest(&self) -> Option<Timestamp> {
        let day = self.first_day();
        match self.0.len() {
            4 => start_of(day?.checked_add(1.year()).ok()?),
            7 => start_of(day?.checked_add(1.month()).ok()?),
            10 => start_of(day?.checked_add(1.day()).ok()?),
            _ => self.0.parse().ok(),
        }
    }

    fn first_day(&self) -> Option<Date> {
        let padded = match self.0.len() {
            4 => format!("{}-01-01", self.0),
            7 => format!("{}-01", self.0),
            _ => self.0.get(..10)?.to_owned(),
        };
        padded.parse().ok()
    }
}

fn partial(text: &str) -> Result<(DateTime, Reading), TimeFault> {
    let form = "0000-00-00".get(..text.len()).ok_or(TimeFault::Form)?;
    let read = DateTime(text.into());
    match read.first_day() {
        Some(_) if fits(text, form) => Ok((read, Reading::Exact)),
        _ => Err(TimeFault::Form),
    }
}

/// Splits `:00.123+01:00` into the seconds and the offset; either may be empty.
fn split_seconds(rest: &str) -> Option<(&str, &str)> {
    let at = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
    let (seconds, offset) = rest.split_at(at);
    let (whole, fraction) = seconds.split_once('.').map_or((seconds, None), |(whole, f)| (whole, Some(f)));
    let seconds_fit = seconds.is_empty() || fits(whole, ":00");
    let fraction_fits = fraction
        .is_none_or(|f| (1..=9).contains(&f.len()) && f.bytes().all(|b| b.is_ascii_digit()) && !whole.is_empty());
    let offset_fits = matches!(offset, "" | "Z") || fits(&offset[1..], "00:00");
    (seconds_fit && fraction_fits && offset_fits).then_some((seconds, offset))
}

fn with_offset(local: &str, offset: &str, seconds: &str) -> Result<(DateTime, Reading), TimeFault> {
    let text = format!("{local}{offset}");
    let known = !seconds.is_empty() && text.parse::<Timestamp>().is_ok();
    if known { Ok((DateTime(text.into()), Reading::Exact)) } else { Err(TimeFault::Form) }
}

fn stockholm_local(local: &str) -> Result<(DateTime, Reading), TimeFault> {
    let civil: Civil = local.parse().map_err(|_| TimeFault::Form)?;
    let (offset, reading) = match stockholm().to_ambiguous_timestamp(civil).offset() {
        AmbiguousOffset::Unambiguous { offset } => (offset, Reading::Exact),
        AmbiguousOffset::Gap { .. } => return Err(TimeFault::Gap),
        AmbiguousOffset::Fold { before, .. } => (before, Reading::FirstOfTwo),
    };
    let hours = offset.seconds() / 3600;
    let minutes = offset.seconds() / 60 % 60;
    Ok((DateTime(format!("{local}+{hours:02}:{minutes:02}").into()), reading))
}

fn stockholm() -> TimeZone {
    #[expect(clippy::expect_used, reason = "the time zone data base is bundled with the binary")]
    TimeZone::get("Europe/Stockholm").expect("Stockholm is in the bundled time zone data base")
}

fn start_of(day: Date) -> Option<Timestamp> {
    day.to_zoned(stockholm()).ok().map(|zoned| zoned.timestamp())
}

/// Whether `text` has the form: `0` stands for any digit, all else for itself.
fn fits(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text.bytes().zip(form.bytes()).all(|(b, f)| if f == b'0' { b.is_ascii_digit() } else { b == f })
}

impl fmt::Debug for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DateTime({})", self.0)
    }
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a dateTime"))
    }
}

/// A time of day, to the second, as FHIR's [time](https://hl7.org/fhir/R4/datatypes.html#time).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TimeOfDay(Box<str>);

impl TimeOfDay {
    /// Reads `08:00` or `08:00:00`.
    pub fn parse(text: &str) -> Option<Self> {
        let full = if text.len() == 5 { format!("{text}:00") } else { text.to_owned() };
        let known = fits(&full, "00:00:00") && full.parse::<jiff::civil::Time>().is_ok();
        known.then(|| Self(full.into()))
    }

    /// `08:00:00`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a time of day"))
    }
}

#[cfg(test)]
mod tests {
    use super::{DateTime, Reading, TimeFault, TimeOfDay};

    fn read(text: &str) -> Result<(String, Reading), TimeFault> {
        DateTime::read(text).map(|(read, how)| (read.as_str().to_owned(), how))
    }

    #[test]
    fn what_fhir_accepts_stays_as_it_is() {
        for text in ["2026", "2026-03", "2026-03-02", "2026-03-02T08:00:00+01:00", "2026-03-02T08:00:00.250Z"] {
            assert_eq!(read(text), Ok((text.to_owned(), Reading::Exact)));
        }
    }

    #[test]
    fn local_time_is_stockholm() {
        assert_eq!(read("2026-03-02T08:00"), Ok(("2026-03-02T08:00:00+01:00".into(), Reading::Exact)));
        assert_eq!(read("2026-07-02T08:00:05"), Ok(("2026-07-02T08:00:05+02:00".into(), Reading::Exact)));
    }

    #[test]
    fn the_spring_gap_is_refused_and_the_first_of_the_autumn_fold_taken() {
        assert_eq!(read("2026-03-29T02:30:00"), Err(TimeFault::Gap));
        assert_eq!(read("2026-10-25T02:30:00"), Ok(("2026-10-25T02:30:00+02:00".into(), Reading::FirstOfTwo)));
    }

    #[test]
    fn other_forms_are_refused() {
        for text in
            ["", "26", "2026-13", "2026-02-30", "2026-03-02 08:00:00", "2026-03-02T08:00+01:00", "2026-03-02T25:00"]
        {
            assert_eq!(read(text), Err(TimeFault::Form), "{text}");
        }
        assert!(DateTime::parse("2026-03-02T08:0å").is_none());
    }

    #[test]
    fn a_day_lasts_from_midnight_to_midnight_in_stockholm() {
        let day = DateTime::parse("2026-03-29").unwrap();
        let hours = day.latest().unwrap().duration_since(day.earliest().unwrap()).as_hours();
        assert_eq!(hours, 23);
    }

    #[test]
    fn times_of_day_get_their_seconds() {
        assert_eq!(TimeOfDay::parse("08:00").unwrap().as_str(), "08:00:00");
        assert!(TimeOfDay::parse("24:00").is_none());
    }
}
