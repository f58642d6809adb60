//! Dates and times of day, by their bytes: the forms are fixed, and the calendar is Gregorian.

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, and a day that exists.
pub fn is_date(text: &str) -> bool {
    let b = text.as_bytes();
    match b.len() {
        4 => year(b).is_some(),
        7 => year(b).is_some() && b[4] == b'-' && month(b).is_some(),
        10 => is_day(b),
        _ => false,
    }
}

/// A day, a time of day to the second, and a zone.
pub fn is_instant(text: &str) -> bool {
    let b = text.as_bytes();
    if b.len() < 20 || b[10] != b'T' || !is_day(&b[..10]) {
        return false;
    }
    let zone = if b[b.len() - 1] == b'Z' { b.len() - 1 } else { b.len() - 6 };
    zone >= 19 && is_time_of_day(&b[11..zone]) && is_zone(&b[zone..])
}

/// `hh:mm:ss` with or without a fraction, without zone.
pub fn is_time(text: &str) -> bool {
    is_time_of_day(text.as_bytes())
}

fn is_day(b: &[u8]) -> bool {
    let (Some(year), Some(month), Some(day)) = (year(b), month(b), two(b, 8)) else {
        return false;
    };
    b[4] == b'-' && b[7] == b'-' && (1..=days_in(year, month)).contains(&day)
}

fn days_in(year: u16, month: u16) -> u16 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// `60` is a leap second.
fn is_time_of_day(b: &[u8]) -> bool {
    let is_within = |at: usize, most: u16| two(b, at).is_some_and(|number| number <= most);
    let has_colons = b.get(2) == Some(&b':') && b.get(5) == Some(&b':');
    let is_fraction = match b.get(8..) {
        Some([]) => true,
        Some([b'.', digits @ ..]) => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    has_colons && is_within(0, 23) && is_within(3, 59) && is_within(6, 60) && is_fraction
}

/// `Z`, or an offset up to 14 hours.
fn is_zone(b: &[u8]) -> bool {
    match b {
        [b'Z'] => true,
        [b'+' | b'-', _, _, b':', _, _] => match (two(b, 1), two(b, 4)) {
            (Some(hours), Some(minutes)) => hours < 14 && minutes < 60 || (hours, minutes) == (14, 0),
            _ => false,
        },
        _ => false,
    }
}

fn year(b: &[u8]) -> Option<u16> {
    let year = two(b, 0)? * 100 + two(b, 2)?;
    (year > 0).then_some(year)
}

fn month(b: &[u8]) -> Option<u16> {
    two(b, 5).filter(|month| (1..=12).contains(month))
}

/// The number of two digits at `at`.
fn two(b: &[u8], at: usize) -> Option<u16> {
    match b.get(at..at + 2)? {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Some(u16::from(tens - b'0') * 10 + u16::from(ones - b'0')),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_months_or_years_that_exist() {
        assert!(["2026", "2026-12", "2024-02-29", "2000-02-29", "0001-01-01"].iter().all(|text| is_date(text)));
        for text in [
            "",
            "26",
            "0000",
            "2026-13",
            "2026-00",
            "2026-2",
            "2026-02-29",
            "1900-02-29",
            "2026-04-31",
            "2026/01/01",
            "2026-01-0å",
        ] {
            assert!(!is_date(text), "{text}");
        }
    }

    #[test]
    fn a_time_of_day_needs_seconds_and_a_zone() {
        for text in [
            "2026-03-02T08:00:00Z",
            "2026-03-02T08:00:00.123456+01:00",
            "2016-12-31T23:59:60Z",
            "2026-03-02T08:00:00-14:00",
        ] {
            assert!(is_instant(text), "{text}");
        }
        for text in [
            "2026-03-02T08:00:00",
            "2026-03-02T08:00Z",
            "2026-03-02T24:00:00Z",
            "2026-02-30T08:00:00Z",
            "2026-03-02T08:00:00.Z",
            "2026-03-02T08:00:00+14:30",
            "2026-03-02T08:00:00+0100",
            "2026-03-02 08:00:00Z",
            "2026-03-02T08:00:00åZ",
        ] {
            assert!(!is_instant(text), "{text}");
        }
    }

    #[test]
    fn a_time_has_no_zone() {
        assert!(is_time("08:00:00") && is_time("23:59:59.5"));
        assert!(["8:00:00", "08:00", "08:00:00Z", "25:00:00", "08:61:00", ""].iter().all(|text| !is_time(text)));
    }
}
