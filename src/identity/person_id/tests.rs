use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::identity::testing::{days, number};

const TODAY: Date = date(2027, 1, 1);

#[test]
fn the_published_test_persons_are_read() {
    for value in ["195009072553", "189002029800", "189602029812", "196101182803", "200001252386", "200302022389"] {
        let read = PersonId::parse(value).unwrap();
        assert_eq!((read.system(), read.value()), ("http://electronichealth.se/identifier/personnummer", value));
    }
}

#[test]
fn a_samordningsnummer_is_checked_with_its_day_as_written() {
    let read = PersonId::parse_on("701063-2391", TODAY).unwrap();
    assert_eq!(read.value(), "197010632391");
    assert_eq!(read.system(), "http://electronichealth.se/identifier/samordningsnummer");
    assert_eq!(read.birth_date(), Some(date(1970, 10, 3)));
}

#[test]
fn two_digits_of_a_year_mean_the_latest_one_unless_a_plus_says_otherwise() {
    assert_eq!(PersonId::parse_on("100101-1236", TODAY).unwrap().value(), "201001011236");
    assert_eq!(PersonId::parse_on("121212+1212", TODAY).unwrap().value(), "191212121212");
}

#[test]
fn nobody_is_born_tomorrow() {
    let tomorrow = number(date(2027, 1, 2), 0, 123);
    assert_eq!(PersonId::parse_on(&tomorrow, TODAY), Err(IdentityFault::Future));
    assert_eq!(PersonId::parse_on(&tomorrow[2..], TODAY), Err(IdentityFault::Future));
}

#[test]
fn days_between_31_and_61_and_above_91_are_no_days() {
    for day in ["00", "32", "60", "92", "99"] {
        assert_eq!(PersonId::parse(&format!("191201{day}1212")), Err(IdentityFault::Date), "{day}");
    }
}

#[test]
fn a_system_and_its_number_must_agree() {
    let personnummer = "1.2.752.129.2.1.3.1";
    let samordningsnummer = "urn:oid:1.2.752.129.2.1.3.3";
    assert!(PersonId::parse_as(personnummer, "191212121212").is_ok());
    assert!(PersonId::parse_as(samordningsnummer, "197010632391").is_ok());
    assert_eq!(PersonId::parse_as(personnummer, "197010632391"), Err(IdentityFault::Kind));
    assert_eq!(PersonId::parse_as(samordningsnummer, "191212121212"), Err(IdentityFault::Kind));
    assert_eq!(PersonId::parse_as(personnummer, "98240301AA06"), Err(IdentityFault::Kind));
    assert_eq!(PersonId::parse_as("1.2.752.74.9.1", "191212121212"), Err(IdentityFault::Kind));
    assert_eq!(PersonId::parse_as("urn:oid:2.5.4.97", "191212121212"), Err(IdentityFault::System));
}

#[test]
fn a_regions_own_number_keeps_its_system_through_json() {
    let local = PersonId::parse_as("urn:oid:1.2.752.74.9.7", "19890715R910").unwrap();
    let json = serde_json::to_string(&local).unwrap();
    assert_eq!(json, "\"urn:oid:1.2.752.74.9.7|19890715R910\"");
    assert_eq!(serde_json::from_str::<PersonId>(&json).unwrap(), local);
}

#[test]
fn debug_shows_nothing() {
    for (text, shown) in [
        ("191212121212", "Personnummer(redacted)"),
        ("197010632391", "Samordningsnummer(redacted)"),
        ("98240301AA06", "Reservnummer(redacted)"),
    ] {
        assert_eq!(format!("{:?}", PersonId::parse(text).unwrap()), shown);
    }
}

/// All notations of a number, as a sender writes them on a day of 2027.
fn notations(twelve: &str) -> Vec<String> {
    let (day, last) = twelve.split_at(8);
    let mut all = vec![twelve.to_owned(), format!("{day}-{last}"), format!(" {twelve}\n"), format!("\t{day}-{last} ")];
    match day[..4].parse::<i32>().unwrap() {
        1928.. => all.extend([format!("{}-{last}", &day[2..]), twelve[2..].to_owned()]),
        1828..1928 => all.push(format!("{}+{last}", &day[2..])),
        _ => {}
    }
    all
}

proptest! {
    #[test]
    fn every_notation_of_a_valid_number_is_the_same_number(
        day in days(), added in prop::sample::select(vec![0_i8, 60]), birth_number in 0_u16..1000,
    ) {
        let twelve = number(day, added, birth_number);
        for text in notations(&twelve) {
            let read = PersonId::parse_on(&text, TODAY).unwrap();
            prop_assert_eq!(read.value(), twelve.as_str());
            prop_assert_eq!(read.birth_date(), Some(day));
        }
    }

    #[test]
    fn a_single_mistyped_digit_is_refused(day in days(), birth_number in 0_u16..1000, at in 2_usize..12, by in 1_u8..10) {
        let mut digits = number(day, 0, birth_number).into_bytes();
        digits[at] = b'0' + (digits[at] - b'0' + by) % 10;
        prop_assert!(PersonId::parse(std::str::from_utf8(&digits).unwrap()).is_err());
    }

    #[test]
    fn a_valid_number_survives_json_and_is_kept_out_of_sight(day in days(), birth_number in 0_u16..1000) {
        let read = PersonId::parse(&number(day, 60, birth_number)).unwrap();
        let json = serde_json::to_string(&read).unwrap();
        prop_assert!(crate::identity::looks_personal(&json));
        prop_assert_eq!(serde_json::from_str::<PersonId>(&json).unwrap(), read);
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in "\\PC{0,40}") {
        let _ = (PersonId::parse(&text), PersonId::parse_on(&text, TODAY), PersonId::parse_token(&text));
        let _ = (crate::identity::HsaId::parse(&text), crate::identity::OrganisationsNumber::parse(&text));
        let _ = crate::identity::looks_personal(&text);
    }

    #[test]
    fn no_near_number_makes_a_reader_panic(text in "[ 0-9A-Za-zå+|-]{0,16}") {
        let _ = (PersonId::parse(&text), PersonId::parse_on(&text, TODAY), PersonId::parse_token(&text));
        let _ = crate::identity::looks_personal(&text);
    }
}
