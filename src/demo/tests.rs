//! What the county promises: the same bytes each time, real forms of numbers, a bounded size, every case there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::*;
use crate::fhir::ResourceKey;
use crate::identity::{HsaId, PersonId};

mod load;
mod special;

fn now() -> Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

/// The county that most tests look at.
fn seeds() -> &'static [Seed] {
    static SEEDS: LazyLock<Vec<Seed>> = LazyLock::new(|| county(now(), 1, Some("http://127.0.0.1:8090/fhir")));
    &SEEDS
}

/// The newest version of each resource, by `Type/id`.
fn resources() -> BTreeMap<&'static str, &'static Value> {
    seeds().iter().flat_map(entries).collect()
}

fn entries(seed: &'static Seed) -> impl Iterator<Item = (&'static str, &'static Value)> {
    let entries = seed.bundle.get("entry").map(Value::items).unwrap_or_default();
    entries.iter().map(|entry| (at(entry, "request.url").as_str().unwrap(), entry.get("resource").unwrap()))
}

/// The value at the end of a way of names and indices.
fn at<'v>(value: &'v Value, way: &str) -> &'v Value {
    way.split('.').fold(value, |value, step| match step.parse::<usize>() {
        Ok(index) => value.items().get(index).unwrap_or(&Value::Null),
        Err(_) => value.get(step).unwrap_or(&Value::Null),
    })
}

/// Every value of a member `name`, at any depth.
fn every<'v>(value: &'v Value, name: &str, found: &mut Vec<&'v Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| every(item, name, found)),
        Value::Object(members) => members.iter().for_each(|(key, member)| {
            if key == name {
                found.push(member);
            }
            every(member, name, found);
        }),
        _ => {}
    }
}

fn counts(resources: &BTreeMap<&'static str, &Value>) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for key in resources.keys() {
        *counts.entry(key.split('/').next().unwrap()).or_default() += 1;
    }
    counts
}

#[test]
fn the_same_instant_and_seed_give_the_same_bytes() {
    let text = |seed| {
        county(now(), seed, None)
            .iter()
            .map(|s| format!("{} {:?} {}", s.caregiver, s.unit, s.bundle))
            .collect::<Vec<_>>()
    };
    assert!(text(7) == text(7));
    assert!(text(7) != text(8));
}

#[test]
fn it_is_as_large_as_a_demo_may_be() {
    let resources = resources();
    let counts = counts(&resources);
    assert!((6_000..=9_000).contains(&resources.len()), "{counts:?}");
    assert_eq!(counts["Patient"], 300);
    let kommuner = resources.values().filter(|r| at(r, "type.1.coding.0.code").as_str() == Some("kommun"));
    assert_eq!(kommuner.count(), 15);
}

#[test]
fn every_reference_leads_to_something_that_was_told_before_or_beside_it() {
    let mut told: BTreeSet<String> = BTreeSet::new();
    for seed in seeds() {
        told.extend(entries(seed).map(|(key, _)| key.to_owned()));
        let mut references = Vec::new();
        every(&seed.bundle, "reference", &mut references);
        for reference in references.into_iter().filter_map(Value::as_str).filter(|r| !r.starts_with('#')) {
            assert!(told.contains(reference), "{reference}");
        }
    }
}

#[test]
fn no_bundle_tells_a_resource_twice_and_all_ids_are_ids() {
    for seed in seeds() {
        let mut seen = BTreeSet::new();
        for (key, resource) in entries(seed) {
            let parsed = ResourceKey::parse(key).unwrap_or_else(|| panic!("{key}"));
            assert!(seen.insert(key), "{key}");
            assert_eq!(at(resource, "id").as_str(), Some(parsed.id.as_str()));
            assert_eq!(at(resource, "resourceType").as_str(), Some(parsed.kind.as_str()));
        }
    }
}

#[test]
fn everybody_has_a_number_of_their_own_that_is_nobodys() {
    let resources = resources();
    let mut seen = BTreeSet::new();
    for patient in resources.iter().filter(|(key, _)| key.starts_with("Patient/")).map(|(_, patient)| *patient) {
        let (system, value) = (at(patient, "identifier.0.system"), at(patient, "identifier.0.value"));
        let number = PersonId::parse_as(system.as_str().unwrap(), value.as_str().unwrap()).unwrap();
        let serial: u32 = number.value()[8..11].parse().unwrap_or(990);
        assert!(serial >= 980, "a birth number for tests");
        assert!(seen.insert(number.value().to_owned()));
        let born = number.birth_date().map(|born| born.to_string());
        assert!(born.is_none_or(|born| at(patient, "birthDate").as_str() == Some(&born)));
    }
    assert_eq!(seen.len(), 300);
}

#[test]
fn sources_and_units_have_hsa_ids() {
    for seed in seeds() {
        assert!(HsaId::parse(seed.caregiver).is_ok());
        assert!(seed.unit.as_deref().is_none_or(|unit| HsaId::parse(unit).is_ok()));
    }
}

#[test]
fn nothing_but_bookings_and_dates_of_follow_up_lies_ahead() {
    for (key, resource) in resources() {
        let moments =
            ["date", "sent", "created", "performedDateTime", "deceasedDateTime", "period.start", "dateAsserted"];
        for moment in moments.iter().filter_map(|way| at(resource, way).as_str()) {
            let begins = crate::concept::DateTime::parse(moment).unwrap().earliest().unwrap();
            assert!(begins <= now(), "{key} {moment}");
        }
    }
}
