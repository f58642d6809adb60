//! Swedish public holidays (lag 1989:253 om allmänna helgdagar, SFS 2004:1320) by computation, and the eves that
//! agreements add.

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

/// A public holiday. Påskdagen and pingstdagen are Sundays and are here for the count of days from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are those of the law")]
pub enum Holiday {
    Nyarsdagen,
    TrettondedagJul,
    Langfredagen,
    Paskdagen,
    AnnandagPask,
    ForstaMaj,
    KristiHimmelsfardsdag,
    Pingstdagen,
    Nationaldagen,
    Midsommardagen,
    AllaHelgonsDag,
    Juldagen,
    AnnandagJul,
}

/// An eve, which is a day off only where a calendar says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names are those of the days")]
pub enum Eve {
    Trettondagsafton,
    Skartorsdagen,
    Paskafton,
    Valborgsmassoafton,
    Pingstafton,
    Midsommarafton,
    Allhelgonaafton,
    Julafton,
    Nyarsafton,
}

impl Holiday {
    /// The public holiday on `day`, if it is one.
    pub fn on(day: Date) -> Option<Self> {
        fixed(day).or_else(|| movable(day))
    }
}

fn fixed(day: Date) -> Option<Holiday> {
    match (day.month(), day.day()) {
        (1, 1) => Some(Holiday::Nyarsdagen),
        (1, 6) => Some(Holiday::TrettondedagJul),
        (5, 1) => Some(Holiday::ForstaMaj),
        (6, 6) => Some(Holiday::Nationaldagen),
        (12, 25) => Some(Holiday::Juldagen),
        (12, 26) => Some(Holiday::AnnandagJul),
        _ => None,
    }
}

fn movable(day: Date) -> Option<Holiday> {
    match days_after_easter(day) {
        Some(-2) => return Some(Holiday::Langfredagen),
        Some(0) => return Some(Holiday::Paskdagen),
        Some(1) => return Some(Holiday::AnnandagPask),
        Some(39) => return Some(Holiday::KristiHimmelsfardsdag),
        Some(49) => return Some(Holiday::Pingstdagen),
        _ => {}
    }
    let saturday = day.weekday() == Weekday::Saturday;
    match (day.month(), day.day()) {
        (6, 20..=26) if saturday => Some(Holiday::Midsommardagen),
        (10, 31) | (11, 1..=6) if saturday => Some(Holiday::AllaHelgonsDag),
        _ => None,
    }
}

impl Eve {
    /// The eve on `day`, if it is one.
    pub fn on(day: Date) -> Option<Self> {
        match (day.month(), day.day()) {
            (1, 5) => return Some(Self::Trettondagsafton),
            (4, 30) => return Some(Self::Valborgsmassoafton),
            (12, 24) => return Some(Self::Julafton),
            (12, 31) => return Some(Self::Nyarsafton),
            _ => {}
        }
        match days_after_easter(day) {
            Some(-3) => Some(Self::Skartorsdagen),
            Some(-1) => Some(Self::Paskafton),
            Some(48) => Some(Self::Pingstafton),
            _ => Self::before_a_saturday(day),
        }
    }

    fn before_a_saturday(day: Date) -> Option<Self> {
        match day.tomorrow().ok().and_then(movable) {
            Some(Holiday::Midsommardagen) => Some(Self::Midsommarafton),
            Some(Holiday::AllaHelgonsDag) => Some(Self::Allhelgonaafton),
            _ => None,
        }
    }
}

fn days_after_easter(day: Date) -> Option<i32> {
    // Only the days around Easter matter, and they lie between 19 March and 14 June.
    if !(3..=6).contains(&day.month()) {
        return None;
    }
    let easter = easter_sunday(day.year())?;
    Some(i32::from(day.day_of_year()) - i32::from(easter.day_of_year()))
}

/// Easter Sunday in the Gregorian calendar (Meeus, Jones and Butcher; "Astronomical Algorithms", chapter 8).
fn easter_sunday(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y.rem_euclid(19), y.div_euclid(100), y.rem_euclid(100));
    let (d, e, g) = (b / 4, b % 4, (8 * b + 13) / 25);
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let days = h + l - 7 * m + 114;
    Date::new(year, i8::try_from(days / 31).ok()?, i8::try_from(days % 31 + 1).ok()?).ok()
}
