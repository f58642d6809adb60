use jiff::civil::date;

use super::*;
use crate::agreement::span::Span;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn jour_eves() -> BTreeSet<Eve> {
    [Eve::Julafton, Eve::Midsommarafton, Eve::Nyarsafton].into()
}

fn office() -> Calendar {
    Calendar {
        opens: Time::constant(8, 0, 0, 0),
        closes: Time::constant(17, 0, 0, 0),
        eves: jour_eves(),
        outside: false,
    }
}

fn jour() -> Calendar {
    Calendar { outside: true, ..office() }
}

fn holidays(year: i16) -> Vec<Date> {
    let year = date(year, 1, 1).series(jiff::Span::new().days(1)).take(date(year, 1, 1).days_in_year() as usize);
    year.filter(|day| Holiday::on(*day).is_some()).collect()
}

#[test]
fn the_red_days_of_2026_are_those_of_the_almanac() {
    let expected = [
        (1, 1),
        (1, 6),
        (4, 3),
        (4, 5),
        (4, 6),
        (5, 1),
        (5, 14),
        (5, 24),
        (6, 6),
        (6, 20),
        (10, 31),
        (12, 25),
        (12, 26),
    ];
    assert_eq!(holidays(2026), expected.map(|(month, day)| date(2026, month, day)));
}

#[test]
fn easter_moves_as_in_the_almanac() {
    for (year, month, day) in [(2000, 4, 23), (2008, 3, 23), (2011, 4, 24), (2024, 3, 31), (2025, 4, 20), (2038, 4, 25)]
    {
        assert_eq!(Holiday::on(date(year, month, day)), Some(Holiday::Paskdagen), "{year}");
    }
}

#[test]
fn easter_and_ascension_may_fall_on_each_others_neighbours_without_loss() {
    // 2008: Ascension Day was the first of May.
    assert!(Holiday::on(date(2008, 5, 1)).is_some());
    assert_eq!(holidays(2008).len(), 12);
}

#[test]
fn an_eve_is_a_day_off_only_where_the_calendar_says_so() {
    let midsommarafton = date(2026, 6, 19);
    let paskafton_is_saturday = date(2026, 4, 4);
    assert!(office().is_day_off(midsommarafton));
    assert!(!Calendar { eves: BTreeSet::new(), ..office() }.is_day_off(midsommarafton));
    assert_eq!(Eve::on(paskafton_is_saturday), Some(Eve::Paskafton));
}

#[test]
fn the_next_weekday_after_the_day_before_christmas_eve_is_past_the_weekend() {
    let asked = at("2026-12-23T17:00:00+01:00");
    assert_eq!(next_weekday(&office(), asked), at("2026-12-28T08:00:00+01:00"));
}

#[test]
fn office_hours_stop_at_night_and_over_a_weekend() {
    let friday = at("2026-03-06T16:30:00+01:00");
    let hour = Span::parse("PT1H").unwrap();
    assert_eq!(deadline(&office(), friday, hour), at("2026-03-09T08:30:00+01:00"));
}

#[test]
fn jour_runs_over_the_night_of_summer_time() {
    let saturday = at("2026-03-28T23:00:00+01:00");
    let four_hours = Span::parse("PT4H").unwrap();
    assert_eq!(deadline(&jour(), saturday, four_hours), at("2026-03-29T04:00:00+02:00"));
    assert!(jour().counts(saturday) && !office().counts(saturday));
}

#[test]
fn working_days_keep_the_local_time() {
    let day = Span::parse("P1D").unwrap();
    let friday = at("2026-03-27T12:00:00+01:00");
    assert_eq!(deadline(&office(), friday, day), at("2026-03-30T12:00:00+02:00"));
    let saturday = at("2026-03-28T12:00:00+01:00");
    assert_eq!(deadline(&office(), saturday, day), at("2026-03-31T00:00:00+02:00"));
}

#[test]
fn a_limit_ends_at_closing_time_and_not_at_the_next_opening() {
    let nine_hours = Span::parse("PT9H").unwrap();
    assert_eq!(deadline(&office(), at("2026-03-02T08:00:00+01:00"), nine_hours), at("2026-03-02T17:00:00+01:00"));
}

#[test]
fn the_first_days_of_january_may_be_week_53() {
    assert_eq!(week_start(at("2027-01-03T23:59:59+01:00")), date(2026, 12, 28));
    assert_eq!(week_start(at("2027-01-04T00:00:00+01:00")), date(2027, 1, 4));
}
