//! When a limit runs out on a calendar.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::super::span::Span;
use super::{Calendar, at_time, day_start, local_date, stockholm};

/// How many days ahead a deadline is looked for: more than any run of days off, less than anybody waits.
const HORIZON: usize = 3660;

/// The instant when `span` of counted time has passed after `from`.
///
/// Days are counted in working days, at the same local time: one day after Friday noon is Monday noon, and one day
/// after Saturday noon is the end of Monday. Hours are counted while the calendar counts.
pub fn deadline(calendar: &Calendar, from: Timestamp, span: Span) -> Timestamp {
    if span.is_by_calendar() {
        after_days(calendar, from, span.days())
    } else {
        after_hours(calendar, from, span.seconds())
    }
}

/// The opening hour of the next day after `from`'s that is no day off.
pub fn next_weekday(calendar: &Calendar, from: Timestamp) -> Timestamp {
    let next = days_from(local_date(from)).skip(1).find(|day| !calendar.is_day_off(*day));
    next.map_or(Timestamp::MAX, |day| at_time(day, calendar.opens))
}

fn after_days(calendar: &Calendar, from: Timestamp, days: i64) -> Timestamp {
    let local = stockholm().to_datetime(from);
    let mut working = days_from(local.date()).skip(1).filter(|day| !calendar.is_day_off(*day));
    let last = usize::try_from(days - 1).ok().and_then(|skipped| working.nth(skipped));
    match last {
        None if days <= 0 => from,
        None => Timestamp::MAX,
        Some(day) if calendar.is_day_off(local.date()) => day.tomorrow().map_or(Timestamp::MAX, day_start),
        Some(day) => at_time(day, local.time()),
    }
}

fn after_hours(calendar: &Calendar, from: Timestamp, seconds: i64) -> Timestamp {
    let mut left = SignedDuration::from_secs(seconds);
    for (start, end) in stretches(calendar, from) {
        let width = end.duration_since(start);
        if left <= width {
            return start.checked_add(left).unwrap_or(Timestamp::MAX);
        }
        left -= width;
    }
    Timestamp::MAX
}

/// The stretches of counted time from `from` on, in order.
fn stretches(calendar: &Calendar, from: Timestamp) -> impl Iterator<Item = (Timestamp, Timestamp)> + '_ {
    let days = days_from(local_date(from)).flat_map(move |day| stretches_of(calendar, day));
    days.map(move |(start, end)| (start.max(from), end)).filter(|(start, end)| start < end)
}

fn stretches_of(calendar: &Calendar, day: Date) -> Vec<(Timestamp, Timestamp)> {
    let midnight = (day_start(day), day.tomorrow().map_or(Timestamp::MAX, day_start));
    match (calendar.hours(day), calendar.outside) {
        (Some(hours), false) => vec![hours],
        (None, false) => Vec::new(),
        (Some((opens, closes)), true) => vec![(midnight.0, opens), (closes, midnight.1)],
        (None, true) => vec![midnight],
    }
}

fn days_from(first: Date) -> impl Iterator<Item = Date> {
    first.series(jiff::Span::new().days(1)).take(HORIZON)
}
